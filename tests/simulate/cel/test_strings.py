"""Strings and optionals."""

from __future__ import annotations

from typing import Any

import pytest

from tests.table import each_row
from trainer.simulate.cel.evaluate import evaluate
from trainer.simulate.cel.syntax import parse_expression
from trainer.simulate.cel.values import CelError, TooExpensiveError


@each_row(
    ("text", "expected"),
    [
        ("'abc'.charAt(1)", "b"), ("'abcb'.indexOf('b')", 1), ("'abcb'.indexOf('b', 2)", 3), ("'abcb'.lastIndexOf('b')", 3),
        ("'AbÄ'.lowerAscii()", "abÄ"), ("'ab'.upperAscii()", "AB"), ("'aaa'.replace('a', 'b', 2)", "bba"),
        ("'a,b,c'.split(',')", ["a", "b", "c"]), ("'a,b,c'.split(',', 2)", ["a", "b,c"]), ("'a,b'.split(',', 0)", []),
        ("'abc'.substring(1)", "bc"), ("'abc'.substring(0, 2)", "ab"), ("' a '.trim()", "a"),
        ("['a', 'b'].join('-')", "a-b"), ("strings.quote('a')", '"a"'), ("'%x %.2f %s'.format([255, 1.5, [1, 'a']])", "ff 1.50 [1, a]"),
        ("optional.ofNonZeroValue('').hasValue()", False), ("optional.none().or(optional.of(1)).value()", 1),
        ("'abc'.split('')", ["a", "b", "c"]),
    ],
)  # fmt: skip
def test_functions(text: str, expected: Any) -> None:
    assert evaluate(parse_expression(text), {}) == expected


@each_row(
    "text",
    [
        "'a'.charAt(5)",
        "'a'.substring(2)",
        "'%d'.format(['a'])",
        "'%s'.format([])",
        "optional.none().value()",
        "[1].join()",
    ],
)
def test_errors(text: str) -> None:
    with pytest.raises(CelError):
        evaluate(parse_expression(text), {})


@each_row(
    "text",
    ["x.replace('a', x)", "x.replace('', x)", "x.split('').join(x)", "'%.900000000f'.format([1.5])"],
)
def test_no_text_grows_beyond_the_bound(text: str) -> None:
    with pytest.raises(TooExpensiveError, match="makes a text"):
        evaluate(parse_expression(text), {"x": "a" * 30_000})
