"""A CSV file in which single cells are replaced and every other byte stays: encoding, separators, quotes.

The form is that of RFC 4180, with what spreadsheets and learning platforms make of it: a byte order mark, a
first line `sep=;`, semicolons or tabs, ends of lines of any system, text of Windows.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from trainer.errors import UsageError
from trainer.patterns import regex

DELIMITERS = ",;\t"
MOST_CELLS = 1_000_000
_QUOTED = regex(r'"[^"]*(?:""[^"]*)*"')
_ENCODINGS = ("utf-8", "cp1252", "latin-1")
"""Tried in this order; the last takes every byte. All give back the bytes that they were read from."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Cell(NamedTuple):
    """A cell: its value, and where it is written in the text."""

    value: str
    start: int
    end: int
    quoted: bool


class Sheet:
    """The rows of a CSV file. Raises `UsageError` for text that isn't one; `name` is that of the file."""

    def __init__(self, data: bytes, name: str) -> None:
        self._mark, self._encoding, self._text = _decoded(data, name)
        begin = 0
        first = self._text.partition("\n")[0].rstrip("\r")
        if first.lower().startswith("sep=") and len(first) == 5:
            self.delimiter = first[4]
            begin = self._text.find("\n") + 1 or len(self._text)
        else:
            line = _QUOTED.sub("", self._text).partition("\n")[0]
            self.delimiter = max(DELIMITERS, key=line.count)
        bare = re.compile(f"[^{re.escape(self.delimiter)}\r\n]*")
        self.rows: list[list[Cell]] = []
        count = 0
        while begin < len(self._text):
            row, begin = _row(self._text, begin, self.delimiter, bare, name)
            self.rows.append(row)
            count += len(row)
            if count > MOST_CELLS:
                raise UsageError(f"{name}: more than {MOST_CELLS:,} cells", remedy="export fewer columns")
        self._new: dict[tuple[int, int], tuple[Cell, str]] = {}

    def value(self, row: int, column: int) -> str:
        """The value of a cell as it was read; empty for one that the row doesn't have."""
        cells = self.rows[row]
        return cells[column].value if column < len(cells) else ""

    def replace(self, row: int, column: int, value: str) -> None:
        """Give a cell another value. Raises `IndexError` for one that the row doesn't have."""
        self._new[row, column] = (self.rows[row][column], value)

    def encoded(self) -> bytes:
        """The file with its new cells. Raises `UnicodeEncodeError` for what its encoding doesn't have."""
        parts = []
        at = 0
        for cell, value in sorted(self._new.values(), key=lambda pair: pair[0].start):
            parts += [self._text[at : cell.start], self._written(cell, value)]
            at = cell.end
        text = "".join(parts) + self._text[at:]
        return self._mark + text.encode(self._encoding)

    def _written(self, cell: Cell, value: str) -> str:
        if cell.quoted or any(char in value for char in f'{self.delimiter}"\r\n') or value != value.strip():
            return '"{}"'.format(value.replace('"', '""'))
        return value


def _decoded(data: bytes, name: str) -> tuple[bytes, str, str]:
    """The byte order mark, the encoding and the text."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return mark, encoding, data[len(mark) :].decode(encoding)
            except UnicodeDecodeError:
                raise UsageError(f"{name}: not {encoding} text", remedy="export it again") from None
    for encoding in _ENCODINGS:
        try:
            return b"", encoding, data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AssertionError("the last encoding takes every byte")


def _row(text: str, at: int, delimiter: str, bare: re.Pattern[str], name: str) -> tuple[list[Cell], int]:
    """The cells of the row that begins there, and where the next row begins."""
    cells: list[Cell] = []
    while len(cells) <= MOST_CELLS:
        is_quoted = text.startswith('"', at)
        quoted = _QUOTED.match(text, at) if is_quoted else None
        found = quoted or bare.match(text, at)
        assert found is not None  # noqa: S101 - nothing is a cell, too
        value = found[0][1:-1].replace('""', '"') if quoted else found[0]
        cells.append(Cell(value, found.start(), found.end(), bool(quoted)))
        at = found.end()
        more = text[at : at + 1]
        if is_quoted and (not quoted or more not in ("", delimiter, "\r", "\n")):
            line = text.count("\n", 0, found.start()) + 1
            raise UsageError(f"{name}:{line}: a quote isn't closed", remedy="export the file again")
        if not more or more in "\r\n":
            break
        at += 1
    return cells, at + (2 if text.startswith("\r\n", at) else 1)
