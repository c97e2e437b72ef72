"""What a run prints and writes."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from tools.mutate.operators import mutants_of
from tools.mutate.report import Result, as_json, diff, scores, survivors_in, text
from tools.mutate.session import Outcome

SOURCE = "def f(a):\n    return [\n        a < 1,\n        a,\n    ]\n"


@pytest.fixture
def result(tmp_path: Path) -> Result:
    path = tmp_path / "trainer" / "x.py"
    path.parent.mkdir()
    path.write_text(SOURCE, encoding="utf-8")
    comparison, constant, *rest = sorted(mutants_of(path, tmp_path), key=lambda one: one.operator)
    assert len(rest) == 2
    outcomes = [
        Outcome(constant, True, "tests/test_x.py::test_f", 3),
        Outcome(rest[1], False, "", 0),
        Outcome(comparison, False, "", 3),
    ]
    return Result(["trainer/x.py", "trainer/y"], outcomes, {rest[0]: "a reason"})


def test_figures_leave_out_what_is_equivalent(result: Result) -> None:
    one, other = scores(result)
    assert (one.mutants, one.killed, one.survived, one.equivalent, one.score) == (4, 1, 2, 1, 33.3)
    assert (other.mutants, other.score) == (0, 100.0)


def test_survivors_are_shown_by_place_with_their_diff(result: Result, tmp_path: Path) -> None:
    shown = text(result, tmp_path)
    assert (
        "trainer/x.py:3:9 comparison: 3 tests reach it\n    -        a < 1,\n    +        a <= 1,\n" in shown
    )
    assert "trainer/x.py:2:12 element: no test reaches it\n    -        a,\n" in shown
    assert shown.endswith("trainer/y: 0 mutants, 0 killed, 0 survived, 0 equivalent: 100.0 %")
    assert [one.mutant.line for one in result.survivors] == [2, 3]


def test_a_sample_says_what_it_tells_of_all(result: Result, tmp_path: Path) -> None:
    sampled = msgspec.structs.replace(result, sampled=True)
    # The interval of 1 of 3.
    assert text(sampled, tmp_path).split("\n")[-2].endswith(": 33.3 % (a sample: 6.1 to 79.2 % of all)")
    assert text(sampled, tmp_path).endswith(": 100.0 % (a sample: 0.0 to 100.0 % of all)")


def test_json(result: Result, tmp_path: Path) -> None:
    data = json.loads(as_json(result, tmp_path))
    assert data["schema"] == "cks-trainer.mutants/1"
    assert data["scores"][0]["killed"] == 1
    assert data["survivors"][1] == {
        "file": "trainer/x.py", "line": 3, "column": 9, "code": "a < 1,", "operator": "comparison",
        "old": "a < 1", "new": "a <= 1", "tests": 3,
    }  # fmt: skip
    assert data["equivalent"][0]["reason"] == "a reason"


def test_survivors_are_found_again_by_their_line_of_code(result: Result, tmp_path: Path) -> None:
    assert survivors_in(as_json(result, tmp_path)) == {
        ("trainer/x.py", "return [", "[\n        a < 1,\n        a,\n    ]", "[\n        a < 1,\n        ]"),
        ("trainer/x.py", "a < 1,", "a < 1", "a <= 1"),
    }


def test_a_diff_shows_only_the_lines_that_change(result: Result, tmp_path: Path) -> None:
    assert diff(result.survivors[1].mutant, tmp_path) == ["    -        a < 1,", "    +        a <= 1,"]
