"""The progress store: SQLite, append-only attempts, acknowledged after commit."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from trainer.errors import StoreError
from trainer.progress.faults import in_words, make_private
from trainer.progress.journal import journal_for
from trainer.progress.migrations import migrate
from trainer.progress.model import Attempt, EventKind, LastAttempt, NewAttempt, Standing, Try

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["Attempt", "LastAttempt", "NewAttempt", "Standing", "Store"]

_BUSY_SECONDS = 15.0
_SUMMARY = "number, at, points, max_points, checks_passed, checks_total, passed, seconds, seed"


class Store:
    """One connection to the database, shared by the threads of this process.

    Every method raises `StoreError` if the database cannot be read or written.
    """

    def __init__(
        self, file: Path, connection: sqlite3.Connection, salt: bytes, clock: Callable[[], float]
    ) -> None:
        self.file = file
        self.salt = salt
        """Random bytes of this database, for the digests that replace secret values."""
        self._connection = connection
        self._clock = clock
        self._lock = threading.RLock()

    @classmethod
    def open(cls, file: Path, clock: Callable[[], float] = time.time) -> Store:
        """Open the database, created and migrated as needed. `clock` gives seconds since 1970."""
        with in_words(file):
            make_private(file)
            connection = sqlite3.connect(
                file, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            try:
                migrate(connection, file)
                journal = journal_for()
                connection.execute(f"PRAGMA synchronous = {journal.synchronous}")
                _set_journal(connection, journal.mode)
                salt = connection.execute("SELECT value FROM meta WHERE name = 'salt'").fetchone()
                if salt is None:
                    raise StoreError(f"{file}: incomplete progress database", remedy="move it away")
            except BaseException:
                connection.close()
                raise
        return cls(file, connection, bytes(salt[0]), clock)

    def record(self, attempt: NewAttempt) -> int:
        """Append an attempt. Returns its number for this card once it is on disk.

        If the card's latest attempt has the same bytes, the same seed and the same result, and is of the same
        exam or of none as well, it is this one.
        """
        with self.writing() as db:
            return insert_attempt(db, attempt, self.now())

    def note(self, card: str, kind: EventKind, number: int = 0) -> None:
        """Record that a card was started or reset, or that a hint (its number, from 1) or the
        solution was shown."""
        with self.writing() as db:
            db.execute(
                "INSERT INTO events (card, at, kind, number) VALUES (?, ?, ?, ?)",
                (card, self.now(), kind, number),
            )

    def hints(self, card: str) -> int:
        """How many hints of a card have been shown."""
        with self.reading() as db:
            return _hints(db, card)

    def revealed(self, card: str) -> bool:
        """Whether a card's solution has been shown."""
        with self.reading() as db:
            return _revealed(db, card)

    def attempts(self, card: str) -> list[Attempt]:
        """All attempts of a card, oldest first."""
        with self.reading() as db:
            rows = db.execute(
                f"SELECT {_SUMMARY}, hints, revealed, digest, answer, verdict, exam FROM attempts"  # noqa: S608 - constant
                " WHERE card = ? ORDER BY number",
                (card,),
            ).fetchall()
        return [_attempt(card, row) for row in rows]

    def standings(self) -> dict[str, Standing]:
        """The state of each card that was ever opened, by card ID."""
        with self.reading() as db:
            events = db.execute(
                "SELECT card, max(kind = 'started'), max(CASE kind WHEN 'hint' THEN number ELSE 0 END),"
                " max(kind = 'solution'), max(at), max(CASE kind WHEN 'reset' THEN at ELSE 0 END)"
                " FROM events GROUP BY card"
            ).fetchall()
            totals = db.execute(
                "SELECT card, count(*), max(passed), max(CASE WHEN passed THEN 100 WHEN max_points = 0 THEN 0"
                " ELSE min(99, 100 * points / max_points) END) FROM attempts GROUP BY card"
            ).fetchall()
            lasts = db.execute(
                f"SELECT card, {_SUMMARY} FROM attempts"  # noqa: S608 - constant
                " WHERE (card, number) IN (SELECT card, max(number) FROM attempts GROUP BY card)"
            ).fetchall()
        helped = {row[0]: row[1:] for row in events}
        tried = {row[0]: row[1:] for row in totals}
        last = {row[0]: _last(row[1:]) for row in lasts}
        found = {}
        for card in sorted({*helped, *tried}):
            started, hints, revealed, touched, reset = helped.get(card, (0, 0, 0, 0, 0))
            count, passed, best = tried.get(card, (0, 0, 0))
            latest = last.get(card)
            found[card] = Standing(
                bool(started),
                count,
                best,
                bool(passed),
                hints,
                bool(revealed),
                latest,
                max(touched / 1000, latest.at if latest else 0.0),
                reset / 1000,
            )
        return found

    def days(self) -> list[date]:
        """The local days with an attempt, sorted."""
        with self.reading() as db:
            rows = db.execute("SELECT at FROM attempts").fetchall()
        return sorted({date.fromtimestamp(row[0] / 1000) for row in rows})

    def tries(self) -> list[Try]:
        """All attempts at all cards, oldest first, without answers and verdicts."""
        with self.reading() as db:
            rows = db.execute(
                "SELECT card, at, CASE WHEN passed THEN 100 WHEN max_points = 0 THEN 0"
                " ELSE min(99, 100 * points / max_points) END, passed, seconds FROM attempts ORDER BY at, id"
            ).fetchall()
        return [
            Try(card, at / 1000, percent, bool(passed), seconds)
            for card, at, percent, passed, seconds in rows
        ]

    def choice(self, name: str) -> str | None:
        """What the learner has chosen under this name, such as a theme; None if nothing yet."""
        with self.reading() as db:
            row = db.execute("SELECT value FROM choices WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def choose(self, name: str, value: str | None) -> None:
        """Remember a choice; None forgets it."""
        with self.writing() as db:
            if value is None:
                db.execute("DELETE FROM choices WHERE name = ?", (name,))
            else:
                db.execute("INSERT OR REPLACE INTO choices VALUES (?, ?)", (name, value))

    def exam_left(self) -> float | None:
        """Seconds left of the exam that runs; None if none does. `progress.exams` has all the rest."""
        with self.reading() as db:
            row = db.execute("SELECT minutes * 60 - used / 1000.0 FROM exams WHERE ended IS NULL").fetchone()
        return None if row is None else float(row[0])

    def check(self) -> list[str]:
        """What SQLite's own integrity check finds; empty if all is well."""
        with self.reading() as db:
            found = [str(row[0]) for row in db.execute("PRAGMA integrity_check")]
        return [] if found == ["ok"] else found

    def journal_mode(self) -> str:
        """The journal in use, upper case."""
        with self.reading() as db:
            return str(db.execute("PRAGMA journal_mode").fetchone()[0]).upper()

    def close(self) -> None:
        """Close the connection; calling it twice does no harm."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, for the modules of this package that read tables of their own."""
        with self._lock, in_words(self.file):
            yield self._connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: on disk when the block ends without an exception."""
        with self._lock, in_words(self.file):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def now(self) -> int:
        """Milliseconds since 1970, UTC, by the clock of this store."""
        return round(self._clock() * 1000)


def insert_attempt(db: sqlite3.Connection, attempt: NewAttempt, at: int) -> int:
    """Append an attempt inside a transaction; as `Store.record`. `at` is in milliseconds since 1970."""
    last = db.execute(
        "SELECT number, digest, seed, points, max_points, passed, exam FROM attempts"
        " WHERE card = ? ORDER BY number DESC LIMIT 1",
        (attempt.card,),
    ).fetchone()
    result = (
        attempt.digest,
        attempt.seed,
        attempt.points,
        attempt.max_points,
        int(attempt.passed),
        attempt.exam,
    )
    if last and last[1:] == result:
        return int(last[0])
    number = last[0] + 1 if last else 1
    db.execute(
        "INSERT INTO attempts (card, number, at, points, max_points, checks_passed, checks_total,"
        " passed, seconds, hints, revealed, digest, answer, verdict, seed, exam)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            attempt.card,
            number,
            at,
            attempt.points,
            attempt.max_points,
            attempt.checks_passed,
            attempt.checks_total,
            int(attempt.passed),
            attempt.seconds,
            _hints(db, attempt.card),
            int(_revealed(db, attempt.card)),
            attempt.digest,
            attempt.answer,
            attempt.verdict,
            attempt.seed,
            attempt.exam,
        ),
    )
    return int(number)


def _set_journal(connection: sqlite3.Connection, mode: str) -> None:
    """Choose the journal. While another process has the database open in another mode, that mode stays."""
    try:
        connection.execute(f"PRAGMA journal_mode = {mode}")
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise


def _hints(db: sqlite3.Connection, card: str) -> int:
    row = db.execute("SELECT max(number) FROM events WHERE card = ? AND kind = 'hint'", (card,)).fetchone()
    return int(row[0] or 0)


def _revealed(db: sqlite3.Connection, card: str) -> bool:
    return bool(
        db.execute("SELECT 1 FROM events WHERE card = ? AND kind = 'solution' LIMIT 1", (card,)).fetchone()
    )


def _last(row: tuple[Any, ...]) -> LastAttempt:
    number, at, points, max_points, checks_passed, checks_total, passed, seconds, seed = row
    return LastAttempt(
        number, at / 1000, points, max_points, checks_passed, checks_total, bool(passed), seconds, seed
    )


def _attempt(card: str, row: tuple[Any, ...]) -> Attempt:
    number, at, points, max_points, checks_passed, checks_total, passed, seconds, seed, *rest = row
    hints, revealed, digest, answer, verdict, exam = rest
    return Attempt(
        card=card,
        points=points,
        max_points=max_points,
        checks_passed=checks_passed,
        checks_total=checks_total,
        passed=bool(passed),
        seconds=seconds,
        digest=digest,
        answer=answer,
        verdict=verdict,
        seed=seed,
        exam=exam,
        number=number,
        at=at / 1000,
        hints=hints,
        revealed=bool(revealed),
    )
