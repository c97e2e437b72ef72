"""The rule files of a card with those of the answer in their places."""

from __future__ import annotations

import pytest

from tests.falco_world import events, recorded, rule
from tests.table import each_row
from trainer.errors import NotJudged, UsageError
from trainer.manifests.reading.parse import parse
from trainer.rules._detection import rule_files
from trainer.rules._detection.rule_files import Files, files_of
from trainer.simulate.detection.events import Event
from trainer.simulate.detection.ruleset import Part
from trainer.simulate.world import Refused, World
from trainer.verdict import Location, Outcome, Problem

SHIPPED = "- macro: reads\n  condition: evt.type = openat\n" + rule("reads", name="shipped")
NAMES = ("falco_rules.yaml", "falco_rules.local.yaml")


def world(name: str, text: str, *refused: Refused) -> World:
    return World(
        (),
        documents={name: parse(text.encode(), name).documents},
        texts={name: text},
        node_files={"falco_rules.yaml": SHIPPED, "events.jsonl": recorded()},
        refused=refused,
    )


@each_row("name", ["falco_rules.local.yaml", "policy.json"])
def test_the_answer_is_loaded_after_the_shipped_file(name: str) -> None:
    found = files_of(world(name, rule("reads", name="own")), NAMES, "events.jsonl")
    assert isinstance(found, Files)
    assert (found.answer, list(found.loaded.ruleset.rules)) == (name, ["shipped", "own"])
    assert list(found.shipped.ruleset.rules) == ["shipped"]
    assert len(found.events) == len(events())


@each_row(
    ("text", "message", "line"),
    [
        (
            rule("k8s.pods.name = a"),
            "nonexistent field k8s.pods.name. The nearest field is `k8s.pod.name`.",
            5,
        ),
        (rule("xyz.qqq = a"), "nonexistent field xyz.qqq. No field has such a name.", 5),
        (rule("reading"), "A name alone must be a macro. Macros see only those before them.", 5),
        ("- rule: r\n", "Item has no mapping for key 'enabled'. Add this key.", 1),
        (
            rule("evt.type=open").replace("INFO", "HIGH"),
            "Invalid priority. Write one of these: Emergency, Alert, Critical, Error, Warning, Notice,"
            " Informational, Debug.",
            4,
        ),
    ],
)
def test_what_falco_refuses_fails_with_its_line(text: str, message: str, line: int) -> None:
    found = files_of(world("falco_rules.local.yaml", text), NAMES, "events.jsonl")
    assert isinstance(found, Outcome)
    (one,) = found.reasons
    assert one.message.startswith("Falco doesn't load the file: ")
    assert one.message.endswith(message)
    assert one.location
    assert one.location.line == line
    assert found.evidence[0].startswith("`falco --validate falco_rules.local.yaml` reports LOAD_ERR_")


def test_what_is_no_yaml_or_missing_fails() -> None:
    place = Location("falco_rules.local.yaml", 3, 1)
    problem = Problem("not YAML", location=place, remedy="Quote it.")
    broken = world("falco_rules.local.yaml", "", Refused(None, (problem,)))
    found = files_of(broken, NAMES, "events.jsonl")
    assert isinstance(found, Outcome)
    assert "LOAD_ERR_YAML_PARSE (YAML parse error): not YAML. Quote it." in found.evidence[0]
    found = files_of(world("deployment.yaml", "kind: Deployment\n"), NAMES, "events.jsonl")
    assert isinstance(found, Outcome)
    assert found.reasons[0].message == "The answer has no file falco_rules.local.yaml."


def test_mistakes_of_the_card() -> None:
    for names, material in ((NAMES, "nothing.jsonl"), (NAMES[:1], "events.jsonl")):
        with pytest.raises(UsageError):
            files_of(world("falco_rules.local.yaml", "[]"), names, material)


def test_the_checks_of_a_card_share_what_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[object] = []

    def holds_once(part: Part, event: Event) -> bool:
        judged.append(event)
        if len(judged) == 1:
            raise NotJudged("this field")
        return True

    monkeypatch.setattr(rule_files, "holds", holds_once)
    one = world("falco_rules.local.yaml", rule("reads", name="own"))
    files = files_of(one, NAMES, "events.jsonl")
    assert isinstance(files, Files)
    assert files_of(one, list(NAMES), "events.jsonl") is files
    assert files_of(world("falco_rules.local.yaml", rule("reads")), NAMES, "events.jsonl") is not files
    condition, event = files.condition("evt.type = openat"), files.events[0]
    assert files.condition("evt.type = openat") is condition
    with pytest.raises(NotJudged):
        files.holds(condition, event)
    assert [files.holds(condition, event), files.holds(condition, event)] == [True, True]
    assert len(judged) == 2
