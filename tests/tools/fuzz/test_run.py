"""Runs: as many inputs as wanted, the same for the same seed, and the smallest input of every fault is stored."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from tools.fuzz.__main__ import main
from tools.fuzz.model import Judged, Target, crash
from tools.fuzz.run import Result, again, inputs_of, joined, run, save, shrunk, table
from trainer.manifests.x509 import decoded

SEEN: list[Any] = []


def judge(case: Any) -> Judged:
    SEEN.append(case)
    wrong = ("more than three",) if len(case["list"]) > 3 else ()
    return Judged("long" if wrong else "short", wrong)


TARGET = Target(
    "lists", "short lists", 500, lambda: st.fixed_dictionaries({"list": st.lists(st.integers())}), judge
)


def test_a_run_has_as_many_inputs_as_asked_and_the_same_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.fuzz.run.BATCH", 25)
    results, inputs = [], []
    for seed in (3, 3, 4):
        SEEN.clear()
        results.append(run(TARGET, 60, seed))
        inputs.append(SEEN[:60])
    assert results[0] == results[1]
    assert inputs[0] == inputs[1] != inputs[2]
    assert results[0].inputs == sum(results[0].outcomes.values()) == 60


def test_the_smallest_input_of_a_fault_is_stored_and_can_be_judged_again(tmp_path: Path) -> None:
    result = run(TARGET, 120)
    (fault,) = result.faults
    assert fault.times == result.outcomes["long"] > 1
    assert len(fault.case["list"]) == 4
    (path,) = save([result], tmp_path / "found")
    assert json.loads(path.read_text("utf-8"))["fault"] == "more than three"
    assert again(TARGET, path) == Judged("long", ("more than three",))


def test_an_input_is_made_smaller_only_while_the_fault_stays() -> None:
    case = {"list": list(range(30)), "other": "kept"}
    small = shrunk(TARGET, "more than three", case)
    assert len(small["list"]) == 4
    assert small["other"] == "kept"
    assert shrunk(TARGET, "another fault", case) == case


def test_shares_and_the_table() -> None:
    assert inputs_of(TARGET, 300) == 150
    assert inputs_of(TARGET, 0) == 1
    shown = table([run(TARGET, 120)])
    assert "lists              120       1  " in shown
    assert "together           120       1" in shown
    assert shown.splitlines()[-1].startswith("lists: more than three (")


def test_two_runs_are_joined() -> None:
    one, other = run(TARGET, 50, 1), run(TARGET, 50, 2)
    both = joined(one, other)
    assert both.inputs == sum(both.outcomes.values()) == 100
    assert both.faults[0].times == one.faults[0].times + other.faults[0].times
    assert joined(one, Result("lists", "")).faults == one.faults
    assert joined(Result("lists", ""), one).faults == one.faults


def test_an_interrupted_run_shows_what_it_has(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    other = Target("other", "", 500, TARGET.cases, interrupted)  # type: ignore[arg-type]
    monkeypatch.setattr("tools.fuzz.__main__.targets", lambda: {"lists": TARGET, "other": other})
    assert main(["-n", "240", "--save", str(tmp_path)]) == 1
    shown = capsys.readouterr()
    assert "lists              120       1" in shown.out
    assert shown.err == "interrupted\n"


def test_a_crash_is_named_by_its_place_in_the_program() -> None:
    with pytest.raises(ValueError, match="not base64") as raised:
        decoded("?")
    assert re.fullmatch(r"ValueError in manifests/x509\.py line \d+", crash(raised.value))


def test_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.fuzz.__main__.targets", lambda: {"lists": TARGET})
    assert (
        main(["-n", "120", "--save", str(tmp_path / "found"), "--json", str(tmp_path / "result.json")]) == 1
    )
    shown = capsys.readouterr().out
    assert "lists              120       1" in shown
    (stored,) = (tmp_path / "found").iterdir()
    assert f"stored: {stored}" in shown
    assert json.loads((tmp_path / "result.json").read_text("utf-8"))[0]["inputs"] == 120
    assert main(["--again", str(stored)]) == 1
    assert capsys.readouterr().out == f"{stored}: long more than three\n"
    stored.write_text(json.dumps({"target": "lists", "case": {"list": []}}), encoding="utf-8")
    assert main(["--again", str(stored)]) == 0
