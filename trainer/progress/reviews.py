"""The review schedule: ratings that a learner chose, and what follows from everything recorded.

Ratings are append-only like attempts. The schedule is derived: it only saves the work of computing it at
every start. A card's rows are out of date once the card has a newer attempt or rating.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainer.progress.model import Attempt
    from trainer.progress.store import Store


class Item(msgspec.Struct, frozen=True):
    """What comes back for review: a card, or a failed check of it. Times are seconds since 1970, UTC."""

    card: str
    check: str
    """The ID of the check; empty for the whole card."""
    due: float
    last: float
    """When it was last reviewed."""
    stability: float
    """Days until the chance to know it has fallen to 90 percent."""
    difficulty: float
    """1 to 10."""
    rating: int
    """Of the last review, 1 (again) to 4 (easy)."""
    reviews: int


class Help(msgspec.Struct, frozen=True):
    """A hint or the solution was shown, or the card was reset, at a time in seconds since 1970, UTC."""

    kind: str
    at: float


class Chosen(msgspec.Struct, frozen=True):
    """A rating that the learner chose for a sitting, named by its first attempt."""

    sitting: int
    rating: int


class Past(msgspec.Struct, frozen=True):
    """All that the schedule of one card follows from, oldest first."""

    attempts: Sequence[Attempt]
    helps: Sequence[Help]
    chosen: Sequence[Chosen]
    latest_choice: int
    """The row of the latest chosen rating; 0 for none."""


def rate(store: Store, card: str, sitting: int, rating: int) -> None:
    """Record the learner's own rating (1 to 4) of a sitting, named by its first attempt."""
    with store.writing() as db:
        db.execute(
            "INSERT INTO ratings (card, sitting, at, rating) VALUES (?, ?, ?, ?)",
            (card, sitting, store.now(), rating),
        )


def outdated(store: Store) -> list[str]:
    """The IDs of the cards whose schedule lacks an attempt or a rating, sorted."""
    with store.reading() as db:
        rows = db.execute(
            "SELECT tried.card FROM (SELECT card, max(number) AS number FROM attempts GROUP BY card) AS tried"
            " LEFT JOIN schedule ON schedule.card = tried.card AND schedule.item = ''"
            " LEFT JOIN (SELECT card, max(id) AS id FROM ratings GROUP BY card) AS rated"
            " ON rated.card = tried.card"
            " WHERE schedule.card IS NULL OR schedule.attempt <> tried.number"
            " OR schedule.chosen <> coalesce(rated.id, 0) ORDER BY tried.card"
        ).fetchall()
    return [str(row[0]) for row in rows]


def past(store: Store, card: str) -> Past:
    """All that the schedule of a card follows from."""
    with store.reading() as db:
        helps = db.execute(
            "SELECT kind, at FROM events WHERE card = ? AND kind <> 'started' ORDER BY id", (card,)
        ).fetchall()
        chosen = db.execute(
            "SELECT id, sitting, rating FROM ratings WHERE card = ? ORDER BY id", (card,)
        ).fetchall()
        attempts = store.attempts(card)
    return Past(
        attempts,
        [Help(kind, at / 1000) for kind, at in helps],
        [Chosen(sitting, rating) for _, sitting, rating in chosen],
        int(chosen[-1][0]) if chosen else 0,
    )


def keep(store: Store, card: str, items: Sequence[Item], basis: Past) -> None:
    """Replace the schedule of a card by what was computed from `basis`."""
    attempt = basis.attempts[-1].number if basis.attempts else 0
    with store.writing() as db:
        db.execute("DELETE FROM schedule WHERE card = ?", (card,))
        db.executemany(
            "INSERT INTO schedule VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    card,
                    one.check,
                    round(one.due * 1000),
                    round(one.last * 1000),
                    one.stability,
                    one.difficulty,
                    one.rating,
                    one.reviews,
                    attempt,
                    basis.latest_choice,
                )
                for one in items
            ],
        )


def schedule(store: Store) -> list[Item]:
    """Everything that comes back for review, the earliest first."""
    with store.reading() as db:
        rows = db.execute(
            "SELECT card, item, due, last, stability, difficulty, rating, reviews FROM schedule"
            " ORDER BY due, card, item"
        ).fetchall()
    return [Item(card, item, due / 1000, last / 1000, *rest) for card, item, due, last, *rest in rows]
