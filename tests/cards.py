"""The catalog, read once for all tests; of what holds for every card, `make test` tries some, `make prove` all."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from trainer.content.catalogue import load_catalogue
from trainer.content.locate import builtin_pack
from trainer.content.solutions import Solutions, load_solutions

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

PACK = builtin_pack()
CATALOGUE = load_catalogue(PACK)
CARDS = CATALOGUE.cards


@cache
def solutions_of(card_id: str) -> Solutions:
    """The stored answers of a card, read once."""
    return load_solutions(CATALOGUE.get(card_id), PACK)


def some_cards() -> list[ParameterSet]:
    """A parameter for the shortest card of each domain."""
    return [param for param in every_card() if not param.marks]


def every_card() -> list[ParameterSet]:
    """A parameter for each card; all are marked `catalog`, except the shortest card of each domain."""
    by_length = sorted(CARDS, key=lambda card: (card.minutes, card.id), reverse=True)
    shortest = {card.domain: card.id for card in by_length}
    return [
        pytest.param(card, id=card.id, marks=() if shortest[card.domain] == card.id else pytest.mark.catalog)
        for card in CARDS
    ]
