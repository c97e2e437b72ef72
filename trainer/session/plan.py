"""What to do next: the card that was left, what is due, what was weak, and the new cards that pay most.

Plain arithmetic on states, dates and weights; it reads nothing.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Literal

import msgspec

from trainer.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trainer.session.model import CardState
    from trainer.session.review import Due

Kind = Literal["continue", "due", "weak", "new"]

MINUTES_A_DAY = 30
"""Without the learner's own choice."""
MOST_MINUTES = 24 * 60


class Step(msgspec.Struct, frozen=True, eq=False):
    """One card to work on, and why now."""

    kind: Kind
    state: CardState
    day: date | None = None
    """Since when it is due."""


class Goal(msgspec.Struct, frozen=True):
    """What the learner plans for."""

    exam: date | None = None
    minutes_a_day: int = MINUTES_A_DAY


class Plan(msgspec.Struct, frozen=True, eq=False):
    """All cards that are left to do, in the order in which to do them."""

    steps: tuple[Step, ...]
    today: int
    """How many of the steps fit into today's minutes; at least one if there is one."""
    minutes_left: int
    """Minutes at exam pace of all cards that never passed."""
    goal: Goal
    days_left: int | None = None
    """Days until the exam, the exam's day not counted; None without a date, or when it is over."""

    @property
    def minutes_needed(self) -> int | None:
        """Minutes a day to try every card before the exam; None without a date."""
        if self.days_left is None:
            return None
        return -(-self.minutes_left // max(self.days_left, 1))

    def following(self, card: str | None = None, kind: Kind | None = None) -> Step | None:
        """The first step, of one kind if given; with the ID of a card, the step after it. After the last step
        comes the first. None if nothing else is left."""
        places = [place for place, step in enumerate(self.steps) if step.state.card.id == card]
        after = places[0] + 1 if places else 0
        ordered = [*self.steps[after:], *self.steps[: max(after - 1, 0)]]
        return next((step for step in ordered if kind in (None, step.kind)), None)

    def of(self, kind: Kind) -> tuple[Step, ...]:
        """The steps of one kind."""
        return tuple(step for step in self.steps if step.kind == kind)


def make_plan(
    states: Sequence[CardState], due: Iterable[Due], today: date, goal: Goal, *, minutes_done: int = 0
) -> Plan:
    """The plan for a day. `minutes_done` are the minutes at exam pace of the cards already done today."""
    left = {state.card.id: state for state in states}
    steps: list[Step] = []

    def take(kind: Kind, card: str, day: date | None = None) -> None:
        state = left.pop(card, None)
        if state is not None:
            steps.append(Step(kind, state, day))

    dues = sorted(due, key=lambda one: (one.at, one.card))
    open_cards = [state for state in states if state.in_progress]
    for state in sorted(open_cards, key=lambda state: -state.touched)[:1]:
        take("continue", state.card.id)
    for one in dues:
        if one.day <= today:
            take("due", one.card, one.day)
    weak = {one.card for one in dues if one.weak} | {state.card.id for state in open_cards}
    gains = gains_per_minute(states)
    for state in sorted(states, key=lambda state: -gains[state.card.id]):
        if state.card.id in weak and state.status in ("partial", "started"):
            take("weak", state.card.id)
    fresh = [state for state in left.values() if state.status != "passed"]
    for state in sorted(fresh, key=lambda state: -gains[state.card.id]):
        take("new", state.card.id)
    days = (goal.exam - today).days if goal.exam else None
    return Plan(
        tuple(steps),
        _fitting(steps, goal.minutes_a_day - minutes_done),
        sum(state.card.minutes for state in states if state.status != "passed"),
        goal,
        days if days is not None and days >= 0 else None,
    )


def gains_per_minute(states: Sequence[CardState]) -> dict[str, float]:
    """By card ID, what full marks would add to the readiness for the exam, in percent, for each minute.

    A domain's weight is shared by its competencies, a competency's share by its cards.
    """
    from trainer.content.curriculum import DOMAINS

    shares = {name: info.weight / len(info.competencies) for info in DOMAINS for name in info.competencies}
    cards = Counter(state.card.competency for state in states)
    return {
        state.card.id: shares.get(state.card.competency, 0.0)
        / cards[state.card.competency]
        * (100 - state.best)
        / 100
        / max(state.card.minutes, 1)
        for state in states
    }


def _fitting(steps: Sequence[Step], minutes: int) -> int:
    spent = 0
    for number, step in enumerate(steps):
        spent += step.state.card.minutes
        if spent > minutes:
            return number if minutes <= 0 else max(number, 1)
    return len(steps)


def done_today(states: Iterable[CardState], today: date) -> int:
    """Minutes at exam pace of the cards whose last attempt is of today and passed."""
    return sum(
        state.card.minutes
        for state in states
        if state.last and state.last.passed and date.fromtimestamp(state.last.at) == today
    )


def read_exam_date(text: str, today: date) -> date:
    """The date of an exam as a learner writes it, `2026-12-24`. Raises `UsageError`, for past days too."""
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(
            f"{text[:20]!r} isn't a date", remedy="write year, month and day: 2026-12-24"
        ) from None
    if found < today:
        raise UsageError(f"{found} is over", remedy="use a day in the future, or none")
    return found


def read_minutes(text: str) -> int:
    """Minutes a day as a learner writes them. Raises `UsageError`."""
    word = text.strip()
    if word.isascii() and word.isdigit() and len(word) <= 4 and 1 <= int(word) <= MOST_MINUTES:
        return int(word)
    raise UsageError(f"{text[:20]!r} isn't a number of minutes", remedy=f"use 1 to {MOST_MINUTES}")
