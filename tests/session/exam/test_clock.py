"""The clock's words, and that each alert comes once."""

from __future__ import annotations

from itertools import pairwise

from trainer.session.exam.clock import alert, clock_words


def test_each_alert_comes_once_and_none_before() -> None:
    looks = [7200 - second for second in range(7201)]
    told = [found for before, left in pairwise(looks) if (found := alert(before, left))]
    assert told == [30, 15, 5]
    assert alert(1800, 1799) is None, "a drill of half an hour begins without an alert"


def test_the_clock_shows_zero_only_at_the_end() -> None:
    assert [clock_words(left) for left in (7200, 3599.01, 0.2, 0)] == [
        "2:00:00",
        "1:00:00",
        "0:00:01",
        "0:00:00",
    ]
