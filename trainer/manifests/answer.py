"""A learner's answer as bytes: regular files only, within limits, nothing outside the folder.

Answers are other people's files: a FIFO would hang the program, a device would never end, and a
link may lead to what the learner must not see in a report.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import IO

import msgspec

from trainer.errors import AnswerUnreadable, UsageError
from trainer.files import FileFault, read_file
from trainer.manifests.limits import MAX_BYTES
from trainer.safe_text import one_line

STDIN = "stdin"
"""The file name under which standard input is read and located."""

GIVEN = "given"
"""The folder in an answer's folder that holds what the card gives; it is never part of the answer."""

ARCHIVES = (".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".7z", ".rar", ".zst")
"""Endings of files that hold other files: they are never unpacked."""

MAX_FILES = 100
MAX_TOTAL = 8 * MAX_BYTES
MAX_FOLDERS = 4
"""How deep folders may nest: the answer's folder and three below."""

_BACKUPS = ("~", ".swp", ".swo", ".swx", ".bak", ".orig", ".tmp")
_VIM_PROBE = "4913"
_MANIFESTS = (".yaml", ".yml", ".json")
_KUBECONFIGS = ("config", "kubeconfig")
"""Names that kubectl and kubeadm give kubeconfig files: ~/.kube/config, /etc/kubernetes/admin.conf."""
_KUBECONFIG_SUFFIXES = (".conf", ".kubeconfig")
_REMEDIES = {
    "irregular": "name a regular file, or - for standard input",
    "large": "submit only the manifests that the task asks for",
}
"""What to do about a file, where more can be said of an answer's than of any."""


class AnswerFile(msgspec.Struct, frozen=True):
    """One file of an answer: its name relative to the answer's folder, with `/`, and its bytes."""

    name: str
    data: bytes


class Answer(msgspec.Struct, frozen=True):
    """The files of one answer, in the order in which they are read (in a folder: by name)."""

    files: tuple[AnswerFile, ...]
    unread: tuple[str, ...] = ()
    """Names of files in the folder that the card doesn't ask for and that hold no manifests: not opened."""


@lru_cache(maxsize=1024)
def holds_manifests(name: str) -> bool:
    """Whether a file of this name is read as manifests: .yaml, .yml and .json, and kubeconfig files."""
    path = PurePosixPath(name.lower())
    return path.suffix in _MANIFESTS or path.name in _KUBECONFIGS or path.suffix in _KUBECONFIG_SUFFIXES


def is_left_over(name: str) -> bool:
    """Whether a file or folder of this name is hidden, or what an editor leaves behind: it is never read."""
    return name.startswith((".", "#")) or name.endswith(_BACKUPS) or name == _VIM_PROBE


def read_answer(paths: Sequence[Path], demanded: Collection[str] | None = None) -> Answer:
    """Read the files of one answer: files, folders, or `-` for standard input.

    Of a folder all regular files are read in the order of their names, those of nested folders
    too; hidden files and folders and what editors leave behind (`x~`, `.x.swp`, `x.bak`) are not, nor is
    the folder `given`. With `demanded`, the names of the files that a card asks for, other files that hold
    no manifests are named in `Answer.unread` and not opened.
    Links may point to files inside the answer's folder (for a file: the folder that it is in).
    Names inside the answer are cleaned: no control characters.

    Raises `AnswerUnreadable` where a path is missing, no regular file, not permitted, over 1 MiB
    (told by its size, without reading), or a folder without files; `UsageError` for no path at all.
    """
    files: list[AnswerFile] = []
    unread: list[str] = []
    for path in paths:
        if str(path) == "-":
            files.append(read_stdin())
        elif _is_folder(path):
            files += _read_folder(path, demanded, unread)
        else:
            files.append(AnswerFile(one_line(path.name), read_regular(path)))
    if not files:
        raise UsageError("no file of an answer is named", remedy="name a file, a folder, or -")
    total = sum(len(file.data) for file in files)
    if len(files) > MAX_FILES or total > MAX_TOTAL:
        limits = f"more than {MAX_FILES} files or {MAX_TOTAL // MAX_BYTES} MiB"
        raise _refusal(_shown(paths[0]), f"has {limits}", "submit only the files that the task asks for")
    return Answer(tuple(_named_apart(files, paths)), tuple(unread))


def _named_apart(files: list[AnswerFile], paths: Sequence[Path]) -> list[AnswerFile]:
    """The files with their whole paths as names where two of them would share one."""
    if len(files) != len(paths) or len({file.name for file in files}) == len(files):
        return files
    return [AnswerFile(_shown(path), file.data) for file, path in zip(files, paths, strict=True)]


def read_regular(path: Path, root: Path | None = None, shown: str = "") -> bytes:
    """The bytes of a regular file; a link must lead to one inside `root`, by default the file's folder.

    Raises `AnswerUnreadable`, in which the file is called `shown`, by default by its path.
    """
    shown = shown or _shown(path)
    try:
        data = _read(path, root or path.parent, shown)
    except FileFault:
        raise _missing(path) from None
    if root is None and path.name.lower().endswith(ARCHIVES):
        raise _refusal(shown, "is an archive", "unpack it, and name the files")
    return data


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except (OSError, ValueError):
        return False  # reading it as a file tells what is wrong


def _read_folder(folder: Path, demanded: Collection[str] | None, unread: list[str]) -> list[AnswerFile]:
    files: list[AnswerFile] = []
    for path in _walk(folder, 1):
        name = one_line(path.relative_to(folder).as_posix())
        if demanded is not None and name not in demanded and not holds_manifests(name):
            unread.append(name)
            continue
        try:
            files.append(AnswerFile(name, _read(path, folder, _shown(path))))
        except FileFault:  # an editor replaces the file at this moment
            continue
        if len(files) > MAX_FILES:
            break
    if not files:
        raise _nothing_in(folder, demanded, unread)
    return files


def _nothing_in(folder: Path, demanded: Collection[str] | None, unread: list[str]) -> AnswerUnreadable:
    if not unread:
        with os.scandir(folder) as entries:
            unread = sorted(one_line(entry.name) for entry in entries if not entry.is_dir())
    if not unread:
        return _refusal(_shown(folder), "has no files", "save your answer in this folder first")
    names = ", ".join(unread[:3]) + (", ..." if len(unread) > 3 else "")
    what = f"has no file that the card requires, only {names}"
    wanted = " or ".join(sorted(demanded or ()))
    remedy = f"save your answer as {wanted}; apart from it, only .yaml, .yml and .json files are read"
    if not wanted:
        remedy = "save your answer as a .yaml, .yml or .json file"
    packed = [name for name in unread if name.lower().endswith(ARCHIVES)]
    if packed:
        remedy = f"unpack {packed[0]}"
    return _refusal(_shown(folder), what, remedy)


def _walk(folder: Path, depth: int) -> Iterator[Path]:
    """The files below a folder in the order of their names, without what editors leave behind."""
    shown = _shown(folder)
    if depth > MAX_FOLDERS:
        what = f"is nested more than {MAX_FOLDERS} folders deep"
        raise _refusal(shown, what, "put the answer's files into one folder")
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        what = f"cannot be read: {(error.strerror or str(error)).lower()}"
        raise _refusal(shown, what, "check the folder and its permissions") from None
    for entry in found:
        name = entry.name
        if is_left_over(name):
            continue
        if depth == 1 and name == GIVEN:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(folder / name, depth + 1)
        else:
            yield folder / name


def _read(path: Path, root: Path, shown: str) -> bytes:
    """The bytes of a regular file inside `root`. Raises `FileFault` if it is missing."""
    try:
        return read_file(path, limit=MAX_BYTES, inside=root)
    except FileFault as fault:
        if fault.why == "missing":
            raise
        raise _refusal(shown, fault.what, _REMEDIES.get(fault.why, fault.remedy)) from None


def read_stdin() -> AnswerFile:
    """Standard input as a file. Raises `AnswerUnreadable` if it is closed, or over the limit."""
    if sys.stdin is None:
        what, remedy = "standard input is closed", "pass the manifests on standard input, or name a file"
        raise AnswerUnreadable(what, file=STDIN, remedy=remedy)
    try:
        return AnswerFile(STDIN, _bounded(sys.stdin.buffer, "standard input"))
    except OSError as error:
        what = f"cannot be read: {(error.strerror or str(error)).lower()}"
        raise _refusal("standard input", what, "pass the manifests on it, or name a file") from None


def _bounded(file: IO[bytes], shown: str) -> bytes:
    """Everything that a file yields, up to the limit: it may grow, and standard input has no size."""
    data = bytearray()
    while chunk := file.read(MAX_BYTES + 1 - len(data)):
        data += chunk
        if len(data) > MAX_BYTES:
            raise _too_large(shown, len(data))
    return bytes(data)


def _shown(path: Path) -> str:
    return one_line(str(path))


def _refusal(shown: str, what: str, remedy: str) -> AnswerUnreadable:
    return AnswerUnreadable(f"{shown} {what}", file=shown, remedy=remedy)


def _missing(path: Path) -> AnswerUnreadable:
    from difflib import get_close_matches

    try:
        near = get_close_matches(path.name, [other.name for other in path.parent.iterdir()], 1)
    except (OSError, ValueError):
        near = []
    remedy = f"did you mean {_shown(path.parent / near[0])}?" if near else "check the path"
    return _refusal(_shown(path), "does not exist", remedy)


def _too_large(shown: str, size: int) -> AnswerUnreadable:
    what = f"is too large: {size / MAX_BYTES:.1f} MiB, the limit is 1 MiB"
    return _refusal(shown, what, _REMEDIES["large"])
