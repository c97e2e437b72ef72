"""Spaced repetition: from attempts to sittings, from sittings to ratings, from ratings to the next review.

Somebody who works on a card saves many times, so that single attempts say little. A *sitting* is all
attempts at a card until it is reset after a pass, or left for some hours; it is one review. The card itself
is reviewed, and so is each check that was still failed when a sitting ended: it comes back sooner.

The algorithm is FSRS (the library `fsrs`), in whole days and without its random spread: the same records
always give the same schedule.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import msgspec

from trainer.progress.reviews import Item

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fsrs import Scheduler

    from trainer.progress.model import Attempt
    from trainer.progress.reviews import Chosen, Help, Past

PAUSE = 4 * 3600.0
"""Seconds without an attempt that end a sitting."""
LONGEST = 180
"""Days between two reviews, at most."""
MANY_TRIES = 6
"""Attempts in a sitting from which on a pass was hard; some saves are just to see what is missing."""
QUICK, SLOW = 0.6, 1.5
"""Shares of a card's minutes: a pass below the first is easy, one above the second hard."""


class Rating(IntEnum):
    """How well the learner knew it; the numbers of FSRS."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4

    @property
    def word(self) -> str:
        """The rating in lower case."""
        return self.name.lower()


class Sitting(msgspec.Struct, frozen=True):
    """The attempts at a card that are one review."""

    first: int
    """The number of its first attempt, which names the sitting."""
    at: float
    """When it passed, or else its last attempt: seconds since 1970, UTC."""
    passed: bool
    tries: int
    """Attempts until it passed, or all."""
    seconds: float | None
    """Spent on the card until it passed, if known."""
    hints: int
    """Hints shown in this sitting."""
    solution: bool
    """Whether the solution was shown before it passed."""
    held: frozenset[str]
    """The IDs of the checks that passed at its end."""
    failed: frozenset[str]
    """The IDs of the checks that failed at its end."""
    chosen: int | None = None
    """The learner's own rating."""


def sittings(past: Past) -> list[Sitting]:
    """The sittings of a card, oldest first."""
    groups: list[list[Attempt]] = []
    for attempt in past.attempts:
        if groups and not _begins_another(groups[-1], attempt, past.helps):
            groups[-1].append(attempt)
        else:
            groups.append([attempt])
    found, since = [], 0.0
    for group in groups:
        found.append(_sitting(group, _begin(group, since, past.helps), past.helps, past.chosen))
        since = group[-1].at
    return found


def _begin(group: Sequence[Attempt], since: float, helps: Iterable[Help]) -> float:
    """From when help counts: a look at the solution after the last pass doesn't help in this sitting."""
    first = group[0].at
    resets = [one.at for one in helps if one.kind == "reset" and one.at <= first]
    return max(since, first - PAUSE, *resets)


def _begins_another(group: Sequence[Attempt], attempt: Attempt, helps: Iterable[Help]) -> bool:
    last = group[-1]
    if attempt.at - last.at >= PAUSE:
        return True
    anew = attempt.seed != last.seed or any(
        one.kind == "reset" and last.at <= one.at <= attempt.at for one in helps
    )
    return anew and any(one.passed for one in group)


def _sitting(
    group: Sequence[Attempt], begin: float, helps: Sequence[Help], chosen: Sequence[Chosen]
) -> Sitting:
    passing = next((place for place, one in enumerate(group) if one.passed), None)
    counted = group if passing is None else group[: passing + 1]
    end = counted[-1]
    shown = [one.kind for one in helps if begin <= one.at <= end.at]
    checks = _checks(end)
    own = [one.rating for one in chosen if one.sitting == group[0].number]
    return Sitting(
        first=group[0].number,
        at=end.at,
        passed=passing is not None,
        tries=len(counted),
        seconds=end.seconds,
        hints=shown.count("hint"),
        solution="solution" in shown,
        held=frozenset(name for name, status in checks.items() if status == "pass"),
        failed=frozenset(name for name, status in checks.items() if status == "fail"),
        chosen=own[-1] if own else None,
    )


