"""What a session returns: plain frozen data for screens and commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec

if TYPE_CHECKING:
    from trainer.content.listed import Listed
    from trainer.manifests.answer import Answer
    from trainer.verdict import Verdict

CardStatus = Literal["new", "started", "partial", "passed"]


class Graded(msgspec.Struct, frozen=True, eq=False):
    """One grading: the verdict, what was graded, and what the store made of it."""

    verdict: Verdict
    answer: Answer
    milliseconds: float
    """How long reading and judging took."""
    attempt: int | None = None
    """This card's attempt number, from 1; the same bytes as in the last attempt are that attempt. None: not
    recorded."""
    unrecorded: str = ""
    """Why the attempt was not recorded although it should be; empty if all is well."""


class AttemptSummary(msgspec.Struct, frozen=True):
    """One attempt without its answer and verdict."""

    number: int
    at: float
    """Seconds since 1970, UTC."""
    points: int
    max_points: int
    checks_passed: int
    checks_total: int
    passed: bool
    seconds: float | None = None
    """Seconds spent on the card, if known."""
    seed: int = 0
    """The seed of the card's wording; 0 is the card as written."""

    @property
    def percent(self) -> int:
        """Points as a whole percentage, 100 only for full marks."""
        if self.passed:
            return 100
        return min(99, 100 * self.points // self.max_points) if self.max_points else 0


class CardState(msgspec.Struct, frozen=True, eq=False):
    """The learner's state for one card."""

    card: Listed
    status: CardStatus
    attempts: int = 0
    best: int = 0
    """Best result, percent 0 to 100."""
    last: AttemptSummary | None = None
    touched: float = 0.0
    """When it was last worked on, in seconds since 1970, UTC; 0 if never."""
    in_progress: bool = False
    """Whether its answer is unfinished: started or reset, and not passed since."""
    bookmarked: bool = False
    noted: bool = False
    """Whether the learner has a note on it."""


class CompetencyState(msgspec.Struct, frozen=True):
    """The learner's state for one competency of the curriculum."""

    competency: str
    title: str
    cards: int
    """0 if no card trains it: then it can't be mastered here."""
    passed: int
    mastery: float
    """Mean of the cards' best results, 0 to 1; 0 without cards."""


class DomainState(msgspec.Struct, frozen=True):
    """The learner's state for one domain of the curriculum."""

    domain: str
    title: str
    weight: int
    """Percent of the exam."""
    cards: int
    passed: int
    mastery: float
    """Mean of its competencies' mastery, 0 to 1; one without cards counts as 0, as in the exam."""
    competencies: tuple[CompetencyState, ...] = ()


class Summary(msgspec.Struct, frozen=True):
    """The learner's progress in one line."""

    mastered: float
    """Mastery of the whole exam, 0 to 1: that of the domains by their weights."""
    streak: int
    """Days in a row with an attempt, up to today or yesterday."""
    attempts: int
    cards: int
    passed: int
    competencies: int = 0
    """How many competencies the curriculum has."""
    covered: int = 0
    """How many of them some card trains."""


class Reveal(msgspec.Struct, frozen=True, eq=False):
    """A card's solution, and how the learner's answer differs from it."""

    files: dict[str, str]
    """The reference, text by file name."""
    explain: str
    """The walk-through, Markdown."""
    imperative: str
    """The fast way with kubectl; may be empty."""
    differences: tuple[Any, ...] = ()
    """`grading.explain_diff.Difference` values: location, path, yours, expected, message."""
    uncompared: str = ""
    """Why there is nothing to compare the solution with; empty if the answer was compared."""
    yours: dict[str, str] = {}
    """The answer that was compared, text by file name."""
