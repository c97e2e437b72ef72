"""The reference of the command line, generated from the commands themselves: `docs/commands.md`.

`make docs` writes it; a test fails when it is stale.
"""

from __future__ import annotations

from collections.abc import Iterator

import click

from tools.docs.source import ROOT
from trainer.cli.app import program
from trainer.cli.base import Leader, common_options
from trainer.cli.exit_codes import ExitCode

TARGET = ROOT / "docs" / "commands.md"
_MEANS = {
    ExitCode.PASSED: "all passed, or the command did its work",
    ExitCode.NOT_PASSED: "not full marks, or something that the card is about is refused or not parsable",
    ExitCode.USAGE: "the call, a card or a setting is wrong",
    ExitCode.CLUSTER: "the cluster is unreachable",
    ExitCode.UNREADABLE: "a file is missing, not a regular file, over a limit or not decodable",
    ExitCode.INTERNAL: "a check could not run or progress could not be stored: not the learner's fault",
    ExitCode.INTERRUPTED: "interrupted",
}


def reference() -> str:
    """The whole page, Markdown."""
    main = program()
    context = click.Context(main, info_name="cks-trainer")
    lines = [
        "# Commands",
        "",
        "Generated from the program by `make docs`. `cks-trainer` without arguments opens the app.",
        "",
        "Every command accepts these options, before or after its name:",
        "",
        *_options(common_options(), context),
    ]
    for name, command, inner in _leaves(main, context):
        lines += [
            "",
            f"## {name}",
            "",
            f"    {inner.get_usage().removeprefix('Usage: ')}",
            "",
            _help(command),
        ]
        known = {text for option in common_options() for text in option.opts}
        own = [
            option
            for option in command.params
            if isinstance(option, click.Option) and not known.intersection(option.opts)
        ]
        options = _options(own, inner)
        lines += ["", *options] if options else []
    lines += ["", "## Exit codes", "", "| Code | Meaning |", "|---|---|"]
    lines += [f"| {int(code)} | {words} |" for code, words in _MEANS.items()]
    lines += ["", "If several apply, the first of 2, 4, 5, 3, 1 counts.", ""]
    return "\n".join(lines)


def _leaves(group: click.Group, context: click.Context) -> Iterator[tuple[str, click.Command, click.Context]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None:
            raise LookupError(name)
        inner = click.Context(command, info_name=name, parent=context)
        if isinstance(command, click.Group):
            if isinstance(command, Leader):
                yield inner.command_path.removeprefix("cks-trainer "), command, inner
                inner = command.above(name, context)
            yield from _leaves(command, inner)
        else:
            yield inner.command_path.removeprefix("cks-trainer "), command, inner


def _help(command: click.Command) -> str:
    return (command.help or "").replace("\b\n", "").strip()


def _options(options: list[click.Option], context: click.Context) -> list[str]:
    records = [record for option in options if (record := option.get_help_record(context))]
    rows = [f"| `{name}` | {text} |" for name, text in ((a.replace("|", "\\|"), b) for a, b in records)]
    return ["| Option | |", "|---|---|", *rows] if rows else []
