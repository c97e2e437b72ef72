"""Assignments: `name=value`, and what only bash has: arrays, `name+=value`, `name[index]=value`.

Follows the sections "Parameters" and "Arrays" of bash(1), 5.2. A name without subscript is the element 0 of
an array. An array that isn't `declare -A` has numbers as subscripts, in ascending order.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from trainer.errors import NotJudged
from trainer.patterns import regex
from trainer.simulate.shell.syntax import Assignment, Part, Word

_PLAIN = regex(r"([A-Za-z_][A-Za-z0-9_]*)=")
_BASH = regex(r"([A-Za-z_][A-Za-z0-9_]*)(\+?)=")
_ELEMENT = regex(r"([A-Za-z_][A-Za-z0-9_]*)\[")
_BEHIND = regex(r"([^\]]*)\](\+?)=")


class Array(msgspec.Struct, frozen=True):
    """The elements of an array by their subscripts, in their order."""

    items: tuple[tuple[str, str], ...] = ()
    named: bool = False
    """`declare -A`: the subscripts are texts."""

    @property
    def values(self) -> list[str]:
        """The elements."""
        return [value for _, value in self.items]

    def key(self, subscript: str) -> str:
        """What an element is stored under. Raises `NotJudged` for a subscript that isn't a number."""
        if self.named:
            return subscript
        text = subscript.strip()
        if not text.removeprefix("-").isdecimal():
            raise NotJudged(f"the subscript {subscript}")
        number = int(text)
        if number < 0:
            number += int(self.items[-1][0]) + 1 if self.items else 0
        return str(number)

    def get(self, subscript: str) -> str | None:
        """One element; None without it."""
        return dict(self.items).get(self.key(subscript))

    def put(self, subscript: str, value: str | None) -> Array:
        """The array with another element, or with None without it."""
        found = dict(self.items)
        key = self.key(subscript)
        if value is None:
            found.pop(key, None)
        else:
            found[key] = value
        items = found.items() if self.named else sorted(found.items(), key=lambda item: int(item[0]))
        return Array(tuple(items), self.named)

    def extended(self, values: list[str]) -> Array:
        """The array with more elements at its end."""
        if self.named and values:
            raise NotJudged("an associative array without subscripts")
        start = int(self.items[-1][0]) + 1 if self.items else 0
        more = tuple((str(start + number), value) for number, value in enumerate(values))
        return Array(self.items + more, self.named)


Value = str | Array


def as_array(value: Value | None) -> Array:
    """The value as an array: a text is its element 0."""
    if isinstance(value, Array):
        return value
    return Array() if value is None else Array((("0", value),))


def as_text(value: Value | None) -> str | None:
    """The value as a text: of an array its element 0."""
    return value.get("0") if isinstance(value, Array) else value


def assignment(word: Word, *, dash: bool) -> Assignment | None:
    """The assignment that a word is; None for any other word."""
    first = word[0] if word else None
    if first is None or first.kind != "text" or first.quoted:
        return None
    found = (_PLAIN if dash else _BASH).match(first.text)
    if found is not None:
        value = _behind(first.text[found.end() :], word[1:])
        return Assignment(found[1], value, adds=not dash and bool(found[2]))
    element = None if dash else _ELEMENT.match(first.text)
    if element is None:
        return None
    rest = _behind(first.text[element.end() :], word[1:])
    for at, part in enumerate(rest):
        end = _BEHIND.match(part.text) if part.kind == "text" and not part.quoted else None
        if end is not None:
            index = (*rest[:at], *_behind(end[1], ()))
            return Assignment(
                element[1], _behind(part.text[end.end() :], rest[at + 1 :]), adds=bool(end[2]), index=index
            )
    return None


DECLARING = frozenset({"local", "declare", "typeset", "export", "readonly"})
"""Built-ins of bash whose words are assignments."""


def declared(
    words: tuple[Word, ...], text: Callable[[Word], str]
) -> tuple[tuple[Word, ...], tuple[Assignment, ...]]:
    """The words of a command of bash; those that declare variables split no texts. Arrays come later."""
    first = words[0][0] if words and len(words[0]) == 1 else None
    if first is None or first.text not in DECLARING:
        return words, ()
    found: list[Word] = []
    arrays: list[Assignment] = []
    for word in words:
        one = assignment(word, dash=False)
        if one is None:
            found.append(word)
        elif one.adds or one.index is not None or any(part.kind == "array" for part in one.value):
            arrays.append(one)
            found.append((Part("text", one.name, quoted=True),))
        else:
            found.append((Part("text", f"{one.name}={text(one.value)}", quoted=True),))
    return tuple(found), tuple(arrays)


def keyed(item: Word) -> tuple[Word, Word] | None:
    """Subscript and value of a word `[key]=value` in an array; None for any other word."""
    first = item[0] if item else None
    if first is None or first.kind != "text" or first.quoted or not first.text.startswith("["):
        return None
    rest = _behind(first.text[1:], item[1:])
    for at, part in enumerate(rest):
        end = _BEHIND.match(part.text) if part.kind == "text" and not part.quoted else None
        if end is not None and not end[2]:
            return (*rest[:at], *_behind(end[1], ())), _behind(part.text[end.end() :], rest[at + 1 :])
    return None


def _behind(text: str, more: Word) -> Word:
    return ((Part("text", text),) if text else ()) + more
