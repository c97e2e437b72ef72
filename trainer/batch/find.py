"""Where a learner's answer to a card is, in the layouts that people have; else what is there instead.

The layouts: `<learner>/<card>/`, `<learner>/<card>.yaml`, `<card>/<learner>/`, `<card>/<learner>.yaml`, and
files of the card's own names in the learner's folder, if no other card of the batch has such a file. If one
card is graded, its folder may also be the whole: `<learner>/` or `<learner>.yaml`. Nothing is guessed: two
places are an error, and what isn't read is named.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import msgspec

from trainer.errors import AnswerUnreadable
from trainer.manifests.answer import ARCHIVES, GIVEN, MAX_FOLDERS

SUFFIXES = (".yaml", ".yml", ".json")
"""What the name of an answer that is a single file ends with."""

_MOST_NAMED = 3
_DEPTH = 3
"""How far below a learner's folder a misplaced answer is looked for."""


class Wanted(msgspec.Struct, frozen=True):
    """A card of a batch, as far as finding its answers needs it."""

    id: str
    files: tuple[str, ...]
    """The file names that the card requires."""
    rivals: Mapping[str, tuple[str, ...]] = {}
    """Of these names, those that other cards of the batch require, too: file -> IDs of the cards."""
    cards: frozenset[str] = frozenset()
    """The IDs of all cards of the batch."""
    whole: bool = False
    """Whether the submissions are the folder of this one card."""


class Found(msgspec.Struct, frozen=True):
    """An answer's files or its folder; without any, `note` says why.

    `place` is what a row names: the folder or the file. With an answer, `note` says where it was found, if
    that isn't the usual place.
    """

    paths: tuple[Path, ...] = ()
    place: Path | None = None
    note: str = ""


def wanted(cards: Mapping[str, Sequence[str]], *, whole: bool = False) -> list[Wanted]:
    """The cards of a batch, by ID, with the file names that each requires."""
    return [
        Wanted(
            card,
            tuple(files),
            {
                name: others
                for name in files
                if (others := tuple(sorted(one for one, its in cards.items() if one != card and name in its)))
            },
            frozenset(cards),
            whole,
        )
        for card, files in cards.items()
    ]


def find_answer(
    folder: Path | None, card: Wanted, submissions: Path, inside_card: Sequence[Path] = ()
) -> Found:
    """The answer of the learner with this folder, if they have one.

    `inside_card` is what the card's folder in the submissions has for this learner: a folder, files. Raises
    `AnswerUnreadable` for two answers and for a link that leads to what isn't the learner's.
    """
    candidates = [path for path in inside_card if _is_answer(path)]
    there: Mapping[str, bool] = {}
    if folder is not None:
        _refuse_link(folder, submissions)
        there = _entries(folder)
        candidates += _own(folder, card.id, there)
    if card.whole and folder is not None and not candidates:
        candidates = [folder] if _has_files(folder) else []
    if len(candidates) > 1:
        names = " and ".join(path.relative_to(submissions).as_posix() for path in candidates)
        raise AnswerUnreadable(
            f"found two answers: {names}", file=str(candidates[0]), remedy="keep one of them"
        )
    for path in candidates:
        own = folder is not None and path.parent == folder
        if (not own or there.get(path.name, True)) and _leads_out(path, path.parent):
            raise AnswerUnreadable(
                "a link leads out of the submissions", file=str(path), remedy="submit the file itself"
            )
        return Found((path,), path)
    if folder is None:
        return Found(note=_left(inside_card, card) or "the learner's folder is missing")
    return _flat(folder, card, there) or Found(note=_why_missing(folder, card, inside_card))


def _entries(folder: Path) -> dict[str, bool]:
    """What is in a folder, by name: whether it is a link."""
    with os.scandir(folder) as entries:
        return {entry.name: entry.is_symlink() for entry in entries}


def _own(folder: Path, card_id: str, there: Collection[str]) -> list[Path]:
    """The places in a learner's folder that have the card's name. `there` is what is in the folder."""
    found = [folder / card_id] if card_id in there and _has_files(folder / card_id) else []
    return found + [folder / name for suffix in SUFFIXES if (name := f"{card_id}{suffix}") in there]


def _is_answer(path: Path) -> bool:
    return _has_files(path) if path.is_dir() else path.name.endswith(SUFFIXES)


