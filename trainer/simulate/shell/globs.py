"""Patterns of the shell (`*.conf`, `[!a-z]?`): whether a text matches, and what they cut off or replace.

Follows POSIX.1-2024, XCU 2.14 (Pattern Matching Notation). RE2 matches them, in linear time. A backslash
makes the next character stand for itself. What `shopt -s extglob` adds is outside.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from trainer.errors import NotJudged
from trainer.patterns import regex

_SPECIAL = frozenset("*?[\\")
_CLASS = regex(r"\[:([a-z]+):\]")
_ESCAPED = frozenset("\\.+*?()|[]{}^$")


def literal(text: str) -> str:
    """A pattern that matches only this text."""
    return "".join(f"\\{char}" if char in _SPECIAL else char for char in text)


def is_pattern(text: str) -> bool:
    """Whether a text has a special character; `[` needs its `]`."""
    return "*" in text or "?" in text or "]" in text.partition("[")[2]


def matches(text: str, pattern: str) -> bool:
    """Whether the whole text matches."""
    if not _SPECIAL & set(pattern):
        return text == pattern
    return _compiled("".join(_pieces(pattern)), longest=True).fullmatch(text) is not None


def cut(value: str, pattern: str, how: str) -> str:
    """The value without what matches at its end (`%`) or start (`#`): the shortest, doubled the longest."""
    pieces, end = _pieces(pattern), how[0] == "%"
    text = value[::-1] if end else value
    pieces = pieces[::-1] if end else pieces
    longest = len(how) == 2
    wanted = "".join(pieces if longest else (".*?" if piece == ".*" else piece for piece in pieces))
    found = _compiled(wanted, longest=longest).match(text)
    size = 0 if found is None else found.end()
    return value[: len(value) - size] if end else value[size:]


def replaced(value: str, pattern: str, how: str, new: Callable[[str], str]) -> str:
    """`${name/pattern/new}`: the first match, every one (`//`), that at the start (`/#`) or end (`/%`)."""
    wanted = "".join(_pieces(pattern))
    if not wanted:
        return new("") + value if how == "/#" else value + new("") if how == "/%" else value
    anchored = f"^(?:{wanted})" if how == "/#" else f"(?:{wanted})$" if how == "/%" else wanted
    found, end = "", 0
    for match in _compiled(anchored, longest=True).finditer(value):
        if match.end() == match.start():
            continue
        found += value[end : match.start()] + new(match[0])
        end = match.end()
        if how != "//":
            break
    return found + value[end:]


@lru_cache(64)
def _compiled(pattern: str, *, longest: bool) -> Any:
    import re2  # only scripts with such a pattern need it

    options = re2.Options()
    options.log_errors, options.longest_match = False, longest
    try:
        return re2.compile(f"(?s:{pattern})", options)
    except re2.error:
        raise NotJudged("a pattern of this form") from None


def _pieces(pattern: str) -> list[str]:
    """What the pattern consists of, each in RE2's syntax: a character, a set of them, or `.*`."""
    found: list[str] = []
    at = 0
    closing = pattern.rfind("]")
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "*":
            found += [".*"] if found[-1:] != [".*"] else []
        elif char == "?":
            found.append(".")
        elif char == "[" and at <= closing and (bracket := _bracket(pattern, at, closing)):
            piece, at = bracket
            found.append(piece)
        else:
            if char == "\\" and at < len(pattern):
                char, at = pattern[at], at + 1
            found.append(_escape(char))
    return found


def _escape(char: str) -> str:
    return f"\\{char}" if char in _ESCAPED else char


def _bracket(pattern: str, at: int, closing: int) -> tuple[str, int] | None:
    """The set whose inside starts at `at`, and where the pattern goes on; None if it has no end."""
    inner = "^" if pattern[at] in "!^" else ""
    at += len(inner)
    first = at
    while at <= closing and (pattern[at] != "]" or at == first):
        named = _CLASS.match(pattern, at)
        if named is not None:
            inner, at = inner + named[0], named.end()
            continue
        if pattern[at] == "\\" and at < closing:
            at += 1
        inner += pattern[at] if pattern[at] == "-" else _escape(pattern[at])
        at += 1
    return (f"[{inner}]", at + 1) if at <= closing else None
