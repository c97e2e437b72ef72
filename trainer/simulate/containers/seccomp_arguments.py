"""Conditions on a system call's arguments in a seccomp profile: do they cover all calls, none, or some?

Follows runc libcontainer/seccomp/seccomp_linux.go (1.4, `matchCall`): the conditions of an entry must all
hold, but each counts alone if two are about the same argument. Arguments are unsigned 64-bit numbers; for
SCMP_CMP_MASKED_EQ, `value` is the mask and `valueTwo` what is compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

OPERATORS = frozenset(f"SCMP_CMP_{name}" for name in ("NE", "LT", "LE", "EQ", "GE", "GT", "MASKED_EQ"))

Condition = tuple[int, str, int, int]
"""Index of the argument, operator, value, second value."""

_MOST = 2**64 - 1
_Range = tuple[int, int]


def coverage(entries: Sequence[Sequence[Condition]]) -> Literal["all", "none", "some"]:
    """Which calls at least one of the entries is about; every entry has a condition.

    >>> coverage([[(0, "SCMP_CMP_GE", 0, 0)]])
    'all'
    >>> coverage([[(0, "SCMP_CMP_LT", 5, 0)], [(0, "SCMP_CMP_GE", 5, 0)]])
    'all'
    >>> coverage([[(0, "SCMP_CMP_EQ", 5, 0)]])
    'some'
    """
    rules = [rule for entry in entries for rule in _rules(entry)]
    rules = [rule for rule in rules if all(_ranges(condition) != [] for condition in rule)]
    if not rules:
        return "none"
    single: dict[int, list[_Range]] = {}
    for rule in rules:
        narrow = [condition for condition in rule if _ranges(condition) != [(0, _MOST)]]
        if not narrow:
            return "all"
        if len(narrow) == 1:
            single.setdefault(narrow[0][0], []).extend(_ranges(narrow[0]) or [])
    return "all" if any(_is_all(ranges) for ranges in single.values()) else "some"


def _rules(entry: Sequence[Condition]) -> list[list[Condition]]:
    """The rules that runc makes of an entry."""
    indexes = [condition[0] for condition in entry]
    if len(set(indexes)) < len(indexes):
        return [[condition] for condition in entry]
    return [list(entry)]


def _ranges(condition: Condition) -> list[_Range] | None:
    """The numbers that meet a condition; None for a mask, whose numbers don't form ranges."""
    _, operator, value, second = condition
    if operator == "SCMP_CMP_MASKED_EQ":
        if second & ~value:
            return []
        return [(0, _MOST)] if value == 0 else None
    ranges = {
        "SCMP_CMP_NE": [(0, value - 1), (value + 1, _MOST)],
        "SCMP_CMP_LT": [(0, value - 1)],
        "SCMP_CMP_LE": [(0, value)],
        "SCMP_CMP_EQ": [(value, value)],
        "SCMP_CMP_GE": [(value, _MOST)],
        "SCMP_CMP_GT": [(value + 1, _MOST)],
    }[operator]
    return [one for one in ranges if one[0] <= one[1]]


def _is_all(ranges: list[_Range]) -> bool:
    reached = 0
    for first, last in sorted(ranges):
        if first > reached:
            return False
        reached = max(reached, last + 1)
    return reached > _MOST
