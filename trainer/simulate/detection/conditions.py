"""The text of a condition before it is parsed: lists and exceptions are put into it as text.

Follows falcosecurity/falco 0.44 (`userspace/engine/rule_loader_compiler.cpp`). Each character knows the one
that it stands for, so that an error in the text has a line of the file.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate

from trainer.errors import NotJudged
from trainer.patterns import regex
from trainer.simulate.detection.definitions import Exemption, List
from trainer.simulate.detection.grammar import LIST_OPERATORS
from trainer.simulate.detection.sections import VALIDATE, LoadError, Piece
from trainer.verdict import Location

LONGEST = 100_000
"""Characters of a condition after its lists are put in."""

_BLANKS = " \t\n\r"
_WORD = regex(r"[^ \t\n\r(),=]+")


class Source:
    """The text of a condition, made of pieces, with the place of each character."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = tuple(pieces)
        self.text = "".join(piece.text for piece in pieces)
        self._starts = [0, *accumulate(len(piece.text) for piece in pieces)]
        self.origins: Sequence[int] = range(len(self.text) + 1)
        if len(self.text) > LONGEST:
            raise NotJudged(f"a condition of more than {LONGEST} characters", self.place(0))

    def place(self, at: int) -> Location:
        """Where the character of the present text at this index is written."""
        origin = self.origins[min(at, len(self.origins) - 1)]
        index = min(bisect_right(self._starts, origin) - 1, len(self.pieces) - 1)
        return self.pieces[index].line_at(origin - self._starts[index])

    def original(self, start: int, end: int) -> str:
        """What was written where the present text has these characters."""
        first, last = (self.origins[min(at, len(self.origins) - 1)] for at in (start, end))
        whole = "".join(piece.text for piece in self.pieces)
        return " ".join(whole[first:last].split()) or " ".join(self.text[start:end].split())

    def put_lists(self, lists: Mapping[str, List]) -> None:
        """Put the items of every list where its name is: one list after the other, as Falco does."""
        order = {name: number for number, name in enumerate(lists)}
        last = -1
        while True:
            words = {match[0] for match in _WORD.finditer(self.text)}
            found = sorted(order[word] for word in words if order.get(word, -1) > last)
            if not found:
                return
            last = found[0]
            name = next(name for name, number in order.items() if number == last)
            self._put(name, ", ".join(_quoted(item) for item in lists[name].items))

    def _put(self, name: str, items: str) -> None:
        text = self.text
        pieces: list[str] = []
        origins: list[int] = []
        at = 0
        for match in _WORD.finditer(text):
            if match[0] != name:
                continue
            start, end = match.span()
            while start > at and text[start - 1] in _BLANKS:
                start -= 1
            while end < len(text) and text[end] in _BLANKS:
                end += 1
            if not items and start > at and text[start - 1] == ",":
                start -= 1
            elif not items and end < len(text) and text[end] == ",":
                end += 1
            pieces += text[at:start], " ", items, " "
            origins += self.origins[at:start]
            origins += [self.origins[match.start()]] * (len(items) + 2)
            at = end
            if len(origins) > LONGEST:
                raise NotJudged(f"a condition of more than {LONGEST} characters", self.place(0))
        self.text = "".join(pieces) + text[at:]
        self.origins = [*origins, *self.origins[at:]]


def _quoted(item: str) -> str:
    return f'"{item}"' if " " in item and item[0] not in ("'", '"') else item


def with_exceptions(condition: Sequence[Piece], exceptions: Sequence[Exemption]) -> tuple[Piece, ...]:
    """The condition `(...) and not (...)`. Raises `LoadError` for values that don't fit the fields."""
    if not exceptions:
        return tuple(condition)
    place = condition[0].place
    pieces = [Piece("(", place), *condition, Piece(")", place)]
    for one in exceptions:
        text = _alternatives(one) if isinstance(one.fields, tuple) else _members(one)
        if text:
            pieces.append(Piece(f" and not {text}", one.place))
    return tuple(pieces)


def _members(one: Exemption) -> str:
    """The text of an exception with a single field: `(proc.name in (a, b))`."""
    if any(isinstance(value, tuple) for value in one.values):
        raise LoadError(VALIDATE, "Expected values array to contain a list of strings", one.place)
    items = ", ".join(_quoted(value) for value in one.values)
    return f"({one.fields} {one.comps} ({items}))" if items else ""


def _alternatives(one: Exemption) -> str:
    """The text of an exception with several fields: `((proc.name = a and fd.name = b) or (...))`."""
    found = []
    for values in one.values:
        if not isinstance(values, tuple) or len(values) != len(one.fields or ()):
            raise LoadError(VALIDATE, "Fields and values lists must have equal length", one.place)
        parts = [
            f" {field} {comp} {_operand(value, comp)}"
            for field, comp, value in zip(one.fields or (), one.comps or (), values, strict=True)
        ]
        found.append(f"({' and '.join(parts)})")
    return f"({' or '.join(found)})" if found else ""


def _operand(value: object, comp: str) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(_quoted(str(one)) for one in value)})"
    text = str(value)
    if comp in LIST_OPERATORS or " " in comp:
        return text if text.startswith("(") else f"({text})"
    return _quoted(text)
