"""The worksheet of a Moodle assignment, and the grades of a course."""

from __future__ import annotations

from tests.batch.gradebook.books import CANVAS, COURSE, MOODLE
from trainer.batch.gradebook.moodle import read
from trainer.batch.gradebook.sheet import Sheet


def test_the_worksheet() -> None:
    book = read(Sheet(MOODLE.encode(), "x.csv"))
    assert book is not None
    (grade,) = book.columns
    assert (grade.number, grade.most, grade.feedback) == (4, 100.0, 9)
    assert book.people[0].marks == ("Participant 11", "11", "", "", "ana@example.com")
    assert [book.locked(row, grade) for row in (1, 2, 3)] == ["", "", "has a grade that can't be changed"]
    assert book.is_html


def test_the_grades_of_a_course() -> None:
    book = read(Sheet(COURSE.encode(), "x.csv"))
    assert book is not None
    assert [(one.head, one.feedback) for one in book.columns] == [
        ("Assignment: Lab 1 (Real)", 5), ("Quiz: Lab 1 (Real)", None),
    ]  # fmt: skip
    assert book.people[1].names == ("", "Bo Novak", "Novak Bo")
    assert book.columns[0].most is None
    assert read(Sheet(CANVAS.encode(), "x.csv")) is None
