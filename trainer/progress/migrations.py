"""The schema of the progress database, as numbered steps that are never changed afterwards.

`user_version` says how many steps a database has taken. A step is a tuple of statements; it runs
in one transaction, after a copy of the database is made beside it.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from trainer.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

APPLICATION_ID = 0x434B5354
"""`CKST` in the header of the file marks our databases."""

_ATTEMPTS = """
CREATE TABLE attempts (
    id            INTEGER PRIMARY KEY,
    card          TEXT    NOT NULL,
    number        INTEGER NOT NULL CHECK (number > 0),
    at            INTEGER NOT NULL,  -- milliseconds since 1970, UTC
    points        INTEGER NOT NULL CHECK (points BETWEEN 0 AND max_points),
    max_points    INTEGER NOT NULL,
    checks_passed INTEGER NOT NULL CHECK (checks_passed BETWEEN 0 AND checks_total),
    checks_total  INTEGER NOT NULL,
    passed        INTEGER NOT NULL CHECK (passed IN (0, 1)),
    seconds       REAL,              -- spent on the card, where known
    hints         INTEGER NOT NULL,  -- hints shown before
    revealed      INTEGER NOT NULL CHECK (revealed IN (0, 1)),  -- solution shown before
    digest        TEXT    NOT NULL,  -- salted, of the redacted answer
    answer        TEXT    NOT NULL,  -- JSON: text by file name, secret values replaced
    verdict       TEXT    NOT NULL,  -- JSON: cks-trainer.verdict/1
    UNIQUE (card, number)
) STRICT
"""

_EVENTS = """
CREATE TABLE events (
    id     INTEGER PRIMARY KEY,
    card   TEXT    NOT NULL,
    at     INTEGER NOT NULL,  -- milliseconds since 1970, UTC
    kind   TEXT    NOT NULL CHECK (kind IN ('started', 'hint', 'solution', 'reset')),
    number INTEGER NOT NULL   -- of the hint, from 1; else 0
) STRICT
"""


def _never_changed(*tables: str) -> tuple[str, ...]:
    return tuple(
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} are append-only'); END"
        for table in tables
        for verb in ("UPDATE", "DELETE")
    )


_APPEND_ONLY = (
    *_never_changed("attempts", "events"),
    # INSERT OR REPLACE deletes without firing the trigger above
    "CREATE TRIGGER attempts_no_replace BEFORE INSERT ON attempts "
    "WHEN EXISTS (SELECT 1 FROM attempts WHERE id = NEW.id OR (card = NEW.card AND number = NEW.number)) "
    "BEGIN SELECT RAISE(ABORT, 'attempts are append-only'); END",
)

_RATINGS = """
CREATE TABLE ratings (
    id      INTEGER PRIMARY KEY,
    card    TEXT    NOT NULL,
    sitting INTEGER NOT NULL,  -- number of the sitting's first attempt
    at      INTEGER NOT NULL,  -- milliseconds since 1970, UTC
    rating  INTEGER NOT NULL CHECK (rating BETWEEN 1 AND 4)
) STRICT
"""

_SCHEDULE = """
CREATE TABLE schedule (  -- derived from attempts, events and ratings; may be deleted at any time
    card       TEXT    NOT NULL,
    item       TEXT    NOT NULL,  -- the ID of a check; empty for the whole card
    due        INTEGER NOT NULL,  -- milliseconds since 1970, UTC, like `last`
    last       INTEGER NOT NULL,
    stability  REAL    NOT NULL,  -- days, of FSRS
    difficulty REAL    NOT NULL,  -- 1 to 10, of FSRS
    rating     INTEGER NOT NULL,  -- of the last review
    reviews    INTEGER NOT NULL,
    attempt    INTEGER NOT NULL,  -- the latest attempt of the card that counts here
    chosen     INTEGER NOT NULL,  -- the latest rating of the card that counts here; 0 for none
    PRIMARY KEY (card, item)
) STRICT
"""

_EXAMS = (
    """
CREATE TABLE exams (
    number  INTEGER PRIMARY KEY,
    seed    INTEGER NOT NULL,
    minutes INTEGER NOT NULL CHECK (minutes > 0),
    drill   INTEGER NOT NULL CHECK (drill IN (0, 1)),
    pack    TEXT    NOT NULL,            -- folder of the cards; empty for the built-in ones
    folder  TEXT    NOT NULL,            -- of the answers
    again   INTEGER,                     -- the exam whose cards it takes again
    started INTEGER NOT NULL,            -- milliseconds since 1970, UTC
    used    INTEGER NOT NULL DEFAULT 0,  -- milliseconds with the exam open
    at      INTEGER NOT NULL DEFAULT 1,  -- position of the card that is shown
    pausing INTEGER NOT NULL DEFAULT 0 CHECK (pausing IN (0, 1)),
    ended   INTEGER,                     -- milliseconds since 1970, UTC
    how     TEXT    CHECK (how IN ('finished', 'expired', 'canceled')),
    CHECK ((ended IS NULL) = (how IS NULL))
) STRICT
""",
    "CREATE UNIQUE INDEX one_exam_runs ON exams (ended IS NULL) WHERE ended IS NULL",
    """
