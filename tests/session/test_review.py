"""From attempts to the next review: what is one sitting, how it is rated, when it comes back."""

from __future__ import annotations

from datetime import date, datetime

import msgspec
import pytest

from tests.table import each_row
from trainer.progress.model import Attempt
from trainer.progress.reviews import Chosen, Help, Item, Past
from trainer.session.review import (
    LONGEST,
    Due,
    Rating,
    Sitting,
    due_cards,
    forecast,
    items_of,
    rating_of,
    sittings,
)

NOON = datetime(2026, 3, 1, 12).timestamp()
HOUR, DAY = 3600.0, 86_400.0


def attempt(number: int, at: float, failed: str = "", seconds: float | None = None, seed: int = 0) -> Attempt:
    """An attempt with the checks `a`, `b`, `c`, of which the letters in `failed` fail."""
    checks = [{"id": name, "status": "fail" if name in failed else "pass"} for name in "abc"]
    return Attempt(
        card="x", points=3 - len(failed), max_points=3, checks_passed=3 - len(failed), checks_total=3,
        passed=not failed, seconds=seconds, digest="d", answer="{}",
        verdict=msgspec.json.encode({"checks": checks}).decode(), seed=seed,
        number=number, at=NOON + at, hints=0, revealed=False,
    )  # fmt: skip


def past(
    *attempts: Attempt, helps: tuple[tuple[str, float], ...] = (), chosen: tuple[Chosen, ...] = ()
) -> Past:
    return Past(attempts, [Help(kind, NOON + at) for kind, at in helps], chosen, len(chosen))


@each_row(
    "attempts, helps, firsts",
    [
        ([], (), []),
        ([attempt(1, 0, "ab"), attempt(2, HOUR, "a"), attempt(3, 2 * HOUR)], (), [1]),
        ([attempt(1, 0, "a"), attempt(2, 4 * HOUR)], (), [1, 2]),
        ([attempt(1, 0), attempt(2, 600, "a")], (), [1]),  # playing on with an answer that passed
        ([attempt(1, 0), attempt(2, 600)], (("reset", 300.0),), [1, 2]),
        (
            [attempt(1, 0, "a"), attempt(2, 600)],
            (("reset", 300.0),),
            [1],
        ),  # starting over isn't another review
        ([attempt(1, 0), attempt(2, 600, seed=1)], (), [1, 2]),
        ([attempt(1, 0, "a"), attempt(2, 600, seed=1)], (), [1]),
    ],
)
def test_what_is_one_sitting(
    attempts: list[Attempt], helps: tuple[tuple[str, float], ...], firsts: list[int]
) -> None:
    assert [one.first for one in sittings(past(*attempts, helps=helps))] == firsts


def test_a_sitting_ends_with_its_pass() -> None:
    tries = [
        attempt(1, 0, "ab"),
        attempt(2, 60, "b", 60.0),
        attempt(3, 120, seconds=120.0),
        attempt(4, 180, "a"),
    ]
    (one,) = sittings(past(*tries, chosen=(Chosen(1, 4), Chosen(1, 2), Chosen(9, 1))))
    assert one == Sitting(1, NOON + 120, True, 3, 120.0, 0, False, frozenset("abc"), frozenset(), chosen=2), (
        "the latest chosen rating counts"
    )
    (left,) = sittings(past(*tries[:2]))
    assert (left.passed, left.tries, left.at, left.failed) == (False, 2, NOON + 60, frozenset("b"))


@each_row(
    "helps, hints, solution",
    [
        ((("hint", 30.0), ("hint", 90.0)), 2, False),
        ((("solution", 30.0),), 0, True),
        ((("hint", -3 * HOUR),), 1, False),
        ((("solution", -5 * HOUR),), 0, False),  # long ago
        ((("solution", 200.0),), 0, False),  # after the pass
        ((("solution", -60.0), ("reset", -30.0)), 0, False),  # it began with the reset
    ],
)
def test_the_help_that_counts(helps: tuple[tuple[str, float], ...], hints: int, solution: bool) -> None:
    (one,) = sittings(past(attempt(1, 0, "a"), attempt(2, 120), helps=helps))
    assert (one.hints, one.solution) == (hints, solution)


def test_a_look_at_the_solution_after_the_pass_is_no_help_for_the_next_review() -> None:
    known = past(attempt(1, 0), attempt(2, 5 * DAY, seconds=60.0), helps=(("solution", 60.0),))
    assert [one.solution for one in sittings(known)] == [False, False]


