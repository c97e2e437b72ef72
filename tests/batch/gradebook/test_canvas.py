"""The grade book of Canvas: its columns and people."""

from __future__ import annotations

from tests.batch.gradebook.books import CANVAS, COURSE, MOODLE
from trainer.batch.gradebook.canvas import read
from trainer.batch.gradebook.sheet import Sheet


def test_columns_people_and_what_stays() -> None:
    sheet = Sheet(CANVAS.encode(), "x.csv")
    book = read(sheet)
    assert book is not None
    assert [(one.head, one.most) for one in book.columns] == [
        ("Lab 1 (101)", 10.0), ("Lab 2 (102)", 20.0), ("Essay (103)", 5.0),
    ]  # fmt: skip
    assert [one.marks for one in book.people][:2] == [("7001", "S1", "ana"), ("7002", "S2", "bo@example.com")]
    assert len(book.people) == 8, "neither the posting policies nor the points are people"
    assert book.people[0].names == ("Ana Lopez", "Lopez Ana")
    lab, _, essay = book.columns
    assert [book.locked(4, essay), book.locked(9, lab), book.locked(4, lab)] == [
        "is excused", "doesn't have this assignment", "",
    ]  # fmt: skip


def test_other_forms_of_it() -> None:
    split = "LastName,FirstName,ID,SIS Login ID,Section,Lab (1)\nMuted,,,,,Muted\n Points Possible,,,,,\nLopez,Ana,5,ana,A,\n"
    book = read(Sheet(split.encode(), "x.csv"))
    assert book is not None
    assert book.people[-1].names == ("Ana Lopez", "Lopez Ana")
    assert book.columns[0].most is None
    for text in (MOODLE, COURSE, "", "Student,Lab (1)\n", "learner,card\n"):
        assert read(Sheet(text.encode(), "x.csv")) is None
