"""Names of people -> names of files that every system accepts, and no two of which are the same."""

from __future__ import annotations

import hashlib
import unicodedata

from trainer.patterns import regex

LONGEST = 50
"""Characters of a name; each takes at most four bytes, and file systems allow 255."""
_RESERVED = frozenset(
    ["con", "prn", "aux", "nul", *(f"{device}{digit}" for device in ("com", "lpt") for digit in "0123456789")]
)
"""Devices on Windows, with any ending: "Naming Files, Paths, and Namespaces" of learn.microsoft.com."""
_OTHER = regex(r"[^\w.-]+")


class FileNames:
    """Gives each name a file name of its own.

    Letters and digits of any script stay, whatever else becomes a hyphen. Names that would be the same on a
    system that ignores case or composes accents, and names of devices, get a part that follows from the name.
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, name: str) -> str:
        """A file name without ending. The same names in the same order get the same file names."""
        plain = _plain(name)
        if not plain or _folded(plain) in self._taken or plain.split(".")[0].casefold() in _RESERVED:
            mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
            plain = f"{plain or 'learner'}-{mark[:8]}"
        while _folded(plain) in self._taken:
            plain += "x"
        self._taken.add(_folded(plain))
        return plain


def _plain(name: str) -> str:
    words = _OTHER.sub("-", unicodedata.normalize("NFC", name))
    return words[:LONGEST].strip(".-_")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name.casefold())
