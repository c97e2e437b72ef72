"""Names inside archives: where a member goes, or why it goes nowhere.

A name is whatever whoever made the archive wrote. It never leads out of the folder that the archive is
unpacked into, and it is never one that a file system or a terminal reads in another way.
"""

from __future__ import annotations

import unicodedata

from trainer.safe_text import one_line

MOST_PARTS = 16
LONGEST_PART = 200
"""Bytes of a file's or a folder's name."""
LONGEST = 1000
"""Bytes of a whole name."""

_OF_SYSTEMS = frozenset({"__macosx", "thumbs.db", "desktop.ini", "$recycle.bin"})


class Refused(Exception):
    """A member that isn't unpacked; the message is the sentence without its subject."""


def parts_of(name: str) -> tuple[str, ...]:
    """The folders and the file of a member, from the top of the archive; empty for the top itself.

    Windows writes backslashes. Names are composed (NFC), as the names in a roster are, and what acts in
    a terminal is written out. Raises `Refused`.

    >>> parts_of("ana/./pod.yaml")
    ('ana', 'pod.yaml')
    """
    if "\0" in name:
        raise Refused("has a NUL character in its name")
    plain = name.replace("\\", "/")
    if plain.startswith("/") or plain[1:2] == ":":
        raise Refused("has an absolute path")
    parts = tuple(part for part in plain.split("/") if part not in ("", "."))
    if ".." in parts:
        raise Refused("leads out of the archive")
    shown = tuple(one_line(unicodedata.normalize("NFC", part)).strip() or "_" for part in parts)
    sizes = [len(part.encode("utf-8", "surrogateescape")) for part in shown]
    if len(parts) > MOST_PARTS or sum(sizes) > LONGEST or max(sizes, default=0) > LONGEST_PART:
        raise Refused("has a name that is too long")
    return shown


def is_of_a_system(name: str) -> bool:
    """Whether a file or folder of this name is what an operating system leaves behind: nobody submits it."""
    return name.startswith(("._", ".")) or name.casefold() in _OF_SYSTEMS
