"""Texts that a pattern of an expression matches: one for each of its alternatives.

Reads the usual part of RE2's syntax (https://github.com/google/re2/wiki/Syntax): alternatives, groups,
classes, escapes and repetitions. What it can't read gives no text; a text that the pattern doesn't match
after all does no harm, because the texts are only tried.
"""

from __future__ import annotations

MOST = 32
"""Texts of one pattern."""

_CLASSES = {"d": "1", "w": "a", "s": " ", "D": "a", "W": "-", "S": "a", "n": "\n", "t": "\t"}
_NOTHING = frozenset("bBAzZ")


def examples(pattern: str) -> list[str]:
    """Some texts that a pattern matches, the shortest repetition of each part."""
    reader = _Reader(pattern)
    found = reader.alternatives()
    return list(dict.fromkeys(found))[:MOST] if reader.place >= len(pattern) else []


class _Reader:
    def __init__(self, pattern: str) -> None:
        self.text = pattern
        self.place = 0

    def peek(self) -> str:
        return self.text[self.place : self.place + 1]

    def take(self) -> str:
        self.place += 1
        return self.text[self.place - 1 : self.place]

    def alternatives(self) -> list[str]:
        found = self.sequence()
        while self.peek() == "|":
            self.take()
            found += self.sequence()
        return found[:MOST]

    def sequence(self) -> list[str]:
        """Each part varies while the others are as in their first form."""
        parts: list[list[str]] = []
        while self.peek() not in ("", "|", ")"):
            part = self.atom()
            parts.append(self.repeated(part) or [""])
        first = [part[0] for part in parts]
        found = ["".join(first)]
        for position, part in enumerate(parts):
            found += ["".join([*first[:position], other, *first[position + 1 :]]) for other in part[1:]]
        return found[:MOST]

    def repeated(self, part: list[str]) -> list[str]:
        mark = self.peek()
        if mark in ("*", "?"):
            self.take()
            part = [*part, ""]
        elif mark == "+":
            self.take()
        elif mark == "{":
            end = self.text.find("}", self.place)
            least = self.text[self.place + 1 : end].partition(",")[0]
            self.place = end + 1 if end >= 0 else len(self.text)
            part = [one * min(int(least) if least.isdigit() else 1, 64) for one in part]
        if mark and mark in "*?+{" and self.peek() == "?":
            self.take()
        return part

    def atom(self) -> list[str]:
        char = self.take()
        if char in ("^", "$"):
            return [""]
        if char == ".":
            return ["a"]
        if char == "(":
            return self.group()
        if char == "[":
            return self.one_of()
        if char == "\\":
            code = self.take()
            return [""] if code in _NOTHING else [_CLASSES.get(code, code)]
        return [char]

    def group(self) -> list[str]:
        if self.peek() == "?":
            while self.peek() not in ("", ":", ">", ")"):
                self.take()
            if self.peek() in (":", ">"):
                self.take()
        found = self.alternatives()
        self.take()
        return found

    def one_of(self) -> list[str]:
        negated = self.peek() == "^"
        if negated:
            self.take()
        members = self.take()
        while self.peek() not in ("", "]"):
            char = self.take()
            members += self.take() if char == "\\" else char
        self.take()
        if negated:
            return [next((char for char in "a1-~" if char not in members), "a")]
        return [members.lstrip("\\")[:1] or "a"]
