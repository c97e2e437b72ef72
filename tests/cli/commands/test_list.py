"""`list`: the contract, the table, and broken cards that stop no other."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trainer.versions import DEFAULT

Cks = Callable[..., Any]


def test_the_contract(cks: Cks) -> None:
    ran = cks("list", "--json")
    assert (ran.code, ran.err) == (0, "")
    assert ran.json == {
        "schema": "cks-trainer.list/1",
        "cards": [
            {
                "id": "tiny-space",
                "title": "A Namespace",
                "domain": "cluster-setup",
                "competency": "CS1",
                "difficulty": "medium",
                "minutes": 1,
                "points": 1,
                "kubernetes": str(DEFAULT),
                "status": "new",
                "best": None,
            },
            {
                "id": "tiny-pod",
                "title": "A tiny Pod with a read-only root",
                "domain": "runtime-security",
                "competency": "RT4",
                "difficulty": "easy",
                "minutes": 3,
                "points": 5,
                "kubernetes": str(DEFAULT),
                "status": "new",
                "best": None,
            },
        ],
        "problems": [],
    }


def test_the_table_shows_where_the_learner_stands(
    cks: Cks, answer: Callable[..., Path], tmp_path: Path
) -> None:
    assert cks("list").out == (
        "   card        title                             comp  level   min  points  best\n"
        "○  tiny-space  A Namespace                       CS1   medium    1       1\n"
        "○  tiny-pod    A tiny Pod with a read-only root  RT4   easy      3       5\n"
    )
    assert not (tmp_path / "progress.db").exists(), "a list makes no store"
    cks("grade", answer("wrong-writable"))
    assert cks("list").out.splitlines()[-1].split() == (
        "◐ tiny-pod A tiny Pod with a read-only root RT4 easy 3 5 40%".split()
    )


@pytest.mark.parametrize(
    ("arguments", "cards"),
    [
        (["--domain", "runtime-security"], ["tiny-pod"]),
        (["--competency", "CS1"], ["tiny-space"]),
        (["--difficulty", "easy"], ["tiny-pod"]),
        (["read-only", "ROOT"], ["tiny-pod"]),
        (["namespace", "busybox"], ["tiny-pod"]),
        (["nothing-like-it"], []),
        (["--competency", "rt4"], ["tiny-pod"]),
        (["immutability"], ["tiny-pod"]),
        (["EASY", "runtime"], ["tiny-pod"]),
        (["new", "pod"], ["tiny-pod"]),
        (["passed"], []),
    ],
)
def test_lists_can_be_narrowed(cks: Cks, arguments: list[str], cards: list[str]) -> None:
    assert [card["id"] for card in cks("list", "--json", *arguments).json["cards"]] == cards


def test_the_progress_is_a_word_of_the_search(cks: Cks, answer: Callable[..., Path]) -> None:
    cks("grade", answer("reference"))
    for words, cards in ((["passed"], ["tiny-pod"]), (["new"], ["tiny-space"]), (["passed", "new"], [])):
        assert [card["id"] for card in cks("list", "--json", *words).json["cards"]] == cards


@pytest.mark.parametrize(
    ("option", "word", "listed"),
    [("--domain", "nonsense", "'runtime-security'"), ("--competency", "XY9", "'RT4'")],
)
def test_a_wrong_name_is_refused_with_the_right_ones(cks: Cks, option: str, word: str, listed: str) -> None:
    ran = cks("list", option, word)
    assert (ran.code, ran.out) == (2, "")
    assert listed in ran.err
    assert "cluster-setup" in cks("list", "--help").out


def test_no_card_fits(cks: Cks) -> None:
    assert cks("list", "nothing-like-it") == (0, "no card matches\n", "")


def test_a_broken_card_is_told_and_stops_no_other(cks: Cks, tmp_path: Path) -> None:
    from trainer.content.locate import pack_at

    original = pack_at(Path(__file__).parents[2] / "fixtures" / "pack-mini")
    shutil.copytree(original.tasks, tmp_path / "pack" / "tasks")
    broken = tmp_path / "pack" / "tasks" / "runtime-security" / "tiny-pod.yaml"
    broken.write_text(broken.read_text().replace("minutes: 3", "minutes: soon"))
    ran = cks("list", "--json", "--pack", tmp_path / "pack")
    assert ran.code == 0
    assert [card["id"] for card in ran.json["cards"]] == ["tiny-space"]
    assert "tiny-pod.yaml:7:" in ran.err
    assert [(one["file"], one["line"]) for one in ran.json["problems"]] == [("tiny-pod.yaml", 7)]
    assert "minutes" in ran.err


def test_a_store_that_cannot_be_read_stops_no_list(cks: Cks, tmp_path: Path) -> None:
    (tmp_path / "progress.db").write_text("my notes")
    ran = cks("list")
    assert ran.code == 0
    assert "tiny-pod" in ran.out
    assert "not changed" in ran.err


@pytest.mark.parametrize(
    ("columns", "head"),
    [
        (30, "   card        title"),
        (40, "   card        title"),
        (60, "   card        title                             min  best"),
        (70, "   card        title                             level   min  best"),
        (90, "   card        title                             comp  level   min  points  best"),
    ],
)
def test_a_row_fits_into_the_columns(
    cks: Cks, monkeypatch: pytest.MonkeyPatch, columns: int, head: str
) -> None:
    """Said by COLUMNS, or by the terminal: then columns of less use go, before a title says nothing."""
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = cks("list").out.splitlines()
    assert max(map(len, lines)) <= columns
    assert lines[0] == head
    assert "A tiny Pod" in lines[-1]
    assert ("A tiny Pod with a read-only root" in lines[-1]) is (columns >= 60)


def test_every_row_of_the_catalogue_fits_into_80_columns(cks: Cks, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in a terminal whose input is a file: only stdout counts."""
    from trainer.content.locate import builtin_pack

    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("trainer.cli.streams.at_terminal", lambda: False)
    lines = cks("list", "--pack", builtin_pack().tasks.parent).out.splitlines()
    assert len(lines) > 50
    assert max(map(len, lines)) <= 80


def test_a_file_gets_every_column(cks: Cks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert cks("list").out.splitlines()[0].split() == "card title comp level min points best".split()
