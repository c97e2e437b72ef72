"""What the board of a lab shows: how far each learner is with each card, and who is stuck on which check.

It has points and the words of checks, which every learner can read on the card. It has no answer, no reason
and no evidence: those are about what a learner wrote.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

SCHEMA = "cks-trainer.lab-board/1"

State = Literal["none", "begun", "working", "stuck", "passed", "unread"]
"""Of a card: nothing done; files changed or card started; graded and not passed; the same check failed for
long; full marks now; the answer can't be read."""
Standing = Literal["none", "working", "stuck", "done"]

SIGNS: dict[State, str] = {
    "none": "·", "begun": "○", "working": "◐", "stuck": "!", "passed": "✓", "unread": "?",
}  # fmt: skip
"""A sign for each state, which suffices without a color."""
STATE_WORDS: dict[State, str] = {
    "none": "not begun", "begun": "begun", "working": "some done", "stuck": "stuck", "passed": "passed",
    "unread": "can't be read",
}  # fmt: skip
STANDING_WORDS: dict[Standing, str] = {
    "done": "done", "working": "working", "stuck": "stuck", "none": "not begun",
}  # fmt: skip


class Seen(msgspec.Struct, frozen=True):
    """One result of an answer, wherever it was graded."""

    at: float
    """Seconds since 1970, UTC."""
    points: int = 0
    max_points: int = 0
    passed: bool = False
    checks: Mapping[str, str] = {}
    """The status of each check, by its ID."""
    unread: bool = False
    """Whether the answer couldn't be read."""


class Head(msgspec.Struct, frozen=True):
    """A card as the board names it; `says` has the sentence of each check, by its ID."""

    id: str
    title: str
    points: int
    minutes: int
    says: Mapping[str, str] = {}


class Cell(msgspec.Struct, frozen=True):
    """How far a learner is with a card."""

    card: str
    state: State = "none"
    points: int = 0
    max_points: int = 0
    tries: int = 0
    check: str = ""
    """The ID of the check that has failed for longest, if any does."""
    says: str = ""
    since: float = 0.0
    """Since when it fails without a pass in between, in seconds since 1970; 0 if none does."""
    at: float = 0.0
    """When the learner last did something with the card; 0 if never."""


class Line(msgspec.Struct, frozen=True):
    """A learner, with a cell for each card, in the order of the cards."""

    name: str
    cells: tuple[Cell, ...]

    @property
    def points(self) -> int:
        """The points of all cards as they are now."""
        return sum(cell.points for cell in self.cells)

    @property
    def passed(self) -> int:
        """How many cards are passed."""
        return sum(cell.state == "passed" for cell in self.cells)

    @property
    def now(self) -> Cell | None:
        """The card that the learner works on: the unfinished one that was touched last."""
        open_ = [cell for cell in self.cells if cell.state not in ("none", "passed")]
        return max(open_, key=lambda cell: cell.at, default=None)

    @property
    def standing(self) -> Standing:
        """Whether the learner is done, stuck on the current card, at work, or hasn't begun."""
        if all(cell.state == "passed" for cell in self.cells):
            return "done"
        if self.now is not None:
            return "stuck" if self.now.state == "stuck" else "working"
        return "working" if self.passed else "none"


class Board(msgspec.Struct, frozen=True):
    """The whole class at one moment."""

    title: str
    at: float
    """Seconds since 1970, UTC."""
    cards: tuple[Head, ...]
    lines: tuple[Line, ...]
    troubles: tuple[str, ...] = ()
    """What couldn't be read, in words."""

    @property
    def points(self) -> int:
        """The points of all cards."""
        return sum(card.points for card in self.cards)

    @property
    def counts(self) -> dict[Standing, int]:
        """How many learners are done, at work, stuck, and haven't begun."""
        found = Counter(line.standing for line in self.lines)
        return {standing: found[standing] for standing in STANDING_WORDS}

    @property
    def stuck(self) -> list[tuple[Line, Cell]]:
        """Who is stuck on the current card, the longest first."""
        found = [(line, line.now) for line in self.lines if line.now and line.standing == "stuck"]
        return sorted(found, key=lambda one: one[1].since)

    def json(self) -> dict[str, Any]:
        """The versioned form: `cks-trainer.lab-board/1`."""
        return {
            "schema": SCHEMA,
            "title": self.title,
            "at": self.at,
            "cards": [
                {"card": one.id, "title": one.title, "points": one.points, "minutes": one.minutes}
                for one in self.cards
            ],
            "counts": self.counts,
            "learners": [
                {
                    "learner": line.name,
                    "standing": line.standing,
                    "passed": line.passed,
                    "points": line.points,
                    "now": line.now.card if line.now else None,
                    "cards": [_cell_json(cell) for cell in line.cells],
                }
                for line in self.lines
            ],
            "troubles": list(self.troubles),
        }


def cell_of(card: Head, begun: float, results: Sequence[Seen], now: float, patience: float) -> Cell:
    """How far a learner is with a card.

    `begun` is when the answer was changed or the card was started, 0 for never. A check that has failed for
    `patience` seconds means that the learner is stuck.
    """
    seen = sorted(results, key=lambda one: one.at)
    if not seen:
        return Cell(card.id, "begun" if begun else "none", 0, card.points, at=begun)
    last, at = seen[-1], max(begun, seen[-1].at)
    tries = len(seen)
    if last.unread:
        return Cell(card.id, "unread", 0, card.points, tries, at=at)
    if last.passed:
        return Cell(card.id, "passed", last.points, last.max_points, tries, at=at)
    since = {check: _since(check, seen) for check, status in last.checks.items() if status == "fail"}
    check = min(since, key=lambda name: since[name], default="")
    stuck = bool(check) and now - since[check] >= patience
    return Cell(
        card.id,
        "stuck" if stuck else "working",
        last.points,
        last.max_points,
        tries,
        check,
        card.says.get(check, ""),
        since.get(check, 0.0),
        at,
    )


def _since(check: str, seen: Sequence[Seen]) -> float:
    """When the check began to fail without a pass since then."""
    at = seen[-1].at
    for one in reversed(seen):
        if one.checks.get(check) == "pass":
            break
        if one.checks.get(check) == "fail":
            at = one.at
    return at


def _cell_json(cell: Cell) -> dict[str, Any]:
    return {
        "card": cell.card,
        "state": cell.state,
        "points": cell.points,
        "max_points": cell.max_points,
        "tries": cell.tries,
        "check": cell.check or None,
        "says": cell.says or None,
        "since": cell.since or None,
        "at": cell.at or None,
    }


def duration(seconds: float) -> str:
    """A time that has passed, in words.

    >>> duration(5), duration(150), duration(3900)
    ('now', '2 min', '1 h 05')
    """
    minutes = int(max(seconds, 0) // 60)
    if not minutes:
        return "now"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02}"
