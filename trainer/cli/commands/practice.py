"""`cks-trainer practice`: work on cards, in the app or as plain text."""

from __future__ import annotations

from functools import partial

import click

from trainer.cli import streams
from trainer.cli.base import Run
from trainer.cli.base import command as make_command
from trainer.errors import UsageError


@make_command(name="practice")
@click.argument("card_id", metavar="[CARD]", required=False)
@click.option("--plain", is_flag=True, help="As lines of text, for screen readers and simple terminals.")
def command(run: Run, card_id: str | None, plain: bool) -> None:
    """Open the app on a card. With --plain, practice as a conversation in lines of text: nothing is
    drawn, so a screen reader reads all of it.
    """
    if run.json:
        raise UsageError("practice is a conversation", remedy="use grade --json, show --json, list --json")
    if plain or streams.is_dumb():
        from trainer.cli.app import command_names, within
        from trainer.cli.plain import practice

        practice(run, card_id, command_names(), partial(within, run))
        return
    if not streams.at_terminal():
        raise UsageError("the app needs a terminal: stdin or stdout isn't one", remedy="pass --plain")
    run.open_app(run.session, run.card(card_id).id if card_id else None)
