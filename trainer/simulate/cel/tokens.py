"""The words of a CEL expression, and chains such as `request.userInfo.groups` in them.

Follows the lexis of https://github.com/google/cel-spec/blob/master/doc/langdef.md (v0.24).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*)
    |(?P<string>[rRbB]{0,2}(?:\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))
    |(?P<number>\d[\w.]*(?<=\w))
    |(?P<word>[A-Za-z_]\w*)
    |(?P<mark>\[\?|\.\?|&&|\|\||[<>=!]=|.)""",
    re.VERBOSE | re.DOTALL,
)
_RAW = re.compile(r"[bB]?[rR][bB]?(?:\"\"\".*?\"\"\"|'''.*?'''|\"[^\"\n]*\"|'[^'\n]*')", re.DOTALL)


class Token(msgspec.Struct, frozen=True):
    """One word or mark: its kind (`word`, `string`, `number`, `mark`), its text, where it starts."""

    kind: str
    text: str
    start: int


class Chain(msgspec.Struct, frozen=True):
    """A root identifier and the fields selected from it; None stands for an index `[...]`."""

    root: Token
    steps: tuple[Token | None, ...]

    def names(self) -> list[str]:
        """The names of the selected fields up to the first index."""
        found = []
        for step in self.steps:
            if step is None:
                break
            found.append(step.text)
        return found


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


def chains(words: Sequence[Token], roots: frozenset[str]) -> Iterator[Chain]:
    """Every chain that starts at one of these identifiers."""
    for index, token in enumerate(words):
        before = words[index - 1].text if index else ""
        if token.kind == "word" and token.text in roots and before not in (".", ".?"):
            yield Chain(token, tuple(_steps(words, index + 1)))


def _steps(words: Sequence[Token], place: int) -> Iterator[Token | None]:
    while place < len(words):
        mark = words[place].text
        if mark in (".", ".?") and place + 1 < len(words) and words[place + 1].kind == "word":
            if place + 2 < len(words) and words[place + 2].text == "(":
                return
            yield words[place + 1]
            place += 2
        elif mark in ("[", "[?"):
            yield None
            place = closing(words, place) + 1
        else:
            return


def closing(words: Sequence[Token], place: int) -> int:
    """The index of the bracket that closes the one at `place`, or of the last token."""
    depth = 0
    for index in range(place, len(words)):
        if words[index].kind != "mark":
            continue
        if words[index].text in ("(", "[", "[?", "{"):
            depth += 1
        elif words[index].text in (")", "]", "}"):
            depth -= 1
            if depth == 0:
                return index
    return len(words) - 1
