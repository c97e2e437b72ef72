"""Lists and sets."""

from __future__ import annotations

from typing import Any

import pytest

from trainer.simulate.cel.evaluate import evaluate
from trainer.simulate.cel.lists import same
from trainer.simulate.cel.syntax import parse_expression
from trainer.simulate.cel.values import CelError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1, 2, 2].isSorted()", True), ("['b', 'a'].isSorted()", False), ("[1, 2].sum()", 3), ("[1, 3, 2].max()", 3),
        ("[1, 3, 2].min()", 1), ("[1, 2, 1].indexOf(1)", 0), ("[1, 2, 1].lastIndexOf(1)", 2), ("[1].indexOf(5)", -1),
        ("sets.contains([1, 2], [2])", True), ("sets.equivalent([1, 2], [2, 1, 1])", True), ("sets.intersects([1], [2])", False),
    ],
)  # fmt: skip
def test_functions(text: str, expected: Any) -> None:
    assert evaluate(parse_expression(text), {}) == expected


def test_errors_and_equality() -> None:
    with pytest.raises(CelError):
        evaluate(parse_expression("[].max()"), {})
    assert same(1, 1.0)
    assert not same(True, 1)
    assert same([{"a": 1}], [{"a": 1.0}])
