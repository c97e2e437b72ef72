"""What is true of a card, and in which orders cards are listed."""

from __future__ import annotations

from datetime import date, timedelta

from tests.table import each_row
from tests.tui.fake_session import card
from trainer.content.listed import as_listed
from trainer.session.arrange import ORDERS, arranged, facts_of, next_order
from trainer.session.model import AttemptSummary, CardState, Summary
from trainer.session.plan import Goal, make_plan
from trainer.session.review import Due
from trainer.session.today import Overview

TODAY = date(2026, 3, 10)


def state(name: str, status: str, best: int, minutes: int, passed: bool | None) -> CardState:
    last = None if passed is None else AttemptSummary(1, 0.0, 1, 1, 1, 1, passed)
    listed = as_listed(card(name, title=f"Title {name[::-1]}", minutes=minutes))
    return CardState(listed, status, 0 if last is None else 1, best, last, 0.0, passed is False)  # type: ignore[arg-type]


STATES = [
    state("b-new", "new", 0, 9, None),
    state("c-low", "partial", 20, 8, False),
    state("a-done", "passed", 100, 2, True),
    state("d-slip", "passed", 100, 4, False),
]
DUES = (
    Due("a-done", 0.0, TODAY, ("one",)),
    Due("c-low", 0.0, TODAY + timedelta(days=1), ()),
)
PLAN = make_plan(STATES, DUES, TODAY, Goal())


def test_the_facts_of_each_card() -> None:
    overview = Overview(STATES, (), Summary(0, 0, 0, 4, 2), DUES, PLAN, TODAY)
    assert facts_of(overview) == {
        "b-new": {"new"},
        "c-low": {"partial", "weak"},
        "a-done": {"passed", "due", "weak"},
        "d-slip": {"passed", "weak"},
    }


@each_row(
    "order, names",
    [
        ("exam", ["b-new", "c-low", "a-done", "d-slip"]),
        ("rubbish", ["b-new", "c-low", "a-done", "d-slip"]),
        ("plan", ["c-low", "a-done", "b-new", "d-slip"]),
        ("weakest", ["c-low", "a-done", "d-slip", "b-new"]),
        ("shortest", ["a-done", "d-slip", "c-low", "b-new"]),
        ("title", ["a-done", "d-slip", "b-new", "c-low"]),
    ],
)
def test_orders(order: str, names: list[str]) -> None:
    assert [one.card.id for one in arranged(STATES, order, PLAN)] == names


def test_the_orders_come_one_after_the_other() -> None:
    order, seen = "exam", []
    for _ in ORDERS:
        order = next_order(order)
        seen.append(order)
    assert seen == [*list(ORDERS)[1:], "exam"]
    assert next_order("rubbish") == "exam"
