"""A look at a learner's database: what is new, and nothing that it could do to whoever looks."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from trainer.errors import StoreError
from trainer.progress import glance as module
from trainer.progress.glance import Glanced, glance
from trainer.progress.migrations import APPLICATION_ID
from trainer.progress.store import NewAttempt, Store

VERDICT = '{"card": "pod-ro", "checks": [{"id": "exists", "status": "pass"}, {"id": "ro", "status": "fail"}]}'


def attempt(points: int, digest: str) -> NewAttempt:
    return NewAttempt("pod-ro", points, 5, 1, 2, points == 5, None, digest, "{}", VERDICT)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "b\u00f6 #1%.db", clock=lambda: 100.25)


def test_only_what_is_new(store: Store) -> None:
    store.note("pod-ro", "started")
    store.note("pod-ro", "hint", 1)
    store.record(attempt(2, "a"))
    seen = glance(store.file)
    assert seen.started == (("pod-ro", 100.25),)
    assert seen.attempts == (Glanced("pod-ro", 100.25, 2, 5, False, 0, {"exists": "pass", "ro": "fail"}),)
    again = glance(store.file, seen.event, seen.attempt)
    assert (again.started, again.attempts, again.attempt) == ((), (), 1)
    store.note("pod-ro", "reset")
    assert glance(store.file, seen.event).reset == (("pod-ro", 100.25),)
    store.record(attempt(5, "b"))
    assert [one.points for one in glance(store.file, seen.event, seen.attempt).attempts] == [5]
    store.close()


def test_while_it_is_written(store: Store) -> None:
    with store.writing() as db:
        db.execute("INSERT INTO events (card, at, kind, number) VALUES ('x', 1, 'started', 0)")
        assert glance(store.file).started == ()
    assert glance(store.file).started == (("x", 0.001),)
    store.close()


def test_a_damaged_one_stays_where_it_is(store: Store, tmp_path: Path) -> None:
    store.record(attempt(2, "a"))
    store.close()
    data = bytearray(store.file.read_bytes())
    data[100:4096] = os.urandom(3996)
    store.file.write_bytes(data)
    with pytest.raises(StoreError):
        glance(store.file)
    assert store.file.read_bytes() == bytes(data)
    assert [one.name for one in tmp_path.iterdir()] == [store.file.name]


def hostile(file: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(file)) as db, db:
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute("CREATE TABLE events (id, card, at, kind, number)")
        for statement in statements:
            db.execute(statement)
    return file


def test_what_a_learner_may_have_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    endless = (
        "CREATE VIEW attempts AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n)"
        " SELECT id, 'x' AS card, 0 AS at, 0 AS points, 0 AS max_points, 0 AS passed, 0 AS seed, '' AS verdict FROM n"
    )
    with pytest.raises(StoreError, match="it has views"):
        glance(hostile(tmp_path / "view.db", endless))
    table = "CREATE TABLE attempts (id, card, at, points, max_points, passed, seed, verdict)"
    row = "INSERT INTO attempts VALUES (1, 'x', {}, 0, 0, 0, 0, {})"
    with pytest.raises(StoreError, match=r"types\.db: Expected `int`"):
        glance(hostile(tmp_path / "types.db", table, row.format("'soon'", "''")))
    with pytest.raises(StoreError, match="UTF-8"):
        glance(hostile(tmp_path / "bytes.db", table, row.format("0", "CAST(x'ff' AS TEXT)")))
    with pytest.raises(StoreError, match="too big"):
        glance(hostile(tmp_path / "big.db", table, row.format("0", "hex(zeroblob(9000000))")))
    for verdict in ("''", "'[[[['", "'{\"checks\": 1}'"):
        file = hostile(tmp_path / f"verdict-{len(verdict)}.db", table, row.format("0", verdict))
        assert glance(file).attempts[0].checks == {}
    monkeypatch.setattr(module, "_MOST_STEPS", 0)
    many = "INSERT INTO attempts SELECT value, 'x', 0, 0, 0, 0, 0, '' FROM generate(1, 9)"
    rows = many.replace(
        "generate(1, 9)",
        "(WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL"
        " SELECT value + 1 FROM n LIMIT 30000) SELECT value FROM n)",
    )
    with pytest.raises(StoreError, match="interrupted"):
        glance(hostile(tmp_path / "long.db", table, rows))


def test_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.db")
    (tmp_path / "link.db").symlink_to(tmp_path / "pipe.db")
    for name in ("pipe.db", "link.db"):
        with pytest.raises(StoreError, match="is not a file"):
            glance(tmp_path / name)
    with pytest.raises(StoreError, match="no such file"):
        glance(tmp_path / "none.db")
    (tmp_path / "empty.db").touch()
    with pytest.raises(StoreError, match="isn't a progress database"):
        glance(tmp_path / "empty.db")
