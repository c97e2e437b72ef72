"""Why a learner has no answer to a card: what is there instead, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainer.batch.near import SUFFIXES, alike
from trainer.manifests.answer import ARCHIVES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from trainer.batch.find import Wanted

_MOST_NAMED = 3


def why_missing(there: Mapping[str, Path], card: Wanted, inside_card: Sequence[Path]) -> str:
    """Why a learner with these entries, and these in the folder of the card, has no answer."""
    entries = [
        path
        for name, path in sorted(there.items())
        if not name.startswith(".") and not _of_another_card(name, card)
    ]
    if not entries and not inside_card:
        return "no answer" if there else "no answer: the learner's folder is empty"
    return left_over([*inside_card, *entries], card) or "no answer"


def _of_another_card(name: str, card: Wanted) -> bool:
    """Whether an entry is the answer to another card of the batch."""
    stem = name
    for suffix in SUFFIXES:
        stem = stem.removesuffix(suffix)
    return stem != card.id and stem in card.cards


def left_over(entries: Sequence[Path], card: Wanted) -> str:
    """What is there and was not read, what may be meant for this card first; empty without anything."""
    notes = sorted((not told, note) for path in entries for told, note in [_note(path, card)])
    likely = [note for other, note in notes if not other]
    if likely:
        return "; ".join(likely[:_MOST_NAMED])
    names = [note for _, note in notes]
    if not names:
        return ""
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return f"no answer; not read: {', '.join(names[:_MOST_NAMED])}{more}"


def _note(path: Path, card: Wanted) -> tuple[bool, str]:
    """Whether an entry may be meant for this card, and what to do then; else only its name."""
    name = path.name
    if path.is_dir():
        if name == card.id:
            return True, f"the folder {card.id} has no answer in it"
        meant = alike(name) == alike(card.id)
        return meant, f"{name} was not read: name it {card.id}" if meant else name
    if name.lower().endswith(ARCHIVES):
        others = card.cards - {card.id}
        meant = not any(alike(name).startswith(alike(other)) for other in others)
        return meant, f"{name} was not read: unpack it" if meant else name
    right = _right_name(name, card)
    return bool(right), f"{name} was not read: name it {right}" if right else name


def _right_name(name: str, card: Wanted) -> str:
    """The name that a file with another ending, or more in its name, should have: `policy.yaml.txt`."""
    for right in card.files:
        stem = right.rpartition(".")[0] or right
        if right not in card.rivals and name != right and alike(name).startswith(f"{alike(stem)}."):
            return right
    stem = name.partition(".")[0]
    if alike(name).startswith(alike(card.id)) and stem not in card.cards - {card.id}:
        return f"{card.id}{SUFFIXES[0]}"
    return ""
