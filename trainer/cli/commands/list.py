"""`cks-trainer list`: the cards, in the curriculum's order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from trainer.cli import streams
from trainer.cli.base import Run
from trainer.cli.base import command as make_command

if TYPE_CHECKING:
    from trainer.content.card import Card
    from trainer.content.listed import Listed

SCHEMA = "cks-trainer.list/1"
_MARKS = {"new": "○", "started": "○", "partial": "◐", "passed": "✓"}


@make_command(name="list")
@click.argument("words", nargs=-1, metavar="[WORD]...")
@click.option("--domain", help="Only this domain, such as runtime-security.")
@click.option("--competency", help="Only this competency, such as RT4.")
@click.option("--difficulty", type=click.Choice(["easy", "medium", "hard"]), help="Only this difficulty.")
def command(
    run: Run, words: tuple[str, ...], domain: str | None, competency: str | None, difficulty: str | None
) -> None:
    """List the cards. With WORDs, list only cards that contain all of them."""
    catalogue = run.session.catalogue
    cards = catalogue.filter(
        domain=domain, competency=competency, difficulty=difficulty, search=" ".join(words)
    )
    if run.json:
        streams.out_json({"schema": SCHEMA, "cards": [fields(card) for card in cards]})
    else:
        for line in _table(run, cards):
            streams.out(line)
    from trainer.cli.failures import problem_line

    for problem in catalogue.problems:
        streams.say(f"card skipped: {problem_line(problem)}")


def fields(card: Card | Listed) -> dict[str, Any]:
    """A card in the form of the JSON contract."""
    return {
        "id": card.id,
        "title": card.title,
        "domain": card.domain,
        "competency": card.competency,
        "difficulty": card.difficulty,
        "minutes": card.minutes,
        "points": card.points,
        "kubernetes": str(card.kubernetes),
    }


def _table(run: Run, cards: list[Listed]) -> list[str]:
    from trainer.cli.tables import table
    from trainer.safe_text import one_line

    if not cards:
        return ["no card matches"]
    states = _states(run)
    rows = []
    for card in cards:
        status, best = states.get(card.id, ("new", ""))
        rows.append(
            (
                _MARKS[status],
                card.id,
                one_line(card.title, 48),
                card.competency,
                card.difficulty,
                str(card.minutes),
                str(card.points),
                best,
            )
        )
    return table(("", "card", "title", "comp", "level", "min", "points", "best"), rows, right=(5, 6, 7))


def _states(run: Run) -> dict[str, tuple[str, str]]:
    """Status and best result by card ID; empty before the first attempt, because a list needs no store."""
    from trainer.errors import StoreError

    if not run.settings.database.exists():
        return {}
    try:
        states = run.session.states()
    except StoreError as error:
        streams.say(str(error))
        return {}
    return {state.card.id: (state.status, f"{state.best}%" if state.attempts else "") for state in states}