CREATE TABLE exam_cards (
    exam       INTEGER NOT NULL REFERENCES exams,
    position   INTEGER NOT NULL CHECK (position > 0),
    card       TEXT    NOT NULL,
    seed       INTEGER NOT NULL,
    title      TEXT    NOT NULL,
    domain     TEXT    NOT NULL,
    competency TEXT    NOT NULL,
    minutes    INTEGER NOT NULL,
    points     INTEGER NOT NULL,
    digest     TEXT    NOT NULL,            -- of the card's file when the exam began
    flagged    INTEGER NOT NULL DEFAULT 0 CHECK (flagged IN (0, 1)),
    used       INTEGER NOT NULL DEFAULT 0,  -- milliseconds with the card shown
    outcome    TEXT    CHECK (outcome IN ('graded', 'empty', 'unreadable', 'gone', 'failed')),
    scored     INTEGER,
    scorable   INTEGER,
    verdict    TEXT,                        -- JSON: cks-trainer.verdict/1
    note       TEXT,
    PRIMARY KEY (exam, position),
    UNIQUE (exam, card),
    CHECK (scored BETWEEN 0 AND scorable)
) STRICT
""",
    "ALTER TABLE attempts ADD COLUMN exam INTEGER",
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT",
        "INSERT INTO meta VALUES ('salt', randomblob(16))",
        _ATTEMPTS,
        _EVENTS,
        "CREATE INDEX events_by_card ON events (card, kind)",
        *_APPEND_ONLY,
    ),
    ("ALTER TABLE attempts ADD COLUMN seed INTEGER NOT NULL DEFAULT 0",),
    ("CREATE TABLE choices (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",),
    (
        _RATINGS,
        "CREATE INDEX ratings_by_card ON ratings (card)",
        _SCHEDULE,
        *_never_changed("ratings"),
    ),
    _EXAMS,
    (
        "CREATE TABLE notes (card TEXT PRIMARY KEY, text TEXT NOT NULL,"
        " bookmark INTEGER NOT NULL CHECK (bookmark IN (0, 1)), at INTEGER NOT NULL) STRICT",
    ),
)
"""Step n (from 1) is `MIGRATIONS[n - 1]`."""


def migrate(
    connection: sqlite3.Connection, file: Path, steps: tuple[tuple[str, ...], ...] = MIGRATIONS
) -> None:
    """Take the missing steps. Raises `StoreError` for a database that is newer or not ours.

    A new database takes all steps at once. Before each step of an older one, it is copied to
    `<name>.before-step-<n>` beside it. Two processes can do this at once: the second waits, and finds nothing
    left to do.
    """
    while (version := _version(connection)) < len(steps):
        connection.execute("BEGIN IMMEDIATE")
        try:
            if _version(connection) == version:
                _refuse_foreign(connection, file, version)
                reached = version + 1 if version else len(steps)
                if version:
                    _copy(file, reached)
                for step in steps[version:reached]:
                    for statement in step:
                        connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {reached}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    if version > len(steps):
        raise StoreError(
            f"{file} was written by a newer cks-trainer (step {version}, this one knows {len(steps)})",
            remedy="upgrade cks-trainer, or name another file with --database",
        )
    _refuse_foreign(connection, file, version)


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _refuse_foreign(connection: sqlite3.Connection, file: Path, version: int) -> None:
    """Never touches another program's database: ours has our mark, a new one is empty."""
    mark = int(connection.execute("PRAGMA application_id").fetchone()[0])
    tables = int(connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0])
    if mark != APPLICATION_ID and (mark or version or tables):
        raise StoreError(
            f"{file} is a database of another program; it was not changed",
            remedy="name another file with --database or CKS_TRAINER_DATABASE",
        )


def _copy(file: Path, step: int) -> None:
    """Copy the whole database beside itself before a step changes it."""
    backup = file.with_name(f"{file.name}.before-step-{step}")
    number = 1
    while backup.exists():
        number += 1
        backup = file.with_name(f"{file.name}.before-step-{step}-{number}")
    os.close(os.open(backup, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    with closing(sqlite3.connect(file)) as reader, closing(sqlite3.connect(backup)) as writer:
        reader.backup(writer)
