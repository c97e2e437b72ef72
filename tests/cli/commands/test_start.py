"""`start`: starters are put there, and nothing of the learner's is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Cks = Callable[..., Any]
STARTER = "apiVersion: v1\nkind: Pod\n"


def test_a_new_card(cks: Cks, tmp_path: Path) -> None:
    folder = tmp_path / "ws" / "tiny-pod"
    ran = cks("start", "tiny-pod")
    assert (ran.code, ran.out) == (0, f"{folder}\n")
    assert (folder / "pod.yaml").read_text() == STARTER
    assert f"wrote {folder / 'pod.yaml'}" in ran.err
    assert cks("progress", "--json").json["states"][1]["status"] == "started"


def test_again_changes_nothing(cks: Cks, tmp_path: Path) -> None:
    cks("start", "tiny-pod")
    ran = cks("start", "tiny-pod", "--no-input")
    assert ran.code == 0
    assert "wrote" not in ran.err
    names = sorted(path.name for path in (tmp_path / "ws" / "tiny-pod").rglob("*"))
    assert names == ["cluster.yaml", "given", "pod.yaml"]


def test_what_the_card_gives_is_written_and_named(cks: Cks, tmp_path: Path) -> None:
    given = tmp_path / "ws" / "tiny-pod" / "given" / "cluster.yaml"
    ran = cks("start", "tiny-pod")
    assert f"given: {given}" in ran.err
    assert "kind: Namespace" in given.read_text()
    assert cks("start", "tiny-pod", "--json").json["given"] == [str(given)]


def test_a_card_without_starter_says_what_to_write(cks: Cks, tmp_path: Path) -> None:
    ran = cks("start", "tiny-space")
    assert ran.code == 0
    assert "write your answer to namespace.yaml" in ran.err
    assert list((tmp_path / "ws" / "tiny-space").iterdir()) == []


def test_an_answer_is_not_overwritten_unasked(cks: Cks, answer: Callable[..., Path]) -> None:
    folder = answer("reference")
    before = (folder / "pod.yaml").read_bytes()
    ran = cks("start", "tiny-pod", "--no-input")
    assert ran.code == 2
    assert "--force" in ran.err
    assert (folder / "pod.yaml").read_bytes() == before


def test_no_means_no(cks: Cks, answer: Callable[..., Path], types: Callable[[str], None]) -> None:
    folder = answer("reference")
    before = (folder / "pod.yaml").read_bytes()
    types("\n")
    ran = cks("start", "tiny-pod")
    assert ran.code == 0
    assert "Start over?" in ran.err
    assert (folder / "pod.yaml").read_bytes() == before


def test_yes_puts_the_starter_back_and_keeps_the_answer(
    cks: Cks, answer: Callable[..., Path], types: Callable[[str], None]
) -> None:
    folder = answer("reference")
    before = (folder / "pod.yaml").read_bytes()
    types("y\n")
    ran = cks("start", "tiny-pod")
    assert ran.code == 0
    assert (folder / "pod.yaml").read_text() == STARTER
    backups = list((folder / ".backup").glob("*/pod.yaml"))
    assert [path.read_bytes() for path in backups] == [before]
    assert str(backups[0].parent) in ran.err


def test_force_asks_nothing(cks: Cks, answer: Callable[..., Path]) -> None:
    folder = answer("reference")
    ran = cks("start", "tiny-pod", "--force", "--json", "--no-input")
    assert ran.code == 0
    assert ran.json["schema"] == "cks-trainer.start/1"
    assert ran.json["written"] == [str(folder / "pod.yaml")]
    assert (Path(ran.json["backup"]) / "pod.yaml").exists()


def test_a_workspace_that_cannot_be_made(cks: Cks, tmp_path: Path) -> None:
    (tmp_path / "ws").write_text("a file")
    ran = cks("start", "tiny-pod")
    assert ran.code == 4
    assert "ws is a file, not a folder" in ran.err


def test_another_wording_is_started_and_remembered(cks: Cks, tmp_path: Path) -> None:
    given = tmp_path / "ws" / "tiny-pod" / "given" / "cluster.yaml"
    ran = cks("start", "tiny-pod", "--seed", "3", "--json")
    assert ran.json["seed"] == 3
    assert "name: moon" in given.read_text()
    assert cks("start", "tiny-pod", "--json").json["seed"] == 3
    assert cks("watch", "tiny-pod", "--seed", "2").code == 2


def test_another_seed_starts_over_only_after_asking(
    cks: Cks, answer: Callable[..., Path], types: Callable[[str], None]
) -> None:
    cks("start", "tiny-pod", "--seed", "3")
    folder = answer("mine\n")
    assert cks("start", "tiny-pod", "--seed", "2", "--no-input").code == 2
    types("\n")
    ran = cks("start", "tiny-pod", "--seed", "2", "--json")
    assert "has the task of seed 3. Start over with seed 2?" in ran.err
    assert ran.json["seed"] == 3
    assert (folder / "pod.yaml").read_text() == "mine\n"
    ran = cks("start", "tiny-pod", "--seed", "2", "--force", "--json")
    assert ran.json["seed"] == 2
    assert (Path(ran.json["backup"]) / "pod.yaml").read_text() == "mine\n"
    assert (folder / "pod.yaml").read_text() == STARTER
    assert "name: mars" in (folder / "given" / "cluster.yaml").read_text()
