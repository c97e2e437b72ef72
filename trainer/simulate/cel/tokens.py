"""The words of a CEL expression.

Follows the lexis of https://github.com/google/cel-spec/blob/master/doc/langdef.md (v0.24).
"""

from __future__ import annotations

import re

import msgspec

from trainer.patterns import regex

_TOKEN = regex(
    r"""(?P<space>\s+|//[^\n]*)
    |(?P<string>[rRbB]{0,2}(?:\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))
    |(?P<number>0x[0-9a-fA-F]+[uU]?|(?:\d*\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+)|\d+[uU]?)
    |(?P<word>[A-Za-z_]\w*)
    |(?P<mark>\[\?|\.\?|&&|\|\||[<>=!]=|.)""",
    re.VERBOSE | re.DOTALL,
)
_RAW = regex(r"[bB]?[rR][bB]?(?:\"\"\".*?\"\"\"|'''.*?'''|\"[^\"\n]*\"|'[^'\n]*')", re.DOTALL)


class Token(msgspec.Struct, frozen=True):
    """One word or mark: its kind (`word`, `string`, `number`, `mark`), its text, where it starts."""

    kind: str
    text: str
    start: int


def tokens(expression: str) -> list[Token]:
    """The tokens of an expression without its spaces and comments; never fails."""
    found: list[Token] = []
    place = 0
    while place < len(expression):
        raw = _RAW.match(expression, place)
        match = raw or _TOKEN.match(expression, place)
        if match is None:  # pragma: no cover - the last alternative takes every character
            break
        kind = "string" if raw else str(match.lastgroup)
        if kind != "space":
            found.append(Token(kind, match[0], place))
        place = match.end()
    return found
