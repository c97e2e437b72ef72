"""`cks-trainer watch`: grade the answer on every save, whatever editor saves it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trainer.cli import streams
from trainer.cli.base import Run
from trainer.cli.base import command as make_command
from trainer.cli.options import wording_options

if TYPE_CHECKING:
    from trainer.content.card import Card
    from trainer.session.workspace import Signature

SECONDS_BETWEEN_LOOKS = 0.25


@make_command(name="watch")
@click.argument("target", metavar="CARD|PATH")
@click.option("--card", metavar="ID", help="Card ID, if PATH doesn't contain it.")
@click.option("--until-passed", is_flag=True, help="Exit 0 as soon as the answer passes.")
def command(run: Run, target: str, card: str | None, until_passed: bool, **which: Any) -> int:
    """Grade a card's answer now and after every save, until you press Ctrl-C."""
    chosen, path = _chosen(run, target, card, **which)
    streams.say(f"watching {path}; every save is graded; press Ctrl-C to stop")
    return watch(run, chosen, path, until_passed=until_passed)


command.params += wording_options()


def watch(
    run: Run,
    card: Card,
    path: Path,
    *,
    until_passed: bool = False,
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """Grade whenever the signature of `path` changes. Returns 0 once passed, or if the reader is gone.

    An unreadable answer is reported and then waited for: it is being written.
    """
    from trainer.cli.choosing import in_workspace
    from trainer.cli.verdicts import show
    from trainer.errors import AnswerUnreadable
    from trainer.session.workspace import signature

    recorded = in_workspace([str(path)], run.settings.workspace)
    seen: Signature | None = None
    while not streams.reader_gone():
        now = signature(path)
        if now != seen:
            seen = now
            try:
                graded = run.session.grade(card, [path], record=recorded)
            except AnswerUnreadable as error:
                streams.report(error, json=run.json, lines=True)
            else:
                if not run.json:
                    streams.out(f"--- {time.strftime('%H:%M:%S')}")
                show(graded, json=run.json, lines=True)
                if until_passed and graded.verdict.passed:
                    return 0
        sleep(SECONDS_BETWEEN_LOOKS)
    return 0


def _chosen(run: Run, target: str, named: str | None, **which: Any) -> tuple[Card, Path]:
    """The card and the place to watch. A bare word is a card unless a file or folder has that name."""
    from trainer.cli.choosing import absolute, card_for

    path = absolute(target)
    there = os.path.lexists(path)
    if named is None and not there and not {"/", "\\", "."}.intersection(target):
        card = run.card(target, **which)
        path = run.session.folder(card)
    else:
        card = card_for(run, [target], named, **which)
    if path == run.session.folder(card):
        if not run.session.started(card):
            run.session.start(card)
            streams.say(f"started {card.id}: its files are in {path}")
        run.session.require_seed(card)
    return card, path
