"""Scripts of sed."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.shell.tools.sed.script import Address, Command, read_script


def test_commands() -> None:
    first, block, inner, last = read_script("2,+3!d;$ {s/a/\\U&\\n/2w f\n}\n:x", extended=False)
    assert first == Command(Address("line", 2), Address("plus", 3), True, "d")
    assert (block.first, block.verb, block.to) == (Address("last"), "{", 3)
    assert (inner.text, inner.new, inner.flags, inner.file) == ("(?s)a", ("\\U", "\\0", "\n"), "2", "f")
    assert (last.verb, last.text) == (":", "x")


@each_row(
    "text",
    [
        "s/a/b",
        "{p",
        "p}",
        "0p",
        "b none",
        ":",
        "1,p",
        "y/a/bc/",
        "s/a/\\1/",
        "s/a/b/e",
        "l",
        "p p",
        "//Ip",
    ],
)
def test_what_is_outside(text: str) -> None:
    with pytest.raises(NotJudged):
        read_script(text, extended=False)
