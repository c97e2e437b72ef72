"""`cks-trainer hint`: the hints of a card, one by one."""

from __future__ import annotations

from typing import Any

import click

from trainer.cli import streams
from trainer.cli.base import Run
from trainer.cli.base import command as make_command
from trainer.cli.options import wording_options

SCHEMA = "cks-trainer.hint/1"


@make_command(name="hint")
@click.argument("card_id", metavar="CARD")
@click.option("--again", is_flag=True, help="Show only the hints that you have seen.")
def command(run: Run, card_id: str, again: bool, **which: Any) -> None:
    """Show the next hint for a card. Hints go from a nudge to nearly the answer."""
    card = run.card(card_id, **which)
    session = run.session
    new = None if again else session.next_hint(card)
    shown = session.hints_shown(card)
    hints = list(enumerate(card.hints[:shown], 1))
    if new is not None:
        hints = hints[-1:]
    if run.json:
        listed = [{"number": number, "text": text} for number, text in hints]
        streams.out_json(
            {
                "schema": SCHEMA,
                "card": card.id,
                "seed": card.seed,
                "hints": listed,
                "shown": shown,
                "of": len(card.hints),
            }
        )
        return
    for number, text in hints:
        streams.out_text(f"Hint {number}/{len(card.hints)}: {text.strip()}")
    if not card.hints:
        streams.say(f"{card.id} has no hints")
    elif new is None and not again:
        streams.say("no more hints; show the solution with: cks-trainer solution " + card.id)
    elif not hints:
        streams.say(f"no hints shown yet; show the first with: cks-trainer hint {card.id}")


command.params += wording_options()
