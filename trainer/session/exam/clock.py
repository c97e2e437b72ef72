"""The words of an exam's clock, and when it alerts."""

from __future__ import annotations

ALERTS = (30, 15, 5)
"""Minutes left at which the clock alerts."""


def alert(before: float, left: float) -> int | None:
    """The alert between two looks at the seconds left, in minutes; the latest one if there are several.

    >>> alert(1800.5, 1799.6), alert(1799, 1798), alert(2000, 100)
    (30, None, 5)
    """
    passed = [minutes for minutes in ALERTS if left <= minutes * 60 < before]
    return min(passed, default=None)


def clock_words(seconds: float) -> str:
    """Seconds as a clock that counts down shows them: `1:37:12`, `0:05:00`. Rounded up: 0 is the end.

    >>> clock_words(5831.2), clock_words(300), clock_words(0.1)
    ('1:37:12', '0:05:00', '0:00:01')
    """
    whole = -int(-seconds // 1)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def spent_words(seconds: float) -> str:
    """Seconds that were used, rounded down: `4:05`, `1:02:05`.

    >>> spent_words(245.9), spent_words(3725)
    ('4:05', '1:02:05')
    """
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"
