"""Tests of `tools.conformance`: running families, and the table and JSON of what agrees."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools.conformance.__main__ import main
from tools.conformance._run import Tally, as_json, families, family_modules, judge_line, run_family
from trainer.isolate import Limits, Pool

LACKS_TEXT = "KeyError: 'text' (a key that the case lacks?)"


def write(folder: Path, family: str, cases: list[dict[str, object]]) -> None:
    (folder / f"{family}.jsonl").write_text("".join(json.dumps(case) + "\n" for case in cases))


GOOD: dict[str, object] = {"id": "s-1", "text": "yes", "value": True, "type": "bool"}
BAD: dict[str, object] = {"id": "s-2", "text": "yes", "value": "yes", "type": "str"}
BROKEN: dict[str, object] = {"id": "s-3"}


def test_families_are_found_by_their_modules(tmp_path: Path) -> None:
    write(tmp_path, "scalars", [GOOD])
    write(tmp_path, "psa-community", [])
    write(tmp_path, "unheard-of", [])
    known, unknown = families(tmp_path)
    assert "scalars" in known
    assert unknown == ["unheard-of"]
    assert "scalars" in family_modules()


def test_a_crash_or_a_dead_worker_is_one_disagreement(tmp_path: Path) -> None:
    write(tmp_path, "scalars", [GOOD, BAD, BROKEN, GOOD | {"id": "s-4"}])
    with Pool(1, Limits()) as pool:
        tally = run_family(tmp_path, "scalars", pool)
    assert (tally.cases, tally.agreed) == (4, 2)
    assert tally.disagreed == {"s-2": "bool True", "s-3": f"crashed: {LACKS_TEXT}"}


def test_lines_that_are_no_case_are_one_disagreement_each(tmp_path: Path) -> None:
    lines = [json.dumps(GOOD), "not json", "[1]", "{}", json.dumps(BAD), json.dumps(BAD)]
    (tmp_path / "scalars.jsonl").write_text("\n\n".join(lines))
    (tmp_path / "psa.jsonl").mkdir()
    with Pool(1, Limits()) as pool:
        tally = run_family(tmp_path, "scalars", pool)
    assert (tally.cases, tally.agreed) == (6, 1)
    assert tally.disagreed == {
        "case 2": "not a case: the line is not JSON (Expecting value: line 1 column 1 (char 0))",
        "case 3": "not a case: the line is not a JSON object",
        "case 4": f"crashed: {LACKS_TEXT}",
        "s-2": "bool True",
        "s-2 (case 6)": "bool True",
    }
    assert families(tmp_path) == (["scalars"], [])


def test_one_case() -> None:
    assert judge_line("scalars", json.dumps(GOOD).encode()) is None
    assert judge_line("no_such", b'{"id": "x"}') == (
        "crashed: ModuleNotFoundError: No module named 'tools.conformance.no_such'"
    )


def test_the_result_as_json() -> None:
    assert as_json([Tally("scalars", 3, {"b": "x", "a": "y"})], ["vap"]) == {
        "schema": "cks-trainer.conformance/1",
        "families": {
            "scalars": {
                "cases": 3,
                "agreed": 1,
                "disagreed": ["a", "b"],
                "said": {"a": "y", "b": "x"},
                "held_wrong": [],
            }
        },
        "not_run": ["vap"],
    }


def test_the_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, "scalars", [GOOD, BAD])
    write(tmp_path, "unheard-of", [])
    assert main(["--cases", str(tmp_path), "--json", str(tmp_path / "out.json")]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split()[:3] == ["scalars", "2", "1"]
    assert lines[2].startswith("unheard-of      not run")
    assert lines[3] == "scalars: s-2: bool True"
    assert json.loads((tmp_path / "out.json").read_text())["not_run"] == ["unheard-of"]
    write(tmp_path, "scalars", [GOOD])
    assert main(["--cases", str(tmp_path), "--family", "scalars"]) == 0
    assert main(["--cases", str(tmp_path / "none")]) == 2
