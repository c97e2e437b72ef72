"""The benchmarks' frame: topics are found, figures compared with budgets, one failure hides no other."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tools import bench
from tools.figures import Figure, own_place, run


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
    assert 1 < spent.megabytes < 500
