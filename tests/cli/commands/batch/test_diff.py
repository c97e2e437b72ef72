"""`batch diff`: what is said of two results."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Cks = Callable[..., Any]


def row(learner: str, status: str = "graded", points: int = 0, **fields: Any) -> str:
    usual = {"schema": "cks-trainer.result/1", "learner": learner, "card": "tiny", "status": status}
    return json.dumps({**usual, "points": points, "max_points": 5, "verdict": None, **fields}) + "\n"


def test_rows_that_differ_are_lines_and_the_exit_code_is_1(cks: Cks, tmp_path: Path) -> None:
    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    checks = [{"id": "ro", "says": "It is read-only", "status": "fail"}]
    old.write_text(row("ann", points=5) + row("bob", "missing") + row("cy\u001b[2J"))
    new.write_text(
        row("ann", points=3, seed=2, late=True, penalty=0.5, verdict={"checks": checks})
        + row("bob", "missing")
        + row("-x")
    )
    ran = cks("batch", "diff", old, new)
    assert (ran.code, ran.out.splitlines()) == (
        1,
        [
            "ann  tiny: 5 of 5 -> 2.5 of 5, late",
            "  seed 0 -> 2",
            "  none -> fail  ro: It is read-only",
            "-x  tiny: no row -> 0 of 5",
            "cy\\x1b[2J  tiny: 0 of 5 -> no row",
        ],
    )
    assert "1 of 3 rows changed, 1 added, 1 removed" in ran.err
    found = cks("batch", "diff", old, new, "--json").json
    assert {name: found[name] for name in ("schema", "rows", "changed", "added", "removed")} == {
        "schema": "cks-trainer.batch-diff/1",
        "rows": {"old": 3, "new": 3},
        "changed": 1,
        "added": 1,
        "removed": 1,
    }
    assert found["changes"][0]["checks"] == [
        {"id": "ro", "says": "It is read-only", "before": None, "after": "fail"}
    ]
    assert [change["after"] is None for change in found["changes"]] == [False, False, True]


def test_the_same_results_and_broken_ones(cks: Cks, tmp_path: Path) -> None:
    old = tmp_path / "old.jsonl"
    old.write_text(row("ann") + row("bob", "missing"))
    ran = cks("batch", "diff", old, old)
    assert (ran.code, ran.out) == (0, "")
    old.write_text(row("ann")[:-9])
    ran = cks("batch", "diff", old, old)
    assert ran.code == 4
    assert "old.jsonl:1: not a row of results: the line is incomplete" in ran.err
