"""`cks-trainer start`: the folder and the starter files of a card."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from trainer.cli import streams
from trainer.cli.base import Run
from trainer.cli.base import command as make_command

if TYPE_CHECKING:
    from trainer.content.card import Card

SCHEMA = "cks-trainer.start/1"


@make_command(name="start")
@click.argument("card_id", metavar="CARD")
@click.option(
    "--force", is_flag=True, help="Reset to the starter files without asking; your answer is backed up."
)
def command(run: Run, card_id: str, force: bool) -> None:
    """Create a card's folder, its starter files, and the folder `given` with the card's material.

    Never overwrites your answer without asking.
    """
    card = run.card(card_id)
    session = run.session
    written = session.start(card)
    backup = None
    changed = session.changed(card)
    if changed:
        question = f"{', '.join(changed)} in {session.folder(card)} differs from the starter. Start over?"
        if force or run.confirm(f"{question} Your answer is backed up.", option="--force"):
            backup = session.reset(card)
            written = [session.folder(card) / name for name in card.start]
    _show(run, card, [str(path) for path in written], str(backup) if backup else None)


def _show(run: Run, card: Card, written: list[str], backup: str | None) -> None:
    from trainer.content.material import material
    from trainer.manifests.answer import GIVEN

    folder = run.session.folder(card)
    given = [str(folder / GIVEN / name) for name in sorted(material(card))]
    if run.json:
        streams.out_json(
            {
                "schema": SCHEMA,
                "card": card.id,
                "folder": str(folder),
                "files": list(card.files),
                "written": written,
                "given": given,
                "backup": backup,
            }
        )
        return
    streams.out(str(folder))
    for path in written:
        streams.say(f"wrote {path}")
    for path in given:
        streams.say(f"given: {path}")
    if backup:
        streams.say(f"your previous answer is in {backup}")
    missing = [name for name in card.files if not (folder / name).exists()]
    if missing:
        streams.say(f"write your answer to {', '.join(missing)} in this folder")
    streams.say(f"then run: cks-trainer grade --card {card.id}, or cks-trainer watch {card.id}")
