"""What an answer does, as a plain table or tree: an effect that a rule's engine computed, for every renderer.

A picture is drawn only when somebody wants to see it. It says the same as the verdict: a check that passes
has no wrong cell, one that fails has at least one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Literal

import msgspec

from trainer.verdict import Location, Outcome

MOST_ROWS, MOST_COLUMNS = 40, 12
"""How many rows and columns a picture has; wrong ones are kept before others."""
LONGEST_WORD = 100
"""Characters of a title, a head or a word; the rest is cut."""


class State(StrEnum):
    """What a cell shows: what the check requires, something else, or something that it doesn't ask for."""

    RIGHT = "right"
    WRONG = "wrong"
    UNASKED = "unasked"


class Cell(msgspec.Struct, frozen=True):
    """One fact: what holds with the answer (`word`), and before it (`before`; empty if the same or unknown).

    `location` is the place that decides, for a wrong cell.
    """

    word: str
    state: State = State.UNASKED
    before: str = ""
    location: Location | None = None


class Row(msgspec.Struct, frozen=True):
    """One line of a picture: what it is about, and its cells. `depth` is 0 except in a tree."""

    head: str
    cells: tuple[Cell, ...] = ()
    depth: int = 0

    @property
    def wrong(self) -> bool:
        """Whether one of its cells is wrong."""
        return any(cell.state is State.WRONG for cell in self.cells)


Kind = Literal["table", "tree"]


class Picture(msgspec.Struct, frozen=True):
    """A table, or a tree whose rows have depths. A row may have fewer cells than there are columns."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    kind: Kind = "table"
    left_out: str = ""
    """A sentence about what isn't shown; empty if all is."""

    def states(self) -> set[State]:
        """The states of all cells."""
        return {cell.state for row in self.rows for cell in row.cells}


class Effect(msgspec.Struct, frozen=True):
    """The picture of one check, by its ID."""

    check: str
    picture: Picture


def drawn(title: str, columns: Sequence[str], rows: Iterable[Row], kind: Kind = "table") -> Picture:
    """A picture within the limits. What is cut is said; wrong rows and columns are the last to be cut."""
    every = list(rows)
    kept = _kept([row.wrong for row in every], MOST_ROWS, _ancestors(every) if kind == "tree" else None)
    left_out = _left_out("row", [row.wrong for row in every], kept)
    shown = [every[place] for place in kept]
    wrong = [any(_is_wrong(row, place) for row in shown) for place in range(len(columns))]
    places = _kept(wrong, MOST_COLUMNS)
    left_out += _left_out("column", wrong, places)
    cut = [
        Row(
            _short(row.head),
            tuple(_short_cell(row.cells[place]) for place in places if place < len(row.cells)),
            row.depth,
        )
        for row in shown
    ]
    heads = tuple(_short(columns[place]) for place in places)
    return Picture(_short(title), heads, tuple(cut), kind, " ".join(left_out))


def nothing_to_see(title: str, outcome: Outcome, word: str = "missing") -> Picture:
    """The picture of a check that failed because what it is about isn't there: its reasons, with places."""
    rows = [
        Row(reason.message, (Cell(word, State.WRONG, "", reason.location),)) for reason in outcome.reasons
    ]
    return drawn(title, ("",), rows)


class Fact(msgspec.Struct, frozen=True):
    """One thing that holds with the answer, in words, and the place that decides it.

    `right` is False if the check refuses it, None if the check doesn't ask for it.
    """

    head: str
    word: str
    right: bool | None = True
    place: Location | None = None
    before: str = ""


def of_facts(title: str, facts: Iterable[Fact], outcome: Outcome) -> Picture:
    """A picture of facts: one is wrong if it says so, or if a reason of the outcome is at its place.

    Reasons at other places have rows of their own.
    """
    rows: list[Row] = []
    told: set[Location | None] = set()
    places = {reason.location for reason in outcome.reasons if reason.location is not None}
    for fact in facts:
        if fact.right is None:
            rows.append(Row(fact.head, (Cell(fact.word, State.UNASKED, fact.before),)))
            continue
        right = fact.right and (fact.place is None or fact.place not in places)
        told |= set() if right else {fact.place}
        rows.append(Row(fact.head, (asked(right, fact.word, fact.before, fact.place),)))
    rows += [
        Row(reason.message, (Cell("wrong", State.WRONG, "", reason.location),))
        for reason in outcome.reasons
        if reason.location not in told
    ]
    if not any(cell.state is not State.UNASKED for row in rows for cell in row.cells):
        rows.append(Row("what the check requires", (Cell("holds", State.RIGHT),)))
    return drawn(title, [""], rows)


def asked(right: bool, word: str, before: str = "", location: Location | None = None) -> Cell:
    """A cell about which the check asks: right or wrong; only a wrong one leads to a place."""
    state = State.RIGHT if right else State.WRONG
    return Cell(word, state, "" if before == word else before, None if right else location)


def _is_wrong(row: Row, place: int) -> bool:
    return place < len(row.cells) and row.cells[place].state is State.WRONG


def _kept(wrong: Sequence[bool], most: int, parents: Sequence[Sequence[int]] | None = None) -> list[int]:
    """The places that are kept, in order: the wrong ones (with what is above them), then the first others."""
    if len(wrong) <= most:
        return list(range(len(wrong)))
    kept: set[int] = set()
    for place in sorted(range(len(wrong)), key=lambda place: not wrong[place]):
        more = {place, *(parents[place] if parents else ())} - kept
        if len(kept) + len(more) <= most:
            kept |= more
    return sorted(kept)


def _ancestors(rows: Sequence[Row]) -> list[list[int]]:
    """For each row of a tree, the rows above it up to the root."""
    found: list[list[int]] = []
    path: list[int] = []
    for place, row in enumerate(rows):
        while path and rows[path[-1]].depth >= row.depth:
            path.pop()
        found.append(list(path[-MOST_ROWS:]))
        path.append(place)
    return found


def _left_out(what: str, wrong: Sequence[bool], kept: Sequence[int]) -> list[str]:
    more = len(wrong) - len(kept)
    if not more:
        return []
    bad = sum(wrong) - sum(wrong[place] for place in kept)
    words = f"{more} more {what} isn't shown" if more == 1 else f"{more} more {what}s aren't shown"
    return [f"{words}, {bad} of them wrong." if bad else f"{words}."]


def _short_cell(cell: Cell) -> Cell:
    return msgspec.structs.replace(cell, word=_short(cell.word), before=_short(cell.before))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_WORD else f"{text[: LONGEST_WORD - 1]}…"
