"""The benchmarks' frame: topics are found, figures compared with budgets, one failure hides no other."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tools import bench
from tools.bench_catalogue import copied_pack
from tools.figures import Child, Figure, Spent, in_turn, milliseconds, over_bare, own_place, run
from trainer.content.catalogue import card_paths
from trainer.content.load import load_card
from trainer.content.locate import builtin_pack
from trainer.content.solutions import load_solutions


def topic(monkeypatch: pytest.MonkeyPatch, name: str, figures: object) -> None:
    module = ModuleType(f"tools.bench_{name}")
    module.figures = figures  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)


def test_topics_are_found_by_their_files() -> None:
    assert {"app", "batch", "cold"} <= set(bench.topics())


def test_figures_are_printed_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    topic(monkeypatch, "one", lambda: [Figure("quick", 1.23456, "ms", 2), Figure("slow", 123.456, "ms", 100)])
    topic(monkeypatch, "two", lambda: 1 / 0)
    monkeypatch.setattr(bench, "topics", lambda: ["one", "two"])
    assert bench.main(["--json", str(tmp_path / "bench.json")]) == 1
    assert json.loads((tmp_path / "bench.json").read_text()) == {
        "schema": "cks-trainer.bench/1",
        "figures": [
            {"name": "quick", "value": 1.235, "unit": "ms", "budget": 2, "within": True},
            {"name": "slow", "value": 123.5, "unit": "ms", "budget": 100, "within": False},
        ],
    }
    captured = capsys.readouterr()
    assert captured.out.splitlines()[1].split() == ["quick", "1.235", "ms", "2", "ms", "within"]
    assert captured.out.splitlines()[2].endswith("OVER")
    assert "cannot measure two: ZeroDivisionError" in captured.err


def test_a_child_is_measured_in_a_place_of_its_own() -> None:
    code = "import os, sys; print(os.environ['CKS_TRAINER_WORKSPACE']); sum(range(10**6)); sys.exit(3)"
    with own_place() as environ:
        spent = run([sys.executable, "-c", code], environ)
        assert spent.out.decode().strip() == environ["CKS_TRAINER_WORKSPACE"]
    assert spent.code == 3
    assert spent.cpu > 0
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # a child begins as a copy of its parent
    assert 1 < spent.megabytes < own + 500


def test_children_run_in_turn_and_a_wrong_exit_code_measures_nothing() -> None:
    with own_place() as environ:
        order = [
            Child([sys.executable, "-c", "pass"], environ),
            Child([sys.executable, "-c", "exit(1)"], environ, (1,)),
        ]
        seen: list[int] = []
        assert in_turn(order, lambda spent: seen.append(spent.code) or spent.code, runs=2) == [0, 1]
        assert seen == [0, 1, 0, 1]
        with pytest.raises(RuntimeError, match="exit code 1"):
            in_turn([Child([sys.executable, "-c", "exit(1)"], environ)])


def test_the_least_of_several_runs_counts_and_a_printed_figure_comes_first() -> None:
    with own_place() as environ:
        values = iter([99.0, 5.0, 3.0, 4.0])
        child = Child([sys.executable, "-c", "pass"], environ)
        assert in_turn([child], lambda _: next(values), runs=3) == [3.0]
    assert milliseconds(Spent(0.5, 1.0, 1.0, 0, b'{"first_frame_ms": 12.5}\n')) == 12.5
    assert milliseconds(Spent(0.5, 1.0, 1.0, 0, b"text")) == 500
    assert over_bare("it", 150, 20, 75) == Figure("it, over bare", 7.5, "x", 7.0)


def test_a_pack_of_more_cards_is_a_pack_of_whole_cards(tmp_path: Path) -> None:
    present = len(card_paths(builtin_pack()))
    pack = copied_pack(tmp_path, present + 2)
    paths = card_paths(pack)
    copies = [load_card(path) for path in paths if path.stem.endswith("-1")]
    assert (len(paths), len(copies)) == (present + 2, 2)
    for card in copies:
        assert load_solutions(card, pack).reference.answer.files
