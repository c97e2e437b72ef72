"""The variants of a card: which words a seed picks, and what is wrong with the words that a card declares.

A card declares words under `vary`, in sets. The words of a set change together: a seed picks the same place
in all of their lists, or leaves them as written. Each set is picked on its own, by a SHA-256 of the seed, the
card's ID and the set's words, so that every machine and every version of Python picks the same. Seed 0 is the
card as written.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from trainer.content.card import CardFile
from trainer.content.convert import Fault
from trainer.content.likeness import unlike, word_fault
from trainer.content.wording import AS_WRITTEN, Wording, pattern_of
from trainer.digests import sha256

DERIVED = 999_999
"""The largest seed of a learner: short enough to be told."""

Sets = Sequence[Mapping[str, Sequence[str]]]
"""A card's sets: by word as written, what may stand for it."""
Choose = Callable[[str, Sets], Wording]
"""Picks the wording of a card, by its ID and its sets."""

_OWN_NAMES = ("id", "needs", "needs_any")
"""The fields of a check that name checks of the card."""


def seeded(seed: int) -> Choose:
    """Picks the wording of a seed."""
    return lambda card_id, sets: _wording(seed, card_id, sets)


def seed_of_learner(learner: str, card_id: str) -> int:
    """The seed of a learner for a card, 1 to `DERIVED`: always the same for the same name and card.

    How accents are composed makes no difference, nor does white space around the name.
    """
    name = unicodedata.normalize("NFC", learner).strip()
    return 1 + _number(f"{name}\n{card_id}") % DERIVED


def alternatives(sets: Sets) -> list[Wording]:
    """Wordings that have every alternative of every set at least once; none is the card as written."""
    most = max((len(others) for one in sets for others in one.values()), default=0)
    return [
        Wording(place + 1, _picked((one, min(place, _length(one) - 1)) for one in sets))
        for place in range(most)
    ]


def with_own_names(card: CardFile, written: CardFile) -> CardFile:
    """A card in another wording, with what never changes: IDs, which other files name, and links."""
    return msgspec.structs.replace(
        card,
        id=written.id,
        docs=written.docs,
        attribution=written.attribution,
        vary=written.vary,
        checks=_own_names(card.checks, written.checks),
        live=_own_names(card.live, written.live),
    )


def _own_names(
    checks: Sequence[dict[str, Any]], written: Sequence[dict[str, Any]]
) -> tuple[dict[str, Any], ...]:
    return tuple(
        {**check, **{name: as_written[name] for name in _OWN_NAMES if name in as_written}}
        for check, as_written in zip(checks, written, strict=True)
    )


def vary_faults(sets: Sets, files: Sequence[str]) -> Iterator[Fault]:
    """What is wrong with a card's sets in themselves; `files` are the names of the answer's files.

    `packcheck.vary_words` compares them with the card's texts.
    """
    known: set[str] = set()
    for index, one in enumerate(sets):
        if not one:
            yield Fault(("vary", index), "the set has no words")
        if len({len(others) for others in one.values()}) > 1:
            yield Fault(
                ("vary", index), "the lists of a set must be equally long", "its words change together"
            )
        for word, others in one.items():
            if not others:
                yield Fault(("vary", index, word), f"{word!r} has no alternatives")
            for text in (word, *others):
                if what := word_fault(text):
                    yield Fault(("vary", index, word), f"{text!r} {what}")
                elif text in known:
                    message = f"{text!r} comes twice under `vary`"
                    yield Fault(("vary", index, word), message, "use every word and alternative once")
                known.add(text)
            for place, other in enumerate(others):
                if what := unlike(word, other):
                    yield Fault(("vary", index, word, place), f"{other!r} can't stand for {word!r}: {what}")
            for name in files:
                if not word_fault(word) and pattern_of([word]).search(name.encode()):
                    message = f"{word!r} is in {name!r}, and the name of an answer's file can't change"
                    yield Fault(("vary", index, word), message)
    yield from _overlaps(sets)


def _overlaps(sets: Sets) -> Iterator[Fault]:
    """Words inside words of other sets: which of them is replaced would be up to chance."""
    for index, one in enumerate(sets):
        for word in one:
            for other in (other for place, others in enumerate(sets) if place != index for other in others):
                if not word_fault(word) and pattern_of([word]).search(other.encode()):
                    message = f"{word!r} is also in {other!r}, which is in another set"
                    yield Fault(("vary", index, word), message, "put both into the same set")


def _wording(seed: int, card_id: str, sets: Sets) -> Wording:
    if not sets or not seed:
        return AS_WRITTEN
    places = []
    for one in sets:
        words = "\n".join(sorted(one))
        places.append((one, _number(f"{seed}\n{card_id}\n{words}") % (_length(one) + 1) - 1))
    return Wording(seed, _picked(places))


def _length(one: Mapping[str, Sequence[str]]) -> int:
    """How many alternatives each word of a set has; the least, where a fault isn't told yet."""
    return min(map(len, one.values()), default=0)


def _picked(places: Iterable[tuple[Mapping[str, Sequence[str]], int]]) -> dict[str, str]:
    """The words of sets at a place each; at -1 they stay as written."""
    return {word: others[place] for one, place in places if place >= 0 for word, others in one.items()}


def _number(text: str) -> int:
    return int.from_bytes(sha256(text.encode("utf-8", "surrogateescape")), "big")
