"""The files of a pack's cards: found by name and compared with their earlier state, without opening them.

Completion uses only this module, so it imports only the standard library.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SUFFIX = ".yaml"

Mark = tuple[int, int, int]
"""Size in bytes, and the times in nanoseconds when content and status last changed."""


def card_files(tasks: Path | str) -> dict[str, os.DirEntry[str]]:
    """The files of all cards by `<domain>/<card>.yaml`, sorted. Hidden files aren't cards."""
    return {
        f"{folder.name}/{entry.name}": entry
        for folder in _entries(tasks)
        if folder.is_dir()
        for entry in _entries(folder.path)
        if entry.name.endswith(SUFFIX) and not entry.name.startswith(".")
    }


def card_id_of(name: str) -> str:
    """The ID of a card, from the name of its file.

    >>> card_id_of("runtime-security/pod-ro.yaml")
    'pod-ro'
    """
    return name.rpartition("/")[2].removesuffix(SUFFIX)


def mark_of(file: os.DirEntry[str]) -> Mark | None:
    """What changes when the file changes; None if it isn't readable.

    The time of the status also changes if a copy keeps the time of the content.
    """
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _entries(folder: Path | str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []
