"""Numbers and texts of awk."""

from __future__ import annotations

from tests.table import each_row
from trainer.simulate.shell.tools.awk.values import (
    Input,
    Value,
    compared,
    formatted,
    is_true,
    number_of,
    text_of,
)


@each_row(
    ("value", "text", "number", "true"),
    [
        (None, "", 0, False),
        (3.0, "3", 3, True),
        (1 / 3, "0.333333", 1 / 3, True),
        (1e6, "1000000", 1e6, True),
        ("12ab", "12ab", 12, True),
        (Input("0"), "0", 0, False),
        ("0", "0", 0, True),
        (Input(" 1e2 "), " 1e2 ", 100, True),
        ("", "", 0, False),
    ],
)
def test_values(value: Value, text: str, number: float, true: bool) -> None:
    assert (text_of(value), number_of(value), is_true(value)) == (text, number, true)


@each_row(
    ("one", "other", "order"),
    [
        (Input("10"), Input("9"), 1),
        ("10", Input("9"), -1),
        (Input("10"), 9.0, 1),
        (Input("1a"), 9.0, -1),
        (None, 0.0, 0),
        (None, "", 0),
    ],
)
def test_order(one: Value, other: Value, order: int) -> None:
    assert compared(one, other) == order


def test_formats() -> None:
    assert formatted("%s %d %c%c|%-4s|%.1f", [1.0, "7x", 65.0, "bc", "q", 2.25]) == "1 7 Ab|q   |2.2"
