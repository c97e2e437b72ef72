"""`cks-trainer list`: the cards, in the curriculum's order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from trainer.cli import streams
from trainer.cli.base import Run
from trainer.cli.base import command as make_command
from trainer.cli.options import Competency
from trainer.content.curriculum import DOMAINS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from trainer.content.card import Card
    from trainer.content.listed import Listed

SCHEMA = "cks-trainer.list/1"
TITLE_WIDTH = 48
LEAST_TITLE = 30
"""Columns that a title gets before other columns do: where a row has fewer for it, the columns of
`_LEFT_OUT` go, one after the other."""
_HEAD = ("", "card", "title", "comp", "level", "min", "points", "best")
_RIGHT = ("min", "points", "best")
_LEFT_OUT = ("comp", "points", "level", "min", "best")
_GAP = 2
_MARKS = {"new": "○", "started": "○", "partial": "◐", "passed": "✓"}


@make_command(name="list")
@click.argument("words", nargs=-1, metavar="[WORD]...")
@click.option("--domain", type=click.Choice([info.id for info in DOMAINS]), help="Only this domain.")
@click.option(
    "--competency",
    type=Competency(),
    metavar="ID",
    help="Only this competency, such as RT4; `cks-trainer progress` shows all.",
)
@click.option("--difficulty", type=click.Choice(["easy", "medium", "hard"]), help="Only this difficulty.")
def command(
    run: Run, words: tuple[str, ...], domain: str | None, competency: str | None, difficulty: str | None
) -> None:
    """List the cards. With WORDs, list only cards that contain all of them; new, started, partial
    and passed mean your progress, due and weak the review; easy, medium and hard are levels."""
    from trainer.cli.failures import problem_fields, problem_line

    catalogue = run.session.catalogue
    search = " ".join(words)
    states = _states(run)
    cards = catalogue.filter(
        domain=domain,
        competency=competency,
        difficulty=difficulty,
        search=search,
        facts=_facts(run, states, search),
    )
    if run.json:
        problems = [problem_fields(problem) for problem in catalogue.problems]
        listed = [fields(card) | _standing(states.get(card.id)) for card in cards]
        streams.out_json({"schema": SCHEMA, "cards": listed, "problems": problems})
    else:
        streams.out_lines(_table(cards, states))
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


def _standing(state: tuple[str, str] | None) -> dict[str, Any]:
    """The learner's status and best result in percent, or null before the first attempt."""
    status, best = state or ("new", "")
    return {"status": status, "best": int(best.removesuffix("%")) if best else None}


def _table(cards: list[Listed], states: dict[str, tuple[str, str]]) -> list[str]:
    from trainer.cli.tables import cut, table

    if not cards:
        return ["no card matches"]
    rows = []
    for card in cards:
        status, best = states.get(card.id, ("new", ""))
        rows.append(
            {
                "": _MARKS[status],
                "card": card.id,
                "title": cut(card.title, TITLE_WIDTH),
                "comp": card.competency,
                "level": card.difficulty,
                "min": str(card.minutes),
                "points": str(card.points),
                "best": best,
            }
        )
    shown, room = _fitted(rows)
    for row in rows:
        row["title"] = cut(row["title"], room)
    right = [shown.index(name) for name in _RIGHT if name in shown]
    return table(shown, [[row[name] for name in shown] for row in rows], right=right)


def _fitted(rows: list[dict[str, str]]) -> tuple[list[str], int]:
    """The columns to show and the width of the titles, so that a row fits into the terminal."""
    shown = list(_HEAD)
    columns = streams.columns()
    if columns is None:
        return shown, TITLE_WIDTH
    widths = {name: max(len(name), *(len(row[name]) for row in rows)) for name in shown}
    wanted = min(widths["title"], LEAST_TITLE)

    def room() -> int:
        return columns - sum(widths[name] + _GAP for name in shown if name != "title")

    for name in _LEFT_OUT:
        if room() >= wanted:
            break
        shown.remove(name)
    return shown, min(TITLE_WIDTH, max(room(), 1))


def _facts(run: Run, states: dict[str, tuple[str, str]], search: str) -> Callable[[str], Collection[str]]:
    """What is true of each card, by its ID. The schedule is read only for a word that means it."""
    from trainer.errors import StoreError

    if {"due", "weak"}.isdisjoint(search.casefold().split()) or not run.settings.database.exists():
        return lambda card: (states.get(card, ("new", ""))[0],)
    from trainer.session.arrange import facts_of

    try:
        facts = facts_of(run.session.overview())
    except StoreError:  # it is told with the states
        return lambda _: ("new",)
    return lambda card: facts.get(card, frozenset())


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
