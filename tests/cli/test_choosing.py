"""Which card an answer is for, by the names of its files and folders."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from trainer.cli.base import Run
from trainer.cli.choosing import card_for, in_workspace
from trainer.errors import AnswerUnreadable, UsageError

Answer = Callable[..., Path]


def made(place: Path) -> str:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("x")
    return str(place)


def test_a_named_card_wins(tmp_path: Path) -> None:
    assert card_for(Run(), [str(tmp_path / "tiny-space.yaml")], "tiny-pod").id == "tiny-pod"


@pytest.mark.parametrize("place", ["tiny-pod.yaml", "tiny-pod/x.yaml", "alice/tiny-pod/x.yaml", "tiny-pod/x"])
def test_a_file_is_named_after_its_card_or_lies_in_a_folder_that_is(tmp_path: Path, place: str) -> None:
    assert card_for(Run(), [made(tmp_path / place)], None).id == "tiny-pod"


def test_a_folder_is_named_after_its_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = Path(made(tmp_path / "tiny-pod" / "x.yaml"))
    assert card_for(Run(), [str(file.parent)], None).id == "tiny-pod"
    assert card_for(Run(), [f"{file.parent}/"], None).id == "tiny-pod"
    monkeypatch.chdir(file.parent)
    assert card_for(Run(), ["."], None).id == "tiny-pod"
    assert card_for(Run(), ["x.yaml"], None).id == "tiny-pod"
    monkeypatch.chdir("/")


def test_inside_the_workspace_the_folder_below_it_decides(tmp_path: Path) -> None:
    file = made(tmp_path / "ws" / "tiny-pod" / "tiny-space" / "tiny-space.yaml")
    assert card_for(Run(), [file], None).id == "tiny-pod"


def test_two_names_are_no_answer(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="several cards: tiny-pod, tiny-space") as caught:
        card_for(Run(), [made(tmp_path / "tiny-pod" / "tiny-space.yaml")], None)
    assert "--card" in caught.value.remedy


def test_no_name_at_all(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no card has the ID") as caught:
        card_for(Run(), [made(tmp_path / "tiny-pot.yaml")], None)
    assert caught.value.remedy == "did you mean --card tiny-pod?"
    with pytest.raises(UsageError, match="nothing to grade"):
        card_for(Run(), [], None)
    with pytest.raises(UsageError, match="answer from stdin"):
        card_for(Run(), ["-"], None)


def test_a_file_that_is_not_there_is_told_before_its_name(tmp_path: Path) -> None:
    with pytest.raises(AnswerUnreadable, match="no such file"):
        card_for(Run(), [str(tmp_path / "none.yaml")], None)


def test_only_files_inside_the_workspace_are_inside(tmp_path: Path) -> None:
    home = tmp_path / "ws"
    inside, outside = str(home / "tiny-pod" / "x.yaml"), str(tmp_path / "ws-2" / "x.yaml")
    assert in_workspace([inside], home)
    assert not in_workspace([inside, outside], home)
    assert not in_workspace([str(home / ".." / "x.yaml")], home)
    assert not in_workspace(["-"], home)
    assert not in_workspace([], home)
