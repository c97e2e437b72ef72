"""Tests of `manifests.validation.cron`: schedules of CronJobs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.manifests.validation.cron import schedule_problem


@each_row(
    "schedule",
    [
        "* * * * *",
        "*/5 * * * *",
        "0 0 1 1 0",
        "0,30 9-17 * * mon-fri",
        "0 0 1 JAN,jul *",
        "5/15 * ? * *",
        "0  3  *  *  *",
        "1,,2 * * * *",
        "@hourly",
        "@every 1h30m",
    ],
)
def test_good_schedules(schedule: str) -> None:
    assert schedule_problem(schedule) == ""


@each_row(
    "schedule",
    [
        "",
        "* * * *",
        "* * * * * *",
        "60 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "* * * 13 *",
        "* * * * 7",
        "5-1 * * * *",
        "*/0 * * * *",
        "*/x * * * *",
        "1-2-3 * * * *",
        "*-3 * * * *",
        "-1 * * * *",
        "a * * * *",
        "* * * mon *",
        "@daily ",
        "@never",
        "@every soon",
    ],
)
def test_bad_schedules(schedule: str) -> None:
    assert schedule_problem(schedule) != ""


@given(st.integers(-5, 70), st.integers(-5, 30))
def test_bounds(minute: int, hour: int) -> None:
    good = 0 <= minute <= 59 and 0 <= hour <= 23
    assert (schedule_problem(f"{minute} {hour} * * *") == "") is good


@given(st.text(max_size=40))
def test_any_text_has_an_answer(text: str) -> None:
    assert isinstance(schedule_problem(text), str)
