"""The files of a pack's cards: found by name, and told apart from what they were; none is opened.

Completion asks this module alone, so it needs nothing but the standard library.
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
    """The files of all cards by `<domain>/<card>.yaml`, sorted. Hidden files are no cards."""
    return {
        f"{folder.name}/{entry.name}": entry
        for folder in _entries(tasks)
        if folder.is_dir()
        for entry in _entries(folder.path)
        if entry.name.endswith(SUFFIX) and not entry.name.startswith(".")
    }


def card_id_of(name: str) -> str:
    """The id that a card has by the name of its file.

    >>> card_id_of("runtime-security/pod-ro.yaml")
    'pod-ro'
    """
    return name.rpartition("/")[2].removesuffix(SUFFIX)


def mark_of(file: os.DirEntry[str]) -> Mark | None:
    """What changes when the file does; None where it can't be looked at.

    The time of the status also changes where a copy keeps the time of the content.
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
