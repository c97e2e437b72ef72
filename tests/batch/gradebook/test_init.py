"""Grades merged into exported grade books: which cells change, and who is listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.batch.gradebook.books import CANVAS, COURSE, MOODLE, graded, results
from tests.table import each_row
from trainer.batch.gradebook import Merged, Wanted, merge
from trainer.batch.gradebook.grades import Graded
from trainer.errors import UsageError

GOLDEN = Path(__file__).parent / "golden"
SUM = Wanted(((),), ("Lab 1",))
CLASS = results(
    graded("ana", 4), graded("ana", 8, card="np", message="=cmd"), graded("bo@example.com", 8),
    graded("Wei, Chen", 0, status="missing"), graded("Sam Kim", 8), graded("7006", 3, status="error"),
    graded("zoe", 8), graded("ghost", 8), graded("sam2", 7.5),
)  # fmt: skip


def merged(text: str, wanted: Wanted = SUM, rows: dict[str, dict[str, Graded]] = CLASS) -> Merged:
    return merge(text.encode(), "export.csv", rows, wanted)


def test_canvas() -> None:
    found = merged(CANVAS)
    assert found.data == (GOLDEN / "canvas.csv").read_bytes()
    assert found.data.decode() == CANVAS.replace('late",,12.50', 'late",7.5,12.50').replace(
        ",,3.00,,EX", ",,10,,EX"
    ).replace("sam2,CKS-2,,,", "sam2,CKS-2,,9.38,")
    assert (found.platform, found.columns, found.changed) == ("Canvas", ("Lab 1 (101)",), 3)
    assert found.written == ("ana", "bo@example.com", "sam2")
    assert found.ambiguous == (("Sam Kim", "fits 2 people of the grade book"),)
    assert found.unknown == ("ghost",)
    assert dict(found.kept) == {
        "Wei, Chen": "submitted nothing that can be graded",
        "7006": "isn't fully judged",
        "zoe": "doesn't have this assignment",
    }
    assert found.without == 2


def test_a_column_for_each_card() -> None:
    found = merged(CANVAS, Wanted((("pod-ro",), ("np",)), ("101", "Lab 2")))
    text = found.data.decode()
    assert 'late",5,20,4.00' in text
    assert ",,10,,EX" in text
    assert ("bo@example.com", "submitted nothing that can be graded (Lab 2 (102))") in found.kept


def test_moodle_worksheet() -> None:
    rows = results(
        graded("11", 4, message="<b>pod.yaml:3: & more</b>"),
        graded("Bo Novak", 8),
        graded("chen@example.com", 8),
    )
    found = merged(MOODLE, Wanted(((),), (None,)), rows)
    assert found.data == (GOLDEN / "moodle.csv").read_bytes()
    feedback = "pod-ro: 4 of 8 points: &lt;b&gt;pod.yaml:3: &amp; more&lt;/b&gt;"
    assert found.data.decode() == MOODLE.replace('grading - ",,100', 'grading - ",50,100').replace(
        '6:00 PM",-,\n', f'6:00 PM",-,{feedback}\n'
    ).replace("50.00,100.00", "100,100.00")
    assert found.kept == (("chen@example.com", "has a grade that can't be changed"),)
    assert b"pod.yaml" not in merged(MOODLE, Wanted(((),), (None,), feedback=False), rows).data


def test_the_grades_of_a_moodle_course() -> None:
    rows = results(graded("S1", 3), graded("bo@example.com", 4.5))
    with pytest.raises(UsageError, match="how many points 'Assignment: Lab 1 \\(Real\\)' has"):
        merged(COURSE, Wanted(((),), ("Assignment: Lab 1",)), rows)
    found = merged(COURSE, Wanted(((),), ("Assignment: Lab 1",), points=8), rows)
    assert found.data == (GOLDEN / "course.csv").read_bytes()
    assert found.changed == 1, "4,50 is 4.5"


@each_row("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_the_bytes_of_an_encoding_stay(encoding: str) -> None:
    text = COURSE.replace("Novak", "Nový") if encoding != "cp1252" else COURSE
    rows = results(graded("S1", 3, message="é"))
    found = merge(text.encode(encoding), "x.csv", rows, Wanted(((),), ("Assignment: Lab 1",), points=8))
    plain = merge(text.encode(), "x.csv", rows, Wanted(((),), ("Assignment: Lab 1",), points=8))
    assert found.data.decode(encoding) == plain.data.decode()


def test_canvas_in_a_language_with_commas() -> None:
    """Excel and Canvas write semicolons and commas there, and a byte order mark."""
    text = 'Student;ID;SIS Login ID;Section;Lab 1 (101)\n    Points Possible;;;;10,00\n"Lopez; Ana";7001;ana;A;\n'
    found = merge(text.encode("utf-8-sig"), "x.csv", CLASS, SUM)
    assert found.data.decode("utf-8-sig") == text.replace("ana;A;", "ana;A;7,5")


def test_merging_again_changes_nothing() -> None:
    once = merged(CANVAS)
    again = merge(once.data, "x.csv", CLASS, SUM)
    assert (again.data, again.changed, again.written) == (once.data, 0, once.written)


def test_what_is_not_a_grade_book() -> None:
    for text in ("", "learner,card\nana,pod-ro\n", "{}"):
        with pytest.raises(UsageError, match="isn't a grade book of Canvas or Moodle"):
            merged(text)
    with pytest.raises(UsageError, match="has 3 columns of grades"):
        merged(CANVAS, Wanted(((),), (None,)))
    with pytest.raises(UsageError, match="two cards have the same column"):
        merged(CANVAS, Wanted((("pod-ro",), ("np",)), ("101", "Lab 1")))
    rows = results(graded("S1", 3, message="\u4e2d"))
    with pytest.raises(UsageError, match="doesn't have a character"):
        merge(COURSE.encode("cp1252"), "x.csv", rows, Wanted(((),), ("Assignment: Lab 1",), points=8))