def _has_files(folder: Path) -> bool:
    """Whether a folder has a visible file at any depth; something else of its name counts, too."""
    if not folder.is_dir():
        return os.path.lexists(folder)  # a plain file or a dead link of that name: reading says what is wrong
    level = [str(folder)]
    for _ in range(MAX_FOLDERS + 1):  # what is deeper counts as well: reading refuses it
        below: list[str] = []
        for place in level:
            with os.scandir(place) as entries:
                for entry in entries:
                    if entry.name.startswith(".") or entry.name == GIVEN:
                        continue
                    if not entry.is_dir(follow_symlinks=False):
                        return True
                    below.append(entry.path)
        level = below
    return bool(level)


def _leads_out(path: Path, home: Path) -> bool:
    """Whether a path is a link to what isn't in this folder; one to itself leads nowhere else."""
    return path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(home))


def _refuse_link(folder: Path, submissions: Path) -> None:
    if os.path.islink(folder):  # noqa: PTH114 - for every learner and card
        outside = not Path(os.path.realpath(folder)).is_relative_to(os.path.realpath(submissions))
        where = "out of the submissions" if outside else "elsewhere"
        raise AnswerUnreadable(
            f"the learner's folder is a link that leads {where}",
            file=str(folder),
            remedy="submit the files themselves",
        )


def _flat(folder: Path, card: Wanted, there: Collection[str]) -> Found | None:
    """The card's own files among those in the learner's folder; None without any."""
    own = [name for name in card.files if name in there or ("/" in name and os.path.lexists(folder / name))]
    if not own:
        return None
    for name in own:
        if name in card.rivals:
            others = " or ".join((card.id, *card.rivals[name]))
            note = f"{name} was not read: it may be the answer to {others}; put it into the card's folder"
            return Found(note=note)
        if _leads_out(folder / name, folder):
            raise AnswerUnreadable(
                "a link leads out of the submissions",
                file=str(folder / name),
                remedy="submit the file itself",
            )
    paths = tuple(folder / name for name in own)
    return Found(
        paths,
        paths[0] if len(paths) == 1 else folder,
        f"read {' and '.join(own)} in the learner's folder: no other card of this batch has such a file",
    )


def _why_missing(folder: Path, card: Wanted, inside_card: Sequence[Path]) -> str:
    """Why a learner has no answer: what is in the folder and was not read."""
    entries = [
        path
        for path in sorted(folder.iterdir())
        if not path.name.startswith(".") and not _of_another_card(path.name, card)
    ]
    if not entries and not inside_card:
        any_there = any(True for _ in folder.iterdir())
        return "no answer" if any_there else "no answer: the learner's folder is empty"
    deeper = _deeper(folder, card.id)
    if deeper is not None:
        return f"{deeper} was not read: move it to {folder.name}/{card.id}"
    return _left([*inside_card, *entries], card) or "no answer"


def _of_another_card(name: str, card: Wanted) -> bool:
    """Whether an entry is the answer to another card of the batch."""
    stem = name
    for suffix in SUFFIXES:
        stem = stem.removesuffix(suffix)
    return stem != card.id and stem in card.cards


def _left(entries: Sequence[Path], card: Wanted) -> str:
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
        meant = _alike(name) == _alike(card.id)
        return meant, f"{name} was not read: name it {card.id}" if meant else name
    if name.lower().endswith(ARCHIVES):
        others = card.cards - {card.id}
        meant = not any(_alike(name).startswith(_alike(other)) for other in others)
        return meant, f"{name} was not read: unpack it" if meant else name
    right = _right_name(name, card)
    return bool(right), f"{name} was not read: name it {right}" if right else name


def _right_name(name: str, card: Wanted) -> str:
    """The name that a file with another ending, or more in its name, should have: `policy.yaml.txt`."""
    for right in card.files:
        stem = right.rpartition(".")[0] or right
        if right not in card.rivals and name != right and _alike(name).startswith(f"{_alike(stem)}."):
            return right
    stem = name.partition(".")[0]
    if _alike(name).startswith(_alike(card.id)) and stem not in card.cards - {card.id}:
        return f"{card.id}{SUFFIXES[0]}"
    return ""


def _alike(name: str) -> str:
    return name.casefold().replace("_", "-").replace(" ", "-")


def _deeper(folder: Path, card_id: str) -> str | None:
    """Where an answer of the card's name is further down, as in an unpacked archive. Follows no links."""
    level = [folder]
    for depth in range(_DEPTH):
        below = []
        for place in level:
            if depth and (own := _own(place, card_id, _entries(place))):
                return own[0].relative_to(folder).as_posix()
            with os.scandir(place) as entries:
                below += sorted(
                    Path(one.path)
                    for one in entries
                    if one.is_dir(follow_symlinks=False)
                    and not one.name.startswith(".")
                    and one.name not in (card_id, GIVEN)
                )
        level = below[:100]
    return None
