"""A look at somebody else's database, which changes nothing of it: no schema, and no name if it's damaged.

The file is another person's. So a look opens only a regular file, reads only tables, and ends after a number
of steps: a view without an end, or a value of gigabytes, is an error and not a wait.
"""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import msgspec

from trainer.errors import StoreError
from trainer.progress.migrations import APPLICATION_ID

_MOST_STEPS = 50_000_000
_STEP = 100_000
_LONGEST = 16 * 1024 * 1024
"""Bytes of one value."""
_WAIT = 5.0
"""Seconds for which a look waits for a writer."""


Row = TypeVar("Row")


class Seen(msgspec.Struct, frozen=True):
    """What is new in a learner's database, and where the next look begins."""

    started: tuple[tuple[str, float], ...] = ()
    """Cards that were started, and when, in seconds since 1970, UTC."""
    reset: tuple[tuple[str, float], ...] = ()
    """Cards that were started over, and when."""
    attempts: tuple[Glanced, ...] = ()
    """Oldest first."""
    event: int = 0
    attempt: int = 0


class Glanced(msgspec.Struct, frozen=True):
    """An attempt without its answer: points, and the status of each check by its ID."""

    card: str
    at: float
    """Seconds since 1970, UTC."""
    points: int
    max_points: int
    passed: bool
    seed: int
    checks: dict[str, str]


class _Check(msgspec.Struct):
    id: str
    status: str


class _Verdict(msgspec.Struct):
    checks: list[_Check] = []


def glance(file: Path, event: int = 0, attempt: int = 0) -> Seen:
    """What a learner's database has after the event and the attempt of these numbers.

    Raises `StoreError` for what isn't a readable progress database.
    """
    try:
        with look_only(file, APPLICATION_ID, "a progress database") as db:
            db.execute("BEGIN")  # both tables as of one moment
            events = typed_rows(
                db,
                "SELECT id, card, at, kind FROM events WHERE id > ? AND kind IN ('started', 'reset')"
                " ORDER BY id",
                event,
                tuple[int, str, int, str],
            )
            rows = typed_rows(
                db,
                "SELECT id, card, at, points, max_points, passed, seed, verdict FROM attempts"
                " WHERE id > ? ORDER BY id",
                attempt,
                tuple[int, str, int, int, int, int, int, str],
            )
    except (OSError, sqlite3.Error, msgspec.ValidationError) as error:
        raise refusal(file, error) from error
    return Seen(
        tuple((card, at / 1000) for _, card, at, kind in events if kind == "started"),
        tuple((card, at / 1000) for _, card, at, kind in events if kind == "reset"),
        tuple(
            Glanced(card, at / 1000, points, most, bool(passed), seed, _statuses(verdict))
            for _, card, at, points, most, passed, seed, verdict in rows
        ),
        events[-1][0] if events else event,
        rows[-1][0] if rows else attempt,
    )


@contextmanager
def look_only(file: Path, mark: int, what: str, *, writes: bool = False) -> Iterator[sqlite3.Connection]:
    """A connection to a database that exists and has this mark; it can change nothing unless it `writes`.

    Raises `StoreError` for anything else, `OSError` and `sqlite3.Error` as they come.
    """
    if not stat.S_ISREG(file.lstat().st_mode):
        raise StoreError(f"{file} is not a file", remedy="put a file there")
    place = f"file:{quote(str(file.absolute()).encode('utf-8', 'surrogateescape'))}"
    mode = "rw" if writes else "ro"
    with closing(
        sqlite3.connect(f"{place}?mode={mode}", uri=True, timeout=_WAIT, isolation_level=None)
    ) as db:
        steps = iter(range(_MOST_STEPS // _STEP))
        db.set_progress_handler(lambda: next(steps, None) is None, _STEP)
        db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
        db.execute("PRAGMA trusted_schema = OFF")
        if db.execute("PRAGMA application_id").fetchone()[0] != mark:
            raise StoreError(f"{file} isn't {what}", remedy="check the path")
        if db.execute("SELECT count(*) FROM sqlite_schema WHERE type = 'view'").fetchone()[0]:
            raise StoreError(f"{file} isn't {what}: it has views", remedy="check the path")
        yield db


def typed_rows(db: sqlite3.Connection, query: str, after: int, kind: type[Row]) -> list[Row]:
    """The rows of a query for what comes after a number. Raises `ValidationError` if their types differ."""
    return msgspec.convert(db.execute(query, (after,)).fetchall(), list[kind])  # type: ignore[valid-type]


def refusal(file: Path, error: Exception) -> StoreError:
    """What SQLite or the system says of the file, in words."""
    words = (error.strerror or str(error)).lower() if isinstance(error, OSError) else str(error)
    return StoreError(f"{file}: {words}", remedy="check the file, its folder and their permissions")


def _statuses(verdict: str) -> dict[str, str]:
    """The status of each check; none of a verdict that isn't one."""
    try:
        found = msgspec.json.decode(verdict, type=_Verdict)
    except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError):
        return {}
    return {check.id: check.status for check in found.checks}
