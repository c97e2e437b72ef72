"""The learners of a folder of submissions: from the roster, or from the names of folders and files."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from trainer.batch.archives import is_archive, without_ending
from trainer.batch.archives.names import is_of_a_system
from trainer.batch.find import Wanted
from trainer.batch.layouts import WORDS, Label, label_of
from trainer.batch.near import SUFFIXES
from trainer.batch.pile import Learner, Pile
from trainer.errors import AnswerUnreadable, UsageError
from trainer.manifests.answer import ARCHIVES, GIVEN


class Submissions(msgspec.Struct, frozen=True):
    """What a folder of submissions has: learners, and what isn't anybody's answer."""

    learners: tuple[Learner, ...]
    not_read: tuple[str, ...] = ()
    """Files that belong to no learner, and what to do about each."""
    strays: tuple[str, ...] = ()
    """Learners that the roster doesn't name."""
    doubles: tuple[str, ...] = ()
    """Learners that the roster names more than once."""
    layouts: Mapping[str, int] = {}
    """The layouts that were found, in words (`layouts.WORDS`), and how many entries are in each."""


def find_learners(
    submissions: Path,
    names: Iterable[str] | None = None,
    cards: Sequence[Wanted] = (),
    doubles: Iterable[str] = (),
    refused: Iterable[tuple[str, str]] = (),
) -> Submissions:
    """The learners of the roster, in its order; without one, whoever has a folder or a file, by name.

    A visible folder is a learner's, except one with the ID of a card: what is in it has the learners' names
    (unless the roster has that name). Names that differ only in how their accents are composed (as files
    from a Mac do) are the same. `refused` is what couldn't be unpacked of the class's archive: the path,
    and why. Raises `AnswerUnreadable` if the submissions aren't a readable folder, `UsageError` if a folder
    may be a card's as well as a learner's.
    """
    listed = None if names is None else list(names)
    known = {composed(name) for name in listed or ()}
    seen = _Seen(submissions, cards, known)
    for name, is_folder in _entries(submissions).items():
        seen.take(name, is_folder)
    for place, why in refused:
        seen.refuse(place, why)
    piles, strays = seen.piles, list[str]()
    learners: list[Learner]
    if listed is None:
        learners = sorted((pile.learner(piles.name_of(pile)) for pile in piles), key=lambda one: one.name)
    else:
        learners, strays = piles.for_roster(listed)
    return Submissions(
        tuple(learners),
        tuple(seen.not_read),
        tuple(strays),
        tuple(doubles),
        dict(sorted(seen.layouts.items())),
    )


class _Seen:
    """What the entries of the submissions say, one after the other."""

    def __init__(self, submissions: Path, cards: Sequence[Wanted], known: set[str]) -> None:
        self.submissions, self.cards, self.known = submissions, cards, known
        self.by_id = {card.id: card for card in cards}
        self.whole = any(card.whole for card in cards)
        self.piles = Pile()
        self.not_read: list[str] = []
        self.layouts: Counter[str] = Counter()

    def take(self, name: str, is_folder: bool) -> None:
        """Put an entry of the submissions where it belongs."""
        path = self.submissions / name
        label = label_of(name, is_folder=is_folder, cards=self.cards)
        if label is not None and composed(name) not in self.known:
            self._labelled(path, label)
        elif is_folder and name in self.by_id and composed(name) not in self.known:
            self._inside_card(name)
        elif is_folder:
            self.layouts[WORDS["folder"]] += 1
            self.piles.of(name).folders.append(path)
        elif is_archive(name):
            self.layouts[WORDS["archive"]] += 1
            self.piles.of(_stem(name)).folders.append(path)
        elif self.whole and name.endswith(SUFFIXES):
            self.layouts[WORDS["file"]] += 1
            self.piles.of(_stem(name)).put_inside(self.cards[0].id, path)
        elif not is_of_a_system(name) and not self._is_progress(name):
            self.not_read.append(f"{name}: {self._why(name)}")

    def _is_progress(self, name: str) -> bool:
        """Whether it is a learner's database, which `serve --roster` keeps beside the learner's folder."""
        learner, ending, _ = name.partition(".db")
        return bool(ending) and (self.submissions / learner).is_dir()

    def _labelled(self, path: Path, label: Label) -> None:
        self.layouts[WORDS[label.kind]] += 1
        pile = self.piles.of(label.learner, label.id)
        pile.late = pile.late or label.late
        pile.in_letters = label.kind == "canvas"
        if label.is_text:
            pile.texts.append(path.name)
        elif label.card and (not label.file or label.file == label.card):
            pile.put_inside(label.card, path)
        elif label.file:
            pile.put_file(label.file, path, label.order)
        else:
            pile.folders.append(path)

    def _inside_card(self, card_id: str) -> None:
        card = self.by_id[card_id]
        for name, is_folder in _entries(self.submissions / card_id).items():
            if is_folder and name in card.cards and name != card_id:
                raise UsageError(
                    f"{card_id}/{name}: either may be the card's folder, and either the learner's",
                    remedy="pass --roster FILE with the names of the learners",
                )
            if name == GIVEN or name in card.files:
                self.not_read.append(f"{card_id}/{name}: it isn't a learner's")
                continue
            if not is_of_a_system(name):
                self.layouts[WORDS["card"]] += 1
                self.piles.of(_stem(name)).put_inside(card_id, self.submissions / card_id / name)

    def refuse(self, place: str, why: str) -> None:
        """Say of a file that couldn't be unpacked whose it was, if its name tells that."""
        self.not_read.append(f"{place}: {why}")
        parts = place.split("/")
        label = label_of(parts[0], is_folder=len(parts) > 1, cards=self.cards)
        if any(part in ("", "..") or is_of_a_system(part) for part in parts) or parts[0][1:2] == ":":
            return
        if label is not None:
            self.piles.of(label.learner, label.id).refused.append(f"{place} {why}")
        elif len(parts) > 1 and parts[0] not in self.by_id:
            self.piles.of(parts[0]).refused.append(f"{place} {why}")
        elif len(parts) > 1 or is_archive(place) or self.whole:
            self.piles.of(_stem(parts[min(len(parts) - 1, 1)])).refused.append(f"{place} {why}")

    def _why(self, name: str) -> str:
        if name.lower().endswith(SUFFIXES):
            return "it names no learner: put it into the learner's folder, or name it <learner>_<card>.yaml"
        if name.lower().endswith(ARCHIVES):
            return "unpack it"
        return "no card requires it"


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


def _stem(name: str) -> str:
    """A learner's name, from that of a folder or a file."""
    if is_archive(name):
        return without_ending(name)
    for suffix in (*SUFFIXES, *ARCHIVES):
        if name.lower().endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)]
    return name


def composed(name: str) -> str:
    """A name in the form in which names are compared."""
    return unicodedata.normalize("NFC", name).strip()
