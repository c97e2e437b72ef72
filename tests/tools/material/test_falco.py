"""Tests of `tools.material.falco`: lines have the layout of Falco's JSON output."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from tools.material.falco import CONTACT, ETC, RUN, SHELL, Event, log

POD = ("shop", "web-1", "web")


def lines(*events: Event) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log("test", events).splitlines()]


def test_the_time_of_an_event_is_the_same_wherever_it_is_written() -> None:
    [line] = lines(Event(1.5, SHELL, *POD, "bash"))
    whole, nanoseconds = line["time"].removesuffix("Z").split(".")
    seconds = int(datetime.fromisoformat(f"{whole}+00:00").timestamp())
    assert line["output_fields"]["evt.time"] == int(f"{seconds}{nanoseconds}")
    assert line["output"].startswith(f"{whole.partition('T')[2]}.{nanoseconds}: Notice ")


def test_the_keys_are_sorted_and_the_fields_are_those_of_the_rule() -> None:
    shell, write, contact, run = lines(
        Event(1, SHELL, *POD, "bash"),
        Event(2, ETC, *POD, "tee /etc/passwd", "/etc/passwd"),
        Event(3, CONTACT, *POD, "app"),
        Event(4, RUN, *POD, "sh", parent="java"),
    )
    for line in (shell, write, contact, run):
        assert list(line) == sorted(line)
        assert list(line["output_fields"]) == sorted(line["output_fields"])
        assert line["tags"] == sorted(line["tags"])
    assert "fd.name" not in shell["output_fields"]
    assert write["output_fields"]["fd.name"] == "/etc/passwd"
    assert contact["output_fields"]["fd.name"].endswith("->10.96.0.1:443")
    assert run["output_fields"]["proc.pname"] == "java"
    assert [line["priority"] for line in (shell, write, contact, run)] == [
        "Notice",
        "Error",
        "Notice",
        "Notice",
    ]
