"""`cks-trainer serve`: the app in a browser on this machine."""

from __future__ import annotations

from pathlib import Path

import click

from trainer.cli.base import Run
from trainer.cli.base import command as make_command
from trainer.errors import UsageError


@make_command(name="serve")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port to listen on."
)
@click.option(
    "--roster",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A link for each learner of this CSV file, each with an own workspace and progress.",
)
def command(run: Run, port: int, roster: Path | None) -> None:
    """Open the app in a browser, on this machine only, until you press Ctrl-C.

    Print a link with a key; nobody can open the app without it. With --roster, the answers of each
    learner are in WORKSPACE/LEARNER, which `cks-trainer batch WORKSPACE` grades.
    """
    if run.json:
        raise UsageError("serve has no result for a program", remedy="omit --json")
    from trainer.cli.browser import only_visitor, serve, visitors

    settings = run.settings
    options = [word for name in ("pack", "config") for word in _option(run, name)]
    if roster is None:
        comers = [only_visitor(settings.workspace, settings.database, options)]
    else:
        from trainer.cli.roster import read_roster

        comers = visitors(read_roster(roster)[0], settings.workspace.absolute(), options)
    serve(comers, port)


def _option(run: Run, name: str) -> list[str]:
    """A common option of this run, for the command line of another; empty if it isn't passed."""
    value = run.overrides.get(name)
    return [f"--{name}", str(Path(value).absolute())] if value else []
