"""The arithmetic of the plan: order, today's share, the pace until the exam."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.table import each_row
from tests.tui.fake_session import card
from trainer.content.listed import as_listed
from trainer.errors import UsageError
from trainer.session.model import AttemptSummary, CardState
from trainer.session.plan import (
    Goal,
    done_today,
    gains_per_minute,
    make_plan,
    read_exam_date,
    read_minutes,
)
from trainer.session.review import Due

TODAY = date(2026, 3, 10)
NOON = datetime(2026, 3, 10, 12).timestamp()


def state(
    name: str, status: str = "new", best: int = 0, touched: float = 0.0, **changes: object
) -> CardState:
    """A card of 4 minutes; one that is started or partial is in progress."""
    listed = as_listed(card(name, **changes))
    return CardState(
        listed,
        status,
        1 if best else 0,
        best,
        None,
        touched,
        status in ("started", "partial"),  # type: ignore[arg-type]
    )


def due(name: str, days: int, *weak: str) -> Due:
    return Due(name, NOON + days * 86_400, TODAY + timedelta(days=days), weak)


def steps(*states: CardState, dues: tuple[Due, ...] = ()) -> list[tuple[str, str]]:
    plan = make_plan(states, dues, TODAY, Goal())
    return [(step.kind, step.state.card.id) for step in plan.steps]


def test_the_order_is_continue_due_weak_new() -> None:
    states = [
        state("new"),
        state("left", "partial", 40, touched=5.0),
        state("older", "started", touched=3.0),
        state("late", "passed", 100),
        state("now", "passed", 100),
        state("later", "passed", 100),
        state("failed", "partial", 40, touched=4.0),
    ]
    dues = (due("now", 0), due("late", -3, "a"), due("later", 1), due("gone", -9))
    assert steps(*states, dues=dues) == [
        ("continue", "left"),
        ("due", "late"),
        ("due", "now"),
        ("weak", "older"),
        ("weak", "failed"),
        ("new", "new"),
    ]
    assert steps(state("done", "passed", 100)) == []
    assert steps() == []


def test_new_cards_come_by_what_they_add_for_each_minute() -> None:
    """CS1 is one of 5 competencies of 15 %, RT4 one of 5 of 20 %: 3 and 4 percent of the exam."""
    setup = {"domain": "cluster-setup", "competency": "CS1"}
    states = [
        state("network", minutes=2, **setup),
        state("one", minutes=4),
        state("two", minutes=8),
        state("half", "partial", 50, minutes=4),
    ]
    assert gains_per_minute(states) == pytest.approx(
        {"network": 3 / 2, "one": 4 / 3 / 4, "two": 4 / 3 / 8, "half": 4 / 3 / 4 / 2}
    )
    assert steps(*states) == [("continue", "half"), ("new", "network"), ("new", "one"), ("new", "two")]


@each_row(
    "minutes, done, today",
    [(30, 0, 3), (8, 0, 2), (7, 0, 1), (1, 0, 1), (12, 4, 2), (12, 11, 1), (12, 12, 0), (12, 99, 0)],
)
def test_what_fits_into_today(minutes: int, done: int, today: int) -> None:
    states = [state("a"), state("b"), state("c")]
    plan = make_plan(states, (), TODAY, Goal(None, minutes), minutes_done=done)
    assert (len(plan.steps), plan.today) == (3, today)


@each_row(
    "exam, left, needed",
    [
        (None, None, None),
        (TODAY + timedelta(days=3), 3, 3),
        (TODAY + timedelta(days=8), 8, 1),
        (TODAY, 0, 8),
        (TODAY - timedelta(days=1), None, None),
    ],
)
def test_the_pace_until_the_exam(exam: date | None, left: int | None, needed: int | None) -> None:
    states = [state("a"), state("b", "partial", 40), state("c", "passed", 100)]
    plan = make_plan(states, (), TODAY, Goal(exam))
    assert (plan.days_left, plan.minutes_left, plan.minutes_needed) == (left, 8, needed)
    assert [step.state.card.id for step in plan.of("new")] == ["a"]


def test_what_is_done_today() -> None:
    def tried(name: str, at: float, passed: bool) -> CardState:
        last = AttemptSummary(1, at, 1, 1, 1, 1, passed)
        return CardState(as_listed(card(name)), "passed", 1, 100, last)

    states = [tried("a", NOON, True), tried("b", NOON - 86_400, True), tried("c", NOON, False), state("d")]
    assert done_today(states, TODAY) == 4


@each_row("text", ["", "soon", "2026-13-01", "10.3.2027", "2026-03-09", "none", "9" * 50])
def test_no_exam_date(text: str) -> None:
    with pytest.raises(UsageError):
        read_exam_date(text, TODAY)


def test_exam_dates_and_minutes() -> None:
    assert read_exam_date(" 2026-03-10 ", TODAY) == TODAY
    assert [read_minutes(text) for text in ("1", " 45 ", "1440")] == [1, 45, 1440]
    for text in ("0", "1441", "-5", "ten", "", "٣", "99999"):
        with pytest.raises(UsageError):
            read_minutes(text)


def test_what_follows_a_step() -> None:
    """After the last step comes the first; the card itself isn't what follows it."""
    plan = make_plan([state("a"), state("b"), state("c")], (due("d", 0),), TODAY, Goal())
    order = [step.state.card.id for step in plan.steps]
    assert len(order) == 3, "a card that is due and isn't in the catalog is left out"

    def following(card: str | None = None, kind: str | None = None) -> str | None:
        step = plan.following(card, kind)  # type: ignore[arg-type]
        return step and step.state.card.id

    assert following() == order[0]
    assert following(order[0]) == order[1]
    assert following(order[-1]) == order[0]
    assert following("another") == order[0]
    assert following(kind="due") is None
    alone = make_plan([state("a")], (), TODAY, Goal())
    assert alone.following("a") is None
