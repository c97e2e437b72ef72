"""The learner's progress in figures: readiness over time, an estimate, days, minutes, weak checks, reviews.

Pure arithmetic on attempts, states and the schedule; `figures_of` puts it together.
"""

from __future__ import annotations

import math
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec

from trainer.session.model import CardState
from trainer.session.review import forecast
from trainer.session.standing import domain_states

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trainer.content.listed import Listed
    from trainer.progress.model import Try
    from trainer.session.today import Overview

EXAM_TASKS = 16
"""Tasks of an exam, for the spread of the estimate; the real one has 15 to 20."""
PASS_MARK = 67
"""Percent of the points that pass the exam."""


class Day(msgspec.Struct, frozen=True):
    """One day of practice."""

    day: date
    attempts: int
    passed: int
    """Cards that passed on this day, each once."""
    ready: float
    """Readiness for the whole exam at the end of the day, 0 to 1."""


class Timing(msgspec.Struct, frozen=True):
    """The time of the latest pass of a card against its minutes at exam pace."""

    card: str
    title: str
    seconds: float
    minutes: int

    @property
    def share(self) -> float:
        """1 is exam pace; more is slower."""
        return self.seconds / (60 * self.minutes)


class Estimate(msgspec.Struct, frozen=True):
    """The score of an exam today, as shares of 1: two of three exams would be within the spread."""

    score: float
    spread: float


class Figures(msgspec.Struct, frozen=True):
    """Everything that the progress shows beyond states and domains."""

    days: tuple[Day, ...]
    estimate: Estimate
    timings: tuple[Timing, ...]
    """The slowest first."""
    forecast: tuple[int, ...]
    """Cards that come back, for each of the next 14 days."""


def figures_of(overview: Overview, tries: Sequence[Try]) -> Figures:
    """All figures; `tries` are all attempts, oldest first."""
    cards = [state.card for state in overview.states]
    return Figures(
        tuple(days_of(cards, tries)),
        estimate_of(overview.states),
        tuple(timings_of(cards, tries)),
        tuple(forecast(overview.due, overview.today)),
    )


def days_of(cards: Sequence[Listed], tries: Iterable[Try]) -> list[Day]:
    """The days with an attempt at one of these cards, oldest first."""
    known = {card.id: card for card in cards}
    best = dict.fromkeys(known, 0)
    by_day: dict[date, list[Try]] = {}
    for one in tries:
        if one.card in known:
            by_day.setdefault(date.fromtimestamp(one.at), []).append(one)
    found = []
    for day, mine in sorted(by_day.items()):
        for one in mine:
            best[one.card] = max(best[one.card], one.percent)
        states = [CardState(card, "partial", best=best[card.id]) for card in cards]
        domains = domain_states(states)
        ready = sum(domain.weight * domain.mastery for domain in domains) / sum(one.weight for one in domains)
        found.append(Day(day, len(mine), len({one.card for one in mine if one.passed}), ready))
    return found


def estimate_of(states: Sequence[CardState]) -> Estimate:
    """What an exam today would give, if each task were drawn by the weights and solved as its card was last.

    A competency without an attempt counts as 0. The spread is that of drawing `EXAM_TASKS` tasks.
    """
    last = [
        CardState(state.card, state.status, best=state.last.percent if state.last else 0) for state in states
    ]
    domains = domain_states(last)
    whole = sum(domain.weight for domain in domains)
    score = variance = 0.0
    for domain in domains:
        weight = domain.weight / whole
        score += weight * domain.mastery
        variance += weight * domain.mastery * (1 - domain.mastery) / EXAM_TASKS
    return Estimate(score, math.sqrt(variance))


def timings_of(cards: Iterable[Listed], tries: Iterable[Try]) -> list[Timing]:
    """The latest pass of each card whose time is known, the slowest first."""
    known = {card.id: card for card in cards}
    latest = {
        one.card: one.seconds for one in tries if one.passed and one.seconds is not None and one.card in known
    }
    found = [
        Timing(name, known[name].title, seconds, known[name].minutes) for name, seconds in latest.items()
    ]
    return sorted(found, key=lambda one: (-one.share, one.card))


def calendar(days: Iterable[Day], today: date, weeks: int) -> list[list[int | None]]:
    """Attempts by day: a row for each day of the week from Monday, a column for each week.

    Days after today are None.
    """
    counts = Counter({one.day: one.attempts for one in days})
    first = today - timedelta(days=today.weekday(), weeks=weeks - 1)
    return [
        [
            counts[day] if (day := first + timedelta(weeks=week, days=weekday)) <= today else None
            for week in range(weeks)
        ]
        for weekday in range(7)
    ]
