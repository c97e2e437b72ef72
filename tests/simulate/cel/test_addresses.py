"""Addresses and ranges."""

from __future__ import annotations

from typing import Any

import pytest

from tests.table import each_row
from trainer.simulate.cel.addresses import text_of
from trainer.simulate.cel.evaluate import evaluate
from trainer.simulate.cel.syntax import parse_expression
from trainer.simulate.cel.values import CelError


@each_row(
    ("text", "expected"),
    [
        ("ip('10.0.0.1').family()", 4), ("ip('::1').isLoopback()", True), ("cidr('10.0.0.0/8').containsIP('10.1.2.3')", True),
        ("cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16')", True), ("cidr('10.0.0.0/8').containsIP('::1')", False),
        ("string(cidr('10.0.0.7/8').masked())", "10.0.0.0/8"), ("isCIDR('10.0.0.0/33')", False), ("cidr('10.0.0.0/8').ip() == ip('10.0.0.0')", True),
        ("ip('8.8.8.8').isGlobalUnicast()", True),
    ],
)  # fmt: skip
def test_functions(text: str, expected: Any) -> None:
    assert evaluate(parse_expression(text), {}) == expected


def test_errors_and_texts() -> None:
    with pytest.raises(CelError):
        evaluate(parse_expression("ip('10.0.0.01')"), {})
    assert text_of(evaluate(parse_expression("ip('2001:DB8::1')"), {})) == "2001:db8::1"
