"""The cards of a pack: found, sorted, filtered. A broken card never stops the others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

import msgspec

from trainer.content.curriculum import DOMAINS, domain_info
from trainer.content.files import card_files, card_id_of
from trainer.content.locate import Pack
from trainer.errors import CardError, UsageError
from trainer.verdict import Location, Problem
from trainer.versions import Version

if TYPE_CHECKING:
    from trainer.content.card import Card
    from trainer.content.listed import Listed

C = TypeVar("C", bound="Card | Listed")

_DOMAIN_ORDER = {info.id: place for place, info in enumerate(DOMAINS)}
_DIFFICULTY_ORDER = {"easy": 0, "medium": 1, "hard": 2}


class Catalogue(msgspec.Struct, Generic[C], frozen=True, eq=False):
    """All valid cards, in the curriculum's order, and what is wrong with the others."""

    cards: tuple[C, ...]
    problems: tuple[Problem, ...] = ()

    def get(self, card_id: str) -> C:
        """The card with this ID. Raises `UsageError`, with the likely ID, if it doesn't exist."""
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
        facts: Callable[[str], Collection[str]] | None = None,
    ) -> list[C]:
        """The cards that match all of these.

        `search` takes words, and `facts` gives those that are true of a card (`matches`).
        """
        words = search.casefold().split()
        return [
            card
            for card in self.cards
            if domain in (None, card.domain)
            and competency in (None, card.competency)
            and difficulty in (None, card.difficulty)
            and matches(card, words, facts)
        ]


def catalogue_of(cards: Mapping[str, C], problems: Sequence[Problem]) -> Catalogue[C]:
    """The cards by `<domain>/<card>.yaml` as a catalog. If two have the same ID, the second is a
    problem."""
    kept: dict[str, str] = {}
    doubles = []
    for name, card in cards.items():
        first = kept.setdefault(card.id, name)
        if first != name:
            message = f"the ID {card.id!r} is already used by {first}"
            doubles.append(Problem(message, location=card.where, remedy="give each card its own ID"))
    ordered = sorted((cards[name] for name in kept.values()), key=_order)
    return Catalogue(tuple(ordered), (*problems, *doubles))


def load_catalogue(pack: Pack, *, rules: bool = False, kubernetes: Version | None = None) -> Catalogue[Card]:
    """Load every card of the pack completely; lists and screens need only `content.listing.list_cards`.

    By default the checks' parameters are converted on first use; with `rules=True`
    they are all converted, and the given manifests parsed, so that every broken card is found.
    `kubernetes` overrides the version of every card.
    """
    from trainer.content.load import load_card

    cards: dict[str, Card] = {}
    problems: list[Problem] = []
    for name in card_files(pack.tasks):
        try:
            cards[name] = load_card(pack.tasks / name, pack, rules=rules, kubernetes=kubernetes)
        except CardError as error:
            problems += problems_of(error, name)
    return catalogue_of(cards, problems)


def problems_of(error: CardError, name: str) -> Sequence[Problem]:
    """What is wrong with the card `<domain>/<card>.yaml`: at least one problem."""
    file = name.rpartition("/")[2]
    return error.problems or (Problem(error.message, location=Location(file, 0, 0)),)


def find_card(card_id: str, pack: Pack, seed: int = 0) -> Card:
    """One card of the pack by its ID, without loading the others, in the wording of a seed.

    Raises `UsageError`, with the likely ID, if it doesn't exist, `CardError` if it is broken.
    """
    from trainer.content.load import load_card

    path = require_card(card_id, pack)
    if not seed:
        return load_card(path, pack)
    from trainer.content.vary import seeded  # most cards are opened as written

    return load_card(path, pack, choose=seeded(seed))


def require_card(card_id: str, pack: Pack) -> Path:
    """The file of the card with this ID. Raises `UsageError`, with the likely ID, if it doesn't exist."""
    names = card_files(pack.tasks)
    for name in names:
        if card_id_of(name) == card_id:
            return pack.tasks / name
    raise _no_card(card_id, [card_id_of(name) for name in names])


def card_paths(pack: Pack) -> list[Path]:
    """The files of all cards: `tasks/<domain>/<card>.yaml`, sorted."""
    return [pack.tasks / name for name in card_files(pack.tasks)]


def _no_card(card_id: str, known: Collection[str]) -> UsageError:
    import difflib

    near = difflib.get_close_matches(card_id, known, n=3, cutoff=0.5)
    remedy = f"did you mean {' or '.join(near)}?" if near else "cks-trainer list shows all cards"
    return UsageError(f"no card has the ID {card_id!r}", remedy=remedy)


FACTS = ("new", "started", "partial", "passed", "due", "weak")
"""Words of a search that mean the learner's progress: the status of a card, and whether it is due or weak."""


def matches(
    card: Card | Listed, words: Sequence[str], facts: Callable[[str], Collection[str]] | None = None
) -> bool:
    """Whether a card has all of these words (in lower case), wherever people look for them.

    These are the ID, title, task, checks, kinds of objects, competency and domain; `easy`, `medium` and
    `hard` are the difficulty only. If `facts` gives the words of `FACTS` that are true of a card, by its ID,
    such a word means that.
    """
    rest = []
    for word in words:
        if word in _DIFFICULTY_ORDER:
            if word != card.difficulty:
                return False
        elif facts is not None and word in FACTS:
            if word not in facts(card.id):
                return False
        else:
            rest.append(word)
    if not rest:
        return True
    topic = domain_info(card.domain)
    parts = [card.id, card.title, card.prompt, *(check.says for check in card.checks)]
    parts += [card.competency, topic.competencies.get(card.competency, ""), topic.id, topic.title]
    parts += getattr(card, "tags", ())
    text = "\n".join(parts).casefold()
    return all(word in text for word in rest)


def _order(card: Card | Listed) -> tuple[int, str, int, str]:
    return _DOMAIN_ORDER[card.domain], card.competency, _DIFFICULTY_ORDER[card.difficulty], card.id
