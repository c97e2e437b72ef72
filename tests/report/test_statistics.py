"""The correlation of a check with everything else, against another way to compute it."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.report.statistics import FEWEST, separation


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 100)), min_size=FEWEST, max_size=40))
def test_it_is_the_correlation_of_right_and_rest(answers: list[tuple[bool, int]]) -> None:
    found = separation(answers)
    right, rest = [float(one) for one, _ in answers], [float(one) for _, one in answers]
    if len(set(right)) == 1 or len(set(rest)) == 1:
        assert found is None
    else:
        assert found == pytest.approx(statistics.correlation(right, rest), abs=1e-9)


@each_row(
    ("answers", "expected"),
    [
        ([(True, 10.0)] * 5 + [(False, 0.0)] * 5, 1.0),
        ([(True, 0.0)] * 5 + [(False, 10.0)] * 5, -1.0),
        ([(True, 10.0)] * 4 + [(False, 0.0)] * 5, None),
        ([(True, 10.0)] * 10, None),
        ([(True, 5.0)] * 5 + [(False, 5.0)] * 5, None),
    ],
)
def test_edges(answers: list[tuple[bool, float]], expected: float | None) -> None:
    assert separation(answers) == (pytest.approx(expected) if expected is not None else None)
