"""The practice as lines of text, typed by somebody who sees nothing of a screen."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import SOLUTIONS, Ran
from tests.table import each_row
from trainer.cli import streams

REFERENCE = next(SOLUTIONS.glob("*/tiny-pod/reference.yaml")).read_text()


@pytest.fixture
def talk(cks: Callable[..., Ran], types: Callable[[str], None]) -> Callable[..., Ran]:
    """Holds a conversation of these lines."""

    def hold(*lines: str, card: str = "") -> Ran:
        types("".join(f"{line}\n" for line in lines))
        return cks("practice", "--plain", *([card] if card else []))

    return hold


def test_a_card_from_the_list_to_the_pass(talk: Callable[..., Ran], tmp_path: Path) -> None:
    ran = talk(
        "cards", "open 2", "", "hint", "write", *REFERENCE.splitlines(), ".", "answer", "cards", "quit"
    )
    assert ran.code == 0
    assert "2. tiny-pod: " in ran.out
    assert (tmp_path / "ws" / "tiny-pod" / "pod.yaml").read_text() == REFERENCE
    assert "tiny-pod: 0 of" in ran.out, "Enter grades"
    assert "Passed in 1 minute; the exam's pace is" in ran.out
    assert f"1: {REFERENCE.splitlines()[0]}" in ran.out
    assert re.search(r"2\. tiny-pod: .*, passed\.", ran.out)
    signs = set("✓◐○█░│─") & set(ran.out)
    assert not signs, "a screen reader has no word for it"


def test_it_says_where_one_was_and_what_is_next(talk: Callable[..., Ran]) -> None:
    first = talk("next", "n", "quit")
    assert "Your answer: pod.yaml in " in first.out
    assert 'Type "open tiny-space" to go on.' in talk().out
    assert "tiny-pod> " in talk("next", "", card="tiny-space").out
    both = talk("open 9", "open nothing", "grade", "given x", "hint", 'a "b', "solutoin", "answer 3")
    assert both.code == 0
    for words in ("no card number 9", "no card is open", "mark isn't closed", "did you mean solution?"):
        assert words in both.err.lower() or words in both.err, words


@each_row(
    "line, said",
    [
        ("checks", "1. "),
        ("c", "1. "),
        ("docs", "https://kubernetes.io/"),
        ("given", "given"),
        ("help", "quit: leave"),
        ("progress", "%"),
        ("list tiny", "tiny-space"),
        ("tiny-space", "space.yaml"),
        ("edit", "no editor is set"),
        ("answer nothing.yaml", "isn't a file of the answer"),
        ("solution", "Show the solution of tiny-pod?"),
        ("EXIT", "Checks:"),
    ],
)
def test_a_line_about_the_open_card(talk: Callable[..., Ran], line: str, said: str) -> None:
    ran = talk(line, card="tiny-pod")
    assert ran.code == 0
    assert said in ran.out + ran.err


def test_a_text_that_is_not_ended_is_kept_beside_the_file(
    talk: Callable[..., Ran], tmp_path: Path, answer: Callable[..., Path]
) -> None:
    answer("before: this\n")
    assert "what you typed is in " in talk("write", "kind: Pod", card="tiny-pod").err
    folder = tmp_path / "ws" / "tiny-pod"
    assert (folder / "pod.yaml").read_text() == "before: this\n"
    assert [file.read_text() for file in folder.glob(".backup/*/pod.yaml")] == ["kind: Pod\n"]


def test_an_editor_that_is_set_is_opened(
    talk: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "editor"
    script.write_text(f"#!/bin/sh\ncp '{next(SOLUTIONS.glob('*/tiny-pod/reference.yaml'))}' \"$1\"\n")
    script.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(script))
    assert "Passed in" in talk("edit", card="tiny-pod").out


def test_ctrl_c_at_the_prompt_does_not_leave(
    talk: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def read(prompt: str) -> str:
        asked.append(prompt)
        if len(asked) == 1:
            raise KeyboardInterrupt
        if len(asked) == 2:
            raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no text")
        return "quit"

    monkeypatch.setattr(streams, "read_line", read)
    ran = talk()
    assert (ran.code, len(asked)) == (0, 3)
    assert 'Type "quit" to leave.' in ran.err
    assert "isn't UTF-8 text" in ran.err


def test_a_terminal_that_cannot_draw_gets_plain_text(
    cks: Callable[..., Ran], types: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "at_terminal", lambda: True)
    monkeypatch.setenv("TERM", "dumb")
    types("quit\n")
    ran = cks()
    assert (ran.code, "as plain text" in ran.err) == (0, True)
    assert "CKS trainer as plain text" in ran.out
    assert os.environ["TERM"] == "dumb"
