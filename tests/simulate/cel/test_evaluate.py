"""Evaluating CEL: values, errors, laziness, budget."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.simulate.cel.check import check
from trainer.simulate.cel.declarations import standard
from trainer.simulate.cel.evaluate import evaluate
from trainer.simulate.cel.syntax import parse_expression
from trainer.simulate.cel.values import NOTHING, CelError, Optional, TooExpensiveError

OBJECT = {"a": 1, "n": None, "l": [{"x": 1}, {"x": 2}], "m": {"k": "v"}, "s": "text"}


def value(text: str, **more: Any) -> Any:
    return evaluate(parse_expression(text), {"object": OBJECT} | more)


@each_row(
    ("text", "expected"),
    [
        ("1 + 2 * 3 - 4", 3),
        ("-7 / 2", -3),
        ("-7 % 2", -1),
        ("2.0 * 1.5", 3.0),
        ("'a' + 'b'", "ab"),
        ("[1] + [2]", [1, 2]),
        ("1 == 1.0 && 1 != 2", True),
        ("'1' == 1", False),
        ("1 < 2.5", True),
        ("object.a in [1, 2]", True),
        ("'k' in object.m", True),
        ("object.l[1].x", 2),
        ("object['m']['k']", "v"),
        ("object.n == null", True),
        ("has(object.m.k) && !has(object.m.q)", True),
        ("object.?q.orValue(3)", 3),
        ("object.?m.?k", Optional(True, "v")),
        ("object.?q.?r", NOTHING),
        ("object.l[?5].hasValue()", False),
        ("[1, ?object.?q]", [1]),
        ("{?'q': object.?q, 'a': 1}", {"a": 1}),
        ("object.a > 0 ? 'yes' : 'no'", "yes"),
        ("!(1 > 2)", True),
        ("type(1) == int && type('a') == string", True),
        ("type(ip('1.2.3.4')) == net.IP", True),
        ("size(object.l) == object.l.size()", True),
        ("'%s is %d'.format(['a', 1])", "a is 1"),
    ],
)
def test_values(text: str, expected: Any) -> None:
    assert value(text) == expected


@each_row(
    ("text", "message"),
    [
        ("1 / 0", "division by zero"),
        ("object.q", "no such key: q"),
        ("object.l[9]", "index out of bounds: 9"),
        ("object.a.b", "no such field"),
        ("9223372036854775807 + 1", "integer overflow"),
        ("'a' < 1", "no such overload"),
        ("object.s + 1", "no such overload"),
        ("{'a': 1, 'a': 2}", "repeated key"),
        ("object.s.nothing()", "no such overload"),
        ("1 && true", "no such overload"),
    ],
)
def test_errors(text: str, message: str) -> None:
    with pytest.raises(CelError, match=message):
        value(text)


@each_row(
    ("text", "expected"),
    [("false && 1 / 0 == 1", False), ("1 / 0 == 1 && false", False), ("1 / 0 == 1 || true", True)],
)
def test_a_decisive_side_absorbs_an_error(text: str, expected: bool) -> None:
    assert value(text) is expected


def test_bindings_may_be_computed_when_read() -> None:
    assert evaluate(parse_expression("variables.x + 1"), {"variables": {"x": lambda: 2}}) == 3
    assert evaluate(parse_expression("true || variables.x"), {"variables": {"x": lambda: 1 / 0}}) is True


@each_row(
    ("text", "expected"),
    [
        ("optional.of(1).orValue(1 / 0)", 1),
        ("optional.of(1).or(optional.of(1 / 0)).value()", 1),
        ("[1, 2][?1].orValue(0)", 2),
        ("[1, 2][?5].orValue(0)", 0),
        ("{1: 2}.all(k, k > 0)", True),
        ("int(duration('1ms'))", 1_000_000),
    ],
)
def test_as_other_interpreters(text: str, expected: Any) -> None:
    """As cel-cpp and cel-go have it; an optional's other value is lazy."""
    check(parse_expression(text), standard())
    assert value(text) == expected


@each_row(
    ("text", "expected"),
    [
        ("object.l.orValue([])", OBJECT["l"]),
        ("object.m.orValue({})", OBJECT["m"]),
        ("object.s.orValue('')", "text"),
        ("object.n.orValue('x')", None),
        ("object.a.or(optional.none())", 1),
        ("object.s.orValue(1 / 0)", "text"),
        ("(object.l + object.l.orValue([])).size()", 4),
        ("object.?q.or(object.a)", 1),
    ],
)
def test_or_passes_what_is_no_optional_as_it_is(text: str, expected: Any) -> None:
    # cel-go v0.26 cel/library.go: evalOptionalOr and evalOptionalOrValue return their left side
    check(parse_expression(text), standard())
    assert value(text) == expected


@each_row(
    "text",
    [
        "object.a.hasValue()",
        "object.a.value()",
        "object.n.value()",
        "object.a.optMap(v, v)",
        "object.l.optFlatMap(v, optional.of(v))",
        "[?object.a]",
        "{?'k': object.a}",
        "object.n.or(optional.of(1)).value()",
        "[object.a].unwrapOpt()",
    ],
)
def test_other_functions_of_optionals_take_optionals_only(text: str) -> None:
    check(parse_expression(text), standard())
    with pytest.raises(CelError, match=r"no such overload|non-optional|is not optional"):
        value(text)


@each_row(
    "text", ["object.a.?b", "object.s.?b", "object.n.?b", "object.a[?'b']", "object.n[?0]", "object.?a.b"]
)
def test_an_optional_field_of_a_plain_value_is_nothing(text: str) -> None:
    # cel-go v0.26 interpreter/attributes.go, refQualify: no error without `errorOnBadPresenceTest`
    assert value(text) == NOTHING


def test_has_on_a_plain_value_is_false_and_on_a_list_an_error() -> None:
    assert value("has(object.a.b)") is False
    assert value("has(object.n.b)") is False
    for text in ("has(object.l.b)", "object.l.?b"):
        with pytest.raises(CelError, match="unsupported index type"):
            value(text)


def test_an_index_of_another_type_is_an_error_even_where_it_is_optional() -> None:
    with pytest.raises(CelError, match="unsupported index type"):
        value("[1, 2][?'a'].orValue(0)")


def test_the_budget_stops_loops_and_growth() -> None:
    tens = "[1,2,3,4,5,6,7,8,9,10]"
    nested = "".join(f"{tens}.all(v{i}, " for i in range(7)) + "true" + ")" * 7
    with pytest.raises(TooExpensiveError):
        value(nested)
    grown = "".join(".map(a, a+a+a+a+a+a+a+a)" for _ in range(12))
    with pytest.raises(TooExpensiveError):
        value(f"['aaaaaaaa']{grown}.size()")


@given(st.integers(-50, 50), st.integers(-50, 50))
def test_division_truncates_as_go_does(left: int, right: int) -> None:
    if right:
        quotient, rest = value(f"[{left} / {right}, {left} % {right}]")
        assert quotient * right + rest == left
        assert abs(rest) < abs(right)
        assert rest == 0 or (rest > 0) == (left > 0)
