"""Results of a batch, merged into the grade book that an instructor exported from Canvas or Moodle.

Only cells with grades change, and feedback cells that are empty: every other byte of the file stays. Nobody
is guessed: learners who fit no person, or several, are listed.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

import msgspec

from trainer.batch.gradebook import canvas, moodle
from trainer.batch.gradebook.book import Book, Column, Reader, has_commas, number_of, written
from trainer.batch.gradebook.grades import Graded, grade_of
from trainer.batch.gradebook.people import match
from trainer.batch.gradebook.sheet import Sheet
from trainer.errors import UsageError

READERS: tuple[Reader, ...] = (canvas.read, moodle.read)


class Wanted(msgspec.Struct, frozen=True):
    """What is to be written where."""

    cards: tuple[tuple[str, ...], ...]
    """For each assignment its cards; no card: all."""
    assignments: tuple[str | None, ...]
    """The names of the assignments; None: the only one of the grade book."""
    points: float | None = None
    """The points of each assignment, where the file doesn't say."""
    missing_as_zero: bool = False
    feedback: bool = True


class Merged(msgspec.Struct, frozen=True):
    """The merged file, and what to know about it."""

    data: bytes
    platform: str
    columns: tuple[str, ...]
    """The heads of the columns that grades were written to."""
    written: tuple[str, ...]
    """The learners with a grade in it, changed or not."""
    changed: int
    """Cells with grades that are different now."""
    ambiguous: tuple[tuple[str, str], ...]
    """Learners who may be several people, or one with another; each with why."""
    unknown: tuple[str, ...]
    """Learners that the grade book doesn't have."""
    kept: tuple[tuple[str, str], ...]
    """Learners whose cell stays as it was, each with why."""
    without: int
    """People of the grade book without results."""


def merge(
    export: bytes,
    name: str,
    results: Mapping[str, Mapping[str, Graded]],
    wanted: Wanted,
    roster: Sequence[Sequence[str]] = (),
) -> Merged:
    """Write the grades of these results, by learner and card, into an exported grade book.

    `name` is that of the file; a line of `roster` has the names of one person. Raises `UsageError` for a
    file that isn't a grade book, an assignment that it doesn't have, or one with unknown points.
    """
    sheet = Sheet(export, name)
    book = _book(sheet, name)
    columns = [_column(book, one) for one in wanted.assignments]
    if len({column.number for column in columns}) < len(columns):
        raise UsageError("two cards have the same column", remedy="use --assignment for a sum")
    commas = {column.number: has_commas(sheet, column) for column in columns}
    matched = match(results, book.people, roster)
    done: dict[str, None] = {}
    kept: list[tuple[str, str]] = []
    changed = 0
    for learner, row in matched.rows.items():
        for column, cards in zip(columns, wanted.cards, strict=True):
            own = [graded for card, graded in results[learner].items() if not cards or card in cards]
            why, is_new = _write(sheet, book, row, column, own, wanted, commas=commas[column.number])
            changed += is_new
            if why:
                kept.append((learner, why if len(columns) == 1 else f"{why} ({column.head})"))
            else:
                done[learner] = None
    without = len(book.people) - len(matched.rows)
    return Merged(
        _encoded(sheet, name), book.platform, tuple(column.head for column in columns), tuple(done), changed,
        matched.ambiguous, matched.unknown, tuple(kept), without,
    )  # fmt: skip


def _write(
    sheet: Sheet,
    book: Book,
    row: int,
    column: Column,
    own: Sequence[Graded],
    wanted: Wanted,
    *,
    commas: bool,
) -> tuple[str, bool]:
    """Write one grade: why not, or empty; and whether the cell has another value now."""
    most = column.most if column.most is not None else wanted.points
    if most is None:
        raise UsageError(
            f"the grade book doesn't say how many points {column.head!r} has", remedy="pass --points N"
        )
    grade = grade_of(own, missing_as_zero=wanted.missing_as_zero)
    why = grade.reason or book.locked(row, column)
    if not why and column.number >= len(sheet.rows[row]):
        why = "has a row that is too short"
    if why:
        return why, False
    if wanted.feedback and column.feedback is not None and _is_empty(sheet, row, column.feedback):
        lines = map(html.escape, grade.feedback) if book.is_html else grade.feedback
        sheet.replace(row, column.feedback, ("<br>" if book.is_html else "; ").join(lines))
    text = written(grade.scaled(most), commas=commas)
    if number_of(sheet.value(row, column.number)) == number_of(text):
        return "", False
    sheet.replace(row, column.number, text)
    return "", True


def _is_empty(sheet: Sheet, row: int, column: int) -> bool:
    """Whether there is a cell without a text."""
    return column < len(sheet.rows[row]) and not sheet.value(row, column).strip()


def _book(sheet: Sheet, name: str) -> Book:
    for reader in READERS:
        book = reader(sheet)
        if book is not None:
            return book
    raise UsageError(
        f"{name} isn't a grade book of Canvas or Moodle: its first line has neither Student, ID and Section,"
        " nor Identifier and Grade, nor First name and Email address",
        remedy="export it again, in English",
    )


def _column(book: Book, name: str | None) -> Column:
    if name is not None:
        return book.column(name)
    if len(book.columns) != 1:
        raise UsageError(
            f"the grade book has {len(book.columns)} columns of grades",
            remedy=f"pass --assignment NAME; known: {book.known}",
        )
    return book.columns[0]


def _encoded(sheet: Sheet, name: str) -> bytes:
    try:
        return sheet.encoded()
    except UnicodeEncodeError:
        raise UsageError(
            f"{name}: its encoding doesn't have a character of the feedback", remedy="pass --no-feedback"
        ) from None
