"""The store's data is plain and frozen."""

from __future__ import annotations

import pytest

from trainer.progress.model import Attempt, LastAttempt, NewAttempt, Standing


def test_an_attempt_is_what_was_recorded_and_when() -> None:
    new = NewAttempt("pod-ro", 1, 2, 1, 2, False, 3.5, "d", "{}", "{}")
    attempt = Attempt(
        "pod-ro", 1, 2, 1, 2, False, 3.5, "d", "{}", "{}", number=4, at=10.0, hints=0, revealed=False
    )
    assert (attempt.card, attempt.points, attempt.number, attempt.at) == (new.card, new.points, 4, 10.0)
    assert (attempt.hints, attempt.revealed) == (0, False)


def test_a_card_never_touched_has_nothing() -> None:
    nothing = Standing(
        started=False, attempts=0, best=0, ever_passed=False, hints=0, revealed=False, last=None
    )
    assert Standing() == nothing


def test_records_cannot_be_changed() -> None:
    last = LastAttempt(1, 0.0, 1, 2, 1, 2, False, None)
    with pytest.raises(AttributeError):
        last.points = 2  # type: ignore[misc]
