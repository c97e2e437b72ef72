"""Tests of `tools.fuzz.model`."""

from __future__ import annotations

from tests.table import each_row
from tools.fuzz.model import Judged, judging
from tools.fuzz.targets import targets


def test_a_judge_says_where_a_crash_is() -> None:
    @judging
    def judge(case: dict[str, str]) -> Judged:
        return Judged(case["outcome"])

    assert judge({"outcome": "pass"}) == Judged("pass")
    (fault,) = judge({}).faults
    assert fault.startswith("KeyError in ")
    assert judge({}).outcome == "crash"


@each_row("name", sorted(targets()))
def test_no_target_lets_an_exception_out(name: str) -> None:
    """A long run goes on after a crash, whichever part of the program it's in."""
    assert targets()[name].judge(None).outcome == "crash"
