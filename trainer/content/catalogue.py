"""The cards of a pack: found, ordered, narrowed down. A broken card never stops the others."""

from __future__ import annotations

from pathlib import Path

import msgspec

from trainer.content.card import Card
from trainer.content.curriculum import DOMAINS
from trainer.content.load import load_card
from trainer.content.locate import Pack
from trainer.errors import CardError, UsageError
from trainer.verdict import Location, Problem

_DOMAIN_ORDER = {info.id: place for place, info in enumerate(DOMAINS)}
_DIFFICULTY_ORDER = {"easy": 0, "medium": 1, "hard": 2}


class Catalogue(msgspec.Struct, frozen=True, eq=False):
    """All cards that could be loaded, in the curriculum's order, and what is wrong with the others."""

    cards: tuple[Card, ...]
    problems: tuple[Problem, ...] = ()

    def get(self, card_id: str) -> Card:
        """The card with this id. Raises `UsageError` with the likely id where there is none."""
        for card in self.cards:
            if card.id == card_id:
                return card
        raise _no_card(card_id, [card.id for card in self.cards])

    def filter(
        self,
        *,
        domain: str | None = None,
        competency: str | None = None,
        difficulty: str | None = None,
        search: str = "",
    ) -> list[Card]:
        """The cards that meet all of these; `search` takes words, each in id, title, prompt or competency."""
        words = search.casefold().split()
        return [
            card
            for card in self.cards
            if domain in (None, card.domain)
            and competency in (None, card.competency)
            and difficulty in (None, card.difficulty)
            and all(word in _searched(card) for word in words)
        ]


def load_catalogue(pack: Pack, *, rules: bool = False) -> Catalogue:
    """Load every card of the pack.

    By default the checks' parameters are left alone until somebody asks for them, which keeps the
    start of the program quick; with `rules=True` they are all converted, and the given manifests
    parsed, so that every broken card is found.
    """
    cards: list[Card] = []
    problems: list[Problem] = []
    for path in card_paths(pack):
        try:
            cards.append(load_card(path, pack, rules=rules))
        except CardError as error:
            problems += error.problems or (Problem(error.message, location=Location(path.name, 0, 0)),)
    cards, doubles = _without_doubles(cards)
    cards.sort(key=_order)
    return Catalogue(tuple(cards), (*problems, *doubles))


def find_card(card_id: str, pack: Pack) -> Card:
    """One card of the pack by its id, without loading the others.

    Raises `UsageError` with the likely id where there is none, `CardError` where it is broken.
    """
    paths = card_paths(pack)
    for path in paths:
        if path.stem == card_id:
            return load_card(path, pack)
    raise _no_card(card_id, [path.stem for path in paths])


def card_paths(pack: Pack) -> list[Path]:
    """The files of all cards: `tasks/<domain>/<card>.yaml`, sorted."""
    return sorted(path for path in pack.tasks.glob("*/*.yaml") if not path.name.startswith("."))


def _no_card(card_id: str, known: list[str]) -> UsageError:
    import difflib

    near = difflib.get_close_matches(card_id, known, n=3, cutoff=0.5)
    remedy = f"did you mean {' or '.join(near)}?" if near else "cks-trainer list shows all cards"
    return UsageError(f"there is no card {card_id!r}", remedy=remedy)


def _searched(card: Card) -> str:
    return f"{card.id} {card.title} {card.competency} {card.domain} {card.prompt}".casefold()


def _order(card: Card) -> tuple[int, str, int, str]:
    return _DOMAIN_ORDER[card.domain], card.competency, _DIFFICULTY_ORDER[card.difficulty], card.id


def _without_doubles(cards: list[Card]) -> tuple[list[Card], list[Problem]]:
    kept: dict[str, Card] = {}
    problems = []
    for card in cards:
        if card.id in kept:
            first = kept[card.id].source
            message = f"the id {card.id!r} is taken by {first.parent.name}/{first.name}"
            problems.append(Problem(message, location=card.where, remedy="give each card an id of its own"))
        else:
            kept[card.id] = card
    return list(kept.values()), problems