def sat(**changes: object) -> Sitting:
    plain = Sitting(1, NOON, True, 2, 200.0, 0, False, frozenset("abc"), frozenset())
    return msgspec.structs.replace(plain, **changes)  # type: ignore[arg-type]


@each_row(
    "sitting, rating",
    [
        (sat(), Rating.GOOD),
        (sat(seconds=None), Rating.GOOD),
        (sat(tries=1, seconds=None), Rating.GOOD),  # without a time, nothing says that it was easy
        (sat(tries=1, seconds=144.0), Rating.EASY),
        (sat(tries=1, seconds=145.0), Rating.GOOD),
        (sat(tries=2, seconds=100.0), Rating.GOOD),
        (sat(seconds=360.0), Rating.GOOD),
        (sat(seconds=361.0), Rating.HARD),
        (sat(hints=1), Rating.HARD),
        (sat(tries=5), Rating.GOOD),
        (sat(tries=6), Rating.HARD),
        (sat(solution=True, tries=1, seconds=10.0), Rating.AGAIN),
        (sat(passed=False), Rating.AGAIN),
        (sat(passed=False, chosen=4), Rating.EASY),
        (sat(chosen=1), Rating.AGAIN),
    ],
)
def test_the_rating_of_a_sitting_at_a_card_of_four_minutes(sitting: Sitting, rating: Rating) -> None:
    assert rating_of(sitting, 4) is rating


@each_row(
    "ratings, days",
    [
        ([(0, 1)], 1),
        ([(0, 2)], 1),
        ([(0, 3)], 2),
        ([(0, 4)], 8),
        ([(0, 3), (2, 3)], 11),
        ([(0, 3), (2, 1)], 1),
        ([(0, 4), (8, 4), (100, 4), (300, 4)], LONGEST),
    ],
)
def test_when_a_card_comes_back(ratings: list[tuple[int, int]], days: int) -> None:
    """The intervals are those of FSRS 6 with its default parameters."""
    all_sittings = [sat(first=at + 1, at=NOON + at * DAY, chosen=rating) for at, rating in ratings]
    (item,) = items_of("x", 4, all_sittings)
    assert (item.card, item.check, item.reviews, item.rating) == ("x", "", len(ratings), ratings[-1][1])
    assert (item.due - item.last) / DAY == pytest.approx(days)
    assert item.last == NOON + ratings[-1][0] * DAY


def test_a_failed_check_comes_back_by_itself() -> None:
    left = sat(passed=False, at=NOON, failed=frozenset("b"), held=frozenset("ac"))
    passed = sat(first=5, at=NOON + DAY)
    first = {one.check: one for one in items_of("x", 4, [left])}
    assert {name: one.rating for name, one in first.items()} == {"": 1, "b": 1}
    then = {one.check: one for one in items_of("x", 4, [left, passed])}
    assert {name: (one.rating, one.reviews) for name, one in then.items()} == {"": (3, 2), "b": (3, 2)}
    assert items_of("x", 4, []) == []
    assert [one.check for one in items_of("x", 4, [passed])] == [""], "what was fixed at once isn't weak"


def test_a_card_is_due_with_the_first_of_its_items() -> None:
    def item(card: str, check: str, days: float, rating: int) -> Item:
        return Item(card, check, NOON + days * DAY, NOON, 1.0, 5.0, rating, 1)

    items = [item("x", "", 9, 3), item("x", "b", 1, 1), item("x", "c", 3, 3), item("y", "", 0, 3)]
    assert due_cards(items) == [
        Due("y", NOON, date(2026, 3, 1), ()),
        Due("x", NOON + DAY, date(2026, 3, 2), ("b",)),
    ]
    assert due_cards([]) == []


def test_the_forecast_adds_what_is_overdue_to_today() -> None:
    days = [date(2026, 2, 1), date(2026, 3, 1), date(2026, 3, 3), date(2026, 3, 3), date(2026, 3, 15)]
    due = [Due(str(number), 0.0, day, ()) for number, day in enumerate(days)]
    counts = forecast(due, date(2026, 3, 1))
    assert (len(counts), counts[:4], sum(counts)) == (14, [2, 0, 2, 0], 4)
    assert sum(forecast(due, date(2026, 3, 1), 15)) == 5


def test_the_words_of_ratings() -> None:
    assert [one.word for one in Rating] == ["again", "hard", "good", "easy"]
