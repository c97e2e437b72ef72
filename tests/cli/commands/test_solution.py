"""`solution`: confirmed, remembered, compared with the answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Cks = Callable[..., Any]
Answer = Callable[..., Path]


def test_it_is_not_shown_unasked(cks: Cks) -> None:
    ran = cks("solution", "tiny-pod", "--no-input")
    assert (ran.code, ran.out) == (2, "")
    assert "--yes" in ran.err
    assert cks("solution", "tiny-pod").code == 2, "nobody is at the terminal"


def test_no_means_no(cks: Cks, types: Callable[[str], None]) -> None:
    types("n\n")
    ran = cks("solution", "tiny-pod")
    assert (ran.code, ran.out) == (0, "")
    assert "not shown" in ran.err


def test_yes_shows_it_and_it_is_free_afterwards(cks: Cks, types: Callable[[str], None]) -> None:
    types("y\n")
    ran = cks("solution", "tiny-pod")
    assert ran.code == 0
    assert "readOnlyRootFilesystem: true" in ran.out
    assert "k run tiny -n sun" in ran.out
    assert "can't change the application" in ran.out
    assert cks("solution", "tiny-pod", "--no-input").out == ran.out


def test_it_is_free_for_who_has_passed(cks: Cks, answer: Answer) -> None:
    cks("grade", answer("reference"))
    assert cks("solution", "tiny-pod", "--no-input").code == 0


def test_the_answer_is_compared(cks: Cks, answer: Answer) -> None:
    answer("wrong-writable")
    ran = cks("solution", "tiny-pod", "--yes", "--json")
    assert ran.code == 0
    assert ran.json["schema"] == "cks-trainer.solution/1"
    assert list(ran.json["files"]) == ["pod.yaml"]
    (difference,) = ran.json["differences"]
    assert (difference["file"], difference["line"]) == ("pod.yaml", 12)
    assert difference["path"].endswith("readOnlyRootFilesystem")
    assert "pod.yaml:12" in cks("solution", "tiny-pod").out


def test_the_solution_is_in_the_wording_of_the_task(cks: Cks, answer: Callable[..., Path]) -> None:
    cks("start", "tiny-pod", "--seed", "3")
    answer("reference")
    mine = cks("solution", "tiny-pod", "--yes", "--json").json
    assert (mine["seed"], "namespace: moon" in mine["files"]["pod.yaml"]) == (3, True)
    assert mine["differences"]
    other = cks("solution", "tiny-pod", "--yes", "--seed", "2", "--json").json
    assert "namespace: mars" in other["files"]["pod.yaml"]
    assert (other["differences"], other["uncompared"]) == ([], "Your answer is to the task of seed 3.")


def test_a_pack_without_solutions_says_so_before_it_asks(
    cks: Cks, answer: Answer, tmp_path: Path, types: Callable[[str], None]
) -> None:
    assert cks("pack", "export", tmp_path / "theirs", "--without-solutions").code == 0
    pack = ("--pack", tmp_path / "theirs")
    assert [cks(*pack, name, "tiny-pod").code for name in ("show", "start", "hint")] == [0, 0, 0]
    assert cks(*pack, "grade", answer("reference")).code == 0
    types("y\n")
    ran = cks(*pack, "solution", "tiny-pod")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("this pack has no solutions\n")
    states = cks(*pack, "progress", "--json").json["states"]
    assert [one["status"] for one in states if one["card"] == "tiny-pod"] == ["passed"]
