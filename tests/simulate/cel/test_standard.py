"""CEL's own functions."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from tests.table import each_row
from trainer.simulate.cel.evaluate import evaluate
from trainer.simulate.cel.standard import (
    arithmetic,
    contained,
    operator,
    to_duration,
    to_timestamp,
    unsigned,
    whole,
)
from trainer.simulate.cel.syntax import parse_expression
from trainer.simulate.cel.values import CelError


@each_row(
    ("text", "expected"),
    [
        ("int('42')", 42), ("int(2.9)", 2), ("int(-2.9)", -2), ("uint(3)", 3), ("double('1.5')", 1.5), ("string(1)", "1"),
        ("string(true)", "true"), ("string(2.0)", "2"), ("string(1000000.0)", "1e+06"), ("string(-123456789.5)", "-1.234567895e+08"),
        ("string(0.00001)", "1e-05"), ("string(100.25)", "100.25"), ("string(1.0 / 0.0)", "+Inf"), ("string(0.0)", "0"), ("bool('true')", True), ("bytes('a')", b"a"), ("string(b'a')", "a"),
        ("'abc'.contains('b') && 'abc'.startsWith('a') && 'abc'.endsWith('c')", True), ("'abc'.matches('^a.c$')", True),
        ("'äb'.size()", 2), ("duration('90m').getHours()", 1), ("string(duration('90s'))", "90s"),
        ("timestamp('2026-11-24T08:30:00Z').getFullYear()", 2026), ("timestamp('2026-11-24T08:30:00Z').getMonth()", 10),
        ("timestamp('2026-11-24T23:30:00Z').getHours('+02:00')", 1), ("timestamp('2026-11-24T08:30:00Z').getDayOfWeek()", 2),
        ("timestamp('2026-01-01T00:00:00Z') + duration('1h') > timestamp('2026-01-01T00:00:00Z')", True),
        ("string(ip('1.2.3.4'))", "1.2.3.4"),
    ],
)  # fmt: skip
def test_functions(text: str, expected: Any) -> None:
    assert evaluate(parse_expression(text), {}) == expected


@each_row(
    "text",
    [
        "int('x')",
        "uint(-1)",
        "double('x')",
        "bool('maybe')",
        "duration('1x')",
        "timestamp('today')",
        "int(1e30)",
        "string([])",
        "'a'.matches('(')",
    ],
)
def test_failing_conversions(text: str) -> None:
    with pytest.raises(CelError):
        evaluate(parse_expression(text), {})


def test_bounds() -> None:
    assert whole(5) == 5
    with pytest.raises(CelError, match="overflow"):
        whole(1 << 63)
    with pytest.raises(CelError, match="overflow"):
        unsigned(-1)


def test_operators() -> None:
    assert arithmetic("_+_", 1, 2) == 3
    assert contained(1, [1.0])
    assert operator("_>=_", 2, 2)
    assert to_duration("1h30m") == datetime.timedelta(minutes=90)
    assert to_duration("-2s") == datetime.timedelta(seconds=-2)
    assert to_timestamp("2026-01-01T00:00:00Z").year == 2026


@each_row(
    ("text", "why"),
    [
        ("timestamp(9223372036854775807)", "timestamp overflow"),
        ("timestamp(253402300800)", "timestamp overflow"),
        ("timestamp(-9223372036854775807)", "timestamp overflow"),
        ("timestamp('9999-12-31T23:59:59Z') + duration('10h')", "timestamp overflow"),
        ("timestamp('0001-01-01T00:00:00Z') - duration('1s')", "timestamp overflow"),
        ("timestamp('2026-01-01T00:00:00Z') - timestamp('0001-01-01T00:00:00Z')", "duration overflow"),
        ("duration('2000000h') + duration('2000000h')", "duration overflow"),
        ("duration('2600000h')", "duration overflow"),
        ("duration('99999999999999h')", "invalid duration"),
        ("timestamp('2026-01-01T00:00:00Z').getHours('America')", "America"),
        ("timestamp('0001-01-01T00:00:00Z').getHours('-05:00')", "out of range"),
    ],
)
def test_times_that_no_type_holds_fail(text: str, why: str) -> None:
    """Go's durations have 64 bits of nanoseconds, timestamps of CEL the years 1 to 9999."""
    with pytest.raises(CelError, match=why):
        evaluate(parse_expression(text), {})


def test_times_at_the_edge_of_their_types() -> None:
    assert evaluate(parse_expression("timestamp(253402300799).getFullYear()"), {}) == 9999
    assert evaluate(parse_expression("duration('2562047h').getHours()"), {}) == 2562047
