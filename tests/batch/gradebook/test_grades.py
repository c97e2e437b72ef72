"""Points of a learner's cards as one grade."""

from __future__ import annotations

import pytest

from tests.batch.gradebook.books import graded, results
from tests.table import each_row
from trainer.batch.gradebook.grades import grade_of, require_cards
from trainer.errors import UsageError


@each_row(
    ("rows", "most", "grade", "reason"),
    [
        ([graded("a", 4)], 10.0, 5.0, ""),
        ([graded("a", 4)], None, 4.0, ""),
        ([graded("a", 4.5), graded("a", 8, card="b")], 100.0, 78.125, ""),
        ([graded("a", 8), graded("a", 0, card="b", status="missing")], 10.0, 5.0, ""),
        ([graded("a", 0, status="missing")], 10.0, 0.0, "submitted nothing that can be graded"),
        ([graded("a", 0, status="unreadable")], 10.0, 0.0, "submitted nothing that can be graded"),
        ([graded("a", 8), graded("a", 1, card="b", status="error")], 10.0, 5.625, "isn't fully judged"),
        ([], 10.0, 0.0, "submitted nothing that can be graded"),
    ],
)
def test_a_grade(rows: list[object], most: float | None, grade: float, reason: str) -> None:
    found = grade_of(rows)  # type: ignore[arg-type]
    assert (found.scaled(most), found.reason) == (grade, reason)


def test_nothing_submitted_may_be_zero_but_nothing_judged_may_not() -> None:
    assert grade_of([graded("a", 0, status="missing")], missing_as_zero=True).reason == ""
    assert grade_of([graded("a", 0, status="error")], missing_as_zero=True).reason == "isn't fully judged"


def test_the_feedback_is_no_formula_and_not_too_long() -> None:
    (line,) = grade_of([graded("a", 4, message="x|=cmd|' /C calc'!A0 " + "y" * 300)]).feedback
    assert line.startswith("pod-ro: 4 of 8 points: x|'=cmd|' /C calc'!A0 y")
    assert len(line) < 210


def test_cards_that_the_results_do_not_have() -> None:
    require_cards(results(graded("a", 1)), ["pod-ro"])
    with pytest.raises(UsageError, match="no card 'pod'"):
        require_cards(results(graded("a", 1)), ["pod"])
