"""`cks-trainer start`: the folder and the starter files of a card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from trainer.cli import streams
from trainer.cli.base import Run
from trainer.cli.base import command as make_command
from trainer.cli.options import wording_options

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from trainer.content.card import Card

SCHEMA = "cks-trainer.start/1"


@make_command(name="start")
@click.argument("card_id", metavar="CARD")
@click.option(
    "--force", is_flag=True, help="Reset to the starter files without asking; your answer is backed up."
)
def command(run: Run, card_id: str, force: bool, **which: Any) -> None:
    """Create a card's folder, its starter files, and the folder `given` with the card's material.

    Never overwrites your answer without asking.
    """
    card = run.card(card_id, **which)
    session = run.session
    stored = session.stored_seed(card.id)
    if stored is not None and stored != card.seed and card.vary:
        question = f"{session.folder(card)} has the task of seed {stored}. Start over with seed {card.seed}?"
    else:
        written = session.start(card)
        changed = session.changed(card)
        question = f"{', '.join(changed)} in {session.folder(card)} differs from the starter. Start over?"
        if not changed:
            _show(run, card, written)
            return
    if force or run.confirm(f"{question} Your answer is backed up.", option="--force"):
        backup = session.reset(card)
        _show(run, card, [session.folder(card) / name for name in card.start], backup)
    else:
        _show(run, session.card(card.id), [])


command.params += wording_options()


def _show(run: Run, card: Card, written: Sequence[Path], backup: Path | None = None) -> None:
    from trainer.content.material import material
    from trainer.manifests.answer import GIVEN

    folder = run.session.folder(card)
    given = [str(folder / GIVEN / name) for name in sorted(material(card))]
    if run.json:
        streams.out_json(
            {
                "schema": SCHEMA,
                "card": card.id,
                "seed": card.seed,
                "folder": str(folder),
                "files": list(card.files),
                "written": [str(path) for path in written],
                "given": given,
                "backup": str(backup) if backup else None,
            }
        )
        return
    streams.out(str(folder))
    if card.seed:
        streams.say(f"seed {card.seed}")
    for path in written:
        streams.say(f"wrote {path}")
    for place in given:
        streams.say(f"given: {place}")
    if backup:
        streams.say(f"your previous answer is in {backup}")
    missing = [name for name in card.files if not (folder / name).exists()]
    if missing:
        streams.say(f"write your answer to {', '.join(missing)} in this folder")
    streams.say(f"then run: cks-trainer grade --card {card.id}, or cks-trainer watch {card.id}")
