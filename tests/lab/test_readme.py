"""Tests of `lab.readme`: the commands of the page, which `tests/cli/commands/test_lab.py` runs."""

from __future__ import annotations

from trainer.lab.folder import Lab
from trainer.lab.readme import grading_command, readme, serving_command


def test_the_commands_are_ready_to_copy() -> None:
    lab = Lab(("a", "b"), ())
    assert grading_command(lab) == (
        "cks-trainer --pack pack batch answers --cards a,b --roster roster.csv --seed-by-learner --out results"
    )
    assert "--seed=7" in grading_command(Lab(("a",), (), seed=7))
    assert "--seed=0" in grading_command(Lab(("a",), (), seed=0))
    for varies in (True, False):
        page = readme(lab, varies=varies)
        assert f"\n    {grading_command(lab)}\n" in page
        assert serving_command() in page
        assert ("`handouts/`" in page) == varies
