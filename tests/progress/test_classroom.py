"""The results of a class: what is added is there, and what isn't a result hides nothing.

Fifty writers at once are a trial of `tools.stress.classes`, which the tests run as well.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from trainer.errors import StoreError
from trainer.progress import classroom
from trainer.progress.classroom import Result, add, create, results_after


@pytest.fixture
def file(tmp_path: Path) -> Path:
    create(tmp_path / "class" / "results.db")
    return tmp_path / "class" / "results.db"


def test_what_is_added_is_there(file: Path) -> None:
    first = Result("Ann", "pod-ro", 12.345)
    second = Result("B\u00f6 =1", "pod-ro", 13.0, "graded", 7, 2, 5, False, {"exists": "pass", "ro": "fail"})
    add(file, first)
    assert results_after(file, 0) == ([first], 1)
    add(file, second)
    assert results_after(file, 1) == ([second], 2)
    assert results_after(file, 2) == ([], 2)
    assert (file.stat().st_mode & 0o777) == 0o666 & ~os.umask(0o022)


def test_a_writer_waits_for_another(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trainer.progress.glance._WAIT", 0.01)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waits = []

        def let_go(_: float) -> None:
            waits.append(1)
            if len(waits) == 3:
                other.execute("COMMIT")

        monkeypatch.setattr(classroom.time, "sleep", let_go)
        add(file, Result("Ann", "pod-ro", 1.0))
        assert len(waits) == 3
        other.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr(classroom, "_PATIENCE", -1.0)
        with pytest.raises(StoreError, match=r"results\.db: database is locked"):
            add(file, Result("Ann", "pod-ro", 2.0))
    assert results_after(file, 0)[1] == 1


def test_rows_are_only_added(file: Path) -> None:
    add(file, Result("Ann", "pod-ro", 1.0))
    with closing(sqlite3.connect(file)) as db:
        for statement in ("UPDATE results SET points = 9", "DELETE FROM results"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                db.execute(statement)


def test_rows_that_others_forged_are_left_out(file: Path) -> None:
    add(file, Result("Ann", "pod-ro", 1.0))
    with closing(sqlite3.connect(file)) as db, db:
        for checks in ("no JSON", "[]", '{"a": 1}'):
            db.execute("INSERT INTO results VALUES (NULL, 'Eve', 'x', 0, 0, 'graded', 9, 9, 1, ?)", (checks,))
    results, last = results_after(file, 0)
    assert ([one.learner for one in results], last) == (["Ann"], 4)


def test_what_is_not_a_class(tmp_path: Path, file: Path) -> None:
    with pytest.raises(StoreError, match="file exists"):
        create(file)
    with pytest.raises(StoreError, match="no such file"):
        add(tmp_path / "none.db", Result("Ann", "x", 1.0))
    assert not (tmp_path / "none.db").exists()
    sqlite3.connect(tmp_path / "other.db").execute("CREATE TABLE results (id)").connection.close()
    with pytest.raises(StoreError, match="isn't the results of a class"):
        add(tmp_path / "other.db", Result("Ann", "x", 1.0))
    (tmp_path / "text.db").write_text("no database, but long enough to be read as one" * 40)
    with pytest.raises(StoreError, match="not a database"):
        results_after(tmp_path / "text.db", 0)
    assert (tmp_path / "text.db").exists()
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"file exists|not a directory"):
        create(tmp_path / "file" / "results.db")
