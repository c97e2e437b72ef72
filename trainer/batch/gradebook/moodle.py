"""What Moodle exports: the offline grading worksheet of an assignment, and the grades of a course as text.

Follows `mod/assign/gradingtable.php`, `mod/assign/feedback/offline/importgradeslib.php` and
`grade/export/txt/grade_export_txt.php` of moodle/moodle, 2026, with the English words. The worksheet has
`Identifier` (`Participant 123`), `Grade`, `Maximum Grade`, `Grade can be changed` and `Feedback comments`,
which is HTML. The grades of a course have `Assignment: NAME (Real)` and `Assignment: NAME (Feedback)`, and
no maximum.
"""

from __future__ import annotations

from trainer.batch.gradebook.book import Book, Column, number_of
from trainer.batch.gradebook.people import Person, both_orders, numbered
from trainer.batch.gradebook.sheet import Sheet
from trainer.patterns import regex

_ITEM = regex(r"(?:[^:]+: )?(?P<title>.*\S) \(Real\)\Z")
_MARKS = ("ID number", "Username", "Email address")
_FIRST, _LAST = "First name", ("Last name", "Surname")


def read(sheet: Sheet) -> Book | None:
    """The book of a sheet; None if it isn't one of Moodle."""
    heads = [cell.value.strip() for cell in sheet.rows[0]] if sheet.rows else []
    if "Identifier" in heads and "Grade" in heads:
        return _worksheet(sheet, heads)
    if _FIRST in heads and "Email address" in heads:
        return _course(sheet, heads)
    return None


def _worksheet(sheet: Sheet, heads: list[str]) -> Book:
    most = None
    if "Maximum Grade" in heads:
        number = heads.index("Maximum Grade")
        found = (number_of(sheet.value(row, number)) for row in range(1, len(sheet.rows)))
        most = next((one for one in found if one is not None), None)
    feedback = heads.index("Feedback comments") if "Feedback comments" in heads else None
    grade = Column(heads.index("Grade"), "Grade", ("Grade",), most, feedback)

    def locked(row: int, _: Column) -> str:
        number = heads.index("Grade can be changed") if "Grade can be changed" in heads else None
        no = number is not None and sheet.value(row, number).strip().casefold() == "no"
        return "has a grade that can't be changed" if no else ""

    return Book("Moodle", _people(sheet, heads), (grade,), locked, is_html=True)


def _course(sheet: Sheet, heads: list[str]) -> Book:
    columns = []
    for number, head in enumerate(heads):
        parts = _ITEM.match(head)
        if parts is not None and not head.startswith(("Course total", "Category total")):
            text = head.removesuffix("(Real)") + "(Feedback)"
            feedback = heads.index(text) if text in heads else None
            columns.append(
                Column(number, head, (head, head.removesuffix(" (Real)"), parts["title"]), None, feedback)
            )
    return Book("Moodle", _people(sheet, heads), tuple(columns), lambda _, __: "", is_html=True)


def _people(sheet: Sheet, heads: list[str]) -> tuple[Person, ...]:
    return tuple(
        _person(sheet, row, heads)
        for row in range(1, len(sheet.rows))
        if any(cell.value.strip() for cell in sheet.rows[row])
    )


def _person(sheet: Sheet, row: int, heads: list[str]) -> Person:
    def value(head: str) -> str:
        return sheet.value(row, heads.index(head)) if head in heads else ""

    identifier = value("Identifier")
    marks = [identifier, numbered(identifier), *map(value, _MARKS)]
    last = next((value(head) for head in _LAST if head in heads), "")
    return Person(row, tuple(marks), (value("Full name"), *both_orders(value(_FIRST), last)))
