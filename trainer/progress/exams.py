"""Exams in the database: what was drawn, how much of the time is used, what came out.

At most one exam runs, which the database itself ensures. Times of the clock are milliseconds with the exam
open.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from trainer.errors import StoreError, UsageError
from trainer.progress.store import insert_attempt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from trainer.progress.model import NewAttempt
    from trainer.progress.store import Store

Ended = Literal["finished", "expired", "canceled"]
Outcome = Literal["graded", "empty", "unreadable", "gone", "failed"]
"""What became of a card's answer: `gone` without the card's file, `failed` where grading itself failed."""


class NewCard(msgspec.Struct, frozen=True):
    """A card of an exam as it was drawn: the report needs no other file."""

    card: str
    seed: int
    """Of the card's variant."""
    title: str
    domain: str
    competency: str
    minutes: int
    """The target."""
    points: int
    digest: str
    """Of the card's file when the exam began."""


class Result(msgspec.Struct, frozen=True):
    """What came out for one card."""

    outcome: Outcome
    points: int
    max_points: int
    verdict: str = ""
    """JSON of the verdict's contract; empty without one."""
    note: str = ""
    """What the learner must know of this card's grading; may be empty."""


class ExamCard(NewCard, frozen=True, kw_only=True):
    """A card of an exam as it stands."""

    position: int
    """From 1."""
    flagged: bool
    used: int
    """Milliseconds with this card shown."""
    result: Result | None = None
    """None as long as the exam runs."""


class NewExam(msgspec.Struct, frozen=True):
    """An exam to begin."""

    seed: int
    minutes: int
    drill: bool
    pack: str
    """The folder of its cards; empty for the built-in ones."""
    cards: tuple[NewCard, ...]
    again: int | None = None
    """The exam whose cards it takes again in other variants."""


class Exam(msgspec.Struct, frozen=True):
    """An exam as it stands."""

    number: int
    seed: int
    minutes: int
    drill: bool
    pack: str
    folder: str
    """Where the answers are: a folder for each card."""
    again: int | None
    started: float
    """Seconds since 1970, UTC."""
    used: int
    """Milliseconds with the exam open, never more than its minutes."""
    at: int
    """The position of the card that is shown, or was last."""
    pausing: bool
    """Whether somebody asked the program that has the exam open to close it."""
    ended: float | None
    how: Ended | None
    cards: tuple[ExamCard, ...]

    @property
    def left(self) -> float:
        """Seconds left."""
        return max(self.minutes * 60 - self.used / 1000, 0.0)

    @property
    def card(self) -> ExamCard:
        """The card that is shown."""
        return self.cards[self.at - 1]

    def of(self, card: str) -> ExamCard | None:
        """The card with this ID, if the exam has it."""
        return next((one for one in self.cards if one.card == card), None)