def _checks(attempt: Attempt) -> dict[str, str]:
    verdict: dict[str, Any] = msgspec.json.decode(attempt.verdict)
    return {check["id"]: check["status"] for check in verdict.get("checks", ())}


def rating_of(sitting: Sitting, minutes: int) -> Rating:
    """How a sitting is rated: the learner's own rating, else by result, help, tries and time.

    `minutes` is the card's time at exam pace.
    """
    if sitting.chosen is not None:
        return Rating(sitting.chosen)
    if not sitting.passed or sitting.solution:
        return Rating.AGAIN
    share = None if sitting.seconds is None else sitting.seconds / (60 * minutes)
    if sitting.hints or sitting.tries >= MANY_TRIES or (share is not None and share > SLOW):
        return Rating.HARD
    if sitting.tries == 1 and share is not None and share <= QUICK:
        return Rating.EASY
    return Rating.GOOD


def items_of(card: str, minutes: int, all_sittings: Iterable[Sitting]) -> list[Item]:
    """When the card and its failed checks come back; empty without a sitting."""
    rated: dict[str, list[tuple[float, Rating]]] = {}
    for sitting in all_sittings:
        rated.setdefault("", []).append((sitting.at, rating_of(sitting, minutes)))
        for check in sorted(sitting.failed):
            rated.setdefault(check, []).append((sitting.at, Rating.AGAIN))
        for check in sorted(sitting.held & rated.keys()):
            rated[check].append((sitting.at, Rating.GOOD))
    scheduler = _scheduler()
    return [_item(scheduler, card, check, reviews) for check, reviews in rated.items()]


def _scheduler() -> Scheduler:
    from fsrs import Scheduler

    return Scheduler(learning_steps=(), relearning_steps=(), maximum_interval=LONGEST, enable_fuzzing=False)


def _item(scheduler: Scheduler, card: str, check: str, reviews: Sequence[tuple[float, Rating]]) -> Item:
    from fsrs import Card
    from fsrs import Rating as FsrsRating

    state = Card(card_id=1)
    for at, rating in reviews:
        state, _ = scheduler.review_card(state, FsrsRating(int(rating)), datetime.fromtimestamp(at, UTC))
    last, rating = reviews[-1]
    return Item(
        card,
        check,
        state.due.timestamp(),
        last,
        state.stability or 0.0,
        state.difficulty or 0.0,
        int(rating),
        len(reviews),
    )


class Due(msgspec.Struct, frozen=True):
    """When a card comes back: as soon as the first of its items."""

    card: str
    at: float
    """Seconds since 1970, UTC."""
    day: date
    """The local day."""
    weak: tuple[str, ...]
    """The IDs of its checks whose last review failed."""


def due_cards(items: Iterable[Item]) -> list[Due]:
    """When each card comes back, the earliest first."""
    by_card: dict[str, list[Item]] = {}
    for one in items:
        by_card.setdefault(one.card, []).append(one)
    found = []
    for card, mine in by_card.items():
        at = min(one.due for one in mine)
        weak = tuple(one.check for one in mine if one.check and one.rating == Rating.AGAIN)
        found.append(Due(card, at, date.fromtimestamp(at), weak))
    return sorted(found, key=lambda one: (one.at, one.card))


def day_words(day: date, today: date) -> str:
    """When a card comes back, in words.

    >>> day_words(date(2026, 3, 4), date(2026, 3, 1)), day_words(date(2026, 3, 1), date(2026, 3, 2))
    ('in 3 days', '1 day late')
    """
    days = (day - today).days
    if days < 0:
        return f"{-days} days late" if days < -1 else "1 day late"
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")


def forecast(due: Iterable[Due], today: date, days: int = 14) -> list[int]:
    """How many cards come back on each of the next days; the first is today, with all that is overdue.

    >>> forecast([], date(2026, 3, 1), 3)
    [0, 0, 0]
    """
    counts = [0] * days
    last = today + timedelta(days=days - 1)
    for one in due:
        if one.day <= last:
            counts[max((one.day - today).days, 0)] += 1
    return counts
