"""Pictures of what an answer does -> text that lines up, and plain JSON values."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from trainer.picture import Cell, Effect, Picture, Row, State
from trainer.safe_text import Line, one_line

if TYPE_CHECKING:
    from trainer.verdict import Verdict

SIGNS = {State.RIGHT: "✓", State.WRONG: "✗", State.UNASKED: "·"}
"""A sign for each state; where a cell is wrong, its row also begins with the word."""
LEGEND = "✓ as required   ✗ wrong   · not checked"

_WIDEST_HEAD, _WIDEST_CELL = 34, 26
_DEEPEST = 8
"""How deep rows are indented at most."""
_GAP = "  "
_NARROWEST = 40


def effect_lines(effects: Sequence[Effect], verdict: Verdict, *, width: int = 80) -> list[str]:
    """The pictures of these checks, each under what its check says, with the places of wrong cells."""
    width = max(width, _NARROWEST)
    says = {check.id: check.says for check in verdict.checks}
    lines: list[str] = []
    for one in effects:
        lines += ["", *textwrap.wrap(one_line(f"Effect: {says.get(one.check, one.check)}"), width)]
        lines += picture_lines(one.picture, width=width)
    if not effects:
        return ["", "No check of this card that was judged can show the effect of the answer."]
    return [*lines, "", LEGEND]


def picture_lines(picture: Picture, *, width: int = 80) -> list[str]:
    """One picture: title, cells in columns that fit (or in several blocks), wrong places, what is cut."""
    lines = [f"  {line}" for line in textwrap.wrap(one_line(picture.title), width - 2)]
    for one in laid_out(picture, width - _MARGIN):
        if one.wrong and one.first:
            lines.append(Line(f"  ✗ {one.text}", "31", 3))
        else:
            lines.append(f"    {one.text}")
    for place in _places(picture):
        lines += textwrap.wrap(one_line(place), width, **_INDENTED)
    return lines + textwrap.wrap(picture.left_out, width, **_INDENTED)


class Laid(NamedTuple):
    """A line of a picture: its parts, each with the state of its cell, if it has one."""

    parts: tuple[tuple[str, State | None], ...]
    row: int | None = None
    """The place of its row in the picture; None for the heads of columns."""
    first: bool = True
    """Whether it is the first line of its row."""
    wrong: bool = False
    """Whether one of its cells is wrong."""

    @property
    def text(self) -> str:
        """The line without spaces at its end."""
        return "".join(text for text, _ in self.parts).rstrip()


def laid_out(picture: Picture, width: int) -> Iterator[Laid]:
    """The heads and rows of a picture in columns that fit into a width, in several blocks if need be."""
    width = max(width, _LEAST)
    rows = [_Texts(row) for row in picture.rows]
    heads = [one_line(column) for column in picture.columns]
    longest = max((len(row.head) for row in rows), default=0)
    narrow = min(longest, max(min(_WIDEST_HEAD, width // 2 - 2), width // 2 - 4))
    room = width - narrow - len(_GAP)
    most = min(max(_WIDEST_CELL, room // max(len(heads), 1) - len(_GAP)), room)
    widths = [_widest(heads, rows, place, most) for place in range(len(heads))]
    head_width = min(longest, max(narrow, width - sum(len(_GAP) + one for one in widths)))
    for block in _blocks(widths, width - head_width - len(_GAP)):
        if any(heads[place] for place in block):
            texts: list[_Text] = [("", head_width, None)]
            texts += [(heads[place], widths[place], None) for place in block]
            yield from (Laid(parts) for parts in _side_by_side(texts))
        for number, row in enumerate(rows):
            cells = [(*row.cell(place), place) for place in block]
            if not any(text for text, _, _ in cells) and len(heads) > len(block):
                continue  # another block has it
            wrong = any(state is State.WRONG for _, state, _ in cells)
            texts = [(row.head, head_width, None)]
            texts += [(text, widths[place], state) for text, state, place in cells]
            for line, parts in enumerate(_side_by_side(texts)):
                yield Laid(parts, number, not line, wrong)


_Text = tuple[str, int, "State | None"]
"""A text, the width of its column, the state of its cell."""
_MARGIN, _LEAST = 4, 24
_INDENTED: dict[str, Any] = {
    "initial_indent": "    ",
    "subsequent_indent": "      ",
    "break_on_hyphens": False,
}


def effect_json(effects: Sequence[Effect]) -> list[dict[str, Any]]:
    """The pictures as plain JSON values, one object for each check that has one.

    `kind`: table | tree (then rows have a `depth`); `state`: `right`, `wrong` or `unasked`. `before` is
    omitted where nothing changed, `file` and `line` (1-based) without a place, `left_out` where all is shown.
    """
    return [
        {
            "check": one.check,
            "title": one.picture.title,
            "kind": one.picture.kind,
            "columns": list(one.picture.columns),
            "rows": [_row_json(row, one.picture.kind == "tree") for row in one.picture.rows],
            **({"left_out": one.picture.left_out} if one.picture.left_out else {}),
        }
        for one in effects
    ]


def _row_json(row: Row, is_tree: bool) -> dict[str, Any]:
    depth = {"depth": row.depth} if is_tree else {}
    return {"head": row.head, **depth, "cells": [_cell_json(cell) for cell in row.cells]}


def _cell_json(cell: Cell) -> dict[str, Any]:
    fields: dict[str, Any] = {"state": cell.state.value, "word": cell.word}
    if cell.before:
        fields["before"] = cell.before
    if cell.location is not None:
        fields |= {"file": cell.location.file, "line": cell.location.line}
    return fields


def cell_words(cell: Cell) -> str:
    """A cell in words: sign, what holds, and what held before if that differs."""
    if not cell.word:
        return ""
    before = f" (was {cell.before})" if cell.before else ""
    return f"{SIGNS[cell.state]} {cell.word}{before}"


class _Texts:
    """A row as the texts that its line shows."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.head = "  " * min(row.depth, _DEEPEST) + one_line(row.head)
        self.cells = [one_line(cell_words(cell)) for cell in row.cells]

    def cell(self, place: int) -> tuple[str, State | None]:
        """The text of a cell, and its state; both are empty for one that the row doesn't have."""
        if place >= len(self.cells) or not self.cells[place]:
            return "", None
        return self.cells[place], self.row.cells[place].state


