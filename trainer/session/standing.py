"""From the store's records to the learner's state: by card, by domain, in one line."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec

from trainer.session.model import (
    AttemptSummary,
    CardState,
    CardStatus,
    CompetencyState,
    DomainState,
    Summary,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trainer.content.listed import Listed
    from trainer.progress.notes import Note
    from trainer.progress.store import Standing


def card_states(
    cards: Iterable[Listed], standings: Mapping[str, Standing], notes: Mapping[str, Note] | None = None
) -> list[CardState]:
    """One state for each card, in the cards' order."""
    kept = notes or {}
    return [_with_note(_state(card, standings.get(card.id)), kept.get(card.id)) for card in cards]


def _with_note(state: CardState, note: Note | None) -> CardState:
    if note is None:
        return state
    return msgspec.structs.replace(state, bookmarked=note.bookmark, noted=bool(note.text))


def _state(card: Listed, standing: Standing | None) -> CardState:
    if standing is None:
        return CardState(card, "new")
    if standing.last is None:
        status: CardStatus = "started" if standing.started else "new"
        return CardState(card, status, touched=standing.touched, in_progress=standing.started)
    last = AttemptSummary(
        number=standing.last.number,
        at=standing.last.at,
        points=standing.last.points,
        max_points=standing.last.max_points,
        checks_passed=standing.last.checks_passed,
        checks_total=standing.last.checks_total,
        passed=standing.last.passed,
        seconds=standing.last.seconds,
        seed=standing.last.seed,
    )
    status = "passed" if standing.ever_passed else "partial"
    unfinished = not last.passed or standing.reset > last.at
    return CardState(card, status, standing.attempts, standing.best, last, standing.touched, unfinished)


def domain_states(states: Sequence[CardState]) -> list[DomainState]:
    """One state for each domain of the curriculum, in its order, with its competencies."""
    from trainer.content.curriculum import DOMAINS

    found = []
    for info in DOMAINS:
        mine = [state for state in states if state.card.domain == info.id]
        competencies = tuple(
            _competency(name, title, [state for state in mine if state.card.competency == name])
            for name, title in info.competencies.items()
        )
        mastery = sum(one.mastery for one in competencies) / len(competencies)
        passed = sum(state.status == "passed" for state in mine)
        found.append(DomainState(info.id, info.title, info.weight, len(mine), passed, mastery, competencies))
    return found


def _competency(name: str, title: str, mine: Sequence[CardState]) -> CompetencyState:
    mastery = sum(state.best for state in mine) / (100 * len(mine)) if mine else 0.0
    return CompetencyState(name, title, len(mine), sum(state.status == "passed" for state in mine), mastery)


def summarize(states: Sequence[CardState], days: Iterable[date], now: float) -> Summary:
    """The line at the top of the catalog. `days` are local days with an attempt, `now` is in seconds."""
    domains = domain_states(states)
    weights = sum(domain.weight for domain in domains) or 1
    return Summary(
        mastered=sum(domain.mastery * domain.weight for domain in domains) / weights,
        streak=streak(days, date.fromtimestamp(now)),
        attempts=sum(state.attempts for state in states),
        cards=len(states),
        passed=sum(state.status == "passed" for state in states),
        competencies=sum(len(domain.competencies) for domain in domains),
        covered=sum(one.cards > 0 for domain in domains for one in domain.competencies),
    )


def streak(days: Iterable[date], today: date) -> int:
    """Days in a row with an attempt that end today, or yesterday if today has none yet.

    >>> streak([date(2026, 1, 1), date(2026, 1, 2)], date(2026, 1, 3))
    2
    """
    practised = set(days)
    day = today if today in practised else today - timedelta(days=1)
    count = 0
    while day in practised:
        count += 1
        day -= timedelta(days=1)
    return count


def percent(fraction: float) -> int:
    """A fraction (0 to 1) in whole percent; 100 only for all, 0 only for nothing."""
    if 0 < fraction < 1:
        return min(max(round(fraction * 100), 1), 99)
    return round(fraction * 100)
