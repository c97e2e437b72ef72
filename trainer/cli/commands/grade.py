"""`cks-trainer grade`: grade one answer and, inside the workspace, record the attempt."""

from __future__ import annotations

from pathlib import Path

import click

from trainer.cli import streams
from trainer.cli.base import Run
from trainer.cli.base import command as make_command
from trainer.cli.streams import ExitCode


@make_command(name="grade")
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option(
    "--card", metavar="ID", help="The card; left out, the names of the answer's folder or file tell it."
)
@click.option(
    "--seed", type=int, metavar="N", help="Variant of a card that comes in several; others ignore it."
)
@click.option(
    "--record/--no-record", default=None, help="Record an attempt; by default inside the workspace only."
)
@click.option("--exit-zero", is_flag=True, help="Exit 0 for answers that don't pass or can't be read, too.")
def command(
    run: Run,
    *,
    paths: tuple[str, ...],
    card: str | None,
    seed: int | None,
    record: bool | None,
    exit_zero: bool,
) -> int:
    """Grade an answer: its files, its folder, or - for stdin. With --card alone, your own answer."""
    del seed  # no card comes in several variants yet
    from trainer.cli.choosing import card_for, in_workspace
    from trainer.cli.verdicts import show
    from trainer.errors import AnswerUnreadable

    try:
        chosen = card_for(run, paths, card)
        recorded = record if record is not None else not paths or in_workspace(paths, run.settings.workspace)
        graded = run.session.grade(chosen, [Path(path) for path in paths] or None, record=recorded)
    except AnswerUnreadable as error:
        if not exit_zero:
            raise
        streams.report(error, json=run.json)
        return int(ExitCode.PASSED)
    code = show(graded, json=run.json)
    return int(ExitCode.PASSED) if exit_zero and code == ExitCode.NOT_PASSED else code
