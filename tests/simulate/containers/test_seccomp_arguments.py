"""Conditions on a call's arguments: do they cover all calls, none, or some?"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.simulate.containers.seccomp_arguments import OPERATORS, Condition, coverage

MOST = 2**64 - 1


def on(operator: str, value: int, index: int = 0, second: int = 0) -> Condition:
    return index, f"SCMP_CMP_{operator}", value, second


@each_row(
    ("entries", "wanted"),
    [
        ([[on("EQ", 1)]], "some"),
        ([[on("GE", 0)]], "all"),
        ([[on("LE", MOST)]], "all"),
        ([[on("LT", 0)]], "none"),
        ([[on("GT", MOST)]], "none"),
        ([[on("GT", MOST)], [on("EQ", 1)]], "some"),
        ([[on("EQ", 5)], [on("NE", 5)]], "all"),
        ([[on("LE", 5)], [on("GT", 6)]], "some"),
        ([[on("EQ", 5)], [on("NE", 5, 1)]], "some"),
        # Conditions on different arguments must hold together, those on the same one don't.
        ([[on("EQ", 5), on("NE", 5)]], "all"),
        ([[on("GE", 0), on("EQ", 5, 1)]], "some"),
        ([[on("LT", 0), on("EQ", 5, 1)]], "none"),
        ([[on("EQ", 5), on("EQ", 1, 1)], [on("NE", 5), on("EQ", 1, 1)]], "some"),
        ([[on("MASKED_EQ", 0, second=0)]], "all"),
        ([[on("MASKED_EQ", 6, second=1)]], "none"),
        ([[on("MASKED_EQ", 6, second=2)]], "some"),
    ],
)
def test_coverage(entries: list[list[Condition]], wanted: str) -> None:
    assert coverage(entries) == wanted


CONDITIONS = st.tuples(st.just(0), st.sampled_from(sorted(OPERATORS)), st.integers(0, 6), st.integers(0, 6))


@given(st.lists(st.lists(CONDITIONS, min_size=1, max_size=1), min_size=1, max_size=3))
def test_it_agrees_with_trying(entries: list[list[Condition]]) -> None:
    numbers = [*range(10), MOST]
    met = [any(_meets(number, one) for [one] in entries) for number in numbers]
    found = coverage(entries)
    if found == "all":
        assert all(met)
    if found == "none":
        assert not any(met)
    if not any("MASKED" in one[1] for [one] in entries):
        assert found == ("all" if all(met) else "some" if any(met) else "none")


def _meets(number: int, condition: Condition) -> bool:
    _, operator, value, second = condition
    return {
        "SCMP_CMP_NE": number != value,
        "SCMP_CMP_LT": number < value,
        "SCMP_CMP_LE": number <= value,
        "SCMP_CMP_EQ": number == value,
        "SCMP_CMP_GE": number >= value,
        "SCMP_CMP_GT": number > value,
        "SCMP_CMP_MASKED_EQ": number & value == second,
    }[operator]
