"""`sort` and `uniq`; the real program agrees, if there is one."""

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
        "sort",
        "sort -u",
        "sort -r",
        "sort -k2",
        "sort -k2n",
        "sort -k2,2nr -k1,1",
        "sort -t: -k2 -s",
        "sort -f",
        "sort -t: -k2,2 -u",
        "sort -b -k2",
        "sort -n",
        "uniq -c",
        "sort | uniq -d",
        "sort | uniq -u",
        "uniq -i",
        "sort --key=2 --reverse",
    ],
)
def test_what_it_writes(command: str) -> None:
    assert_as_really(command, TEXT)


@each_row("command", ["sort -kx", "sort -h", "sort -c", "uniq -w1"])
def test_what_is_outside(command: str) -> None:
    with pytest.raises(NotJudged):
        said(f"x=$(echo a | {command}); echo $x")
