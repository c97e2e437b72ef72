"""`cks-trainer batch gradebook`: the grades of a batch, in the grade book of Canvas or Moodle."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from trainer.cli import streams
from trainer.cli.base import Run
from trainer.cli.base import command as make_command
from trainer.cli.exit_codes import ExitCode
from trainer.errors import AnswerUnreadable, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trainer.batch.gradebook import Merged

SCHEMA = "cks-trainer.gradebook/1"
LARGEST_MIB = 16
"""The most that is read of a grade book."""


@make_command(name="gradebook")
@click.argument("export", type=click.Path(path_type=Path), metavar="EXPORT")
@click.argument("results", type=click.Path(path_type=Path), metavar="RESULTS")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), metavar="FILE", help="The merged grade book."
)
@click.option("--assignment", metavar="NAME", help="The column for the points of all cards together.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="CARD=NAME",
    help="The column for one card; repeat it for each card.",
)
@click.option(
    "--points",
    type=click.FloatRange(min=0, min_open=True),
    metavar="N",
    help="The points of the assignment, if the file doesn't have them.",
)
@click.option(
    "--roster",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="CSV file with other names of the learners: the cells of a line are one person.",
)
@click.option("--missing-as-zero", is_flag=True, help="Give 0 to learners who submitted nothing.")
@click.option("--feedback/--no-feedback", default=True, help="Fill empty feedback cells with the reasons.")
def command(
    run: Run,
    *,
    export: Path,
    results: Path,
    out: Path,
    assignment: str | None,
    columns: tuple[str, ...],
    points: float | None,
    roster: Path | None,
    missing_as_zero: bool,
    feedback: bool,
) -> int:
    """Merge the grades of a batch into a grade book that Canvas or Moodle exported.

    EXPORT is that file: the grade book of Canvas, the offline grading worksheet of a Moodle
    assignment, or the grades of a Moodle course as text. RESULTS is what `batch` has written. Points
    are scaled to those of the assignment.

    Only cells with grades change, and empty feedback cells. Learners are found by ID, login, e-mail
    address, then full name. Who fits nobody, or several people, is listed and gets no grade. Exits
    1 if somebody is listed.
    """
    from trainer.batch.gradebook import Wanted, merge
    from trainer.batch.gradebook.grades import read_grades, require_cards
    from trainer.batch.gradebook.sheet import Sheet
    from trainer.files import replace_file

    if out.resolve() == export.resolve():
        raise UsageError("--out is the exported file itself", remedy="name another file")
    cards, names = _assignments(assignment, columns)
    wanted = Wanted(cards, names, points, missing_as_zero, feedback)
    grades = read_grades(results)
    require_cards(grades, (card for some in cards for card in some))
    lines = Sheet(_read(roster), str(roster)).rows if roster is not None else []
    names_of = [[cell.value for cell in line] for line in lines]
    merged = merge(_read(export), str(export), grades, wanted, names_of)
    replace_file(out, merged.data)
    _tell(run, merged, out)
    listed = merged.ambiguous or merged.unknown or merged.kept
    return int(ExitCode.NOT_PASSED if listed else ExitCode.PASSED)


def _read(file: Path) -> bytes:
    from trainer.files import MIB, FileFault, read_file

    try:
        return read_file(file, limit=LARGEST_MIB * MIB)
    except FileFault as fault:
        raise AnswerUnreadable(fault.message, file=str(file), remedy=fault.remedy) from None


def _assignments(
    assignment: str | None, columns: Iterable[str]
) -> tuple[tuple[tuple[str, ...], ...], tuple[str | None, ...]]:
    """The cards of each assignment, and the names of the assignments. Raises `UsageError`."""
    pairs = [one.partition("=") for one in columns]
    if not pairs:
        return ((),), (assignment,)
    if assignment is not None:
        raise UsageError("pass either --assignment or --column", remedy="--column is one card")
    for card, _, name in pairs:
        if not card.strip() or not name.strip():
            raise UsageError("--column names no card and column", remedy="--column CARD=NAME")
    return tuple((card.strip(),) for card, _, _ in pairs), tuple(name.strip() for _, _, name in pairs)


def _tell(run: Run, merged: Merged, out: Path) -> None:
    if run.json:
        streams.out_json(
            {
                "schema": SCHEMA,
                "platform": merged.platform.lower(),
                "columns": list(merged.columns),
                "written": list(merged.written),
                "changed": merged.changed,
                "ambiguous": [{"learner": name, "why": why} for name, why in merged.ambiguous],
                "unknown": list(merged.unknown),
                "kept": [{"learner": name, "why": why} for name, why in merged.kept],
                "without_results": merged.without,
                "file": str(out),
            }
        )
        return
    for name, why in (*merged.ambiguous, *merged.kept):
        streams.say(f"no grade for {name}: {why}")
    for name in merged.unknown:
        streams.say(f"no grade for {name}: not in the grade book")
    if merged.without:
        streams.say(f"{merged.without} people of the grade book have no results")
    streams.say(
        f"{len(merged.written)} learners graded in {', '.join(merged.columns)} ({merged.platform}),"
        f" {merged.changed} cells changed"
    )
    streams.out(str(out))
