"""The stored schedule: replaced as a whole, out of date after an attempt or a rating, ratings never changed."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from trainer.errors import StoreError
from trainer.progress.reviews import Chosen, Item, keep, outdated, past, rate, schedule
from trainer.progress.store import NewAttempt, Store

NOON = 1_772_366_400.0


def item(card: str, check: str = "", due: float = NOON) -> Item:
    return Item(card, check, due, NOON - 60, 2.5, 5.25, 3, 1)


def test_the_schedule_is_replaced_until_something_newer_is_recorded(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "p.db", clock=lambda: NOON)
    attempt = NewAttempt("pod-ro", 1, 4, 1, 4, False, 12.5, "d1", "{}", "{}")
    assert (outdated(store), schedule(store)) == ([], [])
    store.record(attempt)
    assert outdated(store) == ["pod-ro"]
    basis = past(store, "pod-ro")
    assert ([one.number for one in basis.attempts], basis.chosen, basis.latest_choice) == ([1], [], 0)
    keep(store, "pod-ro", [item("pod-ro"), item("pod-ro", "exists", NOON - 1)], basis)
    assert schedule(store) == [item("pod-ro", "exists", NOON - 1), item("pod-ro")]
    assert outdated(store) == []

    rate(store, "pod-ro", 1, 2)
    assert outdated(store) == ["pod-ro"]
    assert past(store, "pod-ro").chosen == [Chosen(1, 2)]
    keep(store, "pod-ro", [item("pod-ro")], past(store, "pod-ro"))
    assert (outdated(store), schedule(store)) == ([], [item("pod-ro")])

    store.record(NewAttempt("pod-ro", 4, 4, 4, 4, True, 12.5, "d2", "{}", "{}"))
    assert outdated(store) == ["pod-ro"]
    store.note("pod-ro", "solution")
    store.note("pod-ro", "started")
    assert [(one.kind, one.at) for one in past(store, "pod-ro").helps] == [("solution", NOON)]
    with pytest.raises(StoreError, match="append-only"), store.writing() as db:
        db.execute("UPDATE ratings SET rating = 4")
    with pytest.raises(StoreError), store.writing() as db:
        db.execute("INSERT INTO ratings (card, sitting, at, rating) VALUES ('pod-ro', 1, 1, 5)")
    store.close()
    with sqlite3.connect(tmp_path / "p.db") as db:
        assert db.execute("SELECT rating FROM ratings").fetchall() == [(2,)]
