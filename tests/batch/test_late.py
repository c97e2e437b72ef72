"""Late answers: which are, and what they lose."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.table import each_row
from trainer.batch import Row
from trainer.batch.late import Policy, judged, moment, policy, written
from trainer.errors import UsageError

DUE = "2026-12-01T18:00Z"


def row(at: str | None = None, *, late: bool | None = None, status: str = "graded") -> Row:
    return Row("ana", "pod-ro", status, False, 8, 10, "x", b"null", "it fails", submitted_at=at, late=late)  # type: ignore[arg-type]


@each_row(
    "text, at, late, penalty, message",
    [
        ("mark", "2026-12-01T18:00:00Z", False, 0, "it fails"),
        ("mark", "2026-12-01T18:00:01Z", True, 0, "it fails; late by 1 s"),
        ("mark", "2026-12-03T19:30:00Z", True, 0, "it fails; late by 2 d 1 h"),
        ("reject", "2026-12-01T19:02:00Z", True, 8, "it fails; late by 1 h 2 min: 8 of 8 points taken away"),
        ("10%", "2026-12-01T18:00:01Z", True, 1, "it fails; late by 1 s: 1 of 8 points taken away"),
        ("10%/day", "2026-12-02T18:00:00Z", True, 1, "it fails; late by 1 d: 1 of 8 points taken away"),
        ("12.5%/day", "2026-12-02T18:00:01Z", True, 2.5, "it fails; late by 1 d: 2.5 of 8 points taken away"),
        ("3/day", "2027-12-02T18:00:01Z", True, 8, "it fails; late by 366 d: 8 of 8 points taken away"),
        ("3", None, None, 0, "it fails; whether it is late isn't known: it has no time"),
    ],
)
def test_what_a_late_answer_loses(
    text: str, at: str | None, late: bool | None, penalty: float, message: str
) -> None:
    found = judged(row(at), policy(DUE, text))
    assert (found.late, found.penalty, found.message) == (late, penalty, message)
    assert (found.points, found.final_points) == (8, 8 - penalty)


def test_what_the_platform_marks_as_late_is_late() -> None:
    rule = policy(DUE, "2/day")
    assert judged(row(None, late=True), rule).penalty == 2
    early = judged(row("2026-11-30T00:00:00Z", late=True), rule)
    assert (early.late, early.penalty) == (True, 2)
    assert early.message == "it fails; late, as the learning platform says: 2 of 8 points taken away"


def test_what_is_missing_is_not_late() -> None:
    missing = row(status="missing")
    assert judged(missing, policy(DUE, "reject")) == missing


@each_row("text", ["", "ten", "10 days", "-1/day", "1000%", "10%/week", "1e3", "10%%"])
def test_an_unknown_policy_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="unknown late policy"):
        policy(DUE, text)


@each_row("text", ["", "tomorrow", "2026-13-01", "9" * 30, "0000-01-01"])
def test_what_is_no_time(text: str) -> None:
    assert moment(text) is None
    with pytest.raises(UsageError, match="isn't a time"):
        policy(text)


def test_times_have_zones() -> None:
    cet = timezone(timedelta(hours=1))
    assert moment("2026-12-01T18:00+01:00") == datetime(2026, 12, 1, 17, tzinfo=UTC)
    assert moment("2026-12-01 18:00", cet) == datetime(2026, 12, 1, 17, tzinfo=UTC)
    assert moment("0") == datetime(1970, 1, 1, tzinfo=UTC)
    here = moment("2026-12-01")
    assert here is not None
    assert here.tzinfo is not None
    assert policy("2026-12-01T18:00+01:00") == Policy(datetime(2026, 12, 1, 17, tzinfo=UTC))


def test_times_are_written_in_utc() -> None:
    assert written(1_764_612_000.7) == "2025-12-01T18:00:00Z"
    assert (written(1e30), written(float(-(10**15)))) == ("", "")
