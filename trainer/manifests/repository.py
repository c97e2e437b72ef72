"""The files that a question is about: of a folder, what `kubectl apply -R -f` reads, and what else is there.

Follows `ExpandPathsToFileVisitors` of k8s.io/cli-runtime v1.35: in a folder, at any depth and in the order of
their names, the files that end in .json, .yaml or .yml; a file that is named itself, whatever its ending.
Unlike kubectl, this follows no links out of the folder, doesn't search `.git`, and has limits.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from trainer.errors import AnswerUnreadable, UsageError
from trainer.manifests.answer import AnswerFile, read_regular, read_stdin
from trainer.manifests.limits import MAX_BYTES
from trainer.safe_text import one_line

MAX_FILES = 10_000
MAX_TOTAL = 64 * MAX_BYTES
MAX_ENTRIES = 200_000
"""How many files and folders are looked at."""

ENDINGS = (".json", ".yaml", ".yml")
"""What kubectl reads in folders; as in kubectl, in lower case only."""

_NOT_SEARCHED = ".git"
_NEITHER = "not a .yaml, .yml or .json file"


class LeftOut(msgspec.Struct, frozen=True):
    """A file in a folder that wasn't read, and why not."""

    file: str
    why: str


class Sources(msgspec.Struct, frozen=True):
    """What a question is about, as bytes."""

    files: tuple[AnswerFile, ...]
    named: frozenset[str]
    """The names of the files that were named themselves, not found in a folder."""
    left_out: tuple[LeftOut, ...] = ()
    unreadable: tuple[AnswerUnreadable, ...] = ()
    """Manifests in folders that are over a limit or can't be opened: the rest is still read."""
    others: Mapping[str, tuple[Path, Path]] = {}
    """Regular files that were left out because of their ending: name -> path, and the folder it is in."""


def read_sources(paths: Sequence[Path]) -> Sources:
    """Read files, folders, and `-` for standard input.

    Files in a folder are named relative to it; if two files would get the same name, by their whole paths.
    Raises `AnswerUnreadable` for a named file or folder that can't be read, and for too many files;
    `UsageError` without a path.
    """
    if not paths:
        raise UsageError("no file is named", remedy="name a file, a folder, or -")
    search = _Search()
    for path in paths:
        if str(path) == "-":
            search.add(read_stdin(), Path("-"), named=True)
        elif path.is_dir():
            search.folder(path)
        else:
            search.add(AnswerFile(one_line(path.name), read_regular(path)), path, named=True)
    return search.found()


class _Search:
    """Collects what is found, within the limits."""

    def __init__(self) -> None:
        self.files: list[tuple[AnswerFile, Path, bool]] = []
        self.left_out: list[LeftOut] = []
        self.unreadable: list[AnswerUnreadable] = []
        self.others: dict[str, tuple[Path, Path]] = {}
        self.bytes = 0
        self.entries = 0

    def add(self, file: AnswerFile, path: Path, *, named: bool) -> None:
        self.files.append((file, path, named))
        self.bytes += len(file.data)
        if len(self.files) > MAX_FILES or self.bytes > MAX_TOTAL:
            raise self._too_much(path, f"{MAX_FILES:,} manifests or {MAX_TOTAL // MAX_BYTES} MiB")

    def folder(self, folder: Path) -> None:
        for path, is_regular in self._walk(folder):
            name = one_line(path.relative_to(folder).as_posix())
            if not path.name.endswith(ENDINGS):
                self.left_out.append(LeftOut(name, _NEITHER))
                if is_regular:
                    self.others[name] = path, folder
                continue
            if why := _elsewhere(path, folder):
                self.left_out.append(LeftOut(name, why))
                continue
            try:
                self.add(AnswerFile(name, read_regular(path, folder, name)), path, named=False)
            except AnswerUnreadable as error:
                if error.file != name:  # a limit of the whole
                    raise
                self.unreadable.append(error)

    def found(self) -> Sources:
        names = [file.name for file, _, _ in self.files]
        if len(set(names)) < len(names):
            self.files = [
                (AnswerFile(one_line(str(path)), file.data), path, named) for file, path, named in self.files
            ]
        return Sources(
            tuple(file for file, _, _ in self.files),
            frozenset(file.name for file, _, named in self.files if named),
            tuple(self.left_out),
            tuple(self.unreadable),
            self.others,
        )

    def _walk(self, folder: Path) -> Iterator[tuple[Path, bool]]:
        """The files below a folder, in the order of their names, and whether each is a regular file."""
        waiting = self._entries(folder, folder)
        while waiting:
            entry = waiting.pop()
            self.entries += 1
            if self.entries > MAX_ENTRIES:
                raise self._too_much(folder, f"{MAX_ENTRIES:,} files")
            path = Path(entry.path)
            if not entry.is_dir(follow_symlinks=False):
                yield path, entry.is_file(follow_symlinks=False)
            elif entry.name != _NOT_SEARCHED:
                waiting += self._entries(path, folder)

    def _entries(self, folder: Path, top: Path) -> list[os.DirEntry[str]]:
        """What is in a folder, the last name first."""
        try:
            with os.scandir(folder) as entries:
                return sorted(entries, key=lambda entry: entry.name, reverse=True)
        except OSError as error:
            shown = one_line(str(top if folder == top else folder.relative_to(top)))
            wrong = AnswerUnreadable(
                f"{shown} can't be read: {error.strerror or error}",
                file=shown,
                remedy="check the permissions",
            )
            if folder == top:
                raise wrong from None
            self.unreadable.append(wrong)
            return []

    def _too_much(self, path: Path, limit: str) -> AnswerUnreadable:
        shown = one_line(str(path))
        return AnswerUnreadable(
            f"there are more than {limit}", file=shown, remedy="name fewer files, or a folder further down"
        )


def _elsewhere(path: Path, folder: Path) -> str:
    """Why a file with the right ending isn't read (it isn't a file, a link leads elsewhere), or empty."""
    try:
        if not path.is_symlink():
            return "" if stat.S_ISREG(path.lstat().st_mode) else "not a regular file"
        target = path.resolve(strict=True)
        if not target.is_relative_to(folder.resolve(strict=True)):
            return "a link that leads out of the folder"
        return "" if target.is_file() else "a link to something that isn't a file"
    except (OSError, RuntimeError):  # a loop of links is a RuntimeError up to Python 3.12
        return "a link to a missing file"
