"""`pack check`: the contract and the exit code; what is proved is the business of its own tests."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trainer.content.locate import Pack
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
    assert set(ran.json) == {"schema", "cards", "answers", "variants", "mutants", "problems", "competencies"}
    assert (ran.json["cards"], ran.json["competencies"]) == (1, {"CS1": 1})
    assert ran.json["answers"] == {"reference": 1, "also": 0, "wrong": 1}
    assert set(ran.json["mutants"]) == {"made", "killed", "harmless", "survived"}
    assert ran.code == (2 if ran.json["problems"] else 0)
    assert ran.err == ""


def test_a_whole_pack_has_a_line_for_each_domain(cks: Cks, tmp_path: Path) -> None:
    pack = copied(tmp_path)
    ran = cks("pack", "check", pack, "--quiet")
    assert [line.split() for line in ran.out.splitlines() if line.startswith("Cluster Setup")] == [
        ["Cluster", "Setup", "1", "1", "0", "1", "8", "8", "0", "0"]
    ]
    assert "26 of 26 competencies without two cards: CS1, " in ran.out
    assert "Cluster Setup" not in cks("pack", "check", pack, "tiny-space", "--quiet").out


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


def test_cards_can_be_named(cks: Cks, tmp_path: Path) -> None:
    pack = copied(tmp_path)
    ran = cks("pack", "check", pack, "tiny-space", "--json", "--quiet")
    assert (ran.json["cards"], "unchanged" in ran.json) == (1, False)
    assert cks("--pack", pack, "pack", "check", "tiny-space", "--json", "--quiet").json == ran.json
    wrong = cks("pack", "check", pack, "tiny-spaec")
    assert (wrong.code, wrong.out) == (2, "")
    assert "no card has the ID 'tiny-spaec'" in wrong.err
    assert "Did you mean tiny-space?" in wrong.err


def test_a_folder_with_the_name_of_a_card(cks: Cks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the workspace every card has a folder of its name; what looks like a path is one."""
    pack = copied(tmp_path)
    (tmp_path / "tiny-space").mkdir()
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path)
    assert cks("--pack", pack, "pack", "check", "tiny-space", "--json", "--quiet").json["cards"] == 1
    for folder in ("tiny-space/", "./tiny-space", "other", "no/such"):
        ran = cks("--pack", pack, "pack", "check", folder)
        assert (ran.code, ran.out) == (2, "")
        assert "is not a card pack" in ran.err or "no such/" in ran.err
    assert cks("pack", "check", "pack", "--json", "--quiet").json["cards"] == 1


def test_only_changed_cards(cks: Cks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    pack = tmp_path / "mine"
    cks("pack", "new", "a-card", pack, "--competency", "CS1")
    ran = cks("pack", "check", pack, "--changed", "--json", "--quiet")
    assert (ran.json["cards"], ran.json["unchanged"], ran.code) == (1, 0, 2)
    assert "1 cards, 0 unchanged; " in cks("pack", "check", pack, "--changed", "--quiet").out


def test_a_new_card(cks: Cks, tmp_path: Path) -> None:
    pack = tmp_path / "mine"
    ran = cks("pack", "new", "a-card", pack, "--competency", "CS1")
    assert (ran.code, ran.err) == (0, "")
    files = [Path(line) for line in ran.out.splitlines()]
    assert files[0] == pack / "tasks" / "cluster-setup" / "a-card.yaml"
    assert all(file.is_file() for file in files)
    listed = cks("pack", "check", pack, "a-card", "--quiet")
    assert listed.code == 2
    assert "a-card.yaml:4:1: unfinished: title: FILL IN" in listed.out
    again = cks("pack", "new", "b-card", pack, "--competency", "CS1", "--json")
    assert (again.json["schema"], again.json["card"], len(again.json["files"])) == (
        "cks-trainer.packnew/1",
        "b-card",
        len(files),
    )
    assert cks("pack", "new", "a-card", pack, "--competency", "CS1").code == 2
    assert cks("pack", "new", "c-card", pack).code == 2
    assert cks("--pack", pack, "pack", "new", "d-card", "--competency", "RT1").code == 0


def test_a_copy_for_learners(cks: Cks, tmp_path: Path) -> None:
    ran = cks("pack", "export", tmp_path / "theirs", "tiny-pod", "--without-solutions", "--json")
    file = tmp_path / "theirs" / "tasks" / "runtime-security" / "tiny-pod.yaml"
    form = {"schema": "cks-trainer.packexport/1", "folder": str(tmp_path / "theirs"), "files": [str(file)]}
    assert ran.json == form
    assert "hints:" in file.read_text()
    again = cks("pack", "export", tmp_path / "theirs")
    assert (again.code, again.out) == (2, "")
    ran = cks("pack", "export", tmp_path / "bare", "--without-solutions", "--without-hints")
    assert (ran.out, ran.err) == (f"{tmp_path / 'bare'}\n", "wrote 2 files\n")
    assert not any("hints:" in one.read_text() for one in (tmp_path / "bare").rglob("*.yaml"))
    assert cks("pack", "export", tmp_path / "all").err == "wrote 9 files\n"
    assert cks("pack", "check", tmp_path / "bare", "tiny-pod", "--quiet").out.count("has no solutions") == 1


def test_the_built_in_cards_of_a_package_are_left_alone(
    cks: Cks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packaged = Pack(tmp_path / "tasks", tmp_path / "solutions", tmp_path / "cards.index")
    monkeypatch.setattr("trainer.session.core.Session.pack", packaged)
    ran = cks("pack", "new", "a-card", "--competency", "CS1")
    assert ran.code == 2
    assert "name a folder" in ran.err.lower()
    assert not (tmp_path / "tasks").exists()
