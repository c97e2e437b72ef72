"""`tr`: characters that are replaced, deleted or squeezed.

Follows POSIX.1-2024, XCU `tr`, and GNU coreutils 9.4: the last character of a shorter second set repeats.
"""

from __future__ import annotations

import string
from collections.abc import Container, Mapping

from trainer.errors import NotJudged
from trainer.patterns import regex

_PIECE = regex(r"\[:([a-z]+):\]|(\\[0-7]{1,3}|\\.|[^\\])(?:-(\\[0-7]{1,3}|\\.|[^\\]))?", 16)
_CLASSES = {
    "lower": string.ascii_lowercase,
    "upper": string.ascii_uppercase,
    "alpha": string.ascii_letters,
    "digit": string.digits,
    "alnum": string.digits + string.ascii_letters,
    "space": "\t\n\v\f\r ",
    "blank": "\t ",
    "punct": string.punctuation,
}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


class _Others:
    """All characters that are not in a set."""

    def __init__(self, chars: str) -> None:
        self.chars = frozenset(chars)

    def __contains__(self, char: object) -> bool:
        return char not in self.chars


def tr(text: str, options: Mapping[str, str], sets: list[str]) -> str:
    """The text after `tr` with these sets. Raises `NotJudged` for sets that aren't known."""
    chars = [_chars(one) for one in sets]
    others = bool(options.keys() & {"c", "C"})
    first: Container[str] = _Others(chars[0]) if others else chars[0]
    if "d" in options:
        text = "".join(char for char in text if char not in first)
        return _squeezed(text, chars[1]) if "s" in options and len(chars) > 1 else text
    if len(chars) < 2:
        return _squeezed(text, first)
    second = chars[1]
    if not chars[0] or not second:
        raise NotJudged(f"tr {' '.join(sets)}")
    if others:
        text = "".join(second[-1] if char in first else char for char in text)
    else:
        second = second[: len(chars[0])].ljust(len(chars[0]), second[-1])
        text = text.translate({ord(one): other for one, other in zip(chars[0], second, strict=True)})
    return _squeezed(text, second) if "s" in options else text


def _squeezed(text: str, chars: Container[str]) -> str:
    found: list[str] = []
    for char in text:
        if not found or found[-1] != char or char not in chars:
            found.append(char)
    return "".join(found)


def _chars(text: str) -> str:
    """The characters of a set: `a-z`, `[:digit:]`, `\\n`."""
    if "[=" in text or ("*" in text and "[" in text):
        raise NotJudged(f"tr {text}")
    found = ""
    for match in _PIECE.finditer(text):
        if match[1] is not None:
            if match[1] not in _CLASSES:
                raise NotJudged(f"tr {text}")
            found += _CLASSES[match[1]]
            continue
        first = _char(match[2])
        last = first if match[3] is None else _char(match[3])
        if last < first or ord(last) - ord(first) > 255:
            raise NotJudged(f"tr {text}")
        found += "".join(map(chr, range(ord(first), ord(last) + 1)))
    return found


def _char(text: str) -> str:
    if text[0] != "\\" or len(text) == 1:
        return text
    return chr(int(text[1:], 8) & 255) if text[1].isdecimal() else _ESCAPES.get(text[1], text[1])
