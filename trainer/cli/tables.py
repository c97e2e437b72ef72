"""Plain text for the terminal: tables, bars, bold words. No library: cold starts stay cheap."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Sequence

from trainer.safe_text import Line, one_line

_STYLES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33"}


def styled(text: str, *styles: str) -> str:
    """A line in these styles (`bold`, `dim`, `red`, `green`, `yellow`), for terminals that show colors."""
    return Line(text, ";".join(_STYLES[style] for style in styles))


def width(text: str) -> int:
    """Columns that a text fills on a terminal.

    >>> width("né日")
    4
    """
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def cut(text: str, limit: int) -> str:
    """A cell of at most so many characters: a longer one ends with an ellipsis."""
    return one_line(text, limit)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, right: Iterable[int] = ()) -> list[str]:
    """Lines of a table: every column as wide as it needs, the columns in `right` aligned right.

    Cells are made safe first, because that may change their widths.
    """
    lines = [list(map(one_line, line)) for line in (head, *rows)]
    widths = [max(width(line[column]) for line in lines) for column in range(len(head))]
    to_right = set(right)
    found = []
    for number, line in enumerate(lines):
        cells = []
        for column, cell in enumerate(line):
            gap = " " * (widths[column] - width(cell))
            cells.append(gap + cell if column in to_right else cell + gap)
        text = "  ".join(cells).rstrip()
        found.append(styled(text, "bold") if number == 0 else text)
    return found


def title_room(columns: int | None, others: Iterable[Sequence[str]], most: int = 48) -> int:
    """Columns for a title beside these other cells, so that each row fits into a terminal."""
    if columns is None:
        return most
    widths = [max(map(width, cells), default=0) + 2 for cells in zip(*others, strict=True)]
    return min(most, max(columns - sum(widths), 12))


def bar(share: float, cells: int = 10) -> str:
    """A bar for a share of 0 to 1; full only for 1, empty only for 0. ASCII if the terminal can't
    show more.

    >>> len(bar(0.5))
    10
    """
    filled = round(share * cells)
    if 0 < share < 1:
        filled = min(max(filled, 1), cells - 1)
    full, empty = ("#", "-") if _ascii_only() else ("█", "░")
    return full * filled + empty * (cells - filled)


def _ascii_only() -> bool:
    encoding = (
        os.environ.get("LC_ALL") or os.environ.get("LC_CTYPE") or os.environ.get("LANG") or ""
    ).lower()
    return encoding in ("c", "posix")
