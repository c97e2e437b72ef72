"""The result model: plain frozen data that every layer may use.

PASS and FAIL are about the learner's answer, SKIPPED is an unmet need, ERROR is ours. The same
`Verdict` feeds the screens, the reports and the progress store.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Status(StrEnum):
    """What became of one check."""

    PASS = "pass"  # noqa: S105 - a status, no secret
    FAIL = "fail"
    SKIPPED = "skipped"
    ERROR = "error"


class Severity(StrEnum):
    """Whether kubectl refuses the document for a problem (error) or applies it (warning)."""

    ERROR = "error"
    WARNING = "warning"


class Scope(StrEnum):
    """What a check looked at: the submitted files, or live objects of a cluster."""

    FILE = "file"
    LIVE = "live"


class Location(msgspec.Struct, frozen=True):
    """A place in a file: 1-based line and column, and the field path inside the document.

    Line 0 means that the place has no line (an object read from a cluster).
    """

    file: str
    line: int
    column: int
    path: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


class Problem(msgspec.Struct, frozen=True):
    """One thing wrong with a file or document, before any check is judged.

    `remedy` says what to do, as a separate sentence; empty if the message already says it.
    """

    message: str
    severity: Severity = Severity.ERROR
    location: Location | None = None
    remedy: str = ""


class Reason(msgspec.Struct, frozen=True):
    """Why a check has its status: what is wrong, where, and what to do."""

    message: str
    location: Location | None = None


class Outcome(msgspec.Struct, frozen=True):
    """What a rule found for one check; grading turns it into a `CheckResult`.

    `evidence` holds concrete effects, one sentence each: the flow, request, event or value that
    proves a FAIL.
    """

    status: Status
    reasons: tuple[Reason, ...] = ()
    evidence: tuple[str, ...] = ()

    @classmethod
    def of(cls, reasons: list[Reason], evidence: list[str] | None = None) -> Outcome:
        """FAIL with these reasons, or PASS without reasons."""
        status = Status.FAIL if reasons else Status.PASS
        return cls(status, tuple(reasons), tuple(evidence or ()))


PASSED = Outcome(Status.PASS)


class CheckResult(msgspec.Struct, frozen=True):
    """One check of a card, judged. `points` is 0 or `max_points`: a check is all or nothing."""

    id: str
    says: str
    status: Status
    points: int
    max_points: int
    scope: Scope = Scope.FILE
    reasons: tuple[Reason, ...] = ()
    evidence: tuple[str, ...] = ()
    why: str = ""
    """Why the check matters, for people; empty if the card doesn't say."""
    needs_cluster: bool = False
    """SKIPPED only because there is no cluster: such a check leaves the verdict's `max_points`."""


class Refusal(msgspec.Struct, frozen=True):
    """A document of an answer that kubectl would not get into the cluster."""

    document: str
    """In words: `Pod sun/web`."""
    counts: bool
    """Whether a check could be about it; then the answer doesn't pass, even if every check does."""


class Verdict(msgspec.Struct, frozen=True):
    """The result for one card: its checks in the card's order, and what kubectl would refuse."""

    card: str
    checks: tuple[CheckResult, ...]
    problems: tuple[Problem, ...] = ()
    refused: tuple[Refusal, ...] = ()
    seed: int = 0
    """The seed of the card's wording."""

    @property
    def counted(self) -> tuple[CheckResult, ...]:
        """The checks that count: all except those skipped because there is no cluster."""
        return tuple(check for check in self.checks if not check.needs_cluster)

    @property
    def is_silent(self) -> bool:
        """Whether it has no sentence about the answer: no reason, no evidence, no problem."""
        told = self.problems or self.refused or any(one.reasons or one.evidence for one in self.checks)
        return not told

    @property
    def points(self) -> int:
        """Points reached, 0 to `max_points`."""
        return sum(check.points for check in self.counted)

    @property
    def max_points(self) -> int:
        """Points that this grading could give."""
        return sum(check.max_points for check in self.counted)

    @property
    def passed(self) -> bool:
        """Full marks: every check that counts is PASS, there is at least one, and nothing that the checks
        could be about is refused."""
        counted = self.counted
        return (
            bool(counted)
            and all(check.status is Status.PASS for check in counted)
            and not any(one.counts for one in self.refused)
        )
