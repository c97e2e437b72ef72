"""What is the same in grade books of all platforms: people, columns of grades, and cells that must stay."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

import msgspec

from trainer.batch.gradebook.people import Person
from trainer.batch.gradebook.sheet import Sheet
from trainer.errors import UsageError
from trainer.patterns import regex

_COMMA = regex(r"-?\d+,\d+\Z")


class Column(msgspec.Struct, frozen=True):
    """A column of grades."""

    number: int
    """Counted from 0."""
    head: str
    """Its first cell."""
    titles: tuple[str, ...]
    """What it may be called: its head, and the parts of it that name the assignment."""
    most: float | None = None
    """The points of the assignment; None if the file doesn't say."""
    feedback: int | None = None
    """The column for a text to the learner, if there is one."""


Locked: TypeAlias = Callable[[int, Column], str]
"""Why the grade of a row must not be changed; empty if it may be."""


class Book(msgspec.Struct, frozen=True):
    """A grade book that was read."""

    platform: str
    people: tuple[Person, ...]
    columns: tuple[Column, ...]
    locked: Locked
    is_html: bool = False
    """Whether feedback is HTML."""

    def column(self, name: str) -> Column:
        """The column of an assignment. Raises `UsageError` unless exactly one has this name."""
        wanted = _plain(name)
        found = [one for one in self.columns if wanted in map(_plain, one.titles)]
        exact = [one for one in found if _plain(one.head) == wanted] or found
        if len(exact) != 1:
            what = "several columns" if exact else "no column of grades"
            raise UsageError(f"the grade book has {what} named {name!r}", remedy=f"known: {self.known}")
        return exact[0]

    @property
    def known(self) -> str:
        """The heads of its columns of grades."""
        return ", ".join(one.head for one in self.columns) or "none"


class Reader(Protocol):
    """Reads the grade books of a platform."""

    def __call__(self, sheet: Sheet) -> Book | None:
        """The book; None if the sheet isn't one of this platform's."""


def number_of(text: str) -> float | None:
    """The number in a cell, with a period or a comma; None without one."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None


def has_commas(sheet: Sheet, column: Column) -> bool:
    """Whether a column writes decimals with a comma, as platforms do in many languages."""
    return any(_COMMA.match(sheet.value(row, column.number).strip()) for row in range(len(sheet.rows)))


def written(value: float, *, commas: bool) -> str:
    """A grade as a platform reads it: at most two decimals, which is what Canvas exports."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if commas else text


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
