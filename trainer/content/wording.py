"""The wording of a card: which words a seed puts in the place of those that are written.

A word is whole if no letter, digit, `_` or `-` adjoins it: `sun` isn't in `sunday` or `sun-2`, but it is in
`sun/web`, `sun.svc` and `system:serviceaccount:sun:web`. A dot between two digits doesn't end a word either
(`80` isn't in `10.0.80.1`), nor does a dot inside a path's name (`/opt/web` isn't in `/opt/web.d`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

import msgspec

from trainer.errors import UsageError

MOST_SEED = 2**31 - 1

_INSIDE = rb"[A-Za-z0-9_\x80-\xff-]"
"""What continues a word."""


class Wording(msgspec.Struct, frozen=True, eq=False, dict=True):
    """The words that a seed replaces in a card's files; without words, everything is as written."""

    seed: int = 0
    words: dict[str, str] = {}
    """By the word as written, what stands for it."""

    def data(self, written: bytes) -> bytes:
        """The bytes of a file of the card or its solutions in this wording."""
        if not self.words:
            return written
        return self._pattern.sub(lambda found: self._encoded[found[0]], written)

    def text(self, written: str) -> str:
        """The same for text."""
        return self.data(written.encode()).decode() if self.words else written

    @cached_property
    def _pattern(self) -> re.Pattern[bytes]:
        return pattern_of(self.words)

    @cached_property
    def _encoded(self) -> dict[bytes, bytes]:
        return {word.encode(): other.encode() for word, other in self.words.items()}


AS_WRITTEN = Wording()
"""The wording of seed 0."""


def read_seed(text: str) -> int:
    """The seed that a text says, a whole number from 0 to `MOST_SEED`. Raises `UsageError`."""
    if text.isascii() and text.isdigit() and len(text) <= len(str(MOST_SEED)) and int(text) <= MOST_SEED:
        return int(text)
    raise UsageError(f"{text[:20]!r} isn't a seed", remedy=f"use a whole number from 0 to {MOST_SEED}")


def pattern_of(words: Iterable[str]) -> re.Pattern[bytes]:
    """Finds each of these words where it is whole, the longest of several first."""
    return re.compile(b"|".join(_whole(word) for word in sorted(words, key=lambda word: (-len(word), word))))


def _whole(word: str) -> bytes:
    before, after = rb"(?<!" + _INSIDE + rb")", rb"(?!" + _INSIDE + rb")"
    if word[0].isdigit():
        before += rb"(?<![0-9]\.)"
    if word[-1].isdigit():
        after += rb"(?!\.[0-9])"
    if word[0] == "/":
        before = rb"(?<![A-Za-z0-9_.\x80-\xff-])"
        after += rb"(?!\.[A-Za-z0-9_])"
    return before + re.escape(word.encode()) + after
