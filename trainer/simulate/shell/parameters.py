"""What an expansion makes of the value of a parameter: a part, another case, another text in it.

Follows the section "Parameter Expansion" of bash(1), 5.2, with its option `patsub_replacement`, which is on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from trainer.errors import NotJudged
from trainer.simulate.shell import globs

T = TypeVar("T", str, list[str])


def changed(text: str, operator: str, pattern: str, second: Sequence[tuple[str, bool]]) -> str:
    """A value after an operator with its pattern; `second` is the new text: pieces, and whether quoted."""
    match operator[0]:
        case "%" | "#":
            return globs.cut(text, pattern, operator)
        case "/":
            # An unquoted `&` in the new text is what matches.
            return globs.replaced(
                text,
                pattern,
                operator,
                lambda found: "".join(one if quoted else one.replace("&", found) for one, quoted in second),
            )
        case "^" | ",":
            return _in_case(text, operator, pattern)
    return _transformed(text, pattern)


def slice_of(value: T, start: int, length: int | None) -> T:
    """The part of a text or a list from a place on; a negative one counts from the end.

    Raises `NotJudged` for a length that ends before the start.
    """
    size = len(value)
    start = start + size if start < 0 else start
    if start < 0 or start > size:
        return value[:0]
    end = size if length is None else start + length if length >= 0 else size + length
    if end < start or (length is not None and length < 0 and isinstance(value, list)):
        raise NotJudged("a part of a value with a negative length")
    return value[start:end]


def _in_case(text: str, operator: str, pattern: str) -> str:
    wanted = len(text) if len(operator) == 2 else 1
    chars = []
    for char in text[:wanted]:
        other = char.upper() if operator[0] == "^" else char.lower()
        takes = len(other) == 1 and (not pattern or globs.matches(char, pattern))
        chars.append(other if takes else char)
    return "".join(chars) + text[wanted:]


def _transformed(text: str, letter: str) -> str:
    """`${name@U}`, `@L`, `@u` and, for texts without control characters, `@Q`."""
    match letter:
        case "U":
            return text.upper()
        case "L":
            return text.lower()
        case "u":
            return text[:1].upper() + text[1:]
        case "Q" if text.isprintable():
            return "'" + text.replace("'", "'\\''") + "'"
    raise NotJudged(f"the transformation @{letter}")
