"""Macros."""

from __future__ import annotations

from typing import Any

import pytest

from tests.table import each_row
from trainer.simulate.cel.evaluate import evaluate
from trainer.simulate.cel.macros import expand, variables
from trainer.simulate.cel.syntax import CompileError, parse_expression
from trainer.simulate.cel.values import CelError, Optional


@each_row(
    ("text", "expected"),
    [
        ("[1, 2].all(x, x > 0)", True), ("[].all(x, false)", True), ("[1, 2].exists(x, x > 1)", True),
        ("[1, 2, 2].exists_one(x, x == 2)", False), ("[1, 2].existsOne(x, x == 2)", True),
        ("[1, 2, 3].filter(x, x > 1)", [2, 3]), ("[1, 2].map(x, x * 2)", [2, 4]), ("[1, 2].map(x, x > 1, x * 2)", [4]),
        ("{'a': 1}.map(k, k)", ["a"]), ("{'a': 1}.all(k, v, k == 'a' && v == 1)", True), ("[5].exists(i, v, i == 0 && v == 5)", True),
        ("{'a': 1}.transformList(k, v, v + 1)", [2]), ("{'a': 1, 'b': 2}.transformMap(k, v, v > 1, v * 2)", {"b": 4}),
        ("['x'].transformMapEntry(i, v, {v: i})", {"x": 0}), ("['x', 'y'].transformMapEntry(i, v, i > 0, {v: i})", {"y": 1}),
        ("optional.of(2).optMap(x, x + 1)", Optional(True, 3)), ("optional.of(2).optFlatMap(x, optional.none()).hasValue()", False),
        ("[1 / 1, 0].exists(x, 1 / x == 1)", True),
    ],
)  # fmt: skip
def test_macros(text: str, expected: Any) -> None:
    assert evaluate(parse_expression(text), {}) == expected


@each_row("text", ["(1).all(x, true)", "[0].all(x, 1 / x > 0)", "[1].filter(x, 'a')", "has([1].a)"])
def test_errors(text: str) -> None:
    with pytest.raises(CelError):
        evaluate(parse_expression(text), {})


def test_what_is_a_macro() -> None:
    assert expand(parse_expression("x.size()")) is None
    assert expand(parse_expression("x.all(a, true)")) is not None
    with pytest.raises(CompileError, match="duplicate variable"):
        variables(parse_expression("x.all(a, a, true)"))
    with pytest.raises(CompileError, match="simple name"):
        variables(parse_expression("x.all(1, true)"))
