"""CEL values: their types, equality and order, and errors while evaluating.

Follows https://github.com/google/cel-spec/blob/master/doc/langdef.md (v0.24) as cel-go has it.
"""

from __future__ import annotations

import datetime
from typing import Any

import msgspec

from trainer.errors import TrainerError
from trainer.simulate.cel.functions import TAG
from trainer.simulate.cel.syntax import Uint


class CelError(TrainerError):
    """An expression fails while it is evaluated; failurePolicy decides what follows."""


class TooExpensiveError(TrainerError):
    """An expression takes more steps or memory than the budget of a check."""


MOST_TEXT = 1 << 22
"""Characters of the longest text that a function may make."""


def bounded(characters: int) -> None:
    """Refuse to make a text of this length, before it is made. Raises `TooExpensiveError`."""
    if characters > MOST_TEXT:
        raise TooExpensiveError(f"an expression that makes a text of {characters} characters")


class CelType(msgspec.Struct, frozen=True):
    """A type as a value: `type(1) == int`."""

    name: str


class Optional(msgspec.Struct, frozen=True):
    """An optional: `present` says whether it holds `value`."""

    present: bool = False
    value: Any = None


NOTHING = Optional()


def kind_of(value: Any) -> str:
    """The CEL type's name: `int`, `string`, `map`, `net.IP` ..."""
    if value is None:
        return "null"
    simple = _KINDS.get(type(value))
    if simple is not None:
        return simple
    if isinstance(value, dict):
        tag = value.get(TAG)
        return tag if isinstance(tag, str) else "map"
    if isinstance(value, datetime.datetime):
        return "timestamp"
    return str(getattr(value, "cel_kind", "dyn"))


_KINDS: dict[type, str] = {
    bool: "bool",
    int: "int",
    Uint: "uint",
    float: "double",
    str: "string",
    bytes: "bytes",
    list: "list",
    datetime.datetime: "timestamp",
    datetime.timedelta: "duration",
    CelType: "type",
    Optional: "optional",
}

TYPE_NAMES = {
    "null": "null_type",
    "timestamp": "google.protobuf.Timestamp",
    "duration": "google.protobuf.Duration",
    "optional": "optional_type",
}
"""What `type()` calls a kind, where that is another word."""

NUMBERS = ("int", "uint", "double")
ORDERED = ("bool", "string", "bytes", "timestamp", "duration")


def type_of(value: Any) -> CelType:
    """`type(value)`."""
    kind = kind_of(value)
    return CelType(TYPE_NAMES.get(kind, kind))


def equal(left: Any, right: Any) -> bool:
    """`==`: numbers by value whatever their type, everything else within its type."""
    one, other = kind_of(left), kind_of(right)
    if one in NUMBERS and other in NUMBERS:
        return bool(left == right)
    if one != other:
        return False
    if one == "list":
        return len(left) == len(right) and all(map(equal, left, right))
    if one == "map":
        return left.keys() == right.keys() and all(equal(left[key], right[key]) for key in left)
    if one == "optional":
        return left.present == right.present and (not left.present or equal(left.value, right.value))
    return bool(left == right)


def less(left: Any, right: Any) -> bool:
    """`<`. Raises `CelError` where the two have no order."""
    one, other = kind_of(left), kind_of(right)
    if (one in NUMBERS and other in NUMBERS) or (one == other and one in ORDERED):
        return bool(left < right)
    raise no_overload("_<_", left, right)


def no_overload(name: str, *arguments: Any) -> CelError:
    """The error of a function that has no overload for these values."""
    kinds = ", ".join(kind_of(argument) for argument in arguments)
    return CelError(f"no such overload: {name}({kinds})")


def fits(kind: str, value: Any) -> bool:
    """Whether a value may be an argument of this parameter type."""
    if kind == "dyn":
        return True
    actual = kind_of(value)
    return actual == kind.partition(":")[0]
