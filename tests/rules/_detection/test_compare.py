"""Events that a rule treats otherwise than it should, and why."""

from __future__ import annotations

from tests.falco_world import events, loaded, rule
from trainer.rules._detection.compare import cause_of, reason, recorded, seeds, unseen
from trainer.rules._detection.rule_files import Files
from trainer.simulate.detection.ruleset import Part, Ready, compile_text

SPEC = "evt.type = openat and k8s.ns.name = shop"


def compared(condition: str, before: str = "") -> tuple[Files, Ready, Part]:
    found = loaded(before, rule(condition, name="own"))
    return (
        Files(found, loaded(before), "rules.yaml", events()),
        found.ruleset.rules["own"],
        compile_text(SPEC),
    )


def told(condition: str, before: str = "") -> list[tuple[str, str]]:
    files, ready, spec = compared(condition, before)
    differences = [*recorded(files, ready, spec), *unseen(files, ready, spec, {})]
    found = {}
    for one in differences:
        why, shown = reason(one, files, ready, spec)
        found.setdefault(cause_of(one, ready, spec), (why.message, shown))
    return list(found.values())


def test_the_same_in_another_form_has_no_differences() -> None:
    assert told("evt.type in (openat) and not (k8s.ns.name != shop or not k8s.ns.name exists)") == []


def test_missed_events_and_events_too_many() -> None:
    missed = told("evt.type = openat and k8s.ns.name = shop and proc.tty != 0")
    assert missed[0][0] == "Rule `own` misses an event: `proc.tty != 0` doesn't hold: proc.tty is 0."
    assert missed[0][1].startswith("No alert for event 7 (08:03:12.000000123, Pod shop/web-1, openat: ")
    many = told("k8s.ns.name = shop")
    assert many[0] == (
        "Rule `own` reports an event that it shouldn't: evt.type is execve.",
        "08:03:12.000000123: Informational x",
    )


def test_unseen_events_show_what_the_recorded_ones_cannot() -> None:
    (one,) = told("evt.type = openat and k8s.ns.name startswith shop")
    assert one[0] == "Rule `own` reports an event that it shouldn't: k8s.ns.name is shopx."
    assert one[1].startswith("For an event like event 7 ")
    assert "but with k8s.ns.name shopx, Falco would print: " in one[1]


def test_a_rule_before_it_takes_the_event() -> None:
    found = told(SPEC, rule("proc.name = cat", name="first"))
    assert found[0][0] == "Rule `first` comes before `own` and reports the event instead of it."


def test_what_the_learner_may_not_know() -> None:
    assert told(f"{SPEC} and evt.dir = >")[0][0].endswith("only those for its end.")
    assert told(f"{SPEC} and proc.name in (web_tools)")[0][0].endswith(
        "No list `web_tools` is defined, so it is compared as a text."
    )


def test_events_for_variants_are_few_and_of_each_kind() -> None:
    files, ready, spec = compared("evt.type = connect")
    chosen = seeds(files, spec, ready.condition)
    assert [event.get("evt.num") for event in chosen[:2]] == [7, 10]
    assert len(chosen) == len({event.get("evt.num") for event in chosen}) == 4
