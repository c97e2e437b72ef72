"""What belongs to one learner, put together from wherever it is in the submissions."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from trainer.batch.near import alike


class Learner(msgspec.Struct, frozen=True):
    """A learner by the name in the roster, with the folder of that name, if any."""

    name: str
    folder: Path | None
    inside: Mapping[str, tuple[Path, ...]] = {}
    """By the ID of a card whose folder is in the submissions: what it has for this learner."""
    files: Mapping[str, Path] = {}
    """Uploads without a folder, by the names that they had."""
    more: tuple[Path, ...] = ()
    """Archives of the learner's folder, and other folders of theirs."""
    older: Mapping[str, tuple[str, ...]] = {}
    """By the name of an upload, or of a card: earlier ones, which don't count."""
    refused: tuple[str, ...] = ()
    """What an archive of the class has of this learner and couldn't be unpacked, with the reason."""
    texts: tuple[str, ...] = ()
    """What they typed into the learning platform, by the names of the files: it isn't read."""
    late: bool | None = None
    """Whether the learning platform says that something is late."""

    def for_card(self, card_id: str) -> list[Any]:
        """The learner as plain values for a worker, with what a task of this card needs."""
        return [
            os.fsencode(self.name),
            os.fsencode(self.folder) if self.folder else None,
            [os.fsencode(path) for path in self.inside.get(card_id, ())],
            {os.fsencode(name): os.fsencode(path) for name, path in self.files.items()},
            [os.fsencode(path) for path in self.more],
            {os.fsencode(name): [os.fsencode(one) for one in places] for name, places in self.older.items()},
            [os.fsencode(one) for one in self.refused],
            [os.fsencode(one) for one in self.texts],
            self.late,
        ]


def learner_of(card_id: str, values: Sequence[Any]) -> Learner:
    """The learner of `Learner.for_card`."""
    name, folder, inside, files, more, older, refused, texts, late = values
    return Learner(
        os.fsdecode(name),
        Path(os.fsdecode(folder)) if folder else None,
        {card_id: tuple(Path(os.fsdecode(path)) for path in inside)},
        {os.fsdecode(one): Path(os.fsdecode(path)) for one, path in files.items()},
        tuple(Path(os.fsdecode(path)) for path in more),
        {os.fsdecode(one): tuple(os.fsdecode(place) for place in places) for one, places in older.items()},
        tuple(os.fsdecode(one) for one in refused),
        tuple(os.fsdecode(one) for one in texts),
        late,
    )


class Heap:
    """What has one learner's name (and number)."""

    def __init__(self, name: str, number: str) -> None:
        self.name, self.number = name, number
        self.folders: list[Path] = []
        self.inside: dict[str, list[Path]] = {}
        self.files: dict[str, list[tuple[int, Path]]] = {}
        self.refused: list[str] = []
        self.texts: list[str] = []
        self.older: dict[str, list[str]] = {}
        self.late = False
        self.in_letters = False
        """Whether the name is written without what isn't a letter, as Canvas does."""

    def put_inside(self, card_id: str, path: Path) -> None:
        """Add what is for a card."""
        self.inside.setdefault(card_id, []).append(path)

    def put_file(self, name: str, path: Path, order: int) -> None:
        """Add an upload; of those with one name, the one with the highest `order` counts."""
        self.files.setdefault(name, []).append((order, path))

    def learner(self, name: str) -> Learner:
        """The learner, under this name."""
        uploads = {
            one: sorted(paths, key=lambda each: (each[0], str(each[1]))) for one, paths in self.files.items()
        }
        plain = [path for path in self.folders if path.is_dir() or path.is_symlink()]
        folder = plain[0] if plain else None
        return Learner(
            name,
            folder,
            {card: tuple(paths) for card, paths in self.inside.items()},
            {one: paths[-1][1] for one, paths in uploads.items()},
            tuple(path for path in self.folders if path != folder),
            {one: tuple(path.name for _, path in paths[:-1]) for one, paths in uploads.items() if paths[1:]}
            | {card: tuple(places) for card, places in self.older.items()},
            tuple(self.refused),
            tuple(self.texts),
            self.late or None,
        )


class Pile:
    """The heaps of all learners. One name is one learner, unless a platform has two numbers for it."""

    def __init__(self) -> None:
        self._heaps: dict[str, dict[str, Heap]] = {}

    def of(self, name: str, number: str = "") -> Heap:
        """The heap of this learner, a new one if it is the first thing of theirs."""
        return self._heaps.setdefault(_composed(name), {}).setdefault(number, Heap(name, number))

    def __iter__(self) -> Iterator[Heap]:
        for key, heaps in self._heaps.items():
            numbered = [heap for number, heap in heaps.items() if number]
            if len(numbered) == 1 and "" in heaps:
                self._heaps[key] = {numbered[0].number: _joined(numbered[0], heaps[""])}
            yield from self._heaps[key].values()

    def name_of(self, heap: Heap) -> str:
        """The learner's name, with their number if another one has the same name."""
        if heap.number and len(self._heaps[_composed(heap.name)]) > 1:
            return f"{heap.name}_{heap.number}"
        return heap.name

    def for_roster(self, names: Sequence[str]) -> tuple[list[Learner], list[str]]:
        """The learners of a roster, in its order, and the names that it doesn't have.

        A roster names them as the submissions do, or by the number that the platform gives them.
        """
        heaps = list(self)
        by_name = {_composed(self.name_of(heap)): heap for heap in heaps}
        by_number = {heap.number: heap for heap in heaps if heap.number}
        with_number = {_composed(f"{heap.name}_{heap.number}"): heap for heap in heaps if heap.number}
        found: dict[str, Heap] = {}
        for name in names:
            key = _composed(name)
            heap = by_name.get(key) or with_number.get(key) or by_number.get(key)
            if heap:
                found[name] = heap
        used = {id(heap) for heap in found.values()}
        letters: dict[str, list[Heap]] = {}
        for heap in heaps:
            if id(heap) not in used and heap.in_letters:
                letters.setdefault(_letters(heap.name), []).append(heap)
        for name in names:
            if name not in found and len(alone := letters.pop(_letters(name), [])) == 1:
                found[name] = alone[0]
                used.add(id(alone[0]))
        learners = [found[name].learner(name) if name in found else Learner(name, None) for name in names]
        return learners, sorted(self.name_of(heap) for heap in heaps if id(heap) not in used)


def _joined(one: Heap, other: Heap) -> Heap:
    one.folders += other.folders
    one.refused += other.refused
    for card, paths in other.inside.items():
        one.inside.setdefault(card, []).extend(paths)
    for name, uploads in other.files.items():
        one.files.setdefault(name, []).extend(uploads)
    return one


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip()


def _letters(name: str) -> str:
    """A name as Canvas writes it: `Doe, John` is `doejohn`."""
    return "".join(letter for letter in alike(_composed(name)) if letter.isalnum())
