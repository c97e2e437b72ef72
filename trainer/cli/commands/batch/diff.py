"""`cks-trainer batch diff`: which rows of two results differ."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from trainer.cli import streams
from trainer.cli.base import Run
from trainer.cli.base import command as make_command
from trainer.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainer.batch.compare import Change, Result

SCHEMA = "cks-trainer.batch-diff/1"


@make_command(name="diff")
@click.argument("old", type=click.Path(path_type=Path), metavar="OLD")
@click.argument("new", type=click.Path(path_type=Path), metavar="NEW")
def command(run: Run, *, old: Path, new: Path) -> int:
    """Show which rows of two results differ, and by which checks.

    OLD and NEW are folders that `batch` has written, or their files results.jsonl. A row
    differs if its status, its points, what the late policy says of it, or one of its checks do; the
    order of the rows doesn't matter.
    Exits 0 if no row differs, 1 if some do.
    """
    from trainer.batch.compare import compare

    found = compare(old, new)
    added = sum(change.before is None for change in found.changes)
    removed = sum(change.after is None for change in found.changes)
    changed = len(found.changes) - added - removed
    if run.json:
        streams.out_json(
            {
                "schema": SCHEMA,
                "rows": {"old": found.before, "new": found.after},
                "changed": changed,
                "added": added,
                "removed": removed,
                "changes": [_json(change) for change in found.changes],
            }
        )
    else:
        for change in found.changes:
            streams.out_lines(_lines(change))
        streams.say(f"{changed} of {found.after} rows changed, {added} added, {removed} removed")
    return int(ExitCode.NOT_PASSED if found.changes else ExitCode.PASSED)


def _lines(change: Change) -> Iterator[str]:
    row = change.row
    other = " (another answer)" if change.is_other_answer else ""
    yield f"{row.learner}  {row.card}: {_words(change.before)} -> {_words(change.after)}{other}"
    if change.before and change.after and change.before.seed != change.after.seed:
        yield f"  seed {change.before.seed} -> {change.after.seed}"
    if change.before and change.after:
        for check in change.checks:
            yield f"  {check.before or 'none'} -> {check.after or 'none'}  {check.id}: {check.says}"


def _words(row: Result | None) -> str:
    if row is None:
        return "no row"
    late = ", late" if row.late else ""
    return f"{row.final_points:g} of {row.max_points}{late}" if row.status == "graded" else row.status + late


def _json(change: Change) -> dict[str, object]:
    row = change.row
    return {
        "learner": row.learner,
        "card": row.card,
        "before": _row_json(change.before),
        "after": _row_json(change.after),
        "other_answer": change.is_other_answer,
        "checks": [
            {"id": check.id, "says": check.says, "before": check.before, "after": check.after}
            for check in change.checks
        ],
    }


def _row_json(row: Result | None) -> dict[str, object] | None:
    if row is None:
        return None
    return {
        "status": row.status,
        "points": row.points,
        "max_points": row.max_points,
        "late": row.late,
        "final_points": row.final_points,
        "seed": row.seed,
        "file": row.file,
    }
