"""The learners of a folder of submissions: from the roster, or from the names of folders and files."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from trainer.batch.find import SUFFIXES, Wanted
from trainer.errors import AnswerUnreadable, UsageError
from trainer.manifests.answer import ARCHIVES, GIVEN


class Learner(msgspec.Struct, frozen=True):
    """A learner by the name in the roster, with the folder of that name, if any."""

    name: str
    folder: Path | None
    inside: Mapping[str, tuple[Path, ...]] = {}
    """By the ID of a card whose folder is in the submissions: what it has for this learner."""


class Submissions(msgspec.Struct, frozen=True):
    """What a folder of submissions has: learners, and what isn't anybody's answer."""

    learners: tuple[Learner, ...]
    not_read: tuple[str, ...] = ()
    """Files that belong to no learner, and what to do about each."""
    strays: tuple[str, ...] = ()
    """Learners that the roster doesn't name."""
    doubles: tuple[str, ...] = ()
    """Learners that the roster names more than once."""


def find_learners(
    submissions: Path,
    names: Iterable[str] | None = None,
    cards: Sequence[Wanted] = (),
    doubles: Iterable[str] = (),
) -> Submissions:
    """The learners of the roster, in its order; without one, whoever has a folder or a file, by name.

    A visible folder is a learner's, except one with the ID of a card: what is in it has the learners' names
    (unless the roster has that name). Names that differ only in how their accents are composed (as files from
    a Mac do) are the same. Raises `AnswerUnreadable` if the submissions aren't a readable folder,
    `UsageError` if a folder may be a card's as well as a learner's.
    """
    listed = None if names is None else list(names)
    entries = _entries(submissions)
    known = {_composed(name) for name in listed or ()}
    of_cards = {card.id: card for card in cards if entries.get(card.id) and _composed(card.id) not in known}
    folders = {
        name: submissions / name for name, is_folder in entries.items() if is_folder and name not in of_cards
    }
    inside, not_read = _inside_cards(submissions, of_cards)
    for name, is_folder in entries.items():
        if is_folder:
            continue
        if any(card.whole for card in cards) and name.endswith(SUFFIXES):
            inside.setdefault(_composed(_stem(name)), {}).setdefault(cards[0].id, []).append(
                submissions / name
            )
        elif name.lower().endswith(ARCHIVES):
            not_read.append(f"{name}: unpack it")
    composed = {_composed(name): path for name, path in folders.items()}

    def learner(name: str) -> Learner:
        has = {card: tuple(paths) for card, paths in inside.get(_composed(name), {}).items()}
        return Learner(name, folders.get(name) or composed.get(_composed(name)), has)

    if listed is not None:
        learners = tuple(map(learner, listed))
        folders_used = {one.folder for one in learners}
        strays = [name for name, path in folders.items() if path not in folders_used]
        strays += sorted(name for name in inside if name not in known and name not in strays)
        return Submissions(learners, tuple(not_read), tuple(strays), tuple(doubles))
    apart = {name for name in inside if name not in composed}
    return Submissions(tuple(map(learner, sorted({*folders, *apart}))), tuple(not_read))


def _entries(folder: Path) -> dict[str, bool]:
    """What is visible in a folder, sorted by name: whether it is a folder.

    So is a link that leads nowhere, unless its name is that of a file: its owner gets a row, which
    says what is wrong.
    """
    try:
        with os.scandir(folder) as entries:
            found = {entry.name: _is_folder(entry) for entry in entries if not entry.name.startswith(".")}
    except OSError as error:
        raise AnswerUnreadable(
            f"{folder}: {error.strerror}",
            file=str(folder),
            remedy="name the folder that contains the submissions",
        ) from None
    return dict(sorted(found.items()))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return stat.S_ISDIR(entry.stat().st_mode) if entry.is_symlink() else entry.is_dir()
    except OSError:
        return not entry.name.lower().endswith((*SUFFIXES, *ARCHIVES))


def _inside_cards(
    submissions: Path, cards: Mapping[str, Wanted]
) -> tuple[dict[str, dict[str, list[Path]]], list[str]]:
    """What the folders of cards have, by learner and card; and the files in them that name no learner."""
    inside: dict[str, dict[str, list[Path]]] = {}
    not_read: list[str] = []
    for card_id, card in cards.items():
        for name, is_folder in _entries(submissions / card_id).items():
            if is_folder and name in card.cards and name != card_id:
                raise UsageError(
                    f"{card_id}/{name}: either may be the card's folder, and either the learner's",
                    remedy="pass --roster FILE with the names of the learners",
                )
            if name == GIVEN or name in card.files:
                not_read.append(f"{card_id}/{name}: it isn't a learner's")
                continue
            path = submissions / card_id / name
            inside.setdefault(_composed(_stem(name)), {}).setdefault(card_id, []).append(path)
    return inside, not_read


def _stem(name: str) -> str:
    """A learner's name, from that of a folder or a file."""
    for suffix in (*SUFFIXES, *ARCHIVES):
        if name.lower().endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)]
    return name


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip()
