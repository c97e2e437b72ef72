"""The answer of a learner who has several places: a folder, uploads, archives, archives in archives.

Each place is searched as the learner's folder is. If several have the answer, the latest counts, and the
others are named. An archive that can't be read is the row's reason only if no other place has the answer.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import msgspec

from trainer.batch.archives import Left, is_archive, without_ending
from trainer.batch.archives.names import is_of_a_system
from trainer.batch.find import Found, Wanted, find_answer
from trainer.batch.near import SUFFIXES, alike, plain
from trainer.batch.pile import Learner
from trainer.batch.scratch import Scratch
from trainer.errors import AnswerUnreadable
from trainer.manifests.answer import holds_manifests

_MOST_NAMED = 3
_MOST_WRAPPERS = 8
"""Folders around everything in an archive."""
_NOTHING = ("no answer", "no answer: the learner's folder is empty")
_MOST_FILES = 1000
"""How many files of an answer are looked at for its time."""


class _Place(msgspec.Struct):
    """A place that was searched."""

    found: Found
    at: float
    order: int


def find_everywhere(learner: Learner, card: Wanted, scratch: Scratch) -> Found:
    """The learner's answer, wherever it is. Raises `AnswerUnreadable`."""
    inside = learner.inside.get(card.id, ())
    elsewhere = learner.files or learner.more or learner.refused or learner.texts
    if not elsewhere and not _packed(learner.folder) and not any(is_archive(path.name) for path in inside):
        return find_answer(learner.folder, card, scratch.submissions, inside)  # as most learners submit
    return _Search(learner, card, scratch).result()


def _packed(folder: Path | None) -> list[tuple[Path, bool]]:
    """The archives in a folder, none of which is bound to a card."""
    if folder is None:
        return []
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries]
    except OSError:
        return []  # to look for the answer there says why
    return [(folder / name, False) for name in sorted(names) if is_archive(name) and not is_of_a_system(name)]


def newest(paths: Sequence[Path]) -> float | None:
    """When the newest of these files, and of those in these folders, was changed; in seconds since 1970."""
    times: list[float] = []
    for path in paths:
        if path.is_dir():
            times += [one.lstat().st_mtime for one in _files(path)]
        elif os.path.lexists(path):
            times.append(path.lstat().st_mtime)
    return max(times, default=None)


def _files(folder: Path) -> Iterator[Path]:
    seen = 0
    for place, _, names in os.walk(folder):
        for name in names:
            seen += 1
            if seen > _MOST_FILES:
                return
            if not name.startswith("."):
                yield Path(place, name)


