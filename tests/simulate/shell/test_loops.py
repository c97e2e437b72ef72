"""Loops, compared with the real bash where there is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulate.shell.real import agreed
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.shell.process import TimedOut


@each_row(
    ("text", "out"),
    [
        (
            "for i in 1 2 3; do for j in a b; do [ $j = b ] && continue 2; echo $i$j; done; done",
            "1a\n2a\n3a\n",
        ),
        ("for ((i = 0; i < 3; i++)); do ((i == 1)) && continue; echo $i; done", "0\n2\n"),
        ("for ((i = 0; i < 3; i++)); do while :; do break 2; done; done; echo $i $?", "0 0\n"),
        (
            "set -- a b; while [ $# -gt 0 ]; do echo $1; shift; done; set -- -x -x; while (($#)); do shift; done",
            "a\nb\n",
        ),
        ("printf 'a\\na\\na\\n' | while read -r x; do echo $x; done", "a\na\na\n"),
        ("i=0; until [ $i -ge 2 ]; do i=$((i + 1)); done; echo $i", "2\n"),
    ],
)
def test_loops(text: str, out: str, tmp_path: Path) -> None:
    assert agreed(text, tmp_path)[1] == out


def test_loops_without_an_end(tmp_path: Path) -> None:
    for text in ("for ((;;)); do :; done", "while :; do :; done"):
        with pytest.raises(TimedOut):
            agreed(text, tmp_path)
    with pytest.raises(NotJudged):
        agreed("for ((;;)); do ((i++)); done", tmp_path)
