"""`paste` and its like; the real program agrees, if there is one."""

from __future__ import annotations

import pytest

from tests.simulate.node.sample import said
from tests.simulate.shell.real import assert_as_really
from tests.table import each_row
from trainer.errors import NotJudged

TEXT = "b 2:x\nA 10:y\n\nb 2:x\nc  1:z\nB 3:x\n"


@each_row(
    "command",
    [
        "paste -sd,",
        "paste -s -d' '",
        "paste - -",
        "tac",
        "rev",
        "nl",
        "paste",
    ],
)
def test_what_it_writes(command: str) -> None:
    assert_as_really(command, TEXT)


@each_row("command", ["paste -d,: - -", "tac -s x", "nl -ba", "diff --x a b", "comm - -z"])
def test_what_is_outside(command: str) -> None:
    with pytest.raises(NotJudged):
        said(f"x=$(echo a | {command}); echo $x")


def test_two_files() -> None:
    text = "printf 'a\\nb\\n' > x; printf 'b\\nc\\n' > y; comm x y; comm -12 x y; comm -3 x y; diff -q x y > z; echo $?; cmp -s x x; echo $?"
    assert said(text).out == "a\n\t\tb\n\tc\nb\na\n\tc\n1\n0\n"
    assert said("diff none /root/new").code == 2
