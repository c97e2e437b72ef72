"""`cks-trainer grade`: grade one answer and, inside the workspace, record the attempt."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trainer.cli import streams
from trainer.cli.base import Run
from trainer.cli.base import command as make_command
from trainer.cli.exit_codes import ExitCode
from trainer.cli.live import live_options
from trainer.cli.options import wording_options
from trainer.cli.saving import FORMATS, saved, saving_options
from trainer.errors import UsageError

if TYPE_CHECKING:
    from trainer.session.live import LiveOptions


@make_command(name="grade")
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option("--card", metavar="ID", help="Card ID; if omitted, inferred from the folder or file name.")
@click.option(
    "--record/--no-record", default=None, help="Record an attempt; by default, only inside the workspace."
)
@click.option(
    "--each", is_flag=True, help="The files are of several answers: grade each, by its folder's name."
)
@click.option("--effect", is_flag=True, help="Also show what the answer does, check by check.")
@click.option("--live", is_flag=True, help="Also check the cluster of --context.")
@click.option("--allow-exec", is_flag=True, help="With --live: run the card's commands in containers.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 even if the answer fails or can't be read.")
def command(
    run: Run,
    *,
    paths: tuple[str, ...],
    card: str | None,
    record: bool | None,
    exit_zero: bool,
    each: bool,
    effect: bool,
    live: bool,
    allow_exec: bool,
    seed: int | None,
    learner: str | None,
    **rest: Any,
) -> int:
    """Grade an answer: its files, its folder, or - for stdin. With --card alone, grade the answer
    in your workspace.

    Objects count as `kubectl apply` takes them: what the API server refuses is left out. An answer with a
    refused object that the card is about does not pass, even if every check does.

    With --effect, also show what the engines found: which Pods reach which, what a subject may do, which
    paths are writable, and similar. A wrong cell names the line that decides.

    With --junit, --sarif or --gradescope, also write the result for another system, whatever
    becomes of the answer.

    With --each, PATH... are files of several answers, such as those of a commit: an answer is the
    folder with a card's ID that a file is in, or the file CARD.yaml. Other files are skipped.

    With --live, also check the cluster of --context. The check only reads; it creates nothing.
    """
    from trainer.cli.choosing import card_for, in_workspace
    from trainer.cli.live import with_live
    from trainer.cli.verdicts import show
    from trainer.errors import AnswerUnreadable

    places = {name: rest.pop(name) for name in FORMATS}
    if each:
        for_one = effect or live or allow_exec or {card, seed, learner} != {None}
        return _lenient(_each(run, paths, places, for_one, bool(record)), exit_zero)
    try:
        with saved(places, card or "", paths[0] if len(paths) == 1 else None) as save:
            options = _live_options(run, live, allow_exec, rest)
            chosen = card_for(run, paths, card, seed, learner)
            in_place = not paths or in_workspace(paths, run.settings.workspace)
            recorded = record if record is not None else in_place
            graded = run.session.grade(chosen, [Path(path) for path in paths] or None, record=recorded)
            trouble = None
            effects = run.session.effects(chosen, graded) if effect else None
            if options is not None:
                graded, trouble = with_live(run, chosen, graded, options)
            save(graded)
    except AnswerUnreadable as error:
        if not exit_zero:
            raise
        streams.report(error, json=run.json)
        return int(ExitCode.PASSED)
    return _lenient(show(graded, json=run.json, trouble=trouble, effects=effects), exit_zero)


command.params += [*wording_options(), *saving_options(), *live_options()]


def _each(run: Run, paths: tuple[str, ...], places: dict[str, Any], for_one: bool, record: bool) -> int:
    """Grade several answers. Raises `UsageError` if options are passed that are for one answer."""
    from trainer.cli.each import grade_each

    if for_one:
        raise UsageError("--each grades every answer by itself", remedy="omit the options of one answer")
    return grade_each(run, paths, places, record=record)


def _lenient(code: int, exit_zero: bool) -> int:
    """The exit code, which is 0 with --exit-zero for an answer that fails."""
    return int(ExitCode.PASSED) if exit_zero and code == ExitCode.NOT_PASSED else code


def _live_options(run: Run, live: bool, allow_exec: bool, cluster: dict[str, Any]) -> LiveOptions | None:
    """The options of --live; None without it. Raises `UsageError` before anything is graded."""
    if not live:
        if allow_exec or any(cluster.values()):
            raise UsageError("cluster options have no effect without --live", remedy="add --live")
        return None
    from trainer.cli.live import options_of

    return options_of(run, allow_exec=allow_exec, **cluster)
