"""`cks-trainer review`: the cards that are due, the start of the next one, and its rating."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import click

from trainer.cli import streams
from trainer.cli.base import Run
from trainer.cli.base import command as make_command
from trainer.errors import UsageError

if TYPE_CHECKING:
    from trainer.content.card import Card
    from trainer.content.listed import Listed
    from trainer.session.review import Due
    from trainer.session.today import Review

SCHEMA = "cks-trainer.review/1"
WORDS = ("again", "hard", "good", "easy")
DAYS = 14
"""How far ahead the table looks."""


@make_command(name="review")
@click.argument("card_id", metavar="[CARD]", required=False)
@click.option(
    "--start",
    is_flag=True,
    help="Start the card, or the next one that is due, in another wording if it has variants; "
    "your old answer is backed up.",
)
@click.option("--rate", type=click.Choice(WORDS), help="Replace the rating of the last review of the card.")
def command(run: Run, card_id: str | None, start: bool, rate: str | None) -> None:
    """List the cards that are due for review. A card comes back sooner if it was hard, or if checks failed.

    Every attempt at a card is rated by its result, the hints and the time; --rate changes that.
    """
    if start and rate:
        raise UsageError("pass either --start or --rate")
    if rate:
        if card_id is None:
            raise UsageError("--rate needs the ID of a card", remedy=f"cks-trainer review CARD --rate {rate}")
        _rate(run, card_id, rate)
    elif start:
        _start(run, card_id)
    elif card_id:
        _show_one(run, card_id)
    else:
        _list(run)


def _today(run: Run) -> date:
    return date.fromtimestamp(run.session.clock())


def _list(run: Run) -> None:
    from trainer.session.review import forecast
    from trainer.session.today import due

    dues, today = due(run.session), _today(run)
    cards = {card.id: card for card in run.session.catalogue.cards}
    if run.json:
        streams.out_json(
            {
                "schema": SCHEMA,
                "today": today.isoformat(),
                "cards": [
                    due_fields(one, today)
                    | {"title": cards[one.card].title, "minutes": cards[one.card].minutes}
                    for one in dues
                ],
                "forecast": forecast(dues, today, DAYS),
            }
        )
        return
    streams.out_lines(_table(cards, dues, today))


def due_fields(one: Due, today: date) -> dict[str, Any]:
    """When a card comes back, in the form of the JSON contract; `at` is in seconds since 1970."""
    return {
        "card": one.card,
        "at": one.at,
        "day": one.day.isoformat(),
        "due": one.day <= today,
        "failed_checks": list(one.weak),
    }


def _table(cards: dict[str, Listed], dues: list[Due], today: date) -> list[str]:
    from trainer.cli.tables import cut, table, title_room
    from trainer.session.review import day_words

    if not dues:
        return ["nothing to review yet: a card comes back after its first attempt"]
    now = [one for one in dues if one.day <= today]
    minutes = sum(cards[one.card].minutes for one in now)
    lines = [f"{len(now)} due, about {minutes} min" if now else "nothing is due today"]
    soon = [one for one in dues if one.day <= today + timedelta(days=DAYS)]
    head = ("card", "due", "min", "checks")
    cells = [
        (
            one.card,
            day_words(one.day, today),
            str(cards[one.card].minutes),
            f"{len(one.weak)} failed" if one.weak else "",
        )
        for one in soon
    ]
    room = title_room(streams.columns(), [head, *cells])
    rows = [(name, cut(cards[name].title, room), *rest) for name, *rest in cells]
    if rows:
        lines += ["", *table(("card", "title", "due", "min", "checks"), rows, right=(3,))]
    if len(soon) < len(dues):
        lines += ["", f"{len(dues) - len(soon)} more later than {DAYS} days from now"]
    if now:
        lines += ["", "start the next one: cks-trainer review --start"]
    return lines


def _start(run: Run, card_id: str | None) -> None:
    from trainer.session.today import due, start_review

    if card_id is None:
        today = _today(run)
        card_id = next((one.card for one in due(run.session) if one.day <= today), None)
    if card_id is None:
        raise UsageError("nothing is due today", remedy="cks-trainer review shows what comes when")
    card = start_review(run.session, card_id)
    folder = run.session.folder(card)
    if run.json:
        streams.out_json({"schema": SCHEMA, "card": card.id, "seed": card.seed, "folder": str(folder)})
        return
    streams.out(str(folder))
    if card.seed:
        streams.say(f"seed {card.seed}")
    streams.say(f"the task: cks-trainer show {card.id}")
    streams.say(f"then run: cks-trainer grade --card {card.id}")


def _rate(run: Run, card_id: str, word: str) -> None:
    from trainer.session.review import Rating
    from trainer.session.today import rate

    card = run.card(card_id)
    _tell(run, card, rate(run.session, card.id, Rating[word.upper()]))


def _show_one(run: Run, card_id: str) -> None:
    from trainer.session.today import last_review

    card = run.card(card_id)
    _tell(run, card, last_review(run.session, card.id))


def _tell(run: Run, card: Card, review: Review | None) -> None:
    today = _today(run)
    if run.json:
        fields: dict[str, Any] = {"schema": SCHEMA, "card": card.id, "rating": None, "chosen": False}
        if review:
            fields |= {"rating": review.rating.word, "chosen": review.chosen} | due_fields(review.due, today)
        streams.out_json(fields)
        return
    if review is None:
        streams.out(f"{card.id}: no attempt yet; it comes back after the first one")
        return
    from trainer.session.review import day_words

    by = "your rating" if review.chosen else "rated"
    streams.out(
        f"{card.id}: {by} {review.rating.word}, due {day_words(review.due.day, today)} ({review.due.day})"
    )
    says = {check.id: check.says for check in card.checks}
    for check in review.due.weak:
        streams.say(f"failed: {says.get(check, check)}")
