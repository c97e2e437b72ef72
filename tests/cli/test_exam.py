"""The clock in the foreground, and an exam as lines of text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trainer.cli.base import Run
from trainer.cli.exam import history_lines, sit
from trainer.progress.exams import Exams
from trainer.session.exam.draw import Plan
from trainer.session.exam.sitting import Sitting, is_open
from trainer.session.exam.start import begin


def test_the_clock_alerts_and_ends_with_the_time(capsys: pytest.CaptureFixture[str]) -> None:
    run, now = Run(), [100.0]
    exam = begin(run.session, Plan(minutes=31, cards=2), 7)
    sitting = Sitting(run.session, exam, lambda: now[0])

    def sleep(_: float) -> None:
        now[0] += 61
        sitting.save()

    sit(run, sitting, sleep)
    told = [line for line in capsys.readouterr().err.splitlines() if "minutes left" in line]
    assert told == ["30 minutes left", "15 minutes left", "5 minutes left"]
    assert Exams(run.session.store).get(exam.number).left == 0
    assert not is_open(exam)
    run.close()


@pytest.mark.parametrize("how", ["pause", "end", "interrupt"])
def test_others_can_close_it(how: str, capsys: pytest.CaptureFixture[str]) -> None:
    run, now = Run(), [100.0]
    exams = Exams(run.session.store)
    exam = begin(run.session, Plan(minutes=10, cards=2), 7)
    sitting = Sitting(run.session, exam, lambda: now[0])

    def sleep(_: float) -> None:
        now[0] += 2
        if how == "interrupt":
            raise KeyboardInterrupt
        exams.pause(exam.number, wanted=True) if how == "pause" else exams.end(
            exam.number, "canceled", {}, ()
        )
        exams.look_at(exam.number, 2)
        sitting.save()

    sit(run, sitting, sleep)
    assert not is_open(exam)
    assert exams.get(exam.number).used == (0 if how == "end" else 2000)
    assert ("card 2 of 2" in capsys.readouterr().err) == (how == "pause")
    run.close()


def test_the_history_of_nobody() -> None:
    assert history_lines([]) == ["no exam yet: cks-trainer exam start"]


def test_lines_fit_80_columns(cks: Callable[..., Any], tmp_path: Path) -> None:
    cks("exam", "start", "--cards", "2", "--no-wait")
    shown = [*cks("exam", "status").out.splitlines(), *cks("exam", "finish", "--yes").out.splitlines()]
    assert max(map(len, shown)) <= 80
