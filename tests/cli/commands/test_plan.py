"""`plan`: today's cards, the exam date and the minutes a day, both remembered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

Cks = Callable[..., Any]


def test_the_plan_and_its_goal(cks: Cks, answer: Callable[..., Path]) -> None:
    ran = cks("plan")
    assert ran.code == 0
    assert ran.out.startswith("no exam date yet (--exam DATE) · 30 min a day\n")
    assert [line.split()[:2] for line in ran.out.splitlines()[3:]] == [
        ["new", "tiny-space"],
        ["new", "tiny-pod"],
    ]
    exam = date.today() + timedelta(days=9)
    assert cks("plan", "--exam", exam, "--minutes", "1").out.startswith("exam in 9 days · 1 min a day\n")
    cks("grade", answer("wrong-writable"))
    plan = cks("plan", "--json").json
    assert (plan["schema"], plan["exam"], plan["days_left"]) == ("cks-trainer.plan/1", exam.isoformat(), 9)
    assert (plan["minutes_a_day"], plan["today"]) == (1, 1)
    assert plan["minutes_needed"] == -(-plan["minutes_left"] // 9)
    assert [step["kind"] for step in plan["steps"]] == ["continue", "new"]
    assert cks("plan", "--exam", "none").out.startswith("no exam date yet")
    cks("grade", answer("reference"))
    assert "today's minutes are done; the next card would be:" in cks("plan").out


def test_wrong_dates_and_minutes(cks: Cks) -> None:
    for arguments in (
        ["--exam", "soon"],
        ["--exam", "2001-01-01"],
        ["--minutes", "0"],
        ["--minutes", "many"],
    ):
        assert cks("plan", *arguments).code == 2
    assert cks("plan").out.startswith("no exam date yet (--exam DATE) · 30 min a day\n")
