"""Lists and sets in CEL.

Follows k8s.io/apiserver v1.35 `pkg/cel/library/lists.go` and cel-go's `ext/sets.go`.
"""

from __future__ import annotations

import datetime
import itertools
from typing import Any

from trainer.simulate.cel.functions import INT_MAX, INT_MIN, Function

_COMPARABLE = ("int", "uint", "double", "bool", "duration", "timestamp", "string", "bytes")


def same(left: Any, right: Any) -> bool:
    """Equal as CEL has it: `1 == 1.0`, but `true != 1`."""
    if isinstance(left, bool) != isinstance(right, bool):
        return False
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    return bool(left == right)


def _is_sorted(items: list[Any]) -> bool:
    return all(not _less(after, before) for before, after in itertools.pairwise(items))


def _less(left: Any, right: Any) -> bool:
    try:
        return bool(left < right)
    except TypeError:
        raise ValueError("no such overload") from None


def _sum(items: list[Any]) -> Any:
    if items and isinstance(items[0], datetime.timedelta):
        return sum(items, datetime.timedelta())
    if any(isinstance(item, bool) or not isinstance(item, int | float) for item in items):
        raise ValueError("no such overload")
    total = sum(items)
    if isinstance(total, int) and not INT_MIN <= total <= INT_MAX:
        raise ValueError("integer overflow")
    return total


def _most(items: list[Any], *, largest: bool) -> Any:
    if not items:
        raise ValueError(f"{'max' if largest else 'min'} called on empty list")
    found = items[0]
    for item in items[1:]:
        if _less(found, item) if largest else _less(item, found):
            found = item
    return found


def _index(items: list[Any], wanted: Any) -> int:
    return next((index for index, item in enumerate(items) if same(item, wanted)), -1)


def _last_index(items: list[Any], wanted: Any) -> int:
    return next((i for i in range(len(items) - 1, -1, -1) if same(items[i], wanted)), -1)


def _contains(items: list[Any], inner: list[Any]) -> bool:
    return all(_index(items, item) >= 0 for item in inner)


def _intersects(items: list[Any], other: list[Any]) -> bool:
    return any(_index(items, item) >= 0 for item in other)


_SETS = ("list", "list")
FUNCTIONS = (
    *(Function("isSorted", (f"list:{kind}",), "bool", _is_sorted) for kind in _COMPARABLE),
    *(Function("sum", (f"list:{kind}",), kind, _sum) for kind in ("int", "uint", "double", "duration")),
    *(
        Function("min", (f"list:{kind}",), kind, lambda items: _most(items, largest=False))
        for kind in _COMPARABLE
    ),
    *(
        Function("max", (f"list:{kind}",), kind, lambda items: _most(items, largest=True))
        for kind in _COMPARABLE
    ),
    Function("indexOf", ("list", "dyn"), "int", _index),
    Function("lastIndexOf", ("list", "dyn"), "int", _last_index),
    Function("sets.contains", _SETS, "bool", _contains, member=False),
    Function(
        "sets.equivalent", _SETS, "bool", lambda a, b: _contains(a, b) and _contains(b, a), member=False
    ),
    Function("sets.intersects", _SETS, "bool", _intersects, member=False),
)
