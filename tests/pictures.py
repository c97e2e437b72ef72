"""Judging with a look at the picture: it never says anything else than the verdict."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from trainer.grading.effect import agrees
from trainer.picture import MOST_COLUMNS, MOST_ROWS, Cell, Picture, State
from trainer.simulate.world import World
from trainer.verdict import Outcome, Status


def judged(rule: Any, world: World, params: Any) -> Outcome:
    """The outcome of a rule's module; its picture must agree."""
    outcome: Outcome = rule.judge(world, params)
    assert_agreeing(rule.picture(world, params), outcome)
    return outcome


def assert_agreeing(picture: Picture, outcome: Outcome, files: frozenset[str] = frozenset()) -> None:
    """PASS: nothing is wrong, something is right. FAIL: something is wrong, if need be in one of these files."""
    assert agrees(picture, outcome.status), (outcome, picture)
    assert outcome.status is not Status.PASS or State.RIGHT in picture.states(), picture
    assert len(picture.rows) <= MOST_ROWS
    assert len(picture.columns) <= MOST_COLUMNS
    assert all(len(row.cells) <= len(picture.columns) for row in picture.rows), picture
    told = [reason.location for reason in outcome.reasons if reason.location]
    if any(place.file in files for place in told):
        places = [cell.location for cell in wrong_cells(picture) if cell.location]
        assert any(place.file in files for place in places), (told, picture)


def wrong_cells(picture: Picture) -> list[Cell]:
    """The cells of a picture that are wrong."""
    return [cell for row in picture.rows for cell in row.cells if cell.state is State.WRONG]


def lines_of(picture: Picture) -> list[str]:
    """A picture as lines of text: depth, head and cells, each cell with its state's first letter."""
    return [
        "  " * row.depth
        + " | ".join([row.head, *(f"{one.state.value[0]}:{one.word}" for one in row.cells if one.word)])
        for row in picture.rows
    ]


def judging(rule: Any) -> Callable[[World, Any], Outcome]:
    """The `judge` of a rule's module, which also looks at the picture."""
    return partial(judged, rule)
