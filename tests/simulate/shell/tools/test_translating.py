"""`tr`; the real program agrees, if there is one."""

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
        "tr a-z A-Z",
        "tr -d ' \\n'",
        "tr -s b",
        "tr '[:lower:]' '[:upper:]'",
        "tr -cd '[:alnum:]\\n'",
        "tr -s ' ' ','",
        "tr -c 'a-z\\n' .",
        "tr 'bc' x",
        "tr -ds 0 b",
        "tr -- -: =+",
        "tr '\\n' ,",
        "tr '\\101' q",
    ],
)
def test_what_it_writes(command: str) -> None:
    assert_as_really(command, TEXT)


@each_row("command", ["tr a", "tr z-a b", "tr '[=a=]' b", "tr '[:none:]' b", "tr a ''"])
def test_what_is_outside(command: str) -> None:
    with pytest.raises(NotJudged):
        said(f"x=$(echo a | {command}); echo $x")
