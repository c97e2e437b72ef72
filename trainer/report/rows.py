"""Rows of a batch -> `results.jsonl` and `results.csv`, written to temporary files and renamed
when complete."""

from __future__ import annotations

import csv
import io
from contextlib import ExitStack, contextmanager
from typing import IO, TYPE_CHECKING, Protocol

from trainer.files import replacing
from trainer.patterns import regex
from trainer.safe_text import json_safe, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

FORMATS = ("jsonl", "csv")
"""The known formats; the file of a format is `results.<format>`."""

COLUMNS = ("learner", "card", "status", "passed", "points", "max_points", "file", "message", "seed")
"""The columns of the CSV file; verdicts are in the JSON Lines file only."""

_FORMULA = regex(r"(?:\A|(?<=[;|]))(?=[\s\"']*[=+\-@\uff1d\uff0b\uff0d\uff20\ufe62\ufe66\ufe63\ufe6b])")
"""Where a spreadsheet may read the start of a formula, also in full-width and small forms: at the start, and
after what separates cells elsewhere."""


class ResultRow(Protocol):
    """What a row must have, besides an attribute for every column."""

    def json_line(self) -> bytes:
        """The row as a line of JSON, with its end."""


def safe_cell(value: object) -> str:
    """A value as a cell of one line, in which nothing acts: an apostrophe protects it from spreadsheets.

    Numbers stay as they are, booleans are `true` and `false`, None is empty.

    >>> safe_cell("=1+1"), safe_cell("a;=1+1")
    ("'=1+1", "a;'=1+1")
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    return _FORMULA.sub("'", one_line(str(value)))


@contextmanager
def result_files(folder: Path, formats: Sequence[str]) -> Iterator[Callable[[ResultRow], None]]:
    """Open the result files of these formats; the block gets the function that writes a row to each.

    The files appear when the block ends well; after an exception, older results stay unchanged
    and no temporary file remains. Raises `FileFault`, and `OSError` for a row that can't be written.
    """
    with ExitStack() as stack:
        opened = [
            (stack.enter_context(_beside(folder / f"results.{name}")), _WRITERS[name])
            for name in dict.fromkeys(formats)
        ]
        writers = [writer(stream) for stream, writer in opened]

        def write(row: ResultRow) -> None:
            for writer in writers:
                writer(row)

        yield write


@contextmanager
def _beside(place: Path) -> Iterator[IO[str]]:
    with replacing(place) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
        try:
            yield text
        finally:
            text.detach()


def _json_lines(stream: IO[str]) -> Callable[[ResultRow], None]:
    def write(row: ResultRow) -> None:
        stream.write(json_safe(row.json_line().decode()))

    return write


def _csv(stream: IO[str]) -> Callable[[ResultRow], None]:
    cells = csv.writer(stream)
    cells.writerow(COLUMNS)

    def write(row: ResultRow) -> None:
        cells.writerow([safe_cell(getattr(row, name)) for name in COLUMNS])

    return write


_WRITERS = {"jsonl": _json_lines, "csv": _csv}
