"""What a class did, in one SQLite file on a local disk that the programs of all learners add to.

It has who, which card, points and the status of each check: no answer, no reason, nothing that could be a
secret. Rows are only added. Each is one transaction on a connection of its own, so that fifty writers wait
for each other for milliseconds; the rollback journal leaves no file behind (sqlite.org/lockingv3.html).
"""

from __future__ import annotations

import os
import random
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Literal

import msgspec

from trainer.progress.glance import look_only, refusal, typed_rows

APPLICATION_ID = 0x434B534C
"""`CKSL` in the header of the file marks the results of a class."""

_PATIENCE = 60.0
"""Seconds that a writer waits for the others."""

_SCHEMA = (
    """
CREATE TABLE results (
    id         INTEGER PRIMARY KEY,
    learner    TEXT    NOT NULL,
    card       TEXT    NOT NULL,
    seed       INTEGER NOT NULL,
    at         INTEGER NOT NULL,  -- milliseconds since 1970, UTC
    kind       TEXT    NOT NULL CHECK (kind IN ('started', 'reset', 'graded')),
    points     INTEGER NOT NULL,
    max_points INTEGER NOT NULL,
    passed     INTEGER NOT NULL CHECK (passed IN (0, 1)),
    checks     TEXT    NOT NULL   -- JSON: status by the ID of a check
) STRICT
""",
    "CREATE TRIGGER results_no_update BEFORE UPDATE ON results "
    "BEGIN SELECT RAISE(ABORT, 'results are append-only'); END",
    "CREATE TRIGGER results_no_delete BEFORE DELETE ON results "
    "BEGIN SELECT RAISE(ABORT, 'results are append-only'); END",
    f"PRAGMA application_id = {APPLICATION_ID}",
    "PRAGMA user_version = 1",
)
_COLUMNS = "learner, card, seed, at, kind, points, max_points, passed, checks"


Kind = Literal["started", "reset", "graded"]


class Result(msgspec.Struct, frozen=True):
    """One thing that a learner did: started a card, started it over, or had an answer graded."""

    learner: str
    card: str
    at: float
    """Seconds since 1970, UTC."""
    kind: Kind = "started"
    seed: int = 0
    points: int = 0
    max_points: int = 0
    passed: bool = False
    checks: dict[str, str] = {}
    """The status of each check, by its ID."""


def create(file: Path) -> None:
    """Make the file for the results of a class, empty. Raises `StoreError` if it exists."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666))
        with closing(sqlite3.connect(file, isolation_level=None)) as db:
            for statement in _SCHEMA:
                db.execute(statement)
    except (OSError, sqlite3.Error) as error:
        raise refusal(file, error) from error


def add(file: Path, result: Result) -> None:
    """Add a result, which is on the disk when this returns. Waits for other writers.

    Raises `StoreError` if the file is missing, isn't for results of a class, or can't be written.
    """
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            _add(file, result)
        except sqlite3.OperationalError as error:
            if not _is_taken(error) or time.monotonic() > until:
                raise refusal(file, error) from error
            time.sleep(random.uniform(0.002, 0.05))  # noqa: S311 - only so that not all wake up at once
        except (OSError, sqlite3.Error) as error:
            raise refusal(file, error) from error
        else:
            return


def _add(file: Path, result: Result) -> None:
    row = (
        result.learner,
        result.card,
        result.seed,
        round(result.at * 1000),
        result.kind,
        result.points,
        result.max_points,
        int(result.passed),
        msgspec.json.encode(result.checks).decode(),
    )
    with look_only(file, APPLICATION_ID, "the results of a class", writes=True) as db:
        db.execute("PRAGMA synchronous = FULL")
        db.execute("BEGIN IMMEDIATE")
        db.execute(f"INSERT INTO results ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608
        db.execute("COMMIT")


def results_after(file: Path, number: int) -> tuple[list[Result], int]:
    """The results after the one of this number, oldest first, and the number of the last one.

    What isn't a result (anybody who may add could have written it) is left out. Raises `StoreError`.
    """
    try:
        # after a kill, a reader rolls back what was half written: so it needs the right to write
        with look_only(file, APPLICATION_ID, "the results of a class", writes=True) as db:
            rows = typed_rows(
                db,
                f"SELECT id, {_COLUMNS} FROM results WHERE id > ? ORDER BY id",  # noqa: S608 - constant
                number,
                tuple[int, str, str, int, int, Kind, int, int, int, str],
            )
    except (OSError, sqlite3.Error, msgspec.ValidationError) as error:
        raise refusal(file, error) from error
    return [result for row in rows for result in _result(*row[1:])], rows[-1][0] if rows else number


def _result(
    learner: str,
    card: str,
    seed: int,
    at: int,
    kind: Kind,
    points: int,
    max_points: int,
    passed: int,
    checks: str,
) -> list[Result]:
    try:
        statuses = msgspec.json.decode(checks, type=dict[str, str])
    except msgspec.MsgspecError:
        return []
    return [Result(learner, card, at / 1000, kind, seed, points, max_points, bool(passed), statuses)]


def _is_taken(error: sqlite3.OperationalError) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
