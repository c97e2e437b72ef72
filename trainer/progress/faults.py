"""What can be wrong with a database file, in words; and how a broken one is preserved."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from trainer.config import platform_folder
from trainer.errors import StoreError
from trainer.progress.migrations import APPLICATION_ID

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_HEADER = b"SQLite format 3\x00"
_MARK_AT = 68  # of `application_id` in the header, sqlite.org/fileformat2.html

_WORDS = {
    sqlite3.SQLITE_FULL: ("the disk is full", "free some space and grade again"),
    sqlite3.SQLITE_READONLY: (
        "the file or its folder is read-only",
        "make it writable, or name another file with --database",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "the file cannot be opened",
        "check that its folder exists and is writable, or name another file with --database",
    ),
    sqlite3.SQLITE_PERM: ("access is denied", "check the permissions of the file and its folder"),
    sqlite3.SQLITE_AUTH: ("access is denied", "check the permissions of the file and its folder"),
    sqlite3.SQLITE_BUSY: ("another program has locked it", "close the other program and try again"),
    sqlite3.SQLITE_LOCKED: ("another program has locked it", "close the other program and try again"),
    sqlite3.SQLITE_IOERR: ("the disk reports an error", "check the disk and its free space"),
}


@contextmanager
def in_words(file: Path) -> Iterator[None]:
    """Turn what SQLite and the file system raise into a `StoreError`."""
    try:
        yield
    except sqlite3.Error as error:
        raise _store_error(file, error) from error
    except UnicodeDecodeError as error:  # a message of SQLite with a part of the damaged schema
        raise _keep_aside(file) from error
    except OSError as error:
        raise StoreError(
            f"{file}: {error.strerror or error}",
            remedy="check the folder's permissions and free space, or name another file with --database",
        ) from error


def _store_error(file: Path, error: sqlite3.Error) -> StoreError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return _keep_aside(file)
    what, remedy = _WORDS.get(code, (str(error), "see `cks-trainer doctor`"))
    return StoreError(f"cannot store your progress in {file}: {what}", remedy=remedy)


def make_private(file: Path) -> None:
    """Make the database, and its folder if it is missing, for this person only; one of earlier versions, too.

    A folder that exists keeps its permissions, unless it is the program's own. Raises `OSError`, and
    `StoreError` for what isn't a file: SQLite would wait for a pipe.
    """
    folder = file.parent
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    own = [folder] if folder == platform_folder("data") else []
    if file.exists() and not file.is_file():
        raise StoreError(f"{file} is not a file", remedy="name another file with --database")
    if not file.exists():
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    for path in (file, *own):
        mode = path.stat().st_mode
        if mode & 0o077:
            with suppress(PermissionError):  # another person's file, or a file system without permissions
                path.chmod(mode & 0o700)


def is_ours(file: Path) -> bool:
    """Whether the file's header says that it is one of our progress databases."""
    try:
        with file.open("rb") as stream:
            header = stream.read(100)
    except OSError:
        return False
    mark = int.from_bytes(header[_MARK_AT : _MARK_AT + 4], "big")
    return header.startswith(_HEADER) and mark == APPLICATION_ID


def _keep_aside(file: Path) -> StoreError:
    """Rename our broken database, so that the next start creates a new one; touch no other file."""
    if not is_ours(file):
        return StoreError(
            f"{file} is not a progress database (or too damaged to tell); it was not changed",
            remedy="move it away, or name another file with --database or CKS_TRAINER_DATABASE",
        )
    stamp = time.strftime("%Y%m%d-%H%M%S")
    aside = file.with_name(f"{file.name}.broken-{stamp}")
    number = 1
    while aside.exists():
        number += 1
        aside = file.with_name(f"{file.name}.broken-{stamp}-{number}")
    try:
        file.rename(aside)
        for suffix in ("-journal", "-wal", "-shm"):
            sidecar = file.with_name(file.name + suffix)
            if sidecar.exists():
                sidecar.rename(aside.with_name(aside.name + suffix))
    except OSError as error:
        return StoreError(
            f"cannot rename the damaged {file}: {error.strerror}", remedy="move it away manually"
        )
    copies = sorted(place.name for place in file.parent.glob(f"{file.name}.before-step-*"))
    older = f"; older copies: {', '.join(copies)}" if copies else ""
    return StoreError(
        f"{file} is damaged; it is kept as {aside.name}{older}",
        remedy="start again with a new one; `sqlite3 FILE .recover` often recovers the data of the old one",
    )
