"""A table of a Markdown text: its columns side by side, their cells wrapped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

if TYPE_CHECKING:
    from collections.abc import Sequence

_GAP = 2
_NARROWEST = 8
"""Cells of the terminal that a column has at least; where that is too much, columns aren't side by side."""


def table_lines(rows: Sequence[Sequence[Content]], width: int) -> list[Content]:
    """The lines of a table, its first row as head. All rows have the same number of columns.

    Where a cell of the first column is wrapped, empty lines tell the rows apart. Where the columns don't fit
    side by side, every row is one text, with `|` between its cells.
    """
    head, *body = rows
    widths = _widths(rows, width - _GAP * (len(head) - 1))
    bold = [cell.stylize("bold") for cell in head]
    if not widths:
        return [line.rstrip() for row in (bold, *body) for line in Content(" | ").join(row).wrap(width)]
    apart = any(row[0].cell_length > widths[0] for row in body)
    lines = [*_row(bold, widths), Content("─" * (sum(widths) + _GAP * (len(widths) - 1)))]
    for number, row in enumerate(body):
        lines += [Content("")] * (apart and number > 0)
        lines += _row(row, widths)
    return lines


def _widths(rows: Sequence[Sequence[Content]], room: int) -> list[int]:
    """As much as each column needs; where that is more than there is, the widest ones get less."""
    widths = [max(cell.cell_length for cell in column) for column in zip(*rows, strict=True)]
    while sum(widths) > room:
        widest = max(widths)
        if widest <= _NARROWEST:
            return []
        widths[widths.index(widest)] -= 1
    return widths


def _row(row: Sequence[Content], widths: Sequence[int]) -> list[Content]:
    cells = [
        [line.rstrip() for line in cell.wrap(max(width, 1))] for cell, width in zip(row, widths, strict=True)
    ]
    gap = Content(" " * _GAP)
    lines = []
    for number in range(max(map(len, cells))):
        shown = [cell[number] if number < len(cell) else Content("") for cell in cells]
        padded = [line.pad_right(width - line.cell_length) for line, width in zip(shown, widths, strict=True)]
        lines.append(gap.join(padded).rstrip())
    return lines
