"""How `sort` and `uniq` order and join lines.

Follows GNU coreutils 9.4 in the C.UTF-8 locale: texts by their code points. Of lines that are equal by all
keys, the whole line decides. `-V` is known for versions of digits, points and signs, `-h` isn't.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping

import msgspec

from trainer.errors import NotJudged
from trainer.patterns import regex

_KEY = regex(r"([1-9][0-9]{0,2})(?:\.([1-9][0-9]{0,3}))?([bnrfV]*)(?:,([1-9][0-9]{0,2})([bnrfV]*))?")
_NUMBER = regex(r"\s*(-?[0-9]*(?:\.[0-9]*)?)")
_VERSION = regex(r"[A-Za-z]{0,20}[0-9.+~:v-]*")
_BLANKS_AND_TEXT = regex(r"[ \t]*[^ \t]+|[ \t]+$")
Compare = Callable[[str, str], int]


class _Key(msgspec.Struct, frozen=True):
    first: int
    start: int
    last: int
    flags: frozenset[str]


def sort(lines: list[str], options: Mapping[str, str]) -> list[str] | None:
    """The lines in order; None if their order isn't known."""
    flags = frozenset(options.keys()) & frozenset("bnrfV")
    keys = [_key(text, flags) for text in options.get("k", "").split("\n") if text]
    keys = keys or [_Key(1, 1, 0, flags)]
    if any("V" in key.flags for key in keys) and not all(map(_VERSION.fullmatch, lines)):
        return None
    mark = options.get("t")
    values = [tuple(_value(line, key, mark) for key in keys) for line in lines]

    def compare(one: int, other: int) -> int:
        for key, left, right in zip(keys, values[one], values[other], strict=True):
            order = (left > right) - (left < right)
            if order:
                return -order if "r" in key.flags else order
        return 0

    def whole(one: int, other: int) -> int:
        found = compare(one, other)
        if found or options.keys() & {"u", "s"}:
            return found
        order = (lines[one] > lines[other]) - (lines[one] < lines[other])
        return -order if "r" in options else order

    places = sorted(range(len(lines)), key=functools.cmp_to_key(whole))
    if "u" in options:  # of lines with the same keys, the first one stays
        places = [at for n, at in enumerate(places) if not n or compare(places[n - 1], at)]
    return [lines[at] for at in places]


def _key(text: str, flags: frozenset[str]) -> _Key:
    match = _KEY.fullmatch(text)
    if match is None:
        raise NotJudged(f"sort -k{text}")
    own = frozenset((match[3] or "") + (match[5] or ""))
    return _Key(int(match[1]), int(match[2] or 1), int(match[4] or 0), own or flags)


def _value(line: str, key: _Key, mark: str | None) -> tuple[tuple[float, str], ...]:
    """What a key compares of a line."""
    text = line
    if (key.first, key.last) != (1, 0):
        fields = line.split(mark) if mark else [match[0] for match in _BLANKS_AND_TEXT.finditer(line)]
        text = (mark or "").join(fields[key.first - 1 : key.last or None])
    if "b" in key.flags or key.start > 1:
        text = text.lstrip(" \t") if "b" in key.flags else text
        text = text[key.start - 1 :]
    if "n" in key.flags:
        match = _NUMBER.match(text)
        digits = match[1] if match is not None else ""
        return ((float(digits) if digits.strip("-.") else 0.0, ""),)
    if "V" in key.flags:
        return tuple(
            (float(part), "") if part.isdecimal() else (-1.0, part)
            for part in re.findall(r"[0-9]+|[^0-9]+", text)
        )
    return ((0.0, text.upper() if "f" in key.flags else text),)


def uniq(lines: list[str], options: Mapping[str, str]) -> list[str]:
    """Each run of equal lines once; with `-d` only repeated ones, with `-u` only those that aren't."""
    found: list[tuple[int, str]] = []
    for line in lines:
        same = bool(found) and (
            found[-1][1] == line or ("i" in options and found[-1][1].lower() == line.lower())
        )
        if same:
            found[-1] = (found[-1][0] + 1, found[-1][1])
        else:
            found.append((1, line))
    found = [
        one for one in found if not ("d" in options and one[0] < 2) and not ("u" in options and one[0] > 1)
    ]
    return [f"{count:>7} {line}" if "c" in options else line for count, line in found]
