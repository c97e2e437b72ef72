"""`pack check`: the contract and the exit code; what is proved is the business of its own tests."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from trainer.versions import SUPPORTED, Version

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
    assert "is not a card pack" in ran.err


def test_a_version_that_is_not_supported(cks: Cks, tmp_path: Path) -> None:
    known = [str(one) for one in SUPPORTED]
    assert f"[{'|'.join(known)}]" in cks("pack", "check", "--help").out
    ran = cks("pack", "check", copied(tmp_path), "--kubernetes", "1.9")
    assert (ran.code, ran.out) == (2, "")
    assert ", ".join(f"'{one}'" for one in known) in ran.err


def test_the_version_reaches_the_cards(cks: Cks, tmp_path: Path) -> None:
    """The name of a Service starts with a digit from 1.36 on."""
    pack = copied(tmp_path)
    card = pack / "tasks" / "cluster-setup" / "tiny-space.yaml"
    service = "{apiVersion: v1, kind: Service, metadata: {name: 1web}, spec: {ports: [{port: 80}]}}"
    card.write_text(f'{card.read_text()}given: "{service}"\n')
    assert "1web" in cks("pack", "check", pack, "--kubernetes", Version(1, 35)).out
    assert "1web" not in cks("pack", "check", pack, "--kubernetes", Version(1, 36)).out
