"""How the value of a word becomes fields, at the characters of IFS.

Follows POSIX.1-2024, XCU 2.6.5 (Field Splitting). Each field keeps the pattern for file names that it may be.
"""

from __future__ import annotations

from trainer.simulate.shell import globs
from trainer.simulate.shell.process import limited

_BLANKS = " \t\n"


class Fields:
    """The fields that grow while the parts of a word are read."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str | None]] = []
        """Each field, and its pattern if it has an unquoted special character."""
        self.text = self.pattern = ""
        self.special = self.started = False

    def add(self, value: str, *, quoted: bool) -> None:
        """Add a text to the current field."""
        self.text = limited(self.text + value)
        self.pattern += globs.literal(value) if quoted else value
        self.special = self.special or (not quoted and globs.is_pattern(value))
        self.started = self.started or quoted or bool(value)

    def split(self, value: str, mark: str | None) -> None:
        """Add a value that isn't quoted; `mark`: the value of IFS, None if it isn't set."""
        marks = _BLANKS if mark is None else mark
        blanks = frozenset(marks) & frozenset(_BLANKS)
        at = 0
        while at < len(value):
            start = at
            if value[at] not in marks:
                while at < len(value) and value[at] not in marks:
                    at += 1
                self.add(value[start:at], quoted=False)
                continue
            # Blanks around another character of IFS belong to it, and so it ends even an empty field.
            at = _behind(value, at, blanks)
            other = at < len(value) and value[at] in marks
            at = _behind(value, at + 1, blanks) if other else at
            self.end(empty=other)

    def end(self, *, empty: bool = False) -> None:
        """End the current field, if there is one, or with `empty` in any case."""
        if self.started or empty:
            self.found.append((self.text, self.pattern if self.special else None))
        self.text = self.pattern = ""
        self.special = self.started = False


def _behind(value: str, at: int, blanks: frozenset[str]) -> int:
    while at < len(value) and value[at] in blanks:
        at += 1
    return at
