"""`pack check`: the contract and the exit code; what is proved is the business of its own tests."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

Cks = Callable[..., Any]
PACK = Path(__file__).parents[2] / "fixtures" / "pack-mini"


def copied(tmp_path: Path) -> Path:
    """A pack of the one card that is quick to prove."""
    for part in ("tasks", "solutions"):
        shutil.copytree(PACK / part / "cluster-setup", tmp_path / "pack" / part / "cluster-setup")
    return tmp_path / "pack"


def test_the_contract(cks: Cks, tmp_path: Path) -> None:
    ran = cks("pack", "check", copied(tmp_path), "--json", "--quiet")
    assert ran.json["schema"] == "cks-trainer.packcheck/1"
    assert set(ran.json) == {"schema", "cards", "answers", "mutants", "problems", "competencies"}
    assert (ran.json["cards"], ran.json["competencies"]) == (1, {"CS1": 1})
    assert ran.json["answers"] == {"reference": 1, "also": 0, "wrong": 1}
    assert set(ran.json["mutants"]) == {"made", "killed", "harmless", "survived"}
    assert ran.code == (2 if ran.json["problems"] else 0)
    assert ran.err == ""


def test_problems_are_lines_and_exit_2(cks: Cks, tmp_path: Path) -> None:
    pack = copied(tmp_path)
    (pack / "tasks" / "cluster-setup" / "tiny-space.yaml").write_text("format: 1\n")
    ran = cks("pack", "check", pack)
    assert ran.code == 2
    assert "tiny-space.yaml:1" in ran.out


def test_a_folder_that_is_no_pack(cks: Cks, tmp_path: Path) -> None:
    ran = cks("pack", "check", tmp_path)
    assert ran.code == 2
    assert "is no pack" in ran.err
