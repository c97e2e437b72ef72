"""Exported grade books as the platforms write them, and results for them."""

from __future__ import annotations

from trainer.batch.gradebook.grades import Graded

CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Notes,Lab 1 (101),Lab 2 (102),Essay (103),Labs Current Score,"
    "Labs Unposted Current Score,Current Score,Final Score\r\n"
    ",,,,,,Manual Posting,,,,,,\r\n"
    "    Points Possible,,,,,,10.00,20.00,5.00,(read only),(read only),(read only),(read only)\r\n"
    '"Lopez, Ana",7001,S1,ana,CKS-1,"said ""hi"", late",,12.50,4.00,62.5,62.5,62.5,62.5\r\n'
    '"Novak, Bo",7002,S2,bo@example.com,CKS-1 and CKS-2,,3.00,,EX,,,,\r\n'
    '"Wei, Chen",7003,S3,chen,CKS-1,"line\r\nbreak",,,,,,,\r\n'
    '"Kim, Sam",7004,S4,sam1,CKS-1,,,,,,,,\r\n'
    '"Kim, Sam",7005,S5,sam2,CKS-2,,,,,,,,\r\n'
    "'=HYPERLINK(1),7006,S6,evil,CKS-1,,,,,,,,\r\n"
    '"Rossi, Zoe",7007,S7,zoe,CKS-1,,N/A,,,,,,\r\n'
    '"Student, Test",7999,,abcdef,CKS-1,,,,,,,,\r\n'
)
"""A grade book of Canvas: custom columns, a row of posting policies, totals."""

MOODLE = (
    'Identifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed",'
    '"Last modified (submission)","Last modified (grade)","Feedback comments"\n'
    '"Participant 11","Ana López",ana@example.com,"Submitted for grading - ",,100.00,Yes,'
    '"Tuesday, 1 December 2026, 6:00 PM",-,\n'
    '"Participant 12","Bo Novak",bo@example.com,"Submitted for grading - ",50.00,100.00,Yes,-,-,"<p>Well done</p>"\n'
    '"Participant 13","Chen Wei",chen@example.com,"No submission",,100.00,No,-,-,\n'
)
"""The offline grading worksheet of Moodle."""

COURSE = (
    '"First name";"Last name";"ID number";"Email address";"Assignment: Lab 1 (Real)";"Assignment: Lab 1 (Feedback)";'
    '"Quiz: Lab 1 (Real)";"Course total (Real)";"Last downloaded from this course"\n'
    "Ana;López;S1;ana@example.com;-;;3,00;3,00;1796148000\n"
    "Bo;Novak;S2;bo@example.com;4,50;;;4,50;1796148000\n"
)
"""The grades of a Moodle course as text, on a site that writes commas."""


def graded(
    learner: str,
    points: float,
    *,
    card: str = "pod-ro",
    status: str = "graded",
    most: int = 8,
    message: str = "",
) -> Graded:
    """A row of results."""
    whole = int(points)
    return Graded(
        "cks-trainer.result/1", learner, card, status, whole, most, message=message, final_points=points
    )


def results(*rows: Graded) -> dict[str, dict[str, Graded]]:
    found: dict[str, dict[str, Graded]] = {}
    for row in rows:
        found.setdefault(row.learner, {})[row.card] = row
    return found
