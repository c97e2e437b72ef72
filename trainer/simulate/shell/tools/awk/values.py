"""Values of awk: numbers, texts, and texts of the input that look like numbers.

Follows POSIX.1-2024, XCU awk, "Expressions in awk".
"""

from __future__ import annotations

from trainer.patterns import regex
from trainer.simulate.shell.tools.formats import Spec, filled, numbered, padded, pieces

_NUMBER = regex(r"\s*[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")


class Input(str):
    """A text of the input: it compares as a number if it looks like one."""

    __slots__ = ()


Value = float | str | None
"""None for a variable that was never set."""


def text_of(value: Value) -> str:
    """A value as a text: whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, str):
        return str(value)
    return str(int(value)) if value == int(value) and abs(value) < 1e16 else f"{value:.6g}"


def number_of(value: Value) -> float:
    """A value as a number: what a text starts with, else 0."""
    if isinstance(value, float):
        return value
    match = _NUMBER.match(value or "")
    return float(match[0]) if match is not None else 0.0


def is_number(value: Value) -> bool:
    """Whether a value compares as a number."""
    if not isinstance(value, str):
        return True
    match = _NUMBER.match(value) if isinstance(value, Input) else None
    return match is not None and not value[match.end() :].strip()


def is_true(value: Value) -> bool:
    """Whether a value counts as true."""
    return bool(number_of(value)) if is_number(value) else bool(value)


def compared(one: Value, other: Value) -> int:
    """Less than 0, 0, or more than 0: as numbers if both are numbers, else as texts."""
    if is_number(one) and is_number(other):
        first, second = number_of(one), number_of(other)
        return (first > second) - (first < second)
    left, right = text_of(one), text_of(other)
    return (left > right) - (left < right)


def formatted(form: str, values: list[Value]) -> str:
    """What `printf` and `sprintf` of awk make."""
    rest = values[::-1]
    taken: list[Value] = [None]

    def take() -> str:
        taken[0] = rest.pop() if rest else None
        return text_of(taken[0])

    def one(spec: Spec, text: str) -> str:
        if spec.letter == "s":
            return padded(spec, text)
        if spec.letter == "c":
            value = taken[0]
            return padded(spec, chr(int(value) & 0x10FFFF) if isinstance(value, float) else text[:1])
        return numbered(spec, number_of(taken[0]))

    return "".join(filled(pieces(form), take, one))
