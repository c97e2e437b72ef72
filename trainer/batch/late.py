"""When answers were submitted, which are late, and what the late policy takes away.

A time comes from the first of these that knows it: a manifest (`submitted.py`), the list on standard input,
the newest file of the answer. An archive's times count like those of files. The points of the verdict stay
as they are: the policy's part is told apart from them, as the row's `penalty`.
"""

from __future__ import annotations

import math
import unicodedata
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Literal

import msgspec

from trainer.errors import UsageError
from trainer.patterns import regex

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainer.batch.row import Row

DAY = 86_400
"""Seconds of a day: an answer that is late by one second more is late by two days."""

_POLICY = regex(r"(\d{1,3}(?:\.\d{1,2})?)(%?)(?:/day)?")
_POLICIES = "mark, reject, 10%/day (of the card's points), 2/day (points)"


class Policy(msgspec.Struct, frozen=True):
    """What is due when, and what an answer loses that comes later."""

    due: datetime
    """With its time zone."""
    kind: Literal["mark", "reject", "percent", "points"] = "mark"
    amount: float = 0.0
    """For each day that has begun: percent of the card's points, or points."""

    def penalty(self, points: int, max_points: int, days: int) -> float:
        """The points that an answer loses, at most those that it has.

        >>> Policy(datetime.now(UTC), "percent", 10.0).penalty(5, 5, 2)
        1.0
        """
        if self.kind == "reject":
            return float(points)
        lost = self.amount * days * (max_points / 100 if self.kind == "percent" else 1)
        return min(float(points), round(lost, 2))


def policy(due: str, text: str = "mark") -> Policy:
    """The policy of --due and --late-policy. Raises `UsageError` for what it doesn't understand."""
    at = moment(due)
    if at is None:
        raise UsageError(f"--due {due!r} isn't a time", remedy="write it as 2026-12-01T18:00Z")
    if text in ("mark", "reject"):
        return Policy(at, "reject" if text == "reject" else "mark")
    found = _POLICY.fullmatch(text.replace(" ", ""))
    if not found:
        raise UsageError(f"unknown late policy {text!r}", remedy=f"one of: {_POLICIES}")
    return Policy(at, "percent" if found[2] else "points", float(found[1]))


def moment(text: str, zone: tzinfo | None = None) -> datetime | None:
    """A time as ISO 8601 writes it, or seconds since 1970; None if it is neither.

    Without an offset it is in `zone`, by default the time zone of this machine.
    """
    try:
        if text.strip().isdecimal():
            return datetime.fromtimestamp(int(text), UTC)
        found = datetime.fromisoformat(text.strip())
        if found.tzinfo is None:
            found = found.replace(tzinfo=zone) if zone else found.astimezone()
        found.timestamp()
    except (ValueError, OverflowError, OSError):
        return None
    return found


def written(seconds: float) -> str:
    """A time in seconds since 1970 as text, in UTC and whole seconds; empty if no calendar has it.

    >>> written(0.9)
    '1970-01-01T00:00:00Z'
    """
    try:
        return datetime.fromtimestamp(math.floor(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return ""


def timed(row: Row, times: Mapping[tuple[str, str], datetime]) -> Row:
    """The row with the time of the manifest, if that has one for it: by learner and card, or by learner.

    Learners are as `learners.composed` has them.
    """
    learner = unicodedata.normalize("NFC", row.learner).strip()
    at = times.get((learner, row.card)) or times.get((learner, ""))
    if at is None or row.status == "missing":
        return row
    return msgspec.structs.replace(row, submitted_at=written(at.timestamp()) or None)


def judged(row: Row, rule: Policy) -> Row:
    """The row with what the policy says about its time.

    An answer that the learning platform has marked as late is late, by one day if nothing else is known.
    A row without an answer isn't late.
    """
    if row.status == "missing":
        return row
    at = moment(row.submitted_at) if row.submitted_at else None
    by = (at - rule.due).total_seconds() if at else 0.0
    if not row.late and at is None:
        return _said(row, "whether it is late isn't known: it has no time")
    if not row.late and by <= 0:
        return msgspec.structs.replace(row, late=False)
    lost = rule.penalty(row.points, row.max_points, max(math.ceil(by / DAY), 1))
    late = msgspec.structs.replace(row, late=True, penalty=lost)
    taken = f": {_number(lost)} of {row.points} points taken away" if lost else ""
    return _said(late, f"late{_by(by)}{taken}")


def _by(seconds: float) -> str:
    if seconds <= 0:
        return ", as the learning platform says"
    days, rest = divmod(math.ceil(seconds), DAY)
    parts = [f"{days} d"] if days else []
    parts += [f"{rest // 3600} h"] if rest >= 3600 else []
    parts += [f"{rest % 3600 // 60} min"] if not days and rest % 3600 >= 60 else []
    return f" by {' '.join(parts) or f'{rest} s'}"


def _number(points: float) -> str:
    return f"{points:g}"


def _said(row: Row, more: str) -> Row:
    return msgspec.structs.replace(row, message="; ".join(filter(None, (row.message, more))))
