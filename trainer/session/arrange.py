"""How cards are filtered and sorted: what is true of each of them, and the orders that a list may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainer.session.model import CardState
    from trainer.session.plan import Plan
    from trainer.session.today import Overview

ORDERS = {
    "exam": "exam order",
    "plan": "what to do next",
    "weakest": "weakest first",
    "shortest": "shortest first",
    "title": "title",
}
"""By name, the words for each order of the cards."""


def facts_of(overview: Overview) -> dict[str, frozenset[str]]:
    """By card ID, the words of a search that are true of the card: its status, `due` and `weak`.

    A card is weak if a check was still failed when it was last left, or if its last attempt didn't pass.
    """
    due = {one.card for one in overview.due if one.day <= overview.today}
    weak = {one.card for one in overview.due if one.weak}
    return {
        state.card.id: _facts(state, state.card.id in due, state.card.id in weak) for state in overview.states
    }


def _facts(state: CardState, due: bool, weak: bool) -> frozenset[str]:
    unfinished = state.last is not None and not state.last.passed
    more = {"due": due, "weak": weak or unfinished}
    return frozenset({state.status, *(word for word, true in more.items() if true)})


def arranged(states: Sequence[CardState], order: str, plan: Plan) -> list[CardState]:
    """The cards in one of `ORDERS`; those that are equal, and all in an unknown order, stay in exam order."""
    if order == "plan":
        places = {step.state.card.id: place for place, step in enumerate(plan.steps)}
        return sorted(states, key=lambda state: places.get(state.card.id, len(places)))
    if order == "weakest":
        return sorted(states, key=lambda state: (not state.attempts, state.best))
    if order == "shortest":
        return sorted(states, key=lambda state: state.card.minutes)
    if order == "title":
        return sorted(states, key=lambda state: state.card.title.casefold())
    return list(states)


def next_order(order: str) -> str:
    """The order after this one; after the last comes the first."""
    names = list(ORDERS)
    return names[(names.index(order) + 1) % len(names)] if order in ORDERS else names[0]
