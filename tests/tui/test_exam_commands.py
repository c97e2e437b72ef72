"""Tests of `tui.exam_commands`: nothing of an exam grades or helps."""

from __future__ import annotations

from trainer.tui.commands import COMMANDS
from trainer.tui.exam_commands import EXAM


def test_an_exam_has_no_hints_no_solutions_and_no_grading() -> None:
    assert set(EXAM) <= set(COMMANDS)
    while_it_runs = {command.action for command in EXAM if command.place in ("exam", "exam-editing")}
    assert not while_it_runs & {"hint", "solution", "difference", "grade", "cluster", "reset"}
    assert {"flag", "finish", "back", "save"} <= while_it_runs
