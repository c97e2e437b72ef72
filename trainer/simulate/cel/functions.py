"""How the functions of CEL are declared: a name, the types of the arguments, what runs.

A value of a type that only Kubernetes has (an IP address, a quantity) is a map with its type's name
under `TAG`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

TAG = "\x00type"
"""The key that distinguishes a value of an opaque type from a map of the learner."""

INT_MIN, INT_MAX = -(1 << 63), (1 << 63) - 1


class Function(msgspec.Struct, frozen=True):
    """One overload: `ip.family() -> int` is `Function("family", ("net.IP",), "int", impl)`.

    Types are `bool int uint double string bytes dyn null timestamp duration`, `list(int)`, `map(string,
    dyn)`, `optional(T)`, `type(T)`, or the name of an opaque type; a capital letter means any type, the
    same wherever it occurs. `guarded` says whether values of other types are refused when the function is
    called (they always are when an expression is compiled).
    """

    name: str
    parameters: tuple[str, ...]
    result: str
    implementation: Callable[..., Any]
    member: bool = True
    guarded: bool = True


def opaque(kind: str, **fields: Any) -> dict[str, Any]:
    """A value of an opaque type. Values are equal if type and fields are."""
    return {TAG: kind, **fields}


def tag_of(value: Any) -> str:
    """The opaque type of a value, or an empty string."""
    return str(value.get(TAG, "")) if isinstance(value, dict) else ""
