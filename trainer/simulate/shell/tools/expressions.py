"""Regular expressions of `grep`, `sed` and `awk`, matched by RE2: in linear time, whatever they are.

Follows POSIX.1-2024, XBD chapter 9 (basic and extended regular expressions), with GNU's `\\+`, `\\?`, `\\|`,
`\\s`, `\\w` and `\\b`. Character classes such as `[[:space:]]` are known; collating symbols and references
to groups aren't. Of the matches that begin first, the longest counts (XBD 9.1).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from trainer.errors import NotJudged

_CLASSES = {
    "space": r"\s",
    "blank": r" \t",
    "digit": "0-9",
    "alpha": "A-Za-z",
    "alnum": "A-Za-z0-9",
    "upper": "A-Z",
    "lower": "a-z",
}
_SPECIAL = frozenset("+?|(){}")
_KEPT = frozenset("swWSbB")


@lru_cache(64)
def compiled(pattern: str, *, ignore_case: bool = False) -> Any:
    """A `translated` pattern, ready to match. Raises `NotJudged` for what isn't covered."""
    import re2  # only scripts with such a command need it

    options = re2.Options()
    options.log_errors, options.longest_match, options.case_sensitive = False, True, not ignore_case
    try:
        return re2.compile(pattern, options)
    except re2.error:
        raise NotJudged(f"the regular expression {pattern}") from None


def translated(text: str, *, extended: bool) -> str:
    """The pattern in RE2's syntax. Raises `NotJudged` for what isn't covered."""
    found = ""
    at = 0
    while at < len(text):
        char = text[at]
        if char == "\\":
            following = text[at + 1 : at + 2]
            found += _escaped(following, extended=extended)
            at += 2
        elif char == "[":
            piece, at = _bracket(text, at)
            found += piece
        else:
            found += _plain(char, found, text, at, extended=extended)
            at += 1
        if found.endswith("{") and not found.endswith(r"\{") and char != "[" and text.startswith(",", at):
            found += "0"  # RE2 takes {,3} for text
    compiled(found)
    return found


def _escaped(char: str, *, extended: bool) -> str:
    if not char:
        raise NotJudged("a regular expression that ends in a backslash")
    if char in _SPECIAL:
        return f"\\{char}" if extended else char
    if char in _KEPT:
        return f"\\{char}"
    if char in "nt":
        return f"\\{char}"
    if char.isalnum() or char in "<>`'":
        raise NotJudged(f"\\{char} in a regular expression")
    return re.escape(char)


def _plain(char: str, before: str, text: str, at: int, *, extended: bool) -> str:
    if char in _SPECIAL:
        return char if extended else f"\\{char}"
    if char == "*" and (not before or before in ("^", "(")):
        return r"\*"
    if char == "^" and not extended and at and text[at - 1] not in "(|":
        return r"\^"
    if char == "$" and not extended and at + 1 < len(text) and text[at + 1] != "\\":
        return r"\$"
    return char if char in ".*^$" else re.escape(char)


def _bracket(text: str, at: int) -> tuple[str, int]:
    """A bracket expression from `at` on, and where the text goes on."""
    end = at + 1
    inner = ""
    if text[end : end + 1] == "^":
        inner, end = "^", end + 1
    if text[end : end + 1] == "]":
        inner, end = inner + r"\]", end + 1
    while end < len(text) and text[end] != "]":
        match = re.match(r"\[:(\w+):\]", text[end:])
        if match is not None and match[1] in _CLASSES:
            inner += _CLASSES[match[1]]
            end += match.end()
        elif text[end] == "[" and text[end + 1 : end + 2] in (":", ".", "="):
            raise NotJudged(f"{text[end:]} in a regular expression")
        else:
            inner += text[end] if text[end] not in "\\[" else f"\\{text[end]}"
            end += 1
    if end >= len(text):
        raise NotJudged(f"the unclosed [ in {text}")
    return f"[{inner}]", end + 1
