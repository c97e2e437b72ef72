"""The learner's files: a folder for each card; files are written to a temporary file and renamed,
and never lost."""

from __future__ import annotations

import os
import time
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from trainer.errors import TrainerError, UsageError
from trainer.manifests.answer import GIVEN

if TYPE_CHECKING:
    from trainer.content.card import Card

BACKUPS = ".backup"
"""Folder in a card's folder that keeps the answers replaced by a reset."""

Signature = tuple[tuple[str, int, int], ...]
"""Name, modification time in nanoseconds and size in bytes of every file of an answer."""


class WorkspaceError(TrainerError):
    """A file or folder of the workspace cannot be read or written."""


def missing_starters(card: Card, folder: Path) -> dict[str, str]:
    """Starter texts by file name whose files don't exist; cards without starters have none."""
    return {name: text for name, text in card.start.items() if not (folder / _inside(name)).exists()}


def start(card: Card, folder: Path) -> list[Path]:
    """Create the folder and the starter files that don't exist yet. Returns the files written."""
    with _words(f"cannot create {folder}"):
        folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in missing_starters(card, folder).items():
        write(folder, name, text)
        written.append(folder / name)
    return written


def deliver(card: Card, folder: Path) -> list[Path]:
    """Write what the card gives into the folder `given`. Returns the files, in the order of their names.

    A file that the learner changed is moved to the backups first.
    """
    from trainer.content.material import material

    files = material(card)
    for name, text in files.items():
        target = folder / GIVEN / _inside(name)
        with _words(f"{target} can't be read"):
            there = target.read_bytes() if target.is_file() else None
        if there == text.encode():
            continue
        if there is not None:
            with _words(f"{target} can't be moved to the backups"):
                kept = _new_backup(folder) / GIVEN / _inside(name)
                kept.parent.mkdir(parents=True)
                target.rename(kept)
        write(folder / GIVEN, name, text)
    return [folder / GIVEN / name for name in sorted(files)]


def changed(card: Card, folder: Path) -> list[str]:
    """The names of the starter files that exist and no longer contain the starter's text."""
    with _words(f"cannot read {folder}"):
        return [
            name
            for name, text in card.start.items()
            if (folder / _inside(name)).is_file() and (folder / _inside(name)).read_bytes() != text.encode()
        ]


def answer_files(folder: Path) -> list[Path]:
    """The files of an answer: every visible file in the folder or below, or the one file itself.

    What the card gives, in the folder `given`, isn't part of it.
    """
    if folder.is_file():
        return [folder]
    found: list[Path] = []
    for root, folders, names in os.walk(folder):
        top = Path(root) == folder
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and not (top and name == GIVEN)
        )
        found += (Path(root, name) for name in sorted(names) if not name.startswith("."))
    return found


def signature(folder: Path) -> Signature:
    """What changes when a file of the answer is saved; cheap enough to poll four times a second."""
    marks = []
    for file in answer_files(folder):
        try:
            status = file.stat()
        except OSError:
            continue  # renamed away between the two reads; the next poll sees its successor
        name = file.relative_to(folder).as_posix() if file != folder else file.name
        marks.append((name, status.st_mtime_ns, status.st_size))
    return tuple(marks)


def write(folder: Path, name: str, text: str) -> None:
    """Write one file whole: to a temporary file beside it, then renamed over it, so that no half
    file is seen."""
    import tempfile

    target = folder / _inside(name)
    with _words(f"cannot write {target}"):
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(prefix=".", suffix=".new", dir=target.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            mode = target.stat().st_mode & 0o777 if target.exists() else 0o644
            Path(beside).chmod(mode)
            Path(beside).replace(target.resolve())
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise


def _new_backup(folder: Path) -> Path:
    """A folder for a backup that isn't there yet."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    return next(
        place
        for number in range(1, 10_000)
        if not (place := folder / BACKUPS / (stamp if number == 1 else f"{stamp}-{number}")).exists()
    )


def put_away(folder: Path) -> Path:
    """Move the answer's files into a new backup folder and return it."""
    backup = _new_backup(folder)
    with _words(f"cannot move the old answer to {backup}"):
        backup.mkdir(parents=True)
        for entry in sorted(folder.iterdir()):
            if not entry.name.startswith(".") and entry.name != GIVEN:
                entry.rename(backup / entry.name)
    return backup


def _inside(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts or "\0" in name:
        raise UsageError(
            f"{name!r} is not a file of an answer", remedy="name a file inside the card's folder"
        )
    return path


class _words:  # noqa: N801 - reads as a statement at its uses
    """Turn an `OSError` into a `WorkspaceError` with a message."""

    def __init__(self, what: str) -> None:
        self.what = what

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            raise WorkspaceError(
                f"{self.what}: {error.strerror or error}", remedy="check permissions and free space"
            ) from error
