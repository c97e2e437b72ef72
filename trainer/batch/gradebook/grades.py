"""Results of a batch -> the grade of each learner for an assignment, and what to tell the learner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from trainer.batch.compare import StoredRow, results_of
from trainer.errors import UsageError
from trainer.report.rows import safe_cell

LONGEST = 200
"""Characters of a reason in the feedback."""


class Graded(StoredRow, frozen=True):
    """A row of results, as far as a grade depends on it."""

    passed: bool = False
    message: str = ""
    final_points: float | None = None
    """The points that count; older results don't have it."""

    @property
    def reached(self) -> float:
        """The points that count."""
        return self.points if self.final_points is None else self.final_points


class Grade(msgspec.Struct, frozen=True):
    """What a learner reached of some cards; without `reason` if the grade may be written."""

    reached: float
    most: float
    feedback: tuple[str, ...]
    """A line for each card."""
    reason: str = ""
    """Why it isn't a grade."""

    def scaled(self, most: float | None) -> float:
        """The grade for an assignment of so many points; None: the points as they are."""
        return self.reached if not most else self.reached / self.most * most if self.most else 0.0


def read_grades(place: Path) -> dict[str, dict[str, Graded]]:
    """The rows of each learner by card, in the order of the results. Raises as `results_of`."""
    found: dict[str, dict[str, Graded]] = {}
    for (learner, card), row in results_of(place, Graded).items():
        found.setdefault(learner, {})[card] = row
    return found


def require_cards(rows: Mapping[str, Mapping[str, Graded]], cards: Iterable[str]) -> None:
    """Raise `UsageError` for a card that the results don't have."""
    known = list(dict.fromkeys(card for own in rows.values() for card in own))
    for card in cards:
        if card not in known:
            raise UsageError(f"the results have no card {card!r}", remedy=f"known: {', '.join(known)}")


def grade_of(rows: Iterable[Graded], *, missing_as_zero: bool = False) -> Grade:
    """The grade for these rows of one learner.

    A card that is missing or unreadable has no points. Where nothing was graded at all, there is a grade only
    with `missing_as_zero`; where a row isn't fully judged, never.
    """
    rows = list(rows)
    reason = ""
    if any(row.status == "error" for row in rows):
        reason = "isn't fully judged"
    elif not missing_as_zero and all(row.status != "graded" for row in rows):
        reason = "submitted nothing that can be graded"
    return Grade(
        sum(row.reached for row in rows), sum(row.max_points for row in rows), tuple(map(_line, rows)), reason
    )


def _line(row: Graded) -> str:
    why = f": {row.message}" if row.message else ""
    line = f"{row.card}: {row.reached:g} of {row.max_points} points{why}"
    return safe_cell(line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…")
