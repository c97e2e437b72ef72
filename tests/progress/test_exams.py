"""Exams in the database: one runs at a time, its time is never more than its minutes, its end is whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.progress.test_store import attempt
from trainer.errors import StoreError, UsageError
from trainer.progress.exams import Exams, NewCard, NewExam, Result
from trainer.progress.store import Store

CARDS = tuple(NewCard(name, 3, name.title(), "cluster-setup", "CS1", 5, 8, "d") for name in ("one", "two"))


def new(*, minutes: int = 10) -> NewExam:
    return NewExam(7, minutes, drill=True, pack="", cards=CARDS)


def test_an_exam_from_its_beginning_to_its_end(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "p.db")
    exams = Exams(store)
    assert (exams.running(), exams.is_running(), exams.all()) == (None, False, [])
    begun = exams.begin(new(), lambda number: None if number < 3 else f"/ws/exam-{number}")
    assert (begun.number, begun.folder, begun.left, begun.at) == (3, "/ws/exam-3", 600, 1)
    assert exams.is_running()
    with pytest.raises(UsageError, match="exam 3 is running"):
        exams.begin(new(), str)

    exams.spend(3, 1500)
    exams.look_at(3, 2)
    exams.spend(3, 400)
    exams.flag(3, 2, on=True)
    exams.pause(3, wanted=True)
    now = exams.running()
    assert now is not None
    assert (now.used, [card.used for card in now.cards], now.card.card) == (1900, [1500, 400], "two")
    assert ([card.flagged for card in now.cards], now.pausing) == ([False, True], True)
    exams.spend(3, 10_000_000)
    assert exams.get(3).left == 0

    results = {1: Result("graded", 8, 8, '{"v": 1}'), 2: Result("empty", 0, 8)}
    assert exams.end(3, "expired", results, [attempt(card="one")])
    assert not exams.end(3, "finished", {}, [attempt(card="two")]), "it has ended"
    done = exams.get(3)
    assert (done.how, [card.result for card in done.cards]) == ("expired", [results[1], results[2]])
    assert (len(store.attempts("one")), store.attempts("two")) == (1, [])
    exams.spend(3, 5)
    exams.flag(3, 1, on=True)
    exams.look_at(3, 1)
    assert exams.get(3) == done, "nothing changes after the end"
    assert [one.number for one in exams.all()] == [3]
    assert exams.begin(new(), str).number == 4
    with pytest.raises(UsageError, match="no exam 9"):
        exams.get(9)
    store.close()


def test_an_end_that_fails_leaves_the_exam_running(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "p.db")
    exams = Exams(store)
    exams.begin(new(), str)
    with pytest.raises(StoreError):
        exams.end(1, "finished", {1: Result("graded", 9, 8)}, [attempt(card="one")])
    assert exams.is_running()
    assert store.attempts("one") == []
    store.close()
