"""Macros, lists and rules resolved, and which rule reports an event."""

from __future__ import annotations

import pytest

from tests.falco_world import error_of, events, loaded, meets, rule
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.detection.grammar import parse_condition
from trainer.simulate.detection.ruleset import compile_text, event_types_of, holds, names_of

MACRO = "- macro: m\n  condition: proc.name = cat or proc.name = sh\n"


def test_a_macro_is_one_part_of_a_condition() -> None:
    found = loaded(MACRO, rule("evt.type=openat and m")).ruleset
    assert [found.rules["r"].reports(event) for event in events()] == [True, True, False, False]


@each_row(
    ("texts", "error"),
    [
        ((rule("evt.type=open and m"),), "5: Undefined macro 'm' used in filter."),
        (("- macro: a\n  condition: b\n- macro: b\n  condition: proc.name=x\n",), "2: Undefined macro 'b'"),
        (
            (
                "- macro: a\n  condition: proc.name=x\n- macro: b\n  condition: a\n",
                "- macro: a\n  condition: or b\n  append: true\n",
                rule("a"),
            ),
            "reference loop in macro",
        ),
        (("- macro: unused\n  condition: proc.name=(\n",), "2: expected a string value"),
        ((rule("evt.type = open and\n  proc.nme = x"),), "nonexistent field proc.nme"),
        ((rule("evt.type=open", output="%proc.nme"),), "3: unknown filter: %proc.nme isn't a field"),
        ((rule("evt.type=open").replace("open", "exec"),), "unknown event type exec"),
    ],
)
def test_errors_have_their_line(texts: tuple[str, ...], error: str) -> None:
    assert error in error_of(*texts)


def test_checks_of_an_unused_macro_are_never_compiled() -> None:
    assert error_of("- macro: m\n  condition: proc.nme = x\n", rule("evt.type=open")) == ""


def test_a_rule_with_an_unknown_field_can_be_skipped() -> None:
    more = "  skip-if-unknown-filter: true\n"
    assert list(loaded(rule("proc.nme=x", more), rule("evt.type=open", name="b")).ruleset.rules) == ["b"]
    assert list(loaded(rule("evt.type=open", more, output="%proc.nme")).ruleset.rules) == []


def test_lists_see_what_is_defined_before_them() -> None:
    lists = "- list: a\n  items: [cat]\n- list: b\n  items: [a, sh]\n"
    found = loaded(lists, rule("proc.name in (b)")).ruleset.rules["r"]
    assert found.reports(events()[0])
    # a list that names a later one has its name as a text, which is then replaced as well
    late = "- list: b\n  items: [a]\n- list: a\n  items: [cat]\n"
    assert loaded(late, rule("proc.name in (b)")).ruleset.rules["r"].reports(events()[0])
    assert not loaded(rule("proc.name in (nothing)")).ruleset.rules["r"].reports(events()[0])


def test_exceptions_belong_to_the_condition() -> None:
    exception = "  exceptions:\n  - {name: e, fields: [k8s.ns.name, proc.name], values: [[shop, cat]]}\n"
    found = loaded(rule("evt.type=openat or evt.type=connect", exception)).ruleset.rules["r"]
    assert [found.reports(event) for event in events()] == [False, True, False, False]


def test_the_first_rule_that_is_on_reports() -> None:
    texts = rule("proc.name=cat", "  enabled: false\n", name="a") + rule("evt.type=openat", name="b")
    found = loaded(texts + rule("proc.name=cat", name="c")).ruleset
    names = [ready.rule.name if (ready := found.first(event)) else "" for event in events()]
    assert names == ["b", "b", "c", "c"]


def test_types_of_events_that_a_condition_can_hold_for() -> None:
    cases = {
        "evt.type = open and proc.name = a": {"open"},
        "evt.type in (open, close) and evt.type in (close, read)": {"close"},
        "evt.type = open or evt.type = close": {"open", "close"},
        "evt.type = open or proc.name = a": None,
        "not evt.type = open": None,
        "evt.type != open": None,
    }
    assert {text: event_types_of(compile_text(text)) for text in cases} == cases


def test_what_is_not_recorded_has_its_line() -> None:
    found = loaded(rule("evt.type=openat and\n proc.vpid = 1")).ruleset.rules["r"]
    with pytest.raises(NotJudged, match=r"proc\.vpid") as error:
        found.reports(events()[0])
    assert error.value.location
    assert error.value.location.line == 5


def test_macros_that_double_are_evaluated_once() -> None:
    text = "- macro: m0\n  condition: proc.name=x or proc.name=y\n"
    text += "".join(f"- macro: m{n}\n  condition: m{n - 1} and m{n - 1} or m{n - 1}\n" for n in range(1, 40))
    assert not loaded(text, rule("m39")).ruleset.rules["r"].reports(events()[0])
    deep = "- macro: m0\n  condition: proc.name=x\n"
    deep += "".join(f"- macro: m{n}\n  condition: not m{n - 1}\n" for n in range(1, 200))
    with pytest.raises(NotJudged):
        loaded(deep, rule("m199"))


def test_names_and_texts() -> None:
    assert [one.name for one in names_of(parse_condition("a and not (b or proc.name=c)"))] == ["a", "b"]
    assert meets("evt.type=openat")
    assert holds(compile_text("evt.type=openat"), events()[0])
