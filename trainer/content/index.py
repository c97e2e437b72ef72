"""The index of a pack on disk: its cards as listed, so that a listing opens none of their files.

The built-in cards of an installed package ship with theirs, made when the package is built. Every
other pack has one in the cache folder, named after the pack's path. An index only saves time: one
that is missing, damaged, made by another program or not writable is never an error.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from trainer import __version__
from trainer.config import platform_folder
from trainer.content.files import Mark
from trainer.content.listed import Listed
from trainer.files import MIB, FileFault, read_file, remove_file, replace_file

KEPT = 20
"""This many packs keep their index in the cache folder; the oldest is removed first."""

LARGEST = 256 * MIB
"""The most bytes of an index: that of a card takes a few hundred."""

_SETTLED = 2_000_000_000
"""Nanoseconds since the last change of a file: two quick changes may get the same time."""
_INSTALLING = 60_000_000_000
"""Nanoseconds that an installer may need to write the files of a package."""


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """A card as listed, and the mark of the file that it was read from."""

    mark: Mark
    card: Listed


class _File(msgspec.Struct, frozen=True):
    """The content of an index file, after a checksum of four bytes."""

    maker: str
    """What made it; another maker may read the same cards differently."""
    tasks: str
    """The folder of the cards; empty in an index that ships with a package."""
    entries: dict[str, Entry]
    """By `<domain>/<card>.yaml`."""


class Index:
    """The index of the cards in the folder `tasks`, and which of its entries are still valid."""

    def __init__(self, tasks: Path, shipped: Path | None = None) -> None:
        self.tasks = tasks
        self.shipped = shipped
        """The index that came with the package, if that one is in use."""
        self.place = shipped or cache_place(tasks)
        """The file of the index in use."""
        self.entries = _read(shipped, __version__, "") if shipped else {}
        if not self.entries:
            self.shipped, self.place = None, cache_place(tasks)
            self.entries = _read(self.place, maker(), str(tasks))

    def entry(self, name: str, mark: Mark | None) -> Entry | None:
        """The entry of `<domain>/<card>.yaml`, if the file with this mark is still the one that
        was read."""
        entry = self.entries.get(name)
        if entry is None or mark is None:
            return None
        if self.shipped is None:
            return entry if entry.mark == mark else None
        # An installer gives files new times: what counts is that the card has not changed since.
        newest = _changed(self.shipped) + _INSTALLING
        return entry if entry.mark[0] == mark[0] and mark[1] <= newest else None

    def keep(self, entries: Mapping[str, Entry], begun: int) -> None:
        """Write these entries if they differ; `begun` is when their reading began, in nanoseconds.

        A file that had just changed is left out: its mark might not show another change.
        """
        if self.shipped:
            return
        settled = {name: entry for name, entry in entries.items() if max(entry.mark[1:]) < begun - _SETTLED}
        if settled != self.entries:
            _write(self.place, _encoded(_File(maker(), str(self.tasks), settled)))
            self.entries = settled


def cache_place(tasks: Path) -> Path:
    """The file in the cache folder for the index of the cards in `tasks`."""
    return platform_folder("cache") / f"cards-{zlib.crc32(os.fsencode(tasks)):08x}.index"


def shipped_index(cards: Mapping[str, tuple[int, Listed]]) -> bytes:
    """The index that ships with a package: each card's size in bytes and the card as listed."""
    entries = {name: Entry((size, 0, 0), card) for name, (size, card) in cards.items()}
    return _encoded(_File(__version__, "", entries))


def maker() -> str:
    """The program's version, and the state of the modules that read cards."""
    content = Path(__file__).parent
    modules = [*_modules(content), *_modules(content.parent / "manifests" / "reading")]
    return f"{__version__} {zlib.crc32(repr(modules).encode()):08x}"


def _modules(folder: Path) -> Iterator[tuple[str, int]]:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.name.endswith(".py"):
                yield entry.name, entry.stat().st_mtime_ns


def _changed(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0


def _read(place: Path, made_by: str, tasks: str) -> dict[str, Entry]:
    """The entries of an index; empty if it is missing, damaged, or made by or for something else."""
    try:
        data = read_file(place, limit=LARGEST)
        if zlib.crc32(data[4:]) != int.from_bytes(data[:4], "big"):
            return {}
        file = msgspec.msgpack.decode(memoryview(data)[4:], type=_File)
    except (FileFault, msgspec.MsgspecError):
        return {}
    return file.entries if (file.maker, file.tasks) == (made_by, tasks) else {}


def _encoded(file: _File) -> bytes:
    data = msgspec.msgpack.encode(file)
    return zlib.crc32(data).to_bytes(4, "big") + data


def _write(place: Path, data: bytes) -> bool:
    """Write a whole file to a temporary file and rename it, if possible; the oldest of many
    indexes is removed."""
    try:
        replace_file(place, data, sync=False)
        for file in sorted(place.parent.glob("cards-*"), key=_changed)[:-KEPT]:
            remove_file(file, inside=place.parent)
    except (FileFault, OSError):
        return False
    return True
