"""Who is who, without a guess."""

from __future__ import annotations

from tests.table import each_row
from trainer.batch.gradebook.people import Person, in_full, match, numbered

PEOPLE = (
    Person(1, ("7001", "S1", "ana@example.com"), in_full("López, Ana")),
    Person(2, ("7002", "S2", "bo"), in_full("Novak, Bo")),
    Person(3, ("7003", "S3", "sam1"), in_full("Kim, Sam")),
    Person(4, ("7004", "S4", "sam2"), in_full("Kim, Sam")),
    Person(5, ("S1x", "7002x", "bo novak"), in_full("Other, Person")),
    Person(6, ("Participant 12", "12", ""), ("Zoë Rossi",)),
)


@each_row(
    ("learner", "row"),
    [
        ("7001", 1),
        ("s2", 2),
        (" BO ", 2),
        ("ANA@example.com", 1),
        ("Ana López", 1),
        ("López, Ana", 1),
        ("ana_lo\u0301pez", 1),
        ("lópezana_7001_99_pod.yaml", 1),
        ("lópezana_LATE_7001_99_pod.yaml", 1),
        ("Zoë Rossi_12_assignsubmission_file", 6),
        ("Participant 12", 6),
        ("Sam Kim_7003", 3),
        ("kimsam_7004", 4),
        ("Sam Kim_9999", None),
        ("Somebody_7001", None),
        ("lopezana", None),
        ("l\u00f3pezana", 1),
        ("sam2", 4),
        ("Bo Novak", 5),
        ("Sam Kim", None),
        ("Ana", None),
        ("ana", None),
        ("7002 ", 2),
        ("", None),
        ("---", None),
    ],
)
def test_one_learner(learner: str, row: int | None) -> None:
    found = match([learner], PEOPLE)
    assert found.rows == ({learner: row} if row else {})
    assert len(found.ambiguous) + len(found.unknown) == (0 if row else 1)


def test_a_name_of_two_people_and_two_names_of_one() -> None:
    found = match(["Sam Kim", "bo", "7002", "S2", "nobody"], PEOPLE)
    assert found.rows == {}
    assert found.unknown == ("nobody",)
    assert dict(found.ambiguous) == {
        "Sam Kim": "fits 2 people of the grade book",
        "bo": "the same person as 7002, S2",
        "7002": "the same person as bo, S2",
        "S2": "the same person as bo, 7002",
    }


def test_ids_that_contradict_each_other() -> None:
    people = (Person(1, ("5", "x"), ()), Person(2, ("7", "5"), ()))
    assert match(["5"], people).ambiguous == (("5", "fits 2 people of the grade book"),)


@each_row(
    ("text", "number"),
    [("Participant 123", "123"), ("参加者7", "7"), ("123", "123"), ("Ana", ""), ("1a", "")],
)
def test_numbers(text: str, number: str) -> None:
    assert numbered(text) == number


def test_other_names_from_a_roster() -> None:
    roster = [
        ("folder", "id", "name"),
        ("octo-ana", "7001", "whoever"),
        ("octo-bo", "", "Bo Novak"),
        ("octo-sam", "", "Sam Kim"),
        ("twice", "7003", ""),
        ("twice", "7004", ""),
        ("7002", "7001", ""),
    ]
    found = match(["octo-ana", "OCTO-BO", "octo-sam", "twice", "7002", "octo"], PEOPLE, roster)
    assert found.rows == {"octo-ana": 1, "OCTO-BO": 5, "7002": 2}, "the own name wins"
    assert found.ambiguous == (("octo-sam", "fits 2 people of the grade book"),)
    assert found.unknown == ("twice", "octo")
