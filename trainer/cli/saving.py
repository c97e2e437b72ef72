"""Files with the result of one answer, for other systems: they are written whatever becomes of the answer."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from trainer.batch.row import Row, RowStatus
    from trainer.session import Graded

FORMATS = {
    "junit": "JUnit XML, for the reports of a CI job",
    "sarif": "SARIF 2.1.0, for code hosts and editors",
    "gradescope": "the results.json of Gradescope",
}


def saving_options() -> list[click.Option]:
    """An option for each format: the file that gets it."""
    return [
        click.Option(
            [f"--{name}"],
            metavar="FILE",
            type=click.Path(path_type=Path),
            help=f"Also write {what}; written even if the answer can't be graded.",
        )
        for name, what in FORMATS.items()
    ]


@contextmanager
def saved(places: Mapping[str, Any], card: str, answer: str | None) -> Iterator[Callable[[Graded], None]]:
    """Write the result to the files that are named, by format, when the block ends, however it ends.

    The block gets the function that takes the result. Without it, the files say why it is missing: they do so
    from the beginning, in case the process is killed or the disk is full later. `answer` is the path
    of the answer. Raises `AnswerUnreadable` if a file can't be written.
    """
    chosen = {name: Path(place) for name, place in places.items() if place is not None}
    rows: list[Row] = []
    if chosen:
        write_rows(
            chosen, [_without_result("error", card, "grading was interrupted: grade the answer again")]
        )

    def take(graded: Graded) -> None:
        if not chosen:
            return
        from trainer.batch import row_of

        rows[:] = [row_of("", from_here(answer), graded.verdict)]

    try:
        yield take
    except Exception as error:
        if chosen and not rows:
            rows.append(failed(error, card))
        raise
    finally:
        if chosen and rows:
            write_rows(chosen, rows)


def from_here(answer: str | None) -> str | None:
    """The path from the current folder, as a CI job knows the file; absolute if it is elsewhere."""
    if answer in (None, "-"):
        return None
    path = Path(str(answer)).absolute()
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def failed(error: Exception, card: str) -> Row:
    """The row of an answer that couldn't be graded."""
    from trainer.cli.failures import failure_of
    from trainer.errors import AnswerUnreadable

    status: RowStatus = "unreadable" if isinstance(error, AnswerUnreadable) else "error"
    return _without_result(status, card, failure_of(error).message)


def _without_result(status: RowStatus, card: str, message: str) -> Row:
    from trainer.batch import Row

    return Row("", card, status, False, 0, 0, None, b"null", message)


def write_rows(places: Mapping[str, Path], rows: Sequence[Row]) -> None:
    """Write rows to a file of each format. Raises `AnswerUnreadable` if a file can't be written."""
    from trainer.errors import AnswerUnreadable
    from trainer.report.rows import written

    try:
        with written(places) as write:
            for row in rows:
                write(row)
    except OSError as error:
        name = str(error.filename or next(iter(places.values())))
        raise AnswerUnreadable(
            f"{name}: {error.strerror}", file=name, remedy="check permissions and free space"
        ) from None
