"""Tests of `match.operators`: conditions on a value where it isn't one value."""

from __future__ import annotations

from typing import Any

import pytest

from tests.table import each_row
from trainer.errors import UsageError
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.match.compare import mismatches
from trainer.match.operators import OPERATORS, check_operators
from trainer.versions import DEFAULT

THING = """\
apiVersion: example.com/v1
kind: Thing
spec:
  name: web-17
  size: 3
  memory: {limits: {memory: 128Mi}}
  words: [a, b, c]
  void: []
  long: %s
  rows:
    - {name: one, up: true}
    - {name: two, up: false}
  empty: {}
  events: {count: 3}
  single: [{name: one, up: false}]
  twice: [a, a]
  mixed: [{name: a}, {up: true}]
  range: 203.0.113.7/24
  ranges: ["203.0.113.128/25 ", 203.0.113.0/25, "2001:db8::/33", "2001:db8:8000::/33"]
""" % ("w" * 10_000)


NO_FORM = "`spec.name` is `web-17`, which doesn't match what the task requires."


def lacks(field: str, condition: Any) -> list[str]:
    manifest = manifests_of(parse(THING.encode(), "a.yaml").documents)[0][0]
    return [found.message for found in mismatches(manifest, {"spec": {field: condition}}, DEFAULT)]


@each_row(
    ("field", "condition"),
    [
        ("rows", {"every": {"name": {"matches": "one|two"}}}),
        ("rows", {"some": {"up": True}}),
        ("rows", {"none": {"name": "three"}}),
        ("void", {"every": {"x": 1}}),
        ("gone", {"every": {"x": 1}}),
        ("gone", {"absent": True}),
        ("void", {"absent": True}),
        ("empty", {"present": True}),
        ("empty", {"absent": False}),
        ("name", {"one-of": ["web-16", "web-17"]}),
        ("name", {"none-of": ["db"]}),
        ("gone", {"none-of": ["db"]}),
        ("words", {"none-of": ["d"]}),
        ("words", {"none-of": [["c", "d"]]}),
        ("words", {"all-of": ["c", "a"]}),
        ("words", {"one-of": [["a", "x"], ["a", "b", "c"]]}),
        ("words", {"equals": ["c", "b", "a"]}),
        ("words", {"contains": "b"}),
        ("words", {"contains": ["b", "c"]}),
        ("words", {"count": 3}),
        ("words", {"runs": ["sh", "-c", "exec a b c"]}),
        ("words", {"count": {"at-least": 1, "at-most": 3}}),
        ("gone", {"count": 0}),
        ("name", {"matches": "web-[0-9]+"}),
        ("name", {"contains": "17"}),
        ("size", {"at-most": 3, "at-least": 3}),
        ("events", {"none": 4}),
        ("ranges", {"networks": ["203.0.113.0/24", "2001:db8::/32"]}),
        ("range", {"networks": ["203.0.113.0/25", "203.0.113.128/25"]}),
        ("memory", {"limits": {"memory": {"at-most": "1Gi", "at-least": "100Mi"}}}),
        ("events", {"contains": {"count": 3}}),
        ("name", {"one-of": ["x", {"matches": "web.*"}]}),
        ("gone", {"one-of": ["", {"absent": True}]}),
        ("name", {"all-of": [{"matches": "web.*"}, {"matches": ".*17"}]}),
        ("long", {"matches": "w+"}),
        ("size", {"contains": 3}),
        ("events", {"equals": {"count": 3}}),
        ("gone", {"a": None, "b": False}),
        ("labels", {}),
        ("words", {"equals": ["a", "b", "c", "c"]}),
        ("twice", {"equals": ["a"]}),
        # What isn't set is false: so it isn't true.
        ("flag", {"none-of": [True]}),
        ("flag", {"one-of": [False]}),
    ],
)
def test_met(field: str, condition: Any) -> None:
    assert lacks(field, condition) == []


