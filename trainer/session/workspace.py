"""The learner's files: a folder for each card. Nothing in it is lost, and no link in it is followed out."""

from __future__ import annotations

import os
import time
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from trainer.errors import TrainerError, UsageError
from trainer.files import FileFault, keep_copy, move, new_folder, read_file, remove_file, replace_file
from trainer.manifests.answer import GIVEN
from trainer.manifests.limits import MAX_BYTES
from trainer.session.held import Held, held

if TYPE_CHECKING:
    from trainer.content.card import Card

BACKUPS = ".backup"
"""Folder in a card's folder that keeps the answers replaced by a reset."""

SEED = ".seed"
"""File in a card's folder with the seed of its wording; none for the card as written."""

Signature = tuple[tuple[str, int, int], ...]
"""Name, modification time in nanoseconds and size in bytes of every file of an answer."""


def is_there(folder: Path) -> bool:
    """Whether a card's folder exists, or something else of its name."""
    try:
        folder.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:  # it may be there: reading says what is wrong
        return True
    return True


def is_empty(folder: Path) -> bool:
    """Whether a folder has nothing at all: on a full disk it was made, and nothing else."""
    try:
        return not os.listdir(folder)  # noqa: PTH208 - names, in whatever encoding
    except OSError:
        return False


def missing_starters(card: Card, folder: Path) -> dict[str, str]:
    """Starter texts by file name whose files don't exist; cards without starters have none."""
    return {name: text for name, text in card.start.items() if not os.path.lexists(folder / _inside(name))}


def start(card: Card, folder: Path) -> list[Path]:
    """Create the folder and the starter files that don't exist yet. Returns the files written."""
    new_folder(folder, inside=folder.parent)
    written = []
    for name, text in missing_starters(card, folder).items():
        write(folder, name, text)
        written.append(folder / name)
    return written


def seed_in(folder: Path) -> int:
    """The seed that is stored in a card's folder; 0 without one.

    Raises `FileFault` if it can't be read, `UsageError` if it is something else than a seed.
    """
    try:
        (folder / SEED).lstat()
    except OSError:  # no seed, no folder; what can't be looked at is reported when the answer is read
        return 0
    from trainer.content.wording import read_seed

    try:
        return read_seed(read_file(folder / SEED, inside=folder).strip().decode("ascii", "replace"))
    except UsageError as error:
        remedy = f"{error.remedy}: the one with which the card was started"
        raise UsageError(f"{folder / SEED}: {error.message}", remedy=remedy) from None


def keep_seed(folder: Path, seed: int) -> None:
    """Store the seed of a card's wording in its folder."""
    if seed:
        replace_file(folder / SEED, f"{seed}\n".encode(), inside=folder.parent)
    else:
        remove_file(folder / SEED, inside=folder.parent)


def deliver(card: Card, folder: Path) -> list[Path]:
    """Write what the card gives into the folder `given`. Returns the files, in the order of their names.

    What else has the name of such a file is moved to the backups first: a changed file, a link.
    """
    from trainer.content.material import material

    files = material(card)
    for name, text in files.items():
        target = folder / GIVEN / _inside(name)
        if not _differs(target, folder, text, missing=True):
            continue
        if os.path.lexists(target):
            move(target, new_backup(folder) / GIVEN / _inside(name), inside=folder.parent)
        replace_file(target, text.encode(), inside=folder.parent)
    return [folder / GIVEN / name for name in sorted(files)]


def changed(card: Card, folder: Path) -> list[str]:
    """The names of the starter files that exist and no longer contain the starter's text."""
    return [
        name
        for name, text in card.start.items()
        if _differs(folder / _inside(name), folder, text, missing=False)
    ]


def _differs(path: Path, folder: Path, text: str, *, missing: bool) -> bool:
    try:
        return read_file(path, inside=folder) != text.encode()
    except FileFault as fault:
        return fault.why != "missing" or missing


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


def read(folder: Path, name: str) -> Held:
    """One file of the answer as an editor holds it; without text if it is missing.

    Raises `TrainerError` for what isn't a text file; in its message the file is called `it`.
    """
    try:
        data = read_file(folder / _inside(name), limit=MAX_BYTES, inside=folder)
    except FileFault as fault:
        if fault.why == "missing":
            return Held()
        raise TrainerError(f"it {fault.what}", remedy=fault.remedy) from fault
    return held(data)


def write(folder: Path, name: str, text: str, before: Held | None = None) -> Path | None:
    """Put one file of the answer in place whole, in the form of what was there `before`.

    If there is now something else than that, it goes to the backups first: its place there is returned.
    Raises `TrainerError`; what can't be read isn't replaced.
    """
    target = folder / _inside(name)
    data = (before or Held()).encoded(text)
    try:
        there = read_file(target, limit=MAX_BYTES, inside=folder.parent)
    except FileFault as fault:
        if fault.why != "missing":
            raise
        there = None
    backup = None
    if there is not None and there != data and (before is None or there != before.data):
        backup = new_backup(folder) / _inside(name)
        keep_copy(target, backup, inside=folder.parent)
    replace_file(target, data, inside=folder.parent)
    return backup


def keep_text(folder: Path, name: str, text: str) -> Path:
    """Put a text that isn't saved into the backups. Returns its place there."""
    backup = new_backup(folder) / _inside(name)
    replace_file(backup, text.encode("utf-8", "replace"), inside=folder.parent)
    return backup


def new_backup(folder: Path) -> Path:
    """Make a folder for a backup."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    names = (stamp if number == 1 else f"{stamp}-{number}" for number in range(1, 10_000))
    return next(place for name in names if new_folder(place := folder / BACKUPS / name, inside=folder.parent))


def put_away(folder: Path, *, given: bool = False) -> Path:
    """Move the answer's files into a new backup folder and return it; with `given`, the material, too."""
    backup = new_backup(folder)
    for name in sorted(_entries(folder)):
        if not name.startswith(".") and (given or name != GIVEN):
            move(folder / name, backup / name, inside=folder.parent)
    return backup


def _entries(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208 - names, in whatever encoding
    except OSError as error:
        words = (error.strerror or str(error)).lower()
        raise FileFault(folder, f"cannot be read: {words}", "other", remedy="check its permissions") from None


def _inside(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts or "\0" in name:
        raise UsageError(
            f"{name!r} is not a file of an answer", remedy="name a file inside the card's folder"
        )
    return path
