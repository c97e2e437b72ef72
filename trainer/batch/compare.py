"""Two results of a batch -> which rows differ, and by which checks: what another version or answer changes.

Rows are the same if learner and card are, in any order. They differ if their status, their points, what the
late policy says of them or the status of a check do.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from trainer.errors import AnswerUnreadable
from trainer.files import MIB, open_file

if TYPE_CHECKING:
    from collections.abc import Iterator

RESULTS = "results.jsonl"
"""The file in a folder of results that is read."""

_SCHEMA = "cks-trainer.result/1"
_LONGEST = 64 * MIB
"""Bytes of the longest line that is read as a row."""


class _Check(msgspec.Struct, frozen=True):
    id: str
    says: str
    status: str


class _Verdict(msgspec.Struct, frozen=True):
    checks: tuple[_Check, ...]


class StoredRow(msgspec.Struct, frozen=True):
    """One row of results, as far as every reader wants it."""

    schema: str
    learner: str
    card: str
    status: str
    points: int
    max_points: int


Stored = TypeVar("Stored", bound=StoredRow)


class Result(StoredRow, frozen=True):
    """One row of results, as far as it's compared."""

    verdict: _Verdict | None
    seed: int = 0
    file: str | None = None
    late: bool | None = None
    penalty: float = 0.0
    answer: str | None = None
    """The digest of the answer; older results don't have it."""

    @property
    def outcome(self) -> tuple[object, ...]:
        """What a difference is looked for in."""
        checks = {check.id: check.status for check in self.verdict.checks} if self.verdict else {}
        return self.status, self.points, self.max_points, self.seed, self.late, self.penalty, checks

    @property
    def final_points(self) -> float:
        """The points that count: those of the verdict without the penalty."""
        return round(self.points - self.penalty, 2)


class CheckChange(msgspec.Struct, frozen=True):
    """A check with another status; None where the results don't have the check."""

    id: str
    says: str
    before: str | None
    after: str | None


class Change(msgspec.Struct, frozen=True):
    """A row that differs; None where the results don't have it."""

    before: Result | None
    after: Result | None
    checks: tuple[CheckChange, ...] = ()

    @property
    def row(self) -> Result:
        """The row, the newer one if there are two: for learner and card."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 - one of the two has it
        return found

    @property
    def is_other_answer(self) -> bool:
        """Whether another answer was graded; False if one of the results doesn't say which."""
        digests = {one.answer for one in (self.before, self.after) if one and one.answer}
        return len(digests) > 1


class Comparison(msgspec.Struct, frozen=True):
    """The rows that differ, in the order of the newer results, then those that only the older ones have."""

    changes: tuple[Change, ...]
    before: int
    """How many rows the older results have."""
    after: int
    """How many rows the newer results have."""


def compare(old: Path, new: Path) -> Comparison:
    """Compare two files of results, or the folders that they are in.

    Raises `FileFault`, and `AnswerUnreadable` for a line that isn't a row and for a row that is there twice.
    """
    before = results_of(old, Result)
    after = results_of(new, Result)
    changes = []
    for key, row in after.items():
        was = before.get(key)
        if was is None or was.outcome != row.outcome:
            changes.append(Change(was, row, _checks(was, row)))
    changes += [Change(was, None, _checks(was, None)) for key, was in before.items() if key not in after]
    return Comparison(tuple(changes), len(before), len(after))


def results_of(place: Path, kind: type[Stored]) -> dict[tuple[str, str], Stored]:
    """The rows of a file of results, or of the folder that it is in, by learner and card, in their order.

    Raises `FileFault`, and `AnswerUnreadable` for a line that isn't a row and for a row that is there twice.
    """
    file = place / RESULTS if place.is_dir() else place
    found: dict[tuple[str, str], Stored] = {}
    for number, row in _rows(file, kind):
        key = (row.learner, row.card)
        if key in found:
            raise _broken(file, number, f"a second row for {row.learner} and {row.card}")
        found[key] = row
    return found


def _rows(file: Path, kind: type[Stored]) -> Iterator[tuple[int, Stored]]:
    """The rows of a file with their lines; empty lines are skipped."""
    decoder = msgspec.json.Decoder(kind)
    with open_file(file) as stream:
        number = 0
        while line := stream.readline(_LONGEST):
            number += 1
            if not line.strip():
                continue
            try:
                row = decoder.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                why = "the line is incomplete" if not line.endswith(b"\n") else str(error)
                raise _broken(file, number, f"not a row of results: {why}") from None
            if row.schema != _SCHEMA:
                raise _broken(file, number, f"the row has the schema {row.schema}, not {_SCHEMA}")
            yield number, row


def _broken(file: Path, number: int, what: str) -> AnswerUnreadable:
    return AnswerUnreadable(
        f"{file}:{number}: {what}", file=str(file), remedy=f"name a {RESULTS} of a batch that is complete"
    )


def _checks(before: Result | None, after: Result | None) -> tuple[CheckChange, ...]:
    """The checks that differ: in the order of the newer verdict, then those that only the older one has."""
    was, now = ({check.id: check for check in one.verdict.checks} if one and one.verdict else {}
                for one in (before, after))  # fmt: skip
    return tuple(
        CheckChange(name, (now.get(name) or was[name]).says, _status(was, name), _status(now, name))
        for name in {**now, **was}
        if _status(was, name) != _status(now, name)
    )


def _status(checks: dict[str, _Check], name: str) -> str | None:
    return checks[name].status if name in checks else None
