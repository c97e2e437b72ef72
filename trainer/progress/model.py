"""What the store takes and returns: plain frozen data, no rows."""

from __future__ import annotations

from typing import Literal

import msgspec

EventKind = Literal["started", "hint", "solution", "reset"]


class NewAttempt(msgspec.Struct, frozen=True):
    """An attempt to record. The caller has already replaced the answer's secret values."""

    card: str
    points: int
    max_points: int
    checks_passed: int
    checks_total: int
    passed: bool
    seconds: float | None
    """Seconds spent on the card, if known."""
    digest: str
    """Distinguishes one answer's bytes from another's."""
    answer: str
    """JSON: text by file name."""
    verdict: str
    """JSON of the verdict's contract, `cks-trainer.verdict/1`."""
    seed: int = 0
    """The seed of the card's wording; 0 is the card as written."""
    exam: int | None = None
    """The number of the exam that it is of; None for practice."""


class Attempt(NewAttempt, frozen=True, kw_only=True):
    """A recorded attempt."""

    number: int
    """Of this card, from 1."""
    at: float
    """Seconds since 1970, UTC."""
    hints: int
    """Hints shown before."""
    revealed: bool
    """Whether the solution had been shown before."""


class LastAttempt(msgspec.Struct, frozen=True):
    """A card's latest attempt without its answer and verdict; units as in `Attempt`."""

    number: int
    at: float
    points: int
    max_points: int
    checks_passed: int
    checks_total: int
    passed: bool
    seconds: float | None
    seed: int = 0


class Standing(msgspec.Struct, frozen=True):
    """Everything about one card that was ever opened."""

    started: bool = False
    attempts: int = 0
    best: int = 0
    """Best result, percent; 100 only for full marks."""
    ever_passed: bool = False
    hints: int = 0
    revealed: bool = False
    last: LastAttempt | None = None
    touched: float = 0.0
    """When it was last worked on, in seconds since 1970, UTC."""
    reset: float = 0.0
    """When it was last put back to its starters; 0 if never."""


class Try(msgspec.Struct, frozen=True):
    """One attempt in a line of all attempts."""

    card: str
    at: float
    """Seconds since 1970, UTC."""
    percent: int
    """100 only for a pass."""
    passed: bool
    seconds: float | None
