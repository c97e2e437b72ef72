"""`cks-trainer solution`: a card's solution, and how the learner's answer differs from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from trainer.cli import streams
from trainer.cli.base import Run
from trainer.cli.base import command as make_command
from trainer.cli.options import wording_options
from trainer.cli.tables import styled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainer.content.card import Card
    from trainer.session import Reveal

SCHEMA = "cks-trainer.solution/1"


@make_command(name="solution")
@click.argument("card_id", metavar="CARD")
@click.option("--yes", is_flag=True, help="Show it without asking for confirmation.")
def command(run: Run, card_id: str, yes: bool, **which: Any) -> None:
    """Show a card's solution. Asks for confirmation unless you have passed the card or seen the
    solution before."""
    card = run.card(card_id, **which)
    session = run.session
    free = session.shows_freely(card) or yes
    question = f"Show the solution of {card.id}? This will be recorded in your progress."
    if not free and not run.confirm(question, option="--yes"):
        streams.say("solution not shown")
        return
    reveal = session.reveal(card)
    if run.json:
        form = {"schema": SCHEMA, "card": card.id, "seed": card.seed, **fields(reveal)}
        streams.out_json({**form, "docs": list(card.docs)})
        return
    for number, (head, text) in enumerate(parts(card, reveal)):
        if number:
            streams.out()
        if head:
            streams.out(styled(head, "bold"))
        streams.out_text(text)


command.params += wording_options()


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


def parts(card: Card, reveal: Reveal) -> Iterator[tuple[str, str]]:
    """The heads (if any) and texts of a revealed solution."""
    for name, text in reveal.files.items():
        yield name, text.rstrip()
    if reveal.differences:
        yield "How your answer differs", "\n".join(f"  {_difference(item)}" for item in reveal.differences)
    else:
        yield "", reveal.uncompared or "Your answer doesn't differ from the solution."
    if reveal.imperative.strip():
        yield "The fast way with kubectl", reveal.imperative.rstrip()
    if reveal.explain.strip():
        yield "", reveal.explain.strip()
    if card.docs:
        yield "", "\n".join(card.docs)


def _difference(item: Any) -> str:
    return f"{item.location}: {item.message}" if item.location else str(item.message)
