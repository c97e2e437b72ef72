"""The command line as a whole: finds the commands and opens the app if none is named."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from trainer.cli import streams
from trainer.cli.base import Group, OpenApp, OpenBoard, Run, common_options, no_board
from trainer.cli.exit_codes import ExitCode
from trainer.cli.named import COMMANDS, command_in, commands_in
from trainer.cli.options import seed_option
from trainer.errors import UsageError

ORDER = (
    "list",
    "show",
    "start",
    "grade",
    "watch",
    "hint",
    "solution",
    "practice",
    "plan",
    "review",
    "progress",
)
"""Commands that head the overview, in this order; the others follow by name."""


def command_names() -> list[str]:
    """All commands, those of `ORDER` first."""
    visible = commands_in(COMMANDS)
    return [name for name in ORDER if name in visible] + [name for name in visible if name not in ORDER]


class Program(Group):
    """`cks-trainer`: its commands are modules of `cli.commands`, imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """All commands, in the overview's order."""
        return command_names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command with that name, imported now; None if it doesn't exist."""
        return command_in(COMMANDS, cmd_name)


@click.pass_context
def _start(ctx: click.Context, /, version: bool, **options: Any) -> None:
    """Take the common options; without a command, open the app."""
    run = ctx.ensure_object(Run)
    run.absorb(options)
    ctx.call_on_close(run.close)
    if version:
        from trainer.cli.about import VERSION

        streams.out_text(VERSION)
        ctx.exit(0)
    if ctx.invoked_subcommand is None:
        _open_app(run)


def _open_app(run: Run) -> None:
    """Open the app, or practice in plain text where nothing can be drawn.

    Raises `UsageError` without a terminal.
    """
    if not streams.at_terminal():
        raise UsageError(
            "the app needs a terminal: stdin or stdout isn't one",
            remedy="run it in a terminal, or use a command (cks-trainer --help)",
        )
    if streams.is_dumb():
        from trainer.cli.plain import practice

        streams.say("this terminal (TERM=dumb) can't draw the app: here is the practice as plain text")
        practice(run, None, command_names(), partial(within, run))
        return
    run.open_app(run.session, None)


def program() -> Program:
    """The whole command line."""
    version = click.Option(["-V", "--version"], is_flag=True, help="Print the version.")
    seed = seed_option("Seed of the variants that you start in the app.", "top_seed")
    return Program(
        "cks-trainer",
        callback=_start,
        params=[version, seed, *common_options()],
        invoke_without_command=True,
        help=(
            "Practice for the CKS exam in the terminal. Without a command, the app opens.\n\n"
            "Independent, not endorsed by The Linux Foundation or CNCF."
        ),
        epilog="Exit codes: 0 passed, 1 not passed, 2 usage, 3 cluster unreachable, 4 unreadable file, "
        "5 a check could not run, 130 interrupted.",
    )


def run(arguments: list[str], open_app: OpenApp, open_board: OpenBoard = no_board) -> int:
    """Run the command line on these arguments and return the exit code.

    `open_app` is called if no command is named, `open_board` for the board of a lab; the command line knows
    nothing else of the app. Raises what the command raises; click's own errors become `UsageError`.
    """
    return _invoke(arguments, Run(open_app, open_board))


def within(outer: Run, arguments: list[str]) -> int:
    """Run a command in the course of another one, with that one's settings; as `run` in everything else."""
    inner = Run()
    inner.overrides = dict(outer.overrides)
    inner.seed, inner.no_input = outer.seed, outer.no_input
    return _invoke(arguments, inner)


def _invoke(arguments: list[str], obj: Run) -> int:
    try:
        result = program().main(arguments, prog_name="cks-trainer", standalone_mode=False, obj=obj)
    except click.exceptions.NoArgsIsHelpError as error:
        streams.say_lines((error.ctx.get_help() if error.ctx else str(error)).split("\n"))
        return int(ExitCode.USAGE)
    except click.UsageError as error:
        raise UsageError(error.format_message(), remedy=_help(error)) from None
    except click.Abort:
        raise KeyboardInterrupt from None
    except click.ClickException as error:
        raise UsageError(error.format_message()) from None
    return int(result or 0)


def _help(error: click.UsageError) -> str:
    return f"{error.ctx.command_path} --help shows the usage" if error.ctx else ""
