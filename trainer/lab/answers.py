"""The answers of a class on disk: which of them changed, and what is in them.

They are other people's files: nothing is followed out of a learner's folder, and a look ends soon however
many files there are.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import msgspec

from trainer.files import FileFault, read_file
from trainer.manifests.answer import GIVEN, MAX_FILES, MAX_FOLDERS, is_left_over

_MOST = 4 * MAX_FILES
"""How many files and folders are looked at; an answer of more than `MAX_FILES` files isn't read anyway."""


class Trace(msgspec.Struct, frozen=True):
    """What changes when a file of an answer is saved."""

    files: tuple[tuple[str, int, int], ...] = ()
    """Name, size in bytes and time of the last change in nanoseconds."""

    @property
    def at(self) -> float:
        """When the answer was last changed, in seconds since 1970; 0 without files."""
        return max((time for _, _, time in self.files), default=0) / 1e9


def trace_of(folder: Path) -> Trace:
    """The trace of the answer in a card's folder, as far as it can be seen."""
    found = []
    for entry, name in _entries(folder, "", MAX_FOLDERS, iter(range(_MOST))):
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError:
            continue
        found.append((name, status.st_size, status.st_mtime_ns))
    return Trace(tuple(found))


def mark_of(folder: Path, trace: Trace | None = None) -> str:
    """A digest of an answer's files: two answers with the same names and bytes have the same.

    A file that can't be read, or is too large, makes it different from any other.
    """
    digest = hashlib.sha256()
    for name, _, time in (trace or trace_of(folder)).files:
        try:
            data = read_file(folder / name, inside=folder)
        except FileFault as fault:
            data = f"{fault.why} {time}".encode()
        for part in (os.fsencode(name), data):
            digest.update(b"%d " % len(part) + part)
    return digest.hexdigest()


def _entries(
    folder: Path, below: str, deep: int, budget: Iterator[int]
) -> Iterator[tuple[os.DirEntry[str], str]]:
    """The files that count as an answer's, each with its name inside the folder; links as they are.

    Each entry takes one of the budget.
    """
    try:
        if stat.S_ISLNK(os.lstat(folder).st_mode):
            return
        with os.scandir(folder) as entries:
            names = sorted((entry for entry, _ in zip(entries, budget, strict=False)), key=_by_name)
    except OSError:
        return
    for entry in names:
        if is_left_over(entry.name) or (not below and entry.name == GIVEN):
            continue
        if not entry.is_dir(follow_symlinks=False):
            yield entry, below + entry.name
        elif deep > 1:
            yield from _entries(folder / entry.name, f"{below}{entry.name}/", deep - 1, budget)


def _by_name(entry: os.DirEntry[str]) -> str:
    return entry.name
