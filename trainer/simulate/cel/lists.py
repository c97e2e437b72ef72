"""Lists and sets in CEL.

Follows k8s.io/apiserver v1.36 `pkg/cel/library/lists.go`, and cel-go v0.26 `ext/sets.go` and
`ext/lists.go` (version 3). The last is enabled for policies that are created on an API server of
v1.35 or later: `pkg/cel/environment/base.go` introduces it at 1.34, one version before the
server's own.
"""

from __future__ import annotations

import datetime
import itertools
from typing import Any

from trainer.simulate.cel.functions import INT_MAX, INT_MIN, Function
from trainer.simulate.cel.values import bounded_elements, equal, no_overload, sorted_by

_COMPARABLE = ("int", "uint", "double", "bool", "duration", "timestamp", "string", "bytes")


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
    return next((index for index, item in enumerate(items) if equal(item, wanted)), -1)


def _last_index(items: list[Any], wanted: Any) -> int:
    return next((i for i in range(len(items) - 1, -1, -1) if equal(items[i], wanted)), -1)


def _contains(items: list[Any], inner: list[Any]) -> bool:
    return all(_index(items, item) >= 0 for item in inner)


def _intersects(items: list[Any], other: list[Any]) -> bool:
    return any(_index(items, item) >= 0 for item in other)


def _range(count: int) -> list[int]:
    bounded_elements(count)
    return list(range(count))


def _slice(items: list[Any], start: int, end: int) -> list[Any]:
    if min(start, end) < 0:
        raise ValueError(f"cannot slice({start}, {end}), negative indexes not supported")
    if start > end:
        raise ValueError(f"cannot slice({start}, {end}), start index must be less than or equal to end index")
    if end > len(items):
        raise ValueError(f"cannot slice({start}, {end}), list is length {len(items)}")
    return items[start:end]


def _flatten(items: Any, depth: int = 1) -> list[Any]:
    if not isinstance(items, list):
        raise no_overload("flatten", items)
    if depth < 0:
        raise ValueError("level must be non-negative")
    if depth == 0:
        return items
    flat: list[Any] = []
    for item in items:
        flat += _flatten(item, depth - 1) if isinstance(item, list) else [item]
    return flat


def _distinct(items: list[Any]) -> list[Any]:
    bounded_elements(len(items) ** 2)
    found: list[Any] = []
    for item in items:
        if not any(equal(item, other) for other in found):
            found.append(item)
    return found


_SETS = ("list(T)", "list(T)")
FUNCTIONS = (
    *(Function("isSorted", (f"list({kind})",), "bool", _is_sorted) for kind in _COMPARABLE),
    *(Function("sum", (f"list({kind})",), kind, _sum) for kind in ("int", "uint", "double", "duration")),
    *(
        Function("min", (f"list({kind})",), kind, lambda items: _most(items, largest=False))
        for kind in _COMPARABLE
    ),
    *(
        Function("max", (f"list({kind})",), kind, lambda items: _most(items, largest=True))
        for kind in _COMPARABLE
    ),
    Function("indexOf", ("list(T)", "T"), "int", _index),
    Function("lastIndexOf", ("list(T)", "T"), "int", _last_index),
    Function("lists.range", ("int",), "list(int)", _range, member=False),
    Function("slice", ("list(T)", "int", "int"), "list(T)", _slice),
    Function("flatten", ("list(list(T))",), "list(T)", _flatten, guarded=False),
    Function("flatten", ("list(dyn)", "int"), "list(dyn)", _flatten, guarded=False),
    Function("reverse", ("list(T)",), "list(T)", lambda items: items[::-1]),
    Function("distinct", ("list(T)",), "list(T)", _distinct),
    *(
        Function("sort", (f"list({kind})",), f"list({kind})", lambda items: sorted_by(items, items))
        for kind in _COMPARABLE
    ),
    Function("sets.contains", _SETS, "bool", _contains, member=False),
    Function(
        "sets.equivalent", _SETS, "bool", lambda a, b: _contains(a, b) and _contains(b, a), member=False
    ),
    Function("sets.intersects", _SETS, "bool", _intersects, member=False),
)
