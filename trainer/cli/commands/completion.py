"""`cks-trainer completion`: the script by which a shell completes commands, options and cards."""

from __future__ import annotations

import click

from trainer.cli import streams
from trainer.cli.base import Run
from trainer.cli.base import command as make_command
from trainer.cli.completion import SCRIPTS


@make_command(name="completion")
@click.argument("shell", type=click.Choice(sorted(SCRIPTS)))
def command(run: Run, shell: str) -> None:
    """Print the completion script for a shell.

    \b
    bash: eval "$(cks-trainer completion bash)"          in ~/.bashrc
    zsh:  eval "$(cks-trainer completion zsh)"           in ~/.zshrc, after compinit
    fish: cks-trainer completion fish | source           in ~/.config/fish/config.fish
    """
    if run.json:
        streams.out_json({"schema": "cks-trainer.completion/1", "shell": shell, "script": SCRIPTS[shell]})
    else:
        streams.out_text(SCRIPTS[shell].rstrip("\n"))
