"""Whole runs over a small project: what is killed, by which tests, and what is not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.mutate.__main__ import main, modules_of
from tools.mutate.run import own_tests

ROOT = Path(__file__).resolve().parents[3]
MODULE = '''\
"""A module."""

from functools import cache

LIMITS = {"low": 1, "high": 9}


def inside(value):
    if value < LIMITS["low"]:
        return False
    return value <= high()


@cache
def high():
    return LIMITS["high"] + 0


def elsewhere(value):
    return value * 2


def never(value):
    return value + 1


def above(low):
    def is_above(value):
        return value > low if value else False

    return is_above


ABOVE_TWO = above(2)
'''
OWN = """\
from trainer.part.limits import ABOVE_TWO, high, inside


def test_inside():
    assert [inside(value) for value in (0, 1, 8)] == [False, True, True]


def test_high():
    assert high() == 9


def test_above():
    assert [ABOVE_TWO(value) for value in (None, 2, 3)] == [False, False, True]
"""
OTHER = """\
from trainer.part.limits import elsewhere


def test_elsewhere():
    assert elsewhere(3) == 6
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in {
        "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "--import-mode=importlib"\n',
        "trainer/__init__.py": "",
        "trainer/part/__init__.py": "",
        "trainer/part/limits.py": MODULE,
        "tests/conftest.py": "import gc\n\n\ndef pytest_collection_finish():\n    gc.freeze()\n",
        "tests/part/test_limits.py": OWN,
        "tests/other/test_elsewhere.py": OTHER,
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.trial
def test_survivors_are_tried_with_all_tests(project: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "tools.mutate",
        "trainer/part",
        "--root",
        str(project),
        "--json",
        "out.json",
    ]
    environ = os.environ | {"PYTHONPATH": f"{project}:{ROOT}", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=project, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    data = json.loads((project / "out.json").read_text(encoding="utf-8"))
    assert {(one["line"], one["old"], one["new"]) for one in data["survivors"]} == {
        (11, "value <= high()", "value < high()"),
        (16, 'LIMITS["high"] + 0', 'LIMITS["high"] - 0'),
        (24, "value + 1", "value - 1"),
        (24, "1", "2"),
    }
    # `high` keeps its value, and yet both tests reach it; `elsewhere` is for the tests of another package.
    assert done.stderr.split("\n")[:2] == ["24 mutants, tests: tests/part", "6 mutants, tests: tests"]
    assert data["scores"] == [
        {
            "path": "trainer/part",
            "mutants": 24,
            "killed": 20,
            "survived": 4,
            "equivalent": 0,
            "score": 83.3,
            "low": 64.1,
            "high": 93.3,
        }
    ]
    assert "24 mutants, 20 killed, 4 survived, 0 equivalent: 83.3 %" in done.stdout
    # Once more, for the survivors only, with a line above them and a test of one.
    module, own = project / "trainer/part/limits.py", project / "tests/part/test_limits.py"
    module.write_text(MODULE.replace("LIMITS =", "SPARE = ()\n\nLIMITS ="), encoding="utf-8")
    more = "\n\ndef test_edge():\n    assert inside(9)\n\n\ndef test_broken():\n    assert inside(99)\n"
    own.write_text(OWN + more, encoding="utf-8")
    done = subprocess.run(
        [*command, "--own", "--again", "out.json"],
        cwd=project,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    data = json.loads((project / "out.json").read_text(encoding="utf-8"))
    assert [one["old"] for one in data["survivors"]] == ['LIMITS["high"] + 0', "value + 1", "1"]
    assert data["scores"][0]["killed"] == 1
    assert "left out, as it fails without any change: tests/part/test_limits.py::test_broken" in done.stderr


def test_own_tests_are_those_of_the_package(project: Path) -> None:
    (project / "trainer" / "ask.py").write_text("", encoding="utf-8")
    (project / "tests" / "test_ask.py").write_text("", encoding="utf-8")
    files = ["trainer/part/limits.py", "trainer/ask.py", "trainer/nothing/x.py"]
    assert own_tests(project, files) == ["tests/part", "tests/test_ask.py"]


def test_only_our_own_modules_are_changed(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="is not a file or folder of trainer/"):
        modules_of(ROOT, ["tests"])
    with pytest.raises(SystemExit, match="nothing"):
        main(["trainer/nothing"])
    found = modules_of(ROOT, ["trainer/match", "trainer/match/lists.py"])
    assert len(found) == len(set(found)) > 5
