"""The schema's steps: once each, a copy before each, nobody else's database touched."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from trainer.errors import StoreError
from trainer.progress.migrations import APPLICATION_ID, MIGRATIONS, migrate

MORE = (*MIGRATIONS, ("CREATE TABLE extra (x INTEGER) STRICT", "INSERT INTO extra VALUES (1)"))
BROKEN = (*MIGRATIONS, ("CREATE TABLE extra (x INTEGER) STRICT", "INSERT INTO nowhere VALUES (1)"))


def connect(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, isolation_level=None)


def tables(db: sqlite3.Connection) -> set[str]:
    return {row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}


def test_a_new_database_is_ours_and_strict(tmp_path: Path) -> None:
    file = tmp_path / "p.db"
    with closing(connect(file)) as db:
        migrate(db, file)
        assert db.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        assert db.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert tables(db) >= {"meta", "attempts", "events", "choices"}
        strict = {row[1]: row[5] for row in db.execute("PRAGMA table_list") if row[1] in tables(db)}
        assert set(strict.values()) == {1}
        migrate(db, file)  # nothing left to do
    assert list(tmp_path.iterdir()) == [file]


def test_a_copy_is_kept_before_each_later_step(tmp_path: Path) -> None:
    file = tmp_path / "p.db"
    with closing(connect(file)) as db:
        migrate(db, file)
        db.execute("INSERT INTO events (card, at, kind, number) VALUES ('a', 1, 'started', 0)")
        migrate(db, file, MORE)
        assert "extra" in tables(db)
        assert db.execute("SELECT count(*) FROM events").fetchone() == (1,)
    with closing(connect(tmp_path / f"p.db.before-step-{len(MORE)}")) as copy:
        assert copy.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        assert copy.execute("SELECT card FROM events").fetchall() == [("a",)]
        assert "extra" not in tables(copy)


def test_an_older_database_opens_and_its_attempts_are_of_cards_as_written(tmp_path: Path) -> None:
    file = tmp_path / "p.db"
    with closing(connect(file)) as db:
        migrate(db, file, MIGRATIONS[:1])
        db.execute(
            "INSERT INTO attempts (card, number, at, points, max_points, checks_passed, checks_total, passed,"
            " hints, revealed, digest, answer, verdict) VALUES ('a', 1, 1, 2, 2, 1, 1, 1, 0, 0, 'd', '{}', '{}')"
        )
        migrate(db, file)
        assert db.execute("SELECT card, points, seed FROM attempts").fetchall() == [("a", 2, 0)]
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.execute("UPDATE attempts SET seed = 7")
    assert (tmp_path / "p.db.before-step-2").exists()


def test_a_step_that_fails_changes_nothing_and_a_copy_is_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "p.db"
    with closing(connect(file)) as db:
        migrate(db, file)
        for _ in range(2):
            with pytest.raises(sqlite3.OperationalError, match="nowhere"):
                migrate(db, file, BROKEN)
        assert db.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        assert "extra" not in tables(db)
    copy = f"p.db.before-step-{len(BROKEN)}"
    assert {path.name for path in tmp_path.iterdir()} == {"p.db", copy, f"{copy}-2"}


def test_a_step_that_undoes_itself_tells_its_own_error(tmp_path: Path) -> None:
    file = tmp_path / "p.db"
    steps = (*MIGRATIONS, ("INSERT OR ROLLBACK INTO meta VALUES ('salt', x'00')",))
    with closing(connect(file)) as db:
        migrate(db, file)
        with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
            migrate(db, file, steps)


def test_a_step_that_another_process_takes_first_is_not_taken_again(tmp_path: Path) -> None:
    file = tmp_path / "p.db"
    with closing(connect(file)) as db, closing(connect(file)) as other:
        migrate(db, file)
        seen: list[str] = []

        def overtake(statement: str) -> None:
            if statement == "BEGIN IMMEDIATE" and not seen:
                seen.append(statement)
                migrate(other, file, MORE)

        db.set_trace_callback(overtake)
        migrate(db, file, MORE)
        assert seen
        assert db.execute("SELECT count(*) FROM extra").fetchone() == (1,)
    assert {path.name for path in tmp_path.iterdir()} == {"p.db", f"p.db.before-step-{len(MORE)}"}


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "p.db"
    with closing(connect(file)) as db:
        migrate(db, file, MORE)
        steps = rf"\(step {len(MORE)}, this one knows {len(MIGRATIONS)}\)"
        with pytest.raises(StoreError, match=f"newer cks-trainer {steps}") as caught:
            migrate(db, file)
        assert "upgrade" in caught.value.remedy
        assert "extra" in tables(db)


@pytest.mark.parametrize(
    "statements",
    [
        ("CREATE TABLE theirs (x)",),
        ("PRAGMA application_id = 77",),
        (f"PRAGMA user_version = {len(MIGRATIONS)}",),
        ("CREATE TABLE theirs (x)", f"PRAGMA user_version = {len(MIGRATIONS)}"),
    ],
)
def test_another_programs_database_is_not_touched(tmp_path: Path, statements: tuple[str, ...]) -> None:
    file = tmp_path / "theirs.db"
    with closing(connect(file)) as db:
        for statement in statements:
            db.execute(statement)
    before = file.read_bytes()
    with closing(connect(file)) as db, pytest.raises(StoreError, match="another program"):
        migrate(db, file)
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]