@each_row(
    ("field", "condition", "reason"),
    [
        ("rows", {"every": {"up": True}}, "`spec.rows[1].up` is `false`; `true` is required."),
        ("rows", {"some": {"name": "three"}}, "No item of `spec.rows` is as required."),
        ("gone", {"some": {"name": "three"}}, "`spec` has no `gone`."),
        (
            "rows",
            {"none": {"up": True}},
            '`spec.rows[0]` is `{"name": "one", "up": true}`; remove it or set `up: false`.',
        ),
        ("name", {"absent": True}, "`spec.name` is set; it must not be set."),
        ("gone", {"present": True}, "`spec` has no `gone`."),
        ("void", {"present": True}, "`spec.void` is empty."),
        ("single", {"some": {"up": True}}, "`spec.single[0].up` is `false`; `true` is required."),
        ("gone", {"one-of": ["a"]}, "`spec` has no `gone`."),
        ("gone", {"all-of": ["a"]}, "`spec` has no `gone`."),
        # A list that isn't set has no item, whatever the item leaves unset.
        ("gone", {"all-of": [{"up": False}]}, "`spec` has no `gone`."),
        ("gone", {"matches": "a"}, "`spec` has no `gone`."),
        ("gone", {}, "`spec` has no `gone`."),
        ("flag", {"none-of": [False]}, "`spec.flag` is not set; it must not be."),
        ("words", {"none-of": [["c", "a"]]}, '`spec.words` is `["a", "b", "c"]`; it must not be.'),
        ("name", {"all-of": [{"matches": "web.*"}, {"matches": "db"}]}, NO_FORM),
        ("name", {"contains": 17}, "`spec.name` is `web-17`, which doesn't contain `17`."),
        ("events", {"equals": {"count": 4}}, "`spec.events.count` is `3`; `4` is required."),
        (
            "memory",
            {"one-of": [{"limits": {"memory": "1Gi"}}, {"limits": {"memory": "2Gi", "cpu": 1}}]},
            "`spec.memory.limits.memory` is `128Mi`; `1Gi` is required.",
        ),
        ("name", {"one-of": ["a"]}, "`spec.name` is `web-17`; another value is required."),
        ("name", {"one-of": ["", {"absent": True}]}, "`spec.name` is set; it must not be set."),
        ("name", {"none-of": ["web-17"]}, "`spec.name` is `web-17`; it must not be."),
        ("words", {"none-of": ["b"]}, "`spec.words[1]` is `b`; it must not be."),
        ("words", {"all-of": ["d"]}, "`spec.words` doesn't contain `d`."),
        ("words", {"equals": ["a", "b"]}, "`spec.words[2]` is `c`; remove it."),
        ("words", {"runs": ["a", "b"]}, '`spec.words` is `["a", "b", "c"]`; `["a", "b"]` is required.'),
        ("gone", {"runs": ["a"]}, "`spec` has no `gone`."),
        ("words", {"count": 2}, "`spec.words` has 3 items; required: 2."),
        ("rows", {"count": 1}, "`spec.rows` has 2 items (`one`, `two`); required: 1."),
        ("single", {"count": 0}, "`spec.single[0]` is one too many; the task requires none."),
        (
            "rows",
            {"contains": [{"name": "two", "up": True}]},
            "`spec.rows[1].up` is `false`; `true` is required.",
        ),
        (
            "rows",
            {"contains": [{"name": "two", "up": False}, {"name": "six"}]},
            "`spec.rows[0].name` is `one`; `six` is required.",
        ),
        ("rows", {"contains": [{"down": 1, "left": 2}]}, "No item of `spec.rows` is as required."),
        ("words", {"all-of": [["x"]]}, '`spec.words` doesn\'t contain `["x"]`.'),
        ("words", {"contains": [{"name": "a"}]}, "`spec.words` has no item named `a`."),
        # The item without a name isn't meant by what has no name either.
        ("mixed", {"contains": [{"down": 1}]}, "No item of `spec.mixed` is as required."),
        # A mapping has no items that could be named one by one.
        ("events", {"count": 0}, "`spec.events` has 1 item; required: 0."),
        ("mixed", {"count": 1}, "`spec.mixed` has 2 items; required: 1."),
        ("rows", {"contains": [{"name": "six"}]}, "`spec.rows` has no item named `six`."),
        ("rows", {"some": {"name": "two", "up": True}}, "`spec.rows[1].up` is `false`; `true` is required."),
        ("gone", {"count": {"at-least": 1}}, "`spec.gone` has 0 items; required: at least 1."),
        ("name", {"matches": "web"}, "`spec.name` is `web-17`, which doesn't match what the task requires."),
        ("size", {"matches": "3"}, "`spec.size` is `3`, which doesn't match what the task requires."),
        ("size", {"at-most": 2}, "`spec.size` is `3`; at most `2` is required."),
        ("size", {"at-least": 4}, "`spec.size` is `3`; at least `4` is required."),
        ("name", {"at-least": 4}, "`spec.name` is `web-17`; at least `4` is required."),
        ("name", {"contains": "18"}, "`spec.name` is `web-17`, which doesn't contain `18`."),
        ("words", {"contains": "z"}, "`spec.words` doesn't contain `z`."),
        ("gone", {"contains": "z"}, "`spec` has no `gone`."),
        ("gone", {"networks": ["10.0.0.0/8"]}, "`spec` has no `gone`."),
        ("events", {"none": 3}, "`spec.events.count` is `3`; remove it."),
        (
            "range",
            {"networks": ["203.0.113.0/25"]},
            "`spec.range` is `203.0.113.7/24`; the addresses of `203.0.113.0/25` are required.",
        ),
        (
            "name",
            {"networks": ["10.0.0.0/8"]},
            "`spec.name` is `web-17`; the addresses of `10.0.0.0/8` are required.",
        ),
        ("gone", {"at-most": 2}, "`spec` has no `gone`."),
        # count alone is an operator; so `events` is counted, not read.
        ("events", {"count": 3}, "`spec.events` has 1 item; required: 3."),
    ],
)
def test_not_met(field: str, condition: Any, reason: str) -> None:
    assert lacks(field, condition) == [reason]


