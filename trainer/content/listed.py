"""A card as listed: what lists, filters, search, the start of the app and progress need of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from trainer.patterns import regex
from trainer.verdict import Location
from trainer.versions import Version

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trainer.content.card import Card
    from trainer.content.wording import Wording


class ListedCheck(msgspec.Struct, frozen=True):
    """One check of a card as listed."""

    id: str
    says: str


class Listed(msgspec.Struct, frozen=True):
    """A card without what its learner is given and what its checks ask. Kept in the pack's index."""

    id: str
    title: str
    domain: str
    competency: str
    difficulty: str
    minutes: int
    """Minutes at exam pace."""
    points: int
    """All points of the card's offline checks."""
    kubernetes: Version
    """The minor version that applies."""
    prompt: str
    """Markdown: searched, and shown before the card is opened."""
    checks: tuple[ListedCheck, ...]
    where: Location
    """The start of the card in its file."""
    vary: tuple[dict[str, tuple[str, ...]], ...] = ()
    """The words that a seed replaces."""
    tags: tuple[str, ...] = ()
    """What else a search finds: the kinds of objects that its starters, checks and solution name, and its
    rules. Nothing shows them: they would tell what the answer needs."""


def as_listed(card: Card, kinds: Iterable[str] = ()) -> Listed:
    """The card as it is listed. `kinds` are those of its solution."""
    return Listed(
        card.id,
        card.title,
        card.domain,
        card.competency,
        card.difficulty,
        card.minutes,
        card.points,
        card.kubernetes,
        card.prompt,
        tuple(ListedCheck(check.id, check.says) for check in card.checks),
        card.where,
        card.vary,
        _tags(card, kinds),
    )


def _tags(card: Card, kinds: Iterable[str]) -> tuple[str, ...]:
    found = {check.rule for check in card.checks} | set(kinds)
    for text in card.start.values():
        found.update(regex(r"(?m)^\s*(?:- )?kind:[ \t]*([A-Za-z]+)").findall(text))
    for check in card.checks:
        found.update(_kinds(check.settings))
    return tuple(sorted(found))


def _kinds(value: Any) -> Iterator[str]:
    """The values of all keys `kind` in a check's parameters."""
    if isinstance(value, dict):
        if isinstance(kind := value.get("kind"), str):
            yield kind
        for inner in value.values():
            yield from _kinds(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _kinds(inner)


def in_wording(card: Listed, wording: Wording) -> Listed:
    """A card as listed in another wording."""
    return msgspec.structs.replace(
        card,
        title=wording.text(card.title),
        prompt=wording.text(card.prompt),
        checks=tuple(ListedCheck(check.id, wording.text(check.says)) for check in card.checks),
    )
