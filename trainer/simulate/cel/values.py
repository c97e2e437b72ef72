"""CEL values: their types, equality and order, and errors while evaluating.

Follows https://github.com/google/cel-spec/blob/master/doc/langdef.md (v0.24) as cel-go has it.
"""

from __future__ import annotations

import datetime
from functools import cmp_to_key
from typing import Any

import msgspec

from trainer.errors import TrainerError
from trainer.simulate.cel.functions import TAG
from trainer.simulate.cel.kinds import Type
from trainer.simulate.cel.syntax import Uint


class CelError(TrainerError):
    """An expression fails while it is evaluated; failurePolicy decides what follows."""


class TooExpensiveError(TrainerError):
    """An expression takes more steps or memory than the budget of a check."""


MOST_TEXT = 1 << 22
"""Characters of the longest text that a function may make."""


def bounded(characters: int) -> None:
    """Refuse to create a text of this length, before it is created. Raises `TooExpensiveError`."""
    if characters > MOST_TEXT:
        raise TooExpensiveError(f"an expression that makes a text of {characters} characters")


MOST_ELEMENTS = 1 << 22
"""Elements that a function may create or compare."""


def bounded_elements(count: int) -> None:
    """Refuse to create or compare this many elements. Raises `TooExpensiveError`."""
    if count > MOST_ELEMENTS:
        raise TooExpensiveError(f"an expression that handles {count} elements")


def sorted_by(items: list[Any], keys: list[Any]) -> list[Any]:
    """The items in the order of their keys. Raises `CelError` for keys of several types, or without order."""
    if len({kind_of(key) for key in keys}) > 1:
        raise CelError("list elements must have the same type")
    if len(keys) == 1:
        less(keys[0], keys[0])

    def compared(left: int, right: int) -> int:
        return -1 if less(keys[left], keys[right]) else int(less(keys[right], keys[left]))

    return [items[position] for position in sorted(range(len(keys)), key=cmp_to_key(compared))]


class CelType(msgspec.Struct, frozen=True):
    """A type as a value: `type(1) == int`."""

    name: str


class Optional(msgspec.Struct, frozen=True):
    """An optional: `present` says whether it has `value`."""

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
"""What `type()` calls a kind, if that is another word."""

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
    """`<`. Raises `CelError` if the two have no order."""
    one, other = kind_of(left), kind_of(right)
    if (one in NUMBERS and other in NUMBERS) or (one == other and one in ORDERED):
        return bool(left < right)
    raise no_overload("_<_", left, right)


def no_overload(name: str, *arguments: Any) -> CelError:
    """The error of a function that has no overload for these values."""
    kinds = ", ".join(kind_of(argument) for argument in arguments)
    return CelError(f"no such overload: {name}({kinds})")


def fits(wanted: Type, value: Any) -> bool:
    """Whether a value may be an argument of this type; the first element decides for lists and maps.

    As `defaultIsAssignableRuntimeType` of cel-go's `common/types/types.go` does.
    """
    if wanted.name == "dyn" or wanted.is_variable:
        return True
    if kind_of(value) != wanted.name:
        return False
    if wanted.name == "list":
        return not value or fits(wanted.parameters[0], value[0])
    if wanted.name == "map":
        return all(
            fits(inner, one)
            for entry in list(value.items())[:1]
            for inner, one in zip(wanted.parameters, entry, strict=True)
        )
    return True
