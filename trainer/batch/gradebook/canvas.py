"""The grade book that Canvas exports, as its importer reads it back.

Follows `lib/gradebook_exporter.rb` and `lib/gradebook_importer.rb` of instructure/canvas-lms, 2026: a
header with `Student` (or `LastName`, `FirstName`), `ID`, optionally `SIS User ID`, `SIS Login ID`,
`Integration ID` and `Root Account`, then `Section`, custom columns, and a column `TITLE (ID)` for each
assignment. Below it an optional row with `Manual Posting` or `Muted`, and the row `Points Possible`. Totals
are read only.
"""

from __future__ import annotations

from trainer.batch.gradebook.book import Book, Column, number_of
from trainer.batch.gradebook.people import Person, both_orders, in_full
from trainer.batch.gradebook.sheet import Sheet
from trainer.patterns import regex

_TITLED = regex(r"(?P<title>.*\S)\s*\((?P<id>\d+)\)\s*\Z")
_TOTAL = regex(r"(?:Current|Final|Override) (?:Score|Points|Grade|Status)")
_MUTED = regex(r"(?i)(?:Muted|Manual Posting.*)?\Z")
_MARKS = ("ID", "SIS User ID", "SIS Login ID", "Integration ID")


def read(sheet: Sheet) -> Book | None:
    """The book of a sheet; None if it isn't one of Canvas."""
    heads = [cell.value.strip() for cell in sheet.rows[0]] if sheet.rows else []
    named = heads[:1] == ["Student"] or heads[:2] == ["LastName", "FirstName"]
    if not named or "ID" not in heads or "Section" not in heads:
        return None
    points = _points_row(sheet)
    columns = tuple(
        _column(sheet, number, head, points)
        for number, head in enumerate(heads)
        if number > heads.index("Section") and _is_assignment(sheet, number, head, points)
    )
    people = tuple(
        _person(sheet, row, heads) for row in range(1, len(sheet.rows)) if _is_person(sheet, row, points)
    )

    def locked(row: int, column: Column) -> str:
        return {"ex": "is excused", "n/a": "doesn't have this assignment"}.get(
            sheet.value(row, column.number).strip().casefold(), ""
        )

    return Book("Canvas", people, columns, locked)


def _points_row(sheet: Sheet) -> int:
    """The row with the points of assignments; 0 without one."""
    return next((row for row in range(1, len(sheet.rows)) if "Points Possible" in sheet.value(row, 0)), 0)


def _is_person(sheet: Sheet, row: int, points: int) -> bool:
    return row != points and not all(_MUTED.match(cell.value.strip()) for cell in sheet.rows[row])


def _is_assignment(sheet: Sheet, number: int, head: str, points: int) -> bool:
    """Whether grades can be changed there: a title with an ID that is neither a total nor read only."""
    if not _TITLED.match(head) or _TOTAL.search(head):
        return False
    return not points or "read only" not in sheet.value(points, number)


def _column(sheet: Sheet, number: int, head: str, points: int) -> Column:
    parts = _TITLED.match(head)
    titles = (head, parts["title"], parts["id"]) if parts else (head,)
    return Column(number, head, titles, number_of(sheet.value(points, number)) if points else None)


def _person(sheet: Sheet, row: int, heads: list[str]) -> Person:
    marks = tuple(sheet.value(row, heads.index(head)) for head in _MARKS if head in heads)
    first = sheet.value(row, 0)
    names = in_full(first) if heads[0] == "Student" else both_orders(sheet.value(row, 1), first)
    return Person(row, marks, names)