class Exams:
    """The exams of a store. Every method raises `StoreError` if the database cannot be read or written."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, exam: NewExam, folder: Callable[[int], str | None]) -> Exam:
        """Begin an exam. `folder` gives its answers' place by its number; None if that place is taken.

        Raises `UsageError` if another exam runs.
        """
        try:
            with self._store.writing() as db:
                number = 1 + int(db.execute("SELECT coalesce(max(number), 0) FROM exams").fetchone()[0])
                while (place := folder(number)) is None:
                    number += 1
                db.execute(
                    "INSERT INTO exams (number, seed, minutes, drill, pack, folder, again, started)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        number,
                        exam.seed,
                        exam.minutes,
                        int(exam.drill),
                        exam.pack,
                        place,
                        exam.again,
                        self._store.now(),
                    ),
                )
                db.executemany(
                    "INSERT INTO exam_cards (exam, position, card, seed, title, domain, competency, minutes,"
                    " points, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    [
                        (number, position, *msgspec.structs.astuple(card))
                        for position, card in enumerate(exam.cards, 1)
                    ],
                )
        except StoreError as error:
            running = self.running() if isinstance(error.__cause__, sqlite3.IntegrityError) else None
            if running is None:
                raise
            raise UsageError(
                f"exam {running.number} is running", remedy="finish or cancel it before you begin another"
            ) from None
        return self.get(number)

    def running(self) -> Exam | None:
        """The exam that runs, whether a program has it open or not."""
        with self._store.reading() as db:
            row = db.execute("SELECT number FROM exams WHERE ended IS NULL").fetchone()
        return None if row is None else self.get(int(row[0]))

    def is_running(self) -> bool:
        """Whether an exam runs."""
        with self._store.reading() as db:
            return db.execute("SELECT 1 FROM exams WHERE ended IS NULL").fetchone() is not None

    def get(self, number: int) -> Exam:
        """An exam by its number. Raises `UsageError` for a number that no exam has."""
        with self._store.reading() as db:
            row = db.execute(f"SELECT {_EXAM} FROM exams WHERE number = ?", (number,)).fetchone()  # noqa: S608
            cards = db.execute(
                f"SELECT {_CARD} FROM exam_cards WHERE exam = ? ORDER BY position",  # noqa: S608 - constants
                (number,),
            ).fetchall()
        if row is None:
            raise UsageError(f"there is no exam {number}", remedy="cks-trainer exam history shows them")
        return _exam(row, tuple(map(_card, cards)))

    def all(self) -> list[Exam]:
        """Every exam, the latest first."""
        with self._store.reading() as db:
            numbers = [row[0] for row in db.execute("SELECT number FROM exams ORDER BY number DESC")]
        return [self.get(number) for number in numbers]

    def spend(self, number: int, milliseconds: int) -> None:
        """Count time on an exam and on the card that is shown; not beyond the exam's minutes."""
        with self._store.writing() as db:
            row = db.execute(
                "SELECT min(?, minutes * 60000 - used), at FROM exams WHERE number = ? AND ended IS NULL",
                (milliseconds, number),
            ).fetchone()
            if row is None:
                return
            db.execute("UPDATE exams SET used = used + ? WHERE number = ?", (row[0], number))
            db.execute(
                "UPDATE exam_cards SET used = used + ? WHERE exam = ? AND position = ?",
                (row[0], number, row[1]),
            )

    def look_at(self, number: int, position: int) -> None:
        """Show another card: from now on, time counts on it."""
        with self._store.writing() as db:
            db.execute("UPDATE exams SET at = ? WHERE number = ? AND ended IS NULL", (position, number))

    def flag(self, number: int, position: int, *, on: bool) -> None:
        """Flag a card, or take its flag away."""
        with self._store.writing() as db:
            db.execute(
                "UPDATE exam_cards SET flagged = ? WHERE exam = ? AND position = ?"
                " AND exam IN (SELECT number FROM exams WHERE ended IS NULL)",
                (int(on), number, position),
            )

    def pause(self, number: int, *, wanted: bool) -> None:
        """Ask the program that has the exam open to close it, or take that back."""
        with self._store.writing() as db:
            db.execute("UPDATE exams SET pausing = ? WHERE number = ?", (int(wanted), number))

    def end(
        self, number: int, how: Ended, results: Mapping[int, Result], attempts: Sequence[NewAttempt]
    ) -> bool:
        """End an exam: its results by position and its attempts are stored all together, or not at all.

        False if it has ended meanwhile: then nothing is stored.
        """
        with self._store.writing() as db:
            if not db.execute(
                "UPDATE exams SET ended = ?, how = ? WHERE number = ? AND ended IS NULL",
                (self._store.now(), how, number),
            ).rowcount:
                return False
            db.executemany(
                "UPDATE exam_cards SET outcome = ?, scored = ?, scorable = ?, verdict = ?, note = ?"
                " WHERE exam = ? AND position = ?",
                [(*msgspec.structs.astuple(one), number, position) for position, one in results.items()],
            )
            for attempt in attempts:
                insert_attempt(db, attempt, self._store.now())
        return True


_EXAM = "number, seed, minutes, drill, pack, folder, again, started, used, at, pausing, ended, how"
_CARD = (
    "position, card, seed, title, domain, competency, minutes, points, digest, flagged, used,"
    " outcome, scored, scorable, verdict, note"
)


def _exam(row: tuple[Any, ...], cards: tuple[ExamCard, ...]) -> Exam:
    number, seed, minutes, drill, pack, folder, again, started, used, at, pausing, ended, how = row
    return Exam(
        number=number,
        seed=seed,
        minutes=minutes,
        drill=bool(drill),
        pack=pack,
        folder=folder,
        again=again,
        started=started / 1000,
        used=used,
        at=min(max(at, 1), len(cards)),
        pausing=bool(pausing),
        ended=None if ended is None else ended / 1000,
        how=how,
        cards=cards,
    )


def _card(row: tuple[Any, ...]) -> ExamCard:
    position, card, seed, title, domain, competency, minutes, points, digest, flagged, used, *result = row
    outcome, scored, scorable, verdict, note = result
    return ExamCard(
        card=card,
        seed=seed,
        title=title,
        domain=domain,
        competency=competency,
        minutes=minutes,
        points=points,
        digest=digest,
        position=position,
        flagged=bool(flagged),
        used=used,
        result=Result(outcome, scored, scorable, verdict, note) if outcome else None,
    )
