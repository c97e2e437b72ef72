"""Lists and sets."""

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
        ("[1, 2, 2].isSorted()", True), ("['b', 'a'].isSorted()", False), ("[1, 2].sum()", 3), ("[1, 3, 2].max()", 3),
        ("[1, 3, 2].min()", 1), ("[1, 2, 1].indexOf(1)", 0), ("[1, 2, 1].lastIndexOf(1)", 2), ("[1].indexOf(5)", -1),
        ("sets.contains([1, 2], [2])", True), ("sets.equivalent([1, 2], [2, 1, 1])", True), ("sets.intersects([1], [2])", False),
    ],
)  # fmt: skip
def test_functions(text: str, expected: Any) -> None:
    assert evaluate(parse_expression(text), {}) == expected


@each_row(
    ("text", "expected"),
    [
        ("lists.range(3)", [0, 1, 2]), ("lists.range(-1)", []), ("[1, 2, 3].slice(1, 3)", [2, 3]), ("[1].slice(1, 1)", []),
        ("[[1, [2]], 3].flatten()", [1, [2], 3]), ("[[1, [2]], [3]].flatten(2)", [1, 2, 3]), ("[[1]].flatten(0)", [[1]]), ("[1, 2].flatten()", [1, 2]),
        ("[3, 1, 2].sort()", [1, 2, 3]), ("['b', 'a'].sort()", ["a", "b"]), ("[].sort()", []), ("[1, 2].reverse()", [2, 1]),
        ("[1, 1.0, 2, true].distinct()", [1, 2, True]), ("[{'n': 2}, {'n': 1}].sortBy(e, e.n)", [{"n": 1}, {"n": 2}]), ("[1, 2].sortBy(e, -e)", [2, 1]),
    ],
)  # fmt: skip
def test_the_library_of_lists(text: str, expected: Any) -> None:
    assert evaluate(parse_expression(text), {}) == expected


@each_row(
    "text",
    [
        "[].max()", "[1].slice(0, 2)", "[1].slice(-1, 1)", "[1, 2].slice(2, 1)", "[[1]].flatten(-1)", "[1, 'a'].sort()", "[{}].sort()",
        "[null].sort()", "['a', 1].sortBy(e, e)", "{}.sortBy(e, e)", "'a'.flatten()",
    ],
)  # fmt: skip
def test_errors(text: str) -> None:
    with pytest.raises(CelError):
        evaluate(parse_expression(text), {})


@each_row("text", ["lists.range(9000000000000000)", "lists.range(10000).distinct()"])
def test_what_takes_too_much_is_not_made(text: str) -> None:
    with pytest.raises(TooExpensiveError):
        evaluate(parse_expression(text), {})
