"""A small class in every layout, and that a grade which differs is told."""

from __future__ import annotations

import msgspec
import pytest

from tools.classroom import __main__ as classroom
from tools.classroom.layouts import LAYOUTS
from tools.classroom.roll import Grade, Submitted
from trainer.content.locate import builtin_pack


@pytest.mark.trial
def test_given_grades_are_the_expected_ones_in_every_layout(capsys: pytest.CaptureFixture[str]) -> None:
    assert classroom.main(["--learners", "8", "--cards", "3"]) == 0
    said = capsys.readouterr().out
    assert all(f"{layout}: 24 rows" in said for layout in LAYOUTS)
    assert "expected Grade" not in said


def test_the_cards_are_of_all_domains() -> None:
    cards = classroom.some_cards(builtin_pack(), 20, 1)
    assert len(set(cards)) == 20
    assert cards != classroom.some_cards(builtin_pack(), 20, 2)


def test_each_grade_that_differs_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    right = Grade("graded", True, 3, 3)
    answers = [Submitted(name, "pod-ro", "reference", "reference", (), right) for name in ("anna", "ben")]
    given = {("anna", "pod-ro"): msgspec.structs.replace(right, points=2), ("eve", "pod-ro"): right}
    assert classroom.report("learner/card", answers, given) == 3
    said = capsys.readouterr().out
    assert "anna, pod-ro, reference: expected" in said
    assert "ben, pod-ro, reference: expected" in said
    assert "eve, pod-ro: nobody submitted this" in said
