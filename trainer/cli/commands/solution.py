"""`cks-trainer solution`: a card's solution, and how the learner's answer differs from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from trainer.cli import streams
from trainer.cli.base import Run
from trainer.cli.base import command as make_command

if TYPE_CHECKING:
    from trainer.content.card import Card
    from trainer.session import Reveal

SCHEMA = "cks-trainer.solution/1"


@make_command(name="solution")
@click.argument("card_id", metavar="CARD")
@click.option("--yes", is_flag=True, help="Show it without asking for confirmation.")
def command(run: Run, card_id: str, yes: bool) -> None:
    """Show a card's solution. Asks for confirmation unless you have passed the card or seen the
    solution before."""
    card = run.card(card_id)
    session = run.session
    free = yes or session.revealed(card) or session.passed(card)
    question = f"Show the solution of {card.id}? This will be recorded in your progress."
    if not free and not run.confirm(question, option="--yes"):
        streams.say("solution not shown")
        return
    reveal = session.reveal(card)
    if run.json:
        streams.out_json({"schema": SCHEMA, "card": card.id, **fields(reveal), "docs": list(card.docs)})
        return
    from trainer.safe_text import clean

    streams.out(clean(_text(card, reveal)))


def fields(reveal: Reveal) -> dict[str, Any]:
    """A revealed solution as JSON."""
    return {
        "files": reveal.files,
        "explain": reveal.explain,
        "imperative": reveal.imperative,
        "differences": [
            {
                "message": item.message,
                "file": item.location.file if item.location else None,
                "line": item.location.line if item.location else None,
                "path": item.path,
                "yours": item.yours,
                "expected": item.expected,
            }
            for item in reveal.differences
        ],
        "uncompared": reveal.uncompared,
    }


def _text(card: Card, reveal: Reveal) -> str:
    from trainer.cli.tables import styled

    parts = [f"{styled(name, 'bold')}\n{text.rstrip()}" for name, text in reveal.files.items()]
    if reveal.differences:
        lines = "\n".join(f"  {_difference(item)}" for item in reveal.differences)
        parts.append(f"{styled('How your answer differs', 'bold')}\n{lines}")
    else:
        parts.append(reveal.uncompared or "Your answer doesn't differ from the solution.")
    if reveal.imperative.strip():
        parts.append(f"{styled('The fast way with kubectl', 'bold')}\n{reveal.imperative.rstrip()}")
    if reveal.explain.strip():
        parts.append(reveal.explain.strip())
    if card.docs:
        parts.append("\n".join(card.docs))
    return "\n\n".join(parts)


def _difference(item: Any) -> str:
    return f"{item.location}: {item.message}" if item.location else str(item.message)
