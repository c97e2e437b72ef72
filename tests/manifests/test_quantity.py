"""Tests of `manifests.quantity`: kubernetes quantities (`500m`, `1Gi`, `1e3`), exact."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.manifests.quantity import parse_quantity


@each_row(
    ("written", "value"),
    [
        ("0", Fraction(0)),
        ("500m", Fraction(1, 2)),
        ("1.5", Fraction(3, 2)),
        (".5", Fraction(1, 2)),
        ("5.", Fraction(5)),
        ("+1", Fraction(1)),
        ("-1k", Fraction(-1000)),
        ("1e3", Fraction(1000)),
        ("1E3", Fraction(1000)),
        ("1E", Fraction(10**18)),
        ("12e-1", Fraction(6, 5)),
        ("64Mi", Fraction(64 * 2**20)),
        ("1Ki", Fraction(1024)),
        ("100n", Fraction(1, 10**7)),
        ("0.1n", Fraction(1, 10**9)),  # rounded up to a nano unit
        ("1e-100", Fraction(1, 10**9)),
        ("9E", Fraction(9 * 10**18)),
        ("10E", Fraction(2**63 - 1)),  # capped
        ("1e999999", Fraction(2**63 - 1)),
        (" 1Gi ", Fraction(2**30)),
        (2, Fraction(2)),
        (0.25, Fraction(1, 4)),
        (None, Fraction(0)),
        ("Mi", Fraction(0)),
        ("-.", Fraction(0)),
    ],
)
def test_what_a_quantity_stands_for(written: Any, value: Fraction) -> None:
    assert parse_quantity(written) == value


@each_row("written", ["", "1 Gi", "1gi", "1KI", " ", "1.2.3", "--1", "1e", "one", "..", True, []])
def test_what_is_no_quantity(written: Any) -> None:
    with pytest.raises(ValueError, match="not a quantity"):
        parse_quantity(written)


@given(st.integers(min_value=0, max_value=10**12), st.sampled_from(["m", "", "k", "M", "Ki", "Mi"]))
def test_units_multiply(number: int, unit: str) -> None:
    factor = {"m": Fraction(1, 1000), "": 1, "k": 1000, "M": 10**6, "Ki": 2**10, "Mi": 2**20}[unit]
    assert parse_quantity(f"{number}{unit}") == min(number * Fraction(factor), Fraction(2**63 - 1))


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_an_error(text: str) -> None:
    try:
        value = parse_quantity(text)
    except ValueError:
        return
    assert isinstance(value, Fraction)
