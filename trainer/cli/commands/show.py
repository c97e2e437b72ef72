"""`cks-trainer show`: a card's task as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from trainer.cli import streams
from trainer.cli.base import Run
from trainer.cli.base import command as make_command
from trainer.cli.options import wording_options

if TYPE_CHECKING:
    from trainer.content.card import Card

SCHEMA = "cks-trainer.show/1"


@make_command(name="show")
@click.argument("card_id", metavar="CARD")
def command(run: Run, card_id: str, **which: Any) -> None:
    """Show a card: the task, what is given, and what is checked."""
    card = run.card(card_id, **which)
    if run.json:
        folder = str(run.session.folder(card))
        streams.out_json({"schema": SCHEMA, "card": fields(card), "folder": folder})
        return
    from trainer.cli.tables import styled

    streams.out(styled(card.title, "bold"))
    streams.out_text(_text(card, str(run.session.folder(card))))


command.params += wording_options()


def fields(card: Card) -> dict[str, Any]:
    """A card as JSON: what `list` says about it, and the task, without hints and solution."""
    from trainer.cli.commands.list import fields as listed

    return {
        **listed(card),
        "seed": card.seed,
        "prompt": card.prompt,
        "files": list(card.files),
        "start": card.start,
        "given": card.all_given,
        "given_files": card.given_files,
        "node_files": card.node_files,
        "docs": list(card.docs),
        "hints": len(card.hints),
        "limits": card.limits,
        "attribution": _source(card),
        "checks": [
            {"id": check.id, "says": check.says, "why": check.why, "points": check.points}
            for check in card.checks
        ],
    }


def _source(card: Card) -> dict[str, str] | None:
    """What the card is based on, if anything."""
    source = card.attribution
    if source is None:
        return None
    return {
        "title": source.title,
        "address": source.address,
        "license": source.licence,
        "changed": source.changed,
    }


def _text(card: Card, folder: str) -> str:
    from trainer.content.material import sections

    points = f"{card.points} point" + ("s" if card.points != 1 else "")
    parts = [
        f"{card.id} · {card.competency} · {card.difficulty} · {card.minutes} min · {points}"
        f" · Kubernetes {card.kubernetes}" + (f" · seed {card.seed}" if card.seed else ""),
        card.prompt.strip(),
    ]
    parts += [
        "\n".join([f"{given.title}:", *map(_indented, filter(None, (given.text, given.note)))])
        for given in sections(card)
    ]
    parts.append("Checks:\n" + "\n".join(f"  {check.points}  {check.says}" for check in card.checks))
    if card.limits:
        parts.append(f"Not covered: {card.limits.strip()}")
    if card.docs:
        parts.append("Documentation:\n" + "\n".join(f"  {address}" for address in card.docs))
    if card.attribution:
        source = card.attribution
        parts.append(f"Based on: {source.title}, {source.address}, {source.licence}; {source.changed}")
    parts.append(f"Answer: {', '.join(card.files)} in {folder}")
    return "\n\n".join(parts)


def _indented(text: str) -> str:
    return "\n".join(f"  {line}".rstrip() for line in text.strip().splitlines())
