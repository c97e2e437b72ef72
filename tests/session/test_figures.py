"""The figures of the progress: by day, as an estimate, minutes against targets, the calendar."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.tui.fake_session import card
from trainer.content.listed import as_listed
from trainer.progress.model import Try
from trainer.session.figures import (
    EXAM_TASKS,
    Day,
    calendar,
    days_of,
    estimate_of,
    timings_of,
)
from trainer.session.model import AttemptSummary, CardState

NOON = datetime(2026, 3, 10, 12).timestamp()
TODAY = date(2026, 3, 10)
CARDS = [
    as_listed(card("pod", competency="RT4")),
    as_listed(card("audit", competency="RT5", minutes=10)),
    as_listed(card("net", domain="cluster-setup", competency="CS1")),
]


def tried(name: str, day: int, percent: int, seconds: float | None = None) -> Try:
    return Try(name, NOON + day * 86_400, percent, percent == 100, seconds)


def test_the_readiness_of_each_day_is_the_best_so_far() -> None:
    tries = [tried("pod", -5, 50), tried("pod", -5, 20), tried("net", -2, 100), tried("gone", -1, 100)]
    tries += [tried("pod", 0, 100), tried("pod", 0, 100)]
    days = days_of(CARDS, tries)
    assert [(one.day, one.attempts, one.passed) for one in days] == [
        (TODAY - timedelta(days=5), 2, 0),
        (TODAY - timedelta(days=2), 1, 1),
        (TODAY, 2, 1),
    ]
    # RT4 is one of 5 competencies of 20 %, CS1 one of 5 of 15 %
    assert [one.ready for one in days] == pytest.approx([0.02, 0.05, 0.07])
    assert days_of(CARDS, []) == []


def test_the_estimate_is_of_the_last_attempts() -> None:
    def state(one: int, percent: int) -> CardState:
        last = AttemptSummary(1, 0.0, percent, 100, 1, 2, percent == 100)
        return CardState(CARDS[one], "passed", 1, 100, last)

    estimate = estimate_of([state(0, 50), state(2, 100)])
    assert estimate.score == pytest.approx(0.15 * 0.2 + 0.2 * 0.1)
    assert estimate.spread**2 == pytest.approx((0.15 * 0.2 * 0.8 + 0.2 * 0.1 * 0.9) / EXAM_TASKS)
    assert (estimate_of([]).score, estimate_of([]).spread) == (0, 0)


def test_the_minutes_of_the_latest_pass() -> None:
    tries = [tried("pod", -3, 100, 60.0), tried("pod", -2, 100, 300.0), tried("pod", -1, 40, 9.0)]
    tries += [tried("audit", -1, 100, 300.0), tried("net", -1, 100), tried("gone", -1, 100, 1.0)]
    timings = timings_of(CARDS, tries)
    assert [(one.card, one.seconds, one.share) for one in timings] == [
        ("pod", 300.0, 1.25),
        ("audit", 300.0, 0.5),
    ]


def test_the_calendar_ends_with_this_week() -> None:
    days = [
        Day(TODAY, 3, 1, 0.1),
        Day(TODAY - timedelta(days=8), 2, 0, 0.0),
        Day(date(2020, 1, 1), 9, 9, 0.0),
    ]
    rows = calendar(days, TODAY, 3)  # a Tuesday
    assert [len(row) for row in rows] == [3] * 7
    assert rows[0] == [0, 2, 0]
    assert rows[1] == [0, 0, 3]
    assert rows[2] == [0, 0, None]
