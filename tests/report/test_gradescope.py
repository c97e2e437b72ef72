"""Gradescope's results.json: the fields of its specification, with a file for every answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.report.answers import ROWS
from trainer.report.rows import written

FIELDS = {"name": str, "score": int, "max_score": int, "status": str, "output": str, "visibility": str}


def results(folder: Path, *rows: Any) -> Any:
    place = folder / "results.json"
    with written({"gradescope": place}) as write:
        for row in rows:
            write(row)
    return json.loads(place.read_text())


def test_a_test_for_each_check(tmp_path: Path) -> None:
    found = results(tmp_path, ROWS[1])
    assert (found["score"], found["output"]) == (2, "")
    for test in found["tests"]:
        assert {name: type(value) for name, value in test.items()} == FIELDS
        assert test["status"] in ("passed", "failed")
        assert test["visibility"] in ("hidden", "after_due_date", "after_published", "visible")
    assert [test["score"] for test in found["tests"]] == [2, 0]
    assert found["tests"][1]["output"] == "pod.yaml:9:5 spec\nIt is writable.\ntouch /x: ok"


def test_an_answer_without_a_verdict_scores_nothing_and_says_why(tmp_path: Path) -> None:
    assert results(tmp_path, ROWS[-1]) == {"score": 0, "output": "is a pipe", "tests": []}
    assert results(tmp_path) == {"score": 0, "output": "", "tests": []}


def test_nothing_in_it_acts(tmp_path: Path) -> None:
    text = json.dumps(results(tmp_path, *ROWS), ensure_ascii=False)
    assert "\\\\x1b" in text
    assert not {"\x1b", "\u202e"} & set(text)
