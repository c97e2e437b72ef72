"""An open exam: time counts on the card that is shown, nothing is lost, one program has it."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from trainer.errors import UsageError
from trainer.progress import store as store_module
from trainer.progress.exams import Exam, Exams
from trainer.session import Session
from trainer.session.exam.deadline import KEPT
from trainer.session.exam.sitting import Sitting, is_open


class Monotonic:
    """A clock that only the test moves."""

    def __init__(self) -> None:
        self.now = 5000.0

    def __call__(self) -> float:
        return self.now


def test_time_counts_on_the_card_that_is_shown(session: Session, exam: Exam) -> None:
    clock = Monotonic()
    sitting = Sitting(session, exam, clock)
    clock.now += 61.25
    sitting.look_at(2)
    sitting.flag(2, on=True)
    assert (sitting.exam.at, sitting.exam.cards[1].flagged) == (2, True), "at once"
    clock.now += 10
    assert sitting.left == 600 - 71.25
    sitting.save()
    assert sitting.left == 600 - 71.25, "storing changes nothing"
    stored = Exams(session.store).get(exam.number)
    assert [card.used for card in stored.cards] == [61_250, 10_000]
    assert (stored.used, stored.at, stored.cards[1].flagged) == (71_250, 2, True)
    clock.now -= 40
    assert sitting.left <= 600 - 31.25, "a clock that goes back gives nothing back"
    clock.now += 10_000
    assert sitting.left == 0
    sitting.close()
    sitting.close()
    assert Exams(session.store).get(exam.number).used == 600_000


def test_only_one_program_has_it_open(session: Session, exam: Exam) -> None:
    assert not is_open(exam)
    sitting = Sitting(session, exam, Monotonic())
    assert is_open(exam)
    with pytest.raises(UsageError, match="open in another window"):
        Sitting(session, exam)
    sitting.close()
    assert not is_open(exam)
    Sitting(session, exam, Monotonic()).close()


def test_what_cannot_be_stored_is_kept(session: Session, exam: Exam, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "_BUSY_SECONDS", 0.0)
    clock = Monotonic()
    sitting = Sitting(session, exam, clock)
    clock.now += 5
    sitting.save()
    with closing(sqlite3.connect(session.settings.database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        clock.now += 20
        sitting.flag(1, on=True)
        sitting.look_at(2)
        sitting.save()
        assert "locked" in sitting.trouble
        assert (sitting.left, sitting.exam.at, sitting.exam.cards[0].flagged) == (575, 2, True)
        clock.now += 3
        sitting.save()
        other.execute("ROLLBACK")
    sitting.save()
    assert sitting.trouble == ""
    assert [card.used for card in Exams(session.store).get(exam.number).cards] == [25_000, 3_000]
    sitting.close()


def test_the_thread_stores_without_being_asked(session: Session, exam: Exam) -> None:
    Exams(session.store).pause(exam.number, wanted=True)
    clock = Monotonic()
    sitting = Sitting(session, Exams(session.store).get(exam.number), clock)
    sitting.begin()
    clock.now += 12
    sitting.flag(1, on=True)  # wakes it
    done = threading.Event()
    while not ((stored := Exams(session.store).get(exam.number)).cards[0].flagged and stored.used):
        done.wait(0.01)
    assert (stored.used, stored.pausing) == (12_000, False)
    sitting.close()


def test_the_answers_are_kept_when_the_time_is_up_while_an_editor_runs(session: Session, exam: Exam) -> None:
    clock = Monotonic()
    sitting = Sitting(session, exam, clock)
    sitting.begin()
    with sitting.away():
        clock.now += 300
        sitting.save()
    assert not (Path(exam.folder) / KEPT).exists(), "there is time left"
    with sitting.away():
        clock.now += 301
        sitting.flag(1, on=True)  # wakes the thread
        while not (Path(exam.folder) / KEPT).exists():
            time.sleep(0.01)
    sitting.close()
    assert sitting.trouble == ""
