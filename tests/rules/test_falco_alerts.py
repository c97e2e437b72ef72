"""Rule `falco-alerts`: what the rules of an answer report."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.falco_world import recorded, rule
from tests.pictures import judging, lines_of, wrong_cells
from tests.table import each_row
from trainer.errors import NotJudged, UsageError
from trainer.manifests.reading.parse import parse
from trainer.rules import falco_alerts
from trainer.rules.falco_alerts import Params
from trainer.simulate.world import World
from trainer.verdict import Outcome, Status

judge = judging(falco_alerts)

SHIPPED = "- list: tools\n  items: [cat]\n- macro: container\n  condition: container.id != host\n" + rule(
    "evt.type = execve and container and proc.name in (tools)", name="shipped", output="%proc.name"
)
OWN = rule(
    "evt.type=openat and container",
    "  tags: [a]\n",
    name="own",
    output="%proc.name reads %fd.name in %k8s.ns.name",
)


def outcome(text: str, **params: Any) -> Outcome:
    name = "falco_rules.local.yaml"
    world = World(
        (),
        documents={name: parse(text.encode(), name).documents},
        texts={name: text},
        node_files={"falco_rules.yaml": SHIPPED, "events.jsonl": recorded()},
    )
    given = {"files": ["falco_rules.yaml", name], **params}
    return judge(world, msgspec.convert(given, Params))


def said(found: Outcome) -> list[str]:
    return [reason.message for reason in found.reasons]


def test_a_right_rule_passes() -> None:
    params = {
        "alert": "own",
        "when": "evt.type = openat and container",
        "output": ["proc.name", "fd.name"],
        "priority": "Informational",
        "tags": ["a"],
        "rest": "unchanged",
    }
    assert outcome(OWN, **params).status is Status.PASS
    assert outcome(OWN).status is Status.PASS


@each_row(
    ("params", "message", "evidence"),
    [
        (
            {"priority": "Warning"},
            "The priority of rule `own` is Informational, not Warning.",
            "08:03:12.000000123: Informational cat reads /etc/ssl/ca.pem in shop",
        ),
        ({"output": ["user.name"]}, "The output of rule `own` doesn't show `%user.name`.", "cat reads"),
        ({"tags": ["b"]}, "Rule `own` has no tag `b`.", "Its tags: a."),
        ({"alert": "Own"}, "There is no rule `Own`. Your rule is `own`.", "Falco loads 2 rules"),
        (
            {"when": "evt.type=openat and container and user.name=x"},
            "reports an event that it shouldn't",
            "cat",
        ),
        ({"when": "evt.type in (openat, connect) and container"}, "misses an event", "No alert for event 10"),
    ],
)
def test_what_is_wrong_has_its_reason_and_evidence(
    params: dict[str, Any], message: str, evidence: str
) -> None:
    found = outcome(OWN, **{"alert": "own", **params})
    assert found.status is Status.FAIL
    assert message in said(found)[0]
    assert evidence in found.evidence[0]
    assert found.reasons[0].location


def test_hits_and_misses_count_on_their_own() -> None:
    when = "evt.type in (openat, connect) and container and not fd.name startswith /etc"
    assert "misses" in said(outcome(OWN, alert="own", when=when, side="hits"))[0]
    assert "shouldn't" in said(outcome(OWN, alert="own", when=when, side="misses"))[0]


def test_a_rule_that_is_off_reports_nothing() -> None:
    found = outcome(OWN + "  enabled: false\n", alert="own", when="evt.type=openat")
    assert said(found) == ["Rule `own` is switched off."]
    assert found.reasons[0].location.line == OWN.count("\n") + 1
    for text in (
        "- rule: shipped\n  enabled: false\n",
        "- rule: shipped\n  override: {enabled: replace}\n  enabled: false\n",
    ):
        place = outcome(text, alert="shipped", when="evt.type=openat").reasons[0].location
        assert (place.file, place.line) == ("falco_rules.local.yaml", text.count("\n"))


APPEND = "{condition: append}"


@each_row(
    ("text", "message"),
    [
        ("- rule: shipped\n  enabled: false\n  override: {enabled: replace}\n", "it is switched off"),
        (
            f"- rule: shipped\n  condition: and proc.name = x\n  override: {APPEND}\n",
            "but it no longer reports",
        ),
        ("- rule: shipped\n  output: and %fd.name\n  override: {output: append}\n", "its output has changed"),
        (rule("evt.type=connect", name="shipped", output="%proc.name"), "but it no longer reports an event."),
        ("- macro: container\n  condition: container.id = host\n", "changed: macro `container`."),
        ("- list: tools\n  items: [sh]\n  override: {items: append}\n", "now reports an event."),
        ("- list: cat\n  items: [sh, dog]\n", "It uses what you have changed: list `cat`."),
    ],
)
def test_given_rules_stay(text: str, message: str) -> None:
    found = outcome(text, rest="unchanged")
    assert found.status is Status.FAIL
    assert message in " ".join(said(found))
    assert [one.location.file for one in found.reasons if one.location] == ["falco_rules.local.yaml"]


def test_the_rule_of_the_check_may_change() -> None:
    text = "- rule: shipped\n  priority: ERROR\n  override: {priority: replace}\n"
    assert outcome(text, alert="shipped", rest="unchanged", priority="error").status is Status.PASS
    same = "- list: tools\n  items: [cat]\n- macro: container\n  condition: not container.id = host\n"
    assert outcome(same, rest="unchanged").status is Status.PASS


def test_unknown_fields_of_events_and_mistakes_of_the_card() -> None:
    with pytest.raises(NotJudged, match=r"proc\.vpid"):
        outcome(rule("proc.vpid = 1", name="own"), alert="own", when="evt.type=openat")
    with pytest.raises(UsageError):
        outcome(OWN, alert="own", when="proc.nme = x")


def test_an_image_with_its_tag_shows_the_repository() -> None:
    own = OWN.replace("%k8s.ns.name", "%container.image")
    assert outcome(own, alert="own", output=["container.image.repository"]).status is Status.PASS
    assert outcome(own, alert="own", output=["container.image.tag"]).status is Status.FAIL


def test_the_picture_has_events() -> None:
    name = "falco_rules.local.yaml"
    world = World(
        (),
        documents={name: parse(OWN.encode(), name).documents},
        texts={name: OWN},
        node_files={"falco_rules.yaml": SHIPPED, "events.jsonl": recorded()},
    )
    asked = {"files": ["falco_rules.yaml", name], "alert": "own"}
    right = msgspec.convert(asked | {"when": "evt.type = openat and container", "rest": "unchanged"}, Params)
    lines = lines_of(falco_alerts.picture(world, right))
    assert lines[-1] == "every other given rule | r:unchanged"
    assert {line.rpartition(" | ")[2] for line in lines[:-1]} == {"r:reported", "r:not reported"}
    wrong = msgspec.convert(asked | {"when": "evt.type = openat and not container"}, Params)
    places = {
        cell.location and cell.location.file for cell in wrong_cells(falco_alerts.picture(world, wrong))
    }
    assert places == {name}
