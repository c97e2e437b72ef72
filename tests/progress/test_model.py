"""The store's data is plain and frozen."""

from __future__ import annotations

import pytest

from trainer.progress.model import Attempt, LastAttempt, NewAttempt, Standing


def test_an_attempt_is_what_was_recorded_and_when() -> None:
    new = NewAttempt("pod-ro", 1, 2, 1, 2, False, 3.5, "d", "{}", "{}")
    attempt = Attempt("pod-ro", 1, 2, 1, 2, False, 3.5, "d", "{}", "{}", number=4, at=10.0)
    assert (attempt.card, attempt.points, attempt.number, attempt.at) == (new.card, new.points, 4, 10.0)
    assert attempt.revealed is False


def test_a_card_never_touched_has_nothing() -> None:
    standing = Standing()
    assert (standing.attempts, standing.best, standing.last) == (0, 0, None)


def test_records_cannot_be_changed() -> None:
    last = LastAttempt(1, 0.0, 1, 2, 1, 2, False, None)
    with pytest.raises(AttributeError):
        last.points = 2  # type: ignore[misc]
