"""From records to where the learner stands."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.content.catalogue import load_catalogue
from trainer.content.locate import pack_at
from trainer.progress.model import LastAttempt, Standing
from trainer.session.standing import card_states, domain_states, percent, streak, summarize

SPACE, POD = load_catalogue(pack_at(Path(__file__).parent.parent / "fixtures" / "pack-mini")).cards
TODAY = date(2026, 3, 10)


def tried(best: int, passed: bool = False) -> Standing:
    last = LastAttempt(2, 100.0, 1, 5, 1, 2, passed, 30.0)
    return Standing(started=True, attempts=2, best=best, ever_passed=passed, last=last)


@each_row(
    ("standing", "status"),
    [
        (None, "new"),
        (Standing(hints=1), "new"),
        (Standing(started=True), "started"),
        (tried(40), "partial"),
        (tried(0), "partial"),
        (tried(100, passed=True), "passed"),
    ],
)
def test_the_status_of_a_card(standing: Standing | None, status: str) -> None:
    (state,) = card_states([POD], {"tiny-pod": standing} if standing else {})
    assert (state.card, state.status) == (POD, status)
    assert state.attempts == (standing.attempts if standing else 0)


def test_the_last_attempt_is_summed_up() -> None:
    (state,) = card_states([POD], {"tiny-pod": tried(40)})
    assert state.best == 40
    assert state.last is not None
    assert (state.last.number, state.last.at, state.last.percent, state.last.seconds) == (2, 100.0, 20, 30.0)


def test_domains_and_the_whole_by_exam_weight() -> None:
    states = card_states([SPACE, POD], {"tiny-pod": tried(50), "tiny-space": tried(100, passed=True)})
    domains = domain_states(states)
    assert [domain.weight for domain in domains] == [15, 15, 10, 20, 20, 20]
    assert [domain.mastery for domain in domains] == pytest.approx([1 / 5, 0, 0, 0, 0, 0.5 / 5])
    setup = domains[0].competencies
    assert [(one.competency, one.cards, one.passed, one.mastery) for one in setup[:2]] == [
        ("CS1", 1, 1, 1.0),
        ("CS2", 0, 0, 0.0),
    ]
    assert [(domain.cards, domain.passed) for domain in domains if domain.cards] == [(1, 1), (1, 0)]
    noon = 1_773_140_400.0
    summary = summarize(states, [date.fromtimestamp(noon)], noon)
    assert summary.mastered == pytest.approx((15 * 1 / 5 + 20 * 0.5 / 5) / 100)
    assert (summary.competencies, summary.covered) == (26, 2)
    assert (summary.streak, summary.attempts, summary.cards, summary.passed) == (1, 4, 2, 1)


@each_row(
    ("days_ago", "length"),
    [([], 0), ([0], 1), ([1], 1), ([2], 0), ([0, 1, 2, 4], 3), ([1, 2, 3], 3), ([0, 2], 1)],
)
def test_a_streak_ends_today_or_yesterday(days_ago: list[int], length: int) -> None:
    assert streak([TODAY - timedelta(days=ago) for ago in days_ago], TODAY) == length


@given(st.sets(st.integers(0, 60)))
def test_a_streak_is_no_longer_than_its_days(days_ago: set[int]) -> None:
    assert 0 <= streak([TODAY - timedelta(days=ago) for ago in days_ago], TODAY) <= len(days_ago)


def test_only_all_is_a_hundred_percent_and_only_nothing_none() -> None:
    assert [percent(share) for share in (0, 0.001, 0.5, 0.999, 1)] == [0, 1, 50, 99, 100]