class _Search:
    def __init__(self, learner: Learner, card: Wanted, scratch: Scratch) -> None:
        self.learner, self.card, self.scratch = learner, card, scratch
        self.places: list[_Place] = []
        self.empty: list[Found] = []
        self.left: list[str] = [*learner.refused]
        self.faults: list[AnswerUnreadable] = []
        self.seen_archive = False
        scratch.begin(learner.name)

    def result(self) -> Found:
        """The answer that counts; without one, why not."""
        learner, card = self.learner, self.card
        inside = learner.inside.get(card.id, ())
        loose = {name: path for name, path in learner.files.items() if not is_archive(name)}
        plain_inside = [path for path in inside if path.is_dir() or not is_archive(path.name)]
        archives = [(path, True) for path in inside if path not in plain_inside]
        archives += [(path, False) for name, path in learner.files.items() if is_archive(name)]
        if learner.folder is not None:
            archives += _packed(learner.folder)
        if learner.folder and any(os.path.lexists(learner.folder / name) for name in loose):
            self._add(find_answer(None, card, self.scratch.submissions, (), loose, packed=False))
            loose = {}
        if learner.folder or loose or plain_inside or not (archives or learner.more):
            self._add(
                find_answer(learner.folder, card, self.scratch.submissions, plain_inside, loose, packed=False)
            )
        for path in learner.more:
            if path.is_dir():
                archives += _packed(path)
                self._add(find_answer(path, card, self.scratch.submissions, packed=False))
            else:
                archives.append((path, False))
        self.seen_archive = bool(archives)
        for path, bound in archives:
            self._open(path, self._name(path), bound, 1)
        return self._best() if self.places else self._none()

    def _name(self, path: Path) -> str:
        """The name that an archive had when it was uploaded."""
        return next((name for name, other in self.learner.files.items() if other == path), path.name)

    def _open(self, path: Path, name: str, bound: bool, depth: int) -> None:
        """Search an archive; `bound` says that it is the answer to this card, whatever is in it."""
        owner = self.card.id if bound else _owner(name, self.card.cards)
        unpacked = self.scratch.opened(path, self._wants, depth)
        if unpacked.fault is not None:
            self.faults.append(unpacked.fault)
            return
        shown = self.scratch.shown(path)
        self.left += [f"{shown}: {left}" for left in unpacked.left if self._matters(left)]
        home = _unwrapped(unpacked.folder, self.card, all_the_way=bound)
        root = self.scratch.folder / str(depth)
        found = find_answer(home, self.card, root, packed=False)
        if owner == self.card.id and not self._says_card(found):
            found = find_answer(home, msgspec.structs.replace(self.card, whole=True), root, packed=False)
        if not owner or owner == self.card.id or self._says_card(found):
            self._add(found)
        for inner, _ in _packed(home):
            self._open(inner, inner.name, bound, depth + 1)

    def _says_card(self, found: Found) -> bool:
        """Whether an answer has the name of the card."""
        names = {plain(f"{self.card.id}{end}") for end in ("", *SUFFIXES)}
        return found.place is not None and plain(found.place.name) in names

    def _wants(self, name: str) -> bool:
        """Whether a file of an archive may be read: others are only told."""
        last = {one.rpartition("/")[2] for one in self.card.demanded}
        return holds_manifests(name) or name in last or plain(name).endswith(SUFFIXES)

    def _matters(self, left: Left) -> bool:
        name = left.name.rpartition("/")[2]
        return self._wants(name) or is_archive(name) or "leads out" in left.why or "." not in name

    def _add(self, found: Found) -> None:
        if found.paths:
            self.places.append(_Place(found, newest(found.paths) or 0.0, len(self.places)))
        else:
            self.empty.append(found)

    def _best(self) -> Found:
        ordered = sorted(self.places, key=lambda one: (one.at, -one.order))
        best, others = ordered[-1].found, [one.found for one in ordered[:-1]]
        older = [self.scratch.shown(one.place or one.paths[0]) for one in others]
        for name in (*self._names(best), self.card.id):
            older += self.learner.older.get(name, ())
        notes = [best.note, *_some("not read: ", self.left)]
        if older:
            notes.append(f"the latest counts; older: {', '.join(older[:_MOST_NAMED])}")
        rest = [one for found in (best, *others, *self.empty) for one in found.not_read]
        return msgspec.structs.replace(
            best,
            note="; ".join(filter(None, notes)),
            not_counted=tuple(older),
            not_read=tuple(dict.fromkeys([*rest, *self.left, *map(str, self.faults), *self.learner.texts])),
        )

    def _names(self, found: Found) -> Sequence[str]:
        """The names of an answer's uploads."""
        return [name for name, path in self.learner.files.items() if path in found.paths]

    def _none(self) -> Found:
        if self.faults:
            raise self.faults[0]
        if self.left:
            remedy = "submit the files themselves, or a plain .zip of them"
            raise AnswerUnreadable(self.left[0], file=self.left[0].partition(":")[0], remedy=remedy)
        notes = dict.fromkeys(found.note for found in self.empty if found.note)
        told = [note for note in notes if note not in _NOTHING][:_MOST_NAMED]
        if not told:
            told = list(notes)[:1] if len(self.empty) == 1 and not self.seen_archive else [_NOTHING[0]]
        if self.learner.texts:
            told = [f"{self.learner.texts[0]} was not read: it is online text; submit a file"]
        rest = dict.fromkeys(one for found in self.empty for one in found.not_read)
        return Found(note="; ".join(told), not_read=(*rest, *self.learner.texts))


def _some(head: str, names: Sequence[str]) -> list[str]:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return [f"{head}{', '.join(names[:_MOST_NAMED])}{more}"] if names else []


def _owner(name: str, cards: Collection[str]) -> str:
    """The card whose answer an archive is by its name, `<card>.zip` or `<learner>_<card>.zip`; else empty."""
    stem = without_ending(name).casefold()
    for ending in SUFFIXES:
        stem = stem.removesuffix(ending)
    mine = [card for card in cards if alike(stem) == alike(card) or stem.endswith(f"_{card.casefold()}")]
    return max(mine, key=len, default="")


def _unwrapped(folder: Path, card: Wanted, *, all_the_way: bool) -> Path:
    """The folder without those around it that hold nothing else; one with the ID of a card is kept."""
    for _ in range(_MOST_WRAPPERS):
        with os.scandir(folder) as entries:
            inner = [entry for entry in entries if not is_of_a_system(entry.name)]
        if len(inner) != 1 or not inner[0].is_dir(follow_symlinks=False):
            break
        if inner[0].name in card.cards and not all_the_way:
            break
        folder = Path(inner[0].path)
    return folder
