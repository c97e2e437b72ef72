"""Quantities and versions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.table import each_row
from trainer.simulate.cel.evaluate import evaluate
from trainer.simulate.cel.syntax import parse_expression
from trainer.simulate.cel.values import CelError


@each_row(
    ("text", "expected"),
    [
        ("quantity('1Gi').isGreaterThan(quantity('1000M'))", True), ("quantity('1500m').isInteger()", False),
        ("quantity('0.2G') == quantity('200M')", True), ("quantity('-1').sign()", -1), ("quantity('2').sub(1).asInteger()", 1),
        ("isQuantity('1Mo')", False), ("semver('1.2.3').major()", 1), ("semver('1.2.3-rc.1').isLessThan(semver('1.2.3'))", True),
        ("isSemver('v1.2')", False), ("quantity('9999999999999999999999G').isInteger()", False), ("isSemver('v1.2', true)", True), ("semver('1.10.0').compareTo(semver('1.9.0'))", 1),
    ],
)  # fmt: skip
def test_functions(text: str, expected: Any) -> None:
    assert evaluate(parse_expression(text), {}) == expected


@each_row("text", ["quantity('10Mm')", "semver('1')", "quantity('1500m').asInteger()"])
def test_errors(text: str) -> None:
    with pytest.raises(CelError):
        evaluate(parse_expression(text), {})
