"""Files loaded in their order, and the alerts for a recording."""

from __future__ import annotations

from tests.falco_world import events, loaded, rule, rule_file
from trainer.simulate.detection.falco import alerts, load


def test_alerts_in_the_order_of_events() -> None:
    text = rule("evt.type=openat and container.id != host", output="%proc.name reads %fd.name")
    text += rule("evt.type in (openat, connect)", name="b", output="%proc.name in %k8s.ns.name")
    found = [(one.ready.rule.name, one.text) for one in alerts(loaded(text).ruleset, events())]
    assert found == [
        ("r", "08:03:12.000000123: Informational cat reads /etc/ssl/ca.pem"),
        ("b", "08:03:12.000000123: Informational cat in <NA>"),
        ("b", "08:03:12.000000123: Informational cat in shop"),
    ]


def test_files_load_together() -> None:
    macro, user = rule_file("- macro: m\n  condition: evt.type=open\n"), rule_file(rule("m"))
    assert list(load([macro, user]).ruleset.rules) == ["r"]
