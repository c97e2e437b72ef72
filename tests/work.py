"""How much work something is, in calls of functions: it depends on no machine."""

from __future__ import annotations

from collections.abc import Callable

from tools.calls import counted


def calls(work: Callable[[], object]) -> int:
    """How many functions the work calls, those of C included."""
    return counted(work)[1]


def growth(work: Callable[[int], Callable[[], object]], size: int, times: int = 4) -> float:
    """How many times more work it is for an input of `times` the size: `times` where work is in proportion.

    `work(size)` makes the input and returns what works on it. Both run once before it counts, so that what is
    done once in a process isn't counted.
    """
    few, many = work(size), work(size * times)
    few()
    many()
    return calls(many) / calls(few)
