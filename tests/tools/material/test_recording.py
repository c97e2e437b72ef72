"""The recorded events of the material, and the rules beside them."""

from __future__ import annotations

import json

from tests.falco_world import loaded
from tools.material.recording import (
    HOST,
    RULES,
    Place,
    Process,
    closed,
    connected,
    everyday,
    opened,
    recording,
    start,
)
from trainer.simulate.detection.events import recording as read
from trainer.simulate.detection.fields import field_type

POD = Place("shop", "web-1", "web", "docker.io/library/nginx", "1.27")
CAT = Process("/bin/cat", "/etc/shadow")


def test_each_line_has_fields_of_falco_and_rises() -> None:
    text = recording("a", [*everyday("a", 60, (POD, HOST)), start(3, POD, CAT), closed(4, HOST, CAT, "/x")])
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["evt.num"] for line in lines] == sorted({line["evt.num"] for line in lines})
    for name in {name for line in lines for name in line}:
        assert field_type(name.partition("[")[0]).type
    assert {line["container.id"] for line in lines if "k8s.pod.name" not in line} == {"host"}


def test_the_shipped_rules_report_what_they_say() -> None:
    shell = Process("/bin/bash", tty=34816)
    found = read(
        "events.jsonl",
        recording(
            "b",
            [
                start(1, POD, shell),
                opened(2, POD, CAT, "/etc/shadow"),
                opened(3, POD, CAT, "/etc/motd", "O_WRONLY|O_CREAT"),
                connected(4, POD, CAT, "10.244.1.7", "169.254.169.254", 80),
                opened(5, POD, CAT, "/etc/shadow", error="EACCES"),
                start(6, HOST, shell),
            ],
        ),
    )
    rules = loaded(RULES).ruleset
    assert [ready.rule.name if (ready := rules.first(event)) else "" for event in found] == [
        "Terminal shell in container",
        "Read sensitive file in container",
        "Write below etc in container",
        "Contact cloud metadata service from container",
        "",
        "",
    ]
