"""The roster of a batch: a CSV file whose first column names the learners."""

from __future__ import annotations

import csv
from pathlib import Path

from trainer.errors import AnswerUnreadable, UsageError
from trainer.files import MIB, FileFault, read_file

HEADS = frozenset(
    "learner learners student students name names user username login email id account participant".split()
) | {
    "student id",
    "user id",
    "user name",
    "login id",
    "sis id",
    "sis login id",
    "e-mail",
    "email address",
    "full name",
}
"""First cells that make the first line a header, in lower case with spaces for `_` and `-`."""

LARGEST = 16 * MIB
"""The most bytes of a roster."""

_DELIMITERS = ",;\t"


def read_roster(file: Path) -> tuple[list[str], list[str]]:
    """The learners, in the file's order, and those that are listed more than once.

    The separator is the most frequent of comma, semicolon and tab in the first line. The first
    line is a header if its first cell is one of `HEADS`. Empty lines are skipped. Raises
    `AnswerUnreadable` if the file cannot be read, `UsageError` if it isn't a CSV file with
    learners.
    """
    try:
        text = read_file(file, limit=LARGEST).decode("utf-8-sig")
    except FileFault as fault:
        raise AnswerUnreadable(fault.message, file=str(file), remedy="name the roster, a CSV file") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise AnswerUnreadable(
            f"{file}:{line}: not UTF-8 text", file=str(file), remedy="save the roster as UTF-8"
        ) from None
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    names: dict[str, None] = {}
    doubles: list[str] = []
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    try:
        cells = [row[0].strip() for row in reader if row and row[0].strip()]
    except csv.Error as error:
        raise UsageError(f"{file}:{reader.line_num}: {error}", remedy="check the quotes") from None
    if cells and cells[0].casefold().replace("_", " ") in HEADS:
        del cells[0]
    for name in cells:
        if name in names:
            doubles.append(name)
        names[name] = None
    if not names:
        raise UsageError(f"{file}: the first column has no learners", remedy="write one learner per line")
    return list(names), doubles
