"""`hint`: one by one, remembered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Cks = Callable[..., Any]


def test_hints_come_one_by_one_and_are_remembered(cks: Cks) -> None:
    first, second = (
        "Hint 1/2: Look at the securityContext of a container.\n",
        "Hint 2/2: The field starts with readOnly.\n",
    )
    assert cks("hint", "tiny-pod") == (0, first, "")
    assert cks("hint", "tiny-pod") == (0, second, "")
    ran = cks("hint", "tiny-pod")
    assert (ran.code, ran.out) == (0, first + second)
    assert "cks-trainer solution tiny-pod" in ran.err


def test_again_shows_no_new_one(cks: Cks) -> None:
    ran = cks("hint", "--again", "tiny-pod")
    assert (ran.code, ran.out) == (0, "")
    assert "no hints shown yet" in ran.err
    cks("hint", "tiny-pod")
    assert cks("hint", "--again", "tiny-pod").out.startswith("Hint 1/2")
    assert cks("hint", "--json", "--again", "tiny-pod").json["shown"] == 1


def test_json(cks: Cks) -> None:
    assert cks("hint", "--json", "tiny-space").json == {
        "schema": "cks-trainer.hint/1",
        "card": "tiny-space",
        "seed": 0,
        "hints": [{"number": 1, "text": "It has a name and no spec."}],
        "shown": 1,
        "of": 1,
    }