def _widest(heads: Sequence[str], rows: Sequence[_Texts], place: int, most: int) -> int:
    longest = max((len(row.cells[place]) for row in rows if place < len(row.cells)), default=0)
    return max(min(max(longest, len(heads[place])), most), 1)


def _blocks(widths: Sequence[int], room: int) -> Iterator[list[int]]:
    """The columns in blocks that fit beside the heads; a block has at least one."""
    block: list[int] = []
    used = 0
    for place, width in enumerate(widths):
        if block and used + width > room:
            yield block
            block, used = [], 0
        block.append(place)
        used += len(_GAP) + width
    yield block


def _side_by_side(
    texts: Sequence[_Text],
) -> Iterator[tuple[tuple[str, State | None], ...]]:
    """Texts in columns of these widths, over as many lines as the longest needs; the last isn't padded."""
    wrapped = [_wrapped(text, width) for text, width, _ in texts]
    for place in range(max(map(len, wrapped))):
        parts: list[tuple[str, State | None]] = []
        for number, (lines_of, (_, width, state)) in enumerate(zip(wrapped, texts, strict=True)):
            text = lines_of[place] if place < len(lines_of) else ""
            gap = _GAP if number else ""
            parts += [(gap, None), (text, state), (" " * (width - len(text)), None)]
        yield tuple(part for part in parts if part[0])


def _wrapped(text: str, width: int) -> list[str]:
    indent = text[: len(text) - len(text.lstrip())]
    more = f"{indent}  " if len(indent) + 8 < width else ""
    return textwrap.wrap(text, width, subsequent_indent=more, break_on_hyphens=False) or [""]


def _places(picture: Picture) -> Iterator[str]:
    """The places that decide wrong cells, each once."""
    told: dict[str, list[str]] = {}
    for row in picture.rows:
        for cell in row.cells:
            if cell.state is State.WRONG and cell.location is not None:
                told.setdefault(str(cell.location), []).append(row.head)
    for place, heads in told.items():
        names = list(dict.fromkeys(heads))
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        yield f"{place} decides: {names[0]}{more}"
