"""The manifest of times: a CSV file that says when who submitted what."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import datetime, tzinfo
from pathlib import Path

from trainer.batch.late import moment
from trainer.batch.learners import composed
from trainer.errors import AnswerUnreadable, UsageError
from trainer.files import MIB, FileFault, read_file

TIMES = frozenset({"submitted_at", "submitted at", "submitted", "time", "date", "timestamp"})
"""Heads of the column with the times, in lower case."""

LARGEST = 64 * MIB
_DELIMITERS = ",;\t"


def read_times(file: Path, zone: tzinfo | None = None) -> Mapping[tuple[str, str], datetime]:
    """The times in a manifest, by learner and card ("" if they are for all cards); the later of two counts.

    The first column names the learner. With a header, the column `card` and one of `TIMES` are read;
    without, the last column has the time, and of three the second has the card. Times without an offset are
    in `zone`, by default that of this machine. Raises `AnswerUnreadable` if the file can't be read,
    `UsageError` for a line without a time.
    """
    try:
        text = read_file(file, limit=LARGEST).decode("utf-8-sig")
    except FileFault as fault:
        raise AnswerUnreadable(fault.message, file=str(file), remedy="name a CSV file") from None
    except UnicodeDecodeError:
        raise AnswerUnreadable(f"{file}: not UTF-8 text", file=str(file), remedy="save it as UTF-8") from None
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    found: dict[tuple[str, str], datetime] = {}
    columns: tuple[int, int] | None = None
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if columns is None:
                columns, is_header = _columns(cells)
                if is_header:
                    continue
            _add(found, cells, columns, zone, f"{file}:{reader.line_num}")
    except csv.Error as error:
        raise UsageError(f"{file}:{reader.line_num}: {error}", remedy="check the quotes") from None
    return found


def _columns(cells: list[str]) -> tuple[tuple[int, int], bool]:
    """The columns of the card (-1: none) and of the time, and whether this line is a header."""
    heads = [cell.strip().casefold() for cell in cells]
    times = [number for number, head in enumerate(heads) if head in TIMES]
    if times:
        return (heads.index("card") if "card" in heads else -1, times[0]), True
    return (1 if len(cells) > 2 else -1, len(cells) - 1), False


def _add(
    found: dict[tuple[str, str], datetime],
    cells: list[str],
    columns: tuple[int, int],
    zone: tzinfo | None,
    where: str,
) -> None:
    card, time = columns
    if len(cells) <= max(card, time):
        raise UsageError(f"{where}: too few columns", remedy="learner,card,submitted_at")
    text = cells[time].strip()
    if not text:
        return
    at = moment(text, zone)
    if at is None:
        raise UsageError(f"{where}: {text!r} isn't a time", remedy="write it as 2026-12-01T18:00Z")
    key = composed(cells[0]), cells[card].strip() if card >= 0 else ""
    if key not in found or found[key] < at:
        found[key] = at
