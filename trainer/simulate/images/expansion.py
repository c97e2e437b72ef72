"""Variables and quotes in the words of a Dockerfile: `$X`, `${X:-y}`, `${X%.*}`, 'quoted', "half quoted".

Follows `frontend/dockerfile/shell/lex.go` of moby/buildkit at 73ed682 (2026-08).
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

from trainer.errors import NotJudged

_SPECIAL = frozenset("@*#?-$!0")
_MOST = 1 << 16


class Refused(Exception):
    """BuildKit stops: the words say why."""


def expand(word: str, env: Mapping[str, str], escape: str = "\\", *, quotes: bool = True) -> str:
    """A word with its variables replaced and, with `quotes`, without its quotes. Raises `Refused`."""
    text = _Reader(word, env, escape, quotes=quotes).until("")
    if len(text) > _MOST:
        raise NotJudged("a word of more than 65536 characters")
    return text


class _Reader:
    """Reads a word from its start to its end."""

    def __init__(self, word: str, env: Mapping[str, str], escape: str, *, quotes: bool) -> None:
        self.word, self.at = word, 0
        self.env, self.escape, self.quotes = env, escape, quotes

    def _peek(self) -> str:
        return self.word[self.at : self.at + 1]

    def _next(self) -> str:
        char = self._peek()
        self.at += 1
        return char

    def until(self, stop: str, *, raw: bool = False) -> str:
        """Read to the stop character, which is taken, or to the end of the word."""
        found: list[str] = []
        while (char := self._peek()) != "":
            if stop and char == stop:
                self.at += 1
                return "".join(found)
            if char == "$":
                found.append(self._dollar())
            elif char == "'" and self.quotes:
                found.append(self._single())
            elif char == '"' and self.quotes:
                found.append(self._double(raw=raw))
            elif char == self.escape:
                self.at += 1
                found.append(self.escape if raw else "")
                found.append(self._next())
            else:
                found.append(self._next())
        if stop:
            raise Refused(f"a {stop} is missing in {self.word!r}")
        return "".join(found)

    def _single(self) -> str:
        end = self.word.find("'", self.at + 1)
        if end < 0:
            raise Refused(f"a single quote isn't closed in {self.word!r}")
        text, self.at = self.word[self.at + 1 : end], end + 1
        return text

    def _double(self, *, raw: bool) -> str:
        self.at += 1
        found: list[str] = []
        while (char := self._peek()) != '"':
            if char == "":
                raise Refused(f"a double quote isn't closed in {self.word!r}")
            if char == "$":
                found.append(self._dollar())
                continue
            self.at += 1
            if char == self.escape:
                if raw:
                    found.append(char)
                after = self._peek()
                if after == "":
                    continue
                if after in ('"', "$", self.escape):
                    char = self._next()
            found.append(char)
        self.at += 1
        return "".join(found)

    def _name(self) -> str:
        start = self.at
        char = self._peek()
        if char.isdigit():
            while self._peek().isdigit():
                self.at += 1
        elif char and char in _SPECIAL:
            self.at += 1
        else:
            while self._peek().isalnum() or self._peek() == "_":
                self.at += 1
        return self.word[start : self.at]

    def _dollar(self) -> str:
        self.at += 1
        if self._peek() != "{":
            name = self._name()
            return self.env.get(name, "") if name else "$"
        self.at += 1
        if self._peek() in ("", "{", "}", ":"):
            raise Refused(f"bad substitution in {self.word!r}")
        name = self._name()
        sign = self._next()
        value = self.env.get(name)
        if sign == "}":
            return value or ""
        null = sign == ":"
        if null:
            sign = self._next()
        if sign == "" or sign not in "+-?#%/" or (null and sign in "#%/"):
            raise Refused(f"unsupported modifier in {self.word!r}")
        if sign == "/":
            raise NotJudged("${name/pattern/text}")
        word = self.until("}", raw=sign in "#%")
        empty = value is None or (null and not value)
        if sign == "-":
            return word if empty else str(value)
        if sign == "+":
            return "" if empty else word
        if sign == "?":
            if empty:
                raise Refused(f"{name}: {word or 'is not allowed to be unset'}")
            return str(value)
        return _cut(value or "", word, sign)


def _cut(value: str, pattern: str, sign: str) -> str:
    """The value without the shortest part at its start (`#`) or end (`%`) that matches; or the longest."""
    longest = pattern[:1] == sign
    pattern = pattern[1:] if longest else pattern
    if "[" in pattern or "\\" in pattern:
        raise NotJudged("a pattern with [ or a backslash in ${name%pattern}")
    if len(value) > 1000:
        raise NotJudged("a long value in ${name%pattern}")
    sizes = range(len(value), -1, -1) if longest else range(len(value) + 1)
    for size in sizes:
        piece = value[:size] if sign == "#" else value[len(value) - size :]
        if fnmatchcase(piece, pattern):
            return value[size:] if sign == "#" else value[: len(value) - size]
    return value
