"""No pattern takes time that grows with the square of a text: two shapes that do are refused.

A pattern in C can't be interrupted, so that no limit of time helps: 200,000 empty lines in an answer, tried
by a pattern that goes over all of them from the start of each line, take minutes.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator, Sequence
from re import _constants as code  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import trainer
from trainer.patterns import regex

TRIED = " \t\n\"'a0_-.="
"""Characters that tell whether two sets overlap."""
SINGLE = (code.IN, code.ANY, code.LITERAL, code.NOT_LITERAL)
REPEATS = (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT)
LINE = (code.AT, code.AT_BEGINNING)
"""The start of a line, in the place of a set."""


def patterns() -> Iterator[tuple[str, Any]]:
    """Every pattern that a module of the program has a name for."""
    for module in pkgutil.walk_packages(trainer.__path__, "trainer."):
        if not module.name.endswith("__main__"):
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, re.Pattern | type(regex(""))):
                    yield f"{module.name}.{name}", value


def shapes(pattern: str | bytes, flags: int) -> list[str]:
    """What is wrong with a pattern: empty if nothing is."""
    found: list[str] = []
    text = pattern if isinstance(pattern, str) else pattern.decode("latin-1")
    parsed = parser.parse(text, flags & ~re.UNICODE if isinstance(pattern, bytes) else flags)
    _touching(list(parsed), [], bool(parsed.state.flags & re.MULTILINE), found)
    return found


def _touching(items: Sequence[Any], before: list[Any], lines: bool, found: list[str]) -> list[Any]:
    """The endless runs that may touch what follows; notes the pairs of them that can share characters."""
    touching = list(before)
    for kind, value in items:
        if kind in REPEATS:
            least, most, inside = value
            if most is code.MAXREPEAT and len(inside) == 1 and inside[0][0] in SINGLE:
                found += [_told(one) for one in touching if _overlap(one, inside[0])]
                after = [inside[0]]
            else:
                if most is code.MAXREPEAT and LINE in touching and _crosses(list(inside)):
                    found.append(_told(LINE))
                after = _touching(list(inside), touching, lines, found)
            touching = (touching if least == 0 else []) + after
        elif kind is code.SUBPATTERN:
            touching = _touching(list(value[-1]), touching, lines, found)
        elif kind is code.BRANCH:
            touching = [one for way in value[1] for one in _touching(list(way), touching, lines, found)]
        elif kind is code.AT and value is code.AT_BEGINNING and lines:
            touching.append(LINE)
        elif kind not in (code.ASSERT, code.ASSERT_NOT, code.GROUPREF, code.AT):
            touching = []
    return touching


def _crosses(items: Sequence[Any]) -> bool:
    """Whether a part of these, outside of alternatives, matches the end of a line."""
    return any(
        _crosses(list(value[-1]))
        if kind in (code.SUBPATTERN, *REPEATS)
        else kind in SINGLE and _has((kind, value), "\n")
        for kind, value in items
    )


def _told(one: Any) -> str:
    return "goes over line ends from the start of each line" if one == LINE else "two runs share characters"


def _overlap(one: Any, other: Any) -> bool:
    if one == LINE:
        return _has(other, "\n")
    return any(_has(one, char) and _has(other, char) for char in TRIED)


def _has(item: Any, char: str) -> bool:
    kind, value = item
    if kind is code.ANY:
        return char != "\n"
    if kind in (code.LITERAL, code.NOT_LITERAL):
        return (value == ord(char)) is (kind is code.LITERAL)
    negated = any(one is code.NEGATE for one, _ in value)
    return any(_in(one, what, char) for one, what in value) is not negated


def _in(kind: Any, value: Any, char: str) -> bool:
    if kind is code.LITERAL:
        return bool(value == ord(char))
    if kind is code.RANGE:
        return bool(value[0] <= ord(char) <= value[1])
    if kind is not code.CATEGORY:
        return False
    *_, negated, name = ("_" + str(value)).rsplit("_", 2)
    is_in = {"SPACE": char.isspace(), "DIGIT": char.isdigit(), "WORD": char.isalnum() or char == "_"}[name]
    return is_in is not (negated == "NOT")


def test_no_pattern_has_a_shape_that_takes_the_square_of_a_texts_length() -> None:
    every = dict(patterns())
    wrong = {
        f"{name}: {', '.join(sorted(set(told)))}: {one.pattern!r}"
        for name, one in every.items()
        if (told := shapes(one.pattern, one.flags))
    }
    assert len(every) > 100
    assert sorted(wrong) == []


@pytest.mark.parametrize(
    ("pattern", "flags", "right"),
    [
        (r"^\s*kind", re.MULTILINE, False),
        (r"^[^\S\n]*kind", re.MULTILINE, True),
        (r"^\s*kind", 0, True),
        (r"^(?:-\s+)*kind", re.MULTILINE, False),
        (r"^(?:-[ \t]+)*kind", re.MULTILINE, True),
        (r"\s*\"*\s*kind", 0, False),
        (r"\s*(?:\"+\s*)?kind", 0, True),
        (r"[a-z]+[a-z0-9]*!", 0, False),
        (r"[a-z][a-z0-9]*!", 0, True),
        (r"(?:a|\d*)\d+", 0, False),
        (r"\w+\W+", 0, True),
        (r"[ \t]*.*x", 0, False),
        (rb"[^\n]*\w*", 0, False),
    ],
)
def test_shapes(pattern: str | bytes, flags: int, right: bool) -> None:
    assert (shapes(pattern, flags) == []) is right
