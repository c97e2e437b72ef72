"""The learner's schedule, goal and plan, from the store of a session; and the start of a review."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from itertools import count, islice
from typing import TYPE_CHECKING

import msgspec

from trainer.errors import UsageError
from trainer.session.model import CardState, DomainState, Summary
from trainer.session.plan import MINUTES_A_DAY, Goal, Plan, done_today, make_plan, read_minutes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainer.content.card import Card
    from trainer.content.listed import Listed
    from trainer.session.core import Session
    from trainer.session.review import Due, Rating

EXAM_DATE, MINUTES, WELCOMED = "exam-date", "minutes-a-day", "welcomed"
"""The names of the learner's choices in the store."""


class Overview(msgspec.Struct, frozen=True, eq=False):
    """Everything that the start shows: all from the same moment."""

    states: Sequence[CardState]
    domains: Sequence[DomainState]
    summary: Summary
    due: Sequence[Due]
    plan: Plan
    today: date


class Review(msgspec.Struct, frozen=True):
    """The last sitting at a card as a review."""

    sitting: int
    """The number of its first attempt."""
    rating: Rating
    chosen: bool
    """Whether the learner chose the rating."""
    due: Due
    """When the card comes back."""


def overview(session: Session) -> Overview:
    """States, domains, schedule and plan. Raises `StoreError`."""
    from trainer.session.standing import domain_states, summarize

    states = session.states()
    today = date.fromtimestamp(session.clock())
    dues = due(session)
    plan = make_plan(states, dues, today, goal(session), minutes_done=done_today(states, today))
    summary = summarize(states, session.store.days(), session.clock())
    return Overview(states, domain_states(states), summary, dues, plan, today)


def bare_overview(session: Session) -> Overview:
    """The same without stored progress: every card is new."""
    from trainer.session.standing import domain_states, summarize

    states = [CardState(card, "new") for card in session.catalogue.cards]
    today = date.fromtimestamp(session.clock())
    summary = summarize(states, (), session.clock())
    plan = make_plan(states, (), today, Goal())
    return Overview(states, domain_states(states), summary, (), plan, today)


def due(session: Session) -> list[Due]:
    """When each card that was ever tried comes back, the earliest first; the schedule is brought up to date.

    Cards that are no longer in the pack don't come back.
    """
    from trainer.progress.reviews import outdated, schedule
    from trainer.session.review import due_cards

    cards = {card.id: card for card in session.catalogue.cards}
    for name in outdated(session.store):
        if name in cards:
            _reschedule(session, cards[name])
    return due_cards(one for one in schedule(session.store) if one.card in cards)


def _reschedule(session: Session, card: Listed) -> None:
    from trainer.progress.reviews import keep, past
    from trainer.session.review import items_of, sittings

    basis = past(session.store, card.id)
    keep(session.store, card.id, items_of(card.id, card.minutes, sittings(basis)), basis)


def last_review(session: Session, name: str) -> Review | None:
    """The last sitting at a card, its rating, and when the card comes back; None before the first attempt."""
    from trainer.progress.reviews import past
    from trainer.session.review import rating_of, sittings

    card = session.catalogue.get(name)
    found = sittings(past(session.store, name))
    coming = next((one for one in due(session) if one.card == name), None)
    if not found or coming is None:
        return None
    return Review(found[-1].first, rating_of(found[-1], card.minutes), found[-1].chosen is not None, coming)


def rate(session: Session, name: str, rating: Rating) -> Review:
    """Rate the last sitting at a card as the learner says. Raises `UsageError` without one."""
    from trainer.progress import reviews

    last = last_review(session, name)
    if last is None:
        raise UsageError(
            f"the card {name} has no attempt to rate", remedy=f"start it: cks-trainer start {name}"
        )
    reviews.rate(session.store, name, last.sitting, int(rating))
    return last_review(session, name) or last


def days_if_rated(session: Session, name: str) -> dict[Rating, date]:
    """By rating, the day on which the card would come back if its last sitting had it; empty without one."""
    from trainer.progress.reviews import past
    from trainer.session.review import Rating, due_cards, items_of, sittings

    card = session.catalogue.get(name)
    found = sittings(past(session.store, name))
    if not found:
        return {}
    *before, last = found
    days = {}
    for rating in Rating:
        rated = [*before, msgspec.structs.replace(last, chosen=int(rating))]
        (coming,) = due_cards(items_of(name, card.minutes, rated))
        days[rating] = coming.day
    return days


def start_review(session: Session, name: str) -> Card:
    """Start over with a card for a review, in another wording if it has some. The old answer is backed up.

    A card whose answer is unfinished stays as it is. Raises `UsageError`, `CardError`, `StoreError`.
    """
    standing = session.store.standings().get(name)
    card = session.card(name)
    if not session.started(card):
        fresh = session.card(name, _other_seed(session.catalogue.get(name), card.seed) if standing else None)
        session.start(fresh)
        return fresh
    if standing is None or standing.last is None or not standing.last.passed:
        return card
    if standing.reset > standing.last.at:  # the review has begun
        return card
    fresh = session.card(name, _other_seed(session.catalogue.get(name), card.seed))
    session.reset(fresh)
    return fresh


def _other_seed(card: Listed, seed: int) -> int:
    """The next seed that changes the card's words; the same without words to change."""
    from trainer.content.vary import seeded

    if not card.vary:
        return seed
    now = seeded(seed)(card.id, card.vary).words if seed else {}
    for other in islice(count(seed + 1), 100):
        if seeded(other)(card.id, card.vary).words != now:
            return other
    return seed


def goal(session: Session) -> Goal:
    """What the learner plans for; what is stored and can't be read counts as not chosen."""
    exam, minutes = session.store.choice(EXAM_DATE), session.store.choice(MINUTES)
    day, a_day = None, MINUTES_A_DAY
    with suppress(ValueError):
        day = date.fromisoformat(exam) if exam else None
    with suppress(UsageError):
        a_day = read_minutes(minutes) if minutes else MINUTES_A_DAY
    return Goal(day, a_day)


def is_first_start(session: Session) -> bool:
    """Whether nothing was ever recorded, and the learner hasn't been welcomed."""
    return session.store.choice(WELCOMED) is None and not session.store.standings()


def set_goal(session: Session, new: Goal) -> None:
    """Remember what the learner plans for."""
    session.store.choose(EXAM_DATE, new.exam.isoformat() if new.exam else None)
    session.store.choose(MINUTES, str(new.minutes_a_day))
