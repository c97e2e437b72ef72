"""Rows of a batch -> result files: each format is written to a temporary file and renamed when complete."""

from __future__ import annotations

import csv
import io
from contextlib import AbstractContextManager, ExitStack, contextmanager
from importlib import import_module
from typing import IO, TYPE_CHECKING, Any, Protocol, TypeAlias

import msgspec

from trainer.files import replacing
from trainer.patterns import regex
from trainer.safe_text import json_safe, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

FORMATS = {
    "jsonl": "results.jsonl",
    "csv": "results.csv",
    "checks": "checks.csv",
    "junit": "results.junit.xml",
    "sarif": "results.sarif",
    "markdown": "learners",
    "html": "report.html",
}
"""The known formats, with the file of each, or its folder. `trainer.report.<format>` writes those that aren't
here."""

FOLDERS = frozenset({"markdown"})
"""Formats of several files: they replace files one by one."""

COLUMNS = (
    "learner", "card", "status", "passed", "points", "max_points", "file", "message", "seed",
    "submitted_at", "late", "final_points",
)  # fmt: skip
"""The columns of the CSV file; verdicts are in the JSON Lines file only."""

CHECK_COLUMNS = (
    "learner", "card", "seed", "check", "says", "status", "points", "max_points", "file", "line", "message",
    "evidence",
)  # fmt: skip
"""The columns of the file with a row for each check."""

_FORMULA = regex(r"(?:\A|(?<=[;|]))(?=[\s\"']*[=+\-@\uff1d\uff0b\uff0d\uff20\ufe62\ufe66\ufe63\ufe6b])")
"""Where a spreadsheet may read the start of a formula, also in full-width and small forms: at the start, and
after what separates cells elsewhere."""


class ResultRow(Protocol):
    """What a row must have: attributes of `batch.Row`."""

    @property
    def learner(self) -> str:
        """Whose answer it is."""

    @property
    def card(self) -> str:
        """The card's ID."""

    @property
    def status(self) -> str:
        """`graded`, `missing`, `unreadable` or `error`."""

    @property
    def passed(self) -> bool:
        """Whether the answer has full marks."""

    @property
    def points(self) -> int:
        """The points reached."""

    @property
    def max_points(self) -> int:
        """The points of the card."""

    @property
    def file(self) -> str | None:
        """The place of the answer inside the submissions."""

    @property
    def message(self) -> str:
        """Why it wasn't graded or didn't pass."""

    @property
    def seed(self) -> int:
        """The seed of the card's wording."""

    @property
    def submitted_at(self) -> str | None:
        """When the answer was submitted, in UTC; None if unknown."""

    @property
    def late(self) -> bool | None:
        """Whether that is after the due time; None if unknown."""

    @property
    def final_points(self) -> float:
        """The points that count, after the late policy."""

    @property
    def verdict(self) -> bytes:
        """JSON of the verdict, or `null`."""

    def json_line(self) -> bytes:
        """The row as a line of JSON, with its end."""


Write: TypeAlias = "Callable[[ResultRow], None]"
"""What a format does with each row, in the order of learners."""


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


def result_files(folder: Path, formats: Sequence[str]) -> AbstractContextManager[Write]:
    """`written` for the files of these formats in a folder."""
    return written({name: folder / FORMATS[name] for name in formats})


@contextmanager
def written(places: Mapping[str, Path]) -> Iterator[Write]:
    """Open the files of these formats; the block gets the function that writes a row to each.

    The files appear when the block ends well; after an exception, older results stay unchanged
    and no temporary file remains. Raises `FileFault`, and `OSError` for a row that can't be written.
    """
    with ExitStack() as stack:
        writers = [stack.enter_context(_opened(name, place)) for name, place in places.items()]

        def write(row: ResultRow) -> None:
            for writer in writers:
                writer(row)

        yield write


@contextmanager
def _opened(name: str, place: Path) -> Iterator[Write]:
    """The function that writes a row in a format to its place."""
    if name in FOLDERS:
        with import_module(f"trainer.report.{name}").folder_writer(place) as write:
            yield write
        return
    with _beside(place) as stream, _writer(name)(stream) as write:
        yield write


@contextmanager
def _beside(place: Path) -> Iterator[IO[str]]:
    with replacing(place) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
        try:
            yield text
        finally:
            text.detach()


@contextmanager
def _json_lines(stream: IO[str]) -> Iterator[Write]:
    def write(row: ResultRow) -> None:
        stream.write(json_safe(row.json_line().decode()))

    yield write


@contextmanager
def _csv(stream: IO[str]) -> Iterator[Write]:
    cells = csv.writer(stream)
    cells.writerow(COLUMNS)

    def write(row: ResultRow) -> None:
        cells.writerow([safe_cell(getattr(row, name)) for name in COLUMNS])

    yield write


@contextmanager
def _checks(stream: IO[str]) -> Iterator[Write]:
    cells = csv.writer(stream)
    cells.writerow(CHECK_COLUMNS)

    def write(row: ResultRow) -> None:
        for check in checks_of(row):
            place = place_of(check)
            values = (
                row.learner, row.card, row.seed, check["id"], check["says"], check["status"], check["points"],
                check["max_points"], place.get("file"), place.get("line"), first_message(check),
                " ".join(check["evidence"]),
            )  # fmt: skip
            cells.writerow([safe_cell(value) for value in values])

    yield write


def checks_of(row: ResultRow) -> list[dict[str, Any]]:
    """The checks of a row's verdict, in the form of `cks-trainer.verdict/1`; none without a verdict."""
    verdict = msgspec.json.decode(row.verdict)
    return list(verdict["checks"]) if verdict else []


def problems_of(row: ResultRow) -> list[dict[str, Any]]:
    """The problems of a row's verdict, in the form of `cks-trainer.verdict/1`; none without a verdict."""
    verdict = msgspec.json.decode(row.verdict)
    return list(verdict.get("problems", ())) if verdict else []


def place_of(check: dict[str, Any]) -> dict[str, Any]:
    """The first of a check's reasons with a place: `file`, `line`, `column`, `path`; empty without one."""
    return next((reason for reason in check["reasons"] if "file" in reason), {})


def first_message(check: dict[str, Any]) -> str:
    """The message of a check's first reason; empty without one."""
    return next((str(reason["message"]) for reason in check["reasons"]), "")


def explained(check: dict[str, Any]) -> str:
    """Why a check has its status, in lines: each reason under its place, then the evidence."""
    lines = []
    for reason in check["reasons"]:
        if "file" in reason:
            lines.append(f"{reason['file']}:{reason['line']}:{reason['column']} {reason['path']}".rstrip())
        lines.append(reason["message"])
    return "\n".join([*lines, *check["evidence"]])


def _writer(name: str) -> Callable[[IO[str]], AbstractContextManager[Write]]:
    own = {"jsonl": _json_lines, "csv": _csv, "checks": _checks}
    if name in own:
        return own[name]
    found: Callable[[IO[str]], AbstractContextManager[Write]] = import_module(f"trainer.report.{name}").writer
    return found
