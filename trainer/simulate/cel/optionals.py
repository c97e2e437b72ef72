"""Optional values in CEL.

Follows cel-go v0.26 `cel/library.go` (the newest version of its optional library, as Kubernetes v1.35
and v1.36 enable it). `or` and `orValue` look at their argument only if they need it, so `evaluate`
runs them; a receiver that isn't an optional passes unchanged.
"""

from __future__ import annotations

from typing import Any

from trainer.simulate.cel.functions import Function
from trainer.simulate.cel.values import NOTHING, CelError, Optional

SHORT = ("or", "orValue")
"""Functions that don't always look at their argument."""


def settled(name: str, holder: Any) -> tuple[bool, Any]:
    """Whether `or` or `orValue` is done without its argument, and with what."""
    if not isinstance(holder, Optional):
        return True, holder
    return holder.present, holder if name == "or" else holder.value


def _value(optional: Optional) -> Any:
    if not optional.present:
        raise CelError("optional.none() dereference")
    return optional.value


def _non_zero(value: Any) -> Optional:
    empty = value is None or value in (0, "", b"", [], {}) or value is False
    return NOTHING if empty else Optional(True, value)


def _unwrapped(items: list[Any]) -> list[Any]:
    for item in items:
        if not isinstance(item, Optional):
            raise CelError(f"value {item!r} is not optional")
    return [item.value for item in items if item.present]


def _end(position: int) -> Any:
    return lambda items: Optional(True, items[position]) if items else NOTHING


FUNCTIONS = (
    Function("optional.of", ("T",), "optional(T)", lambda value: Optional(True, value), member=False),
    Function("optional.none", (), "optional(T)", lambda: NOTHING, member=False),
    Function("optional.ofNonZeroValue", ("T",), "optional(T)", _non_zero, member=False),
    Function("optional.unwrap", ("list(optional(T))",), "list(T)", _unwrapped, member=False),
    Function("unwrapOpt", ("list(optional(T))",), "list(T)", _unwrapped),
    Function("hasValue", ("optional(T)",), "bool", lambda optional: optional.present),
    Function("value", ("optional(T)",), "T", _value),
    Function("orValue", ("optional(T)", "T"), "T", lambda _, other: other),
    Function("or", ("optional(T)", "optional(T)"), "optional(T)", lambda _, other: other),
    Function("first", ("list(T)",), "optional(T)", _end(0)),
    Function("last", ("list(T)",), "optional(T)", _end(-1)),
)
