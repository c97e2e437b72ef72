"""Names of assignments, and how a column writes numbers."""

from __future__ import annotations

import pytest

from tests.batch.gradebook.books import CANVAS, COURSE
from tests.table import each_row
from trainer.batch.gradebook import canvas, moodle
from trainer.batch.gradebook.book import Book, has_commas, number_of, written
from trainer.batch.gradebook.sheet import Sheet
from trainer.errors import UsageError


def book(text: str) -> tuple[Book, Sheet]:
    sheet = Sheet(text.encode(), "x.csv")
    found = canvas.read(sheet) or moodle.read(sheet)
    assert found is not None
    return found, sheet


@each_row(
    ("text", "name", "number"),
    [
        (CANVAS, "Lab 1 (101)", 6),
        (CANVAS, "lab  2", 7),
        (CANVAS, "103", 8),
        (COURSE, "Assignment: Lab 1 (Real)", 4),
        (COURSE, "Quiz: Lab 1", 6),
    ],
)
def test_an_assignment_by_its_names(text: str, name: str, number: int) -> None:
    assert book(text)[0].column(name).number == number


def test_an_assignment_that_is_not_there_or_not_the_only_one() -> None:
    with pytest.raises(UsageError, match="no column of grades named 'Lab 3'"):
        book(CANVAS)[0].column("Lab 3")
    with pytest.raises(UsageError, match="several columns"):
        book(COURSE)[0].column("Lab 1")


@each_row(
    ("value", "text"),
    [(7.0, "7"), (7.125, "7.12"), (0.0, "0"), (2 / 3, "0.67"), (10.5, "10.5"), (100.0, "100")],
)
def test_numbers(value: float, text: str) -> None:
    assert written(value, commas=False) == text
    assert written(value, commas=True) == text.replace(".", ",")


def test_how_a_column_writes_numbers() -> None:
    for text, commas in ((CANVAS, False), (COURSE, True)):
        found, sheet = book(text)
        assert has_commas(sheet, found.columns[0]) is commas


@each_row(("text", "number"), [("1,5", 1.5), (" 2.50 ", 2.5), ("", None), ("EX", None), ("-", None)])
def test_reading_numbers(text: str, number: float | None) -> None:
    assert number_of(text) == number