def test_a_mapping_that_mixes_operators_with_fields_is_no_condition() -> None:
    assert lacks("events", {"count": 3, "more": None}) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"absent": "yes"},
        {"present": None},
        {"one-of": "a"},
        {"none-of": {"a": 1}},
        {"all-of": 3},
        {"matches": 3},
        {"count": "3"},
        {"count": {"more-than": 3}},
        {"count": {}},
        {"at-most": "web"},
        {"at-least": "web"},
        {"matches": "("},
    ],
)
def test_parameters_that_an_operator_cannot_take(
    wrong: dict[str, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    [name] = wrong
    with pytest.raises(UsageError, match=f"the operator '{name}'"):
        lacks("words" if "count" in wrong else "name", wrong)
    assert capfd.readouterr() == ("", "")


@each_row(
    ("wrong", "name"),
    [
        ({"absent": 1}, "absent"),
        ({"present": 1}, "present"),
        ({"some": {"one-of": 1}}, "one-of"),
        ({"a": [{"none-of": 1}]}, "none-of"),
        ({"all-of": "x"}, "all-of"),
        ({"runs": "sleep 1d"}, "runs"),
        ({"matches": 1}, "matches"),
        ({"count": True}, "count"),
        ({"networks": ["10.0.0.0"]}, "networks"),
        ({"at-most": "x"}, "at-most"),
        ({"at-least": "x"}, "at-least"),
        (dict.fromkeys(OPERATORS, "x"), "absent"),
    ],
)
def test_most_wrong_parameters_are_found_when_the_card_is_loaded(wrong: dict[str, Any], name: str) -> None:
    with pytest.raises(UsageError, match=f"the operator '{name}'"):
        check_operators(wrong)


@each_row(
    "right",
    [
        {"spec": {"a": [{"every": {"one-of": [1]}}]}},
        {"events": {"count": "many", "more": 1}},
        {"events": {"contains": {"count": "many"}}},
        {"events": {"equals": {"count": "many"}}},
        {},
    ],
)
def test_fields_are_no_operators(right: dict[str, Any]) -> None:
    check_operators(right)
    with pytest.raises(UsageError, match="the operator 'absent'"):
        check_operators({"a": right, "b": {"absent": "x"}})


def test_every_operator_is_tried_above() -> None:
    assert set(OPERATORS) == {
        "every", "some", "none", "absent", "present", "one-of", "none-of", "all-of",
        "matches", "at-most", "at-least", "equals", "contains", "count", "runs", "networks",
    }  # fmt: skip


def test_a_value_that_is_too_long_does_not_match() -> None:
    text = THING.replace("web-17", "w" * 10_001)
    manifest = manifests_of(parse(text.encode(), "a.yaml").documents)[0][0]
    assert mismatches(manifest, {"spec": {"name": {"matches": "w+"}}}, DEFAULT)
    assert not mismatches(manifest, {"spec": {"long": {"matches": "w+"}}}, DEFAULT)
