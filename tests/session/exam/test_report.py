"""The report: by domain, check and minute, from the database alone."""

from __future__ import annotations

import msgspec

from tests.table import each_row
from trainer.progress.exams import Exam, ExamCard, Result
from trainer.session.exam.report import OUTCOMES, report_of

CHECKS = [
    {"id": "a", "says": "A holds", "status": "pass", "points": 67, "max_points": 67, "scope": "file", "reasons": []},
    {
        "id": "b",
        "says": "B holds",
        "status": "fail",
        "points": 0,
        "max_points": 20,
        "scope": "file",
        "reasons": [{"message": "isn't so", "file": "pod.yaml", "line": 3, "column": 1, "path": "spec"}],
    },
    {"id": "c", "says": "C holds", "status": "error", "points": 0, "max_points": 13, "scope": "file", "reasons": []},
    {"id": "d", "says": "D", "status": "skipped", "points": 0, "max_points": 9, "scope": "live", "reasons": []},
]  # fmt: skip
VERDICT = msgspec.json.encode({"passed": False, "checks": CHECKS}).decode()


def card(position: int, domain: str, result: Result | None, used: int = 0) -> ExamCard:
    return ExamCard(
        card=f"card-{position}",
        seed=1,
        title="Title",
        domain=domain,
        competency="CS1",
        minutes=5,
        points=50,
        digest="d",
        position=position,
        flagged=False,
        used=used,
        result=result,
    )


def exam(*cards: ExamCard, how: str = "finished") -> Exam:
    return Exam(4, 7, 10, True, "", "/ws/exam-4", None, 0.0, 90_000, 1, False, 5.0, how, cards)  # type: ignore[arg-type]


def test_by_domain_check_and_minute() -> None:
    report = report_of(
        exam(
            card(1, "runtime-security", Result("graded", 67, 100, VERDICT), 80_000),
            card(2, "cluster-setup", Result("gone", 0, 0, note="gone"), 10_000),
        )
    )
    assert (report.points, report.max_points, report.percent, report.passed) == (67, 100, 67, True)
    assert (report.seconds, report.unjudged) == (90.0, 13)
    assert [line.domain for line in report.domains] == ["cluster-setup", "runtime-security"]
    assert (report.domains[1].points, report.domains[1].seconds, report.domains[1].minutes) == (67, 80.0, 5)
    first = report.cards[0]
    assert [check.id for check in first.checks] == ["a", "b", "c"], "checks of a cluster aren't part of it"
    assert [check.id for check in first.failed] == ["b", "c"]
    assert first.failed[0].reasons == ("pod.yaml:3: isn't so",)


@each_row(
    "points, most, how, percent, passed",
    [
        (66, 99, "finished", 66, False),
        (67, 100, "expired", 67, True),
        (2, 3, "finished", 66, False),
        (0, 0, "finished", 0, False),
        (100, 100, "canceled", 100, False),
    ],
)
def test_67_percent_pass(points: int, most: int, how: str, percent: int, passed: bool) -> None:
    report = report_of(exam(card(1, "cluster-setup", Result("graded", points, most)), how=how))
    assert (report.percent, report.passed) == (percent, passed)


def test_without_results_nothing_is_reached() -> None:
    report = report_of(exam(card(1, "cluster-setup", None), how="canceled"))
    assert (report.points, report.max_points, report.passed) == (0, 50, False)
    assert OUTCOMES[report.cards[0].outcome] == "not answered"
