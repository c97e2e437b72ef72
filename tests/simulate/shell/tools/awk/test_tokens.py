"""The tokens of awk programs."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.shell.tools.awk.tokens import tokens_of


@each_row(
    ("text", "kinds"),
    [
        ("$1 / 2", ["sign", "number", "sign", "number"]),
        ("/a\\/[/]/", ["regex"]),
        ("$1 ~ /a/ # b", ["sign", "number", "sign", "regex"]),
        ('print "a\\"b", x', ["word", "text", "sign", "name"]),
        ("length(x) /2/ 1", ["call", "sign", "name", "sign", "sign", "number", "sign", "number"]),
        ("a /b/ c", ["name", "sign", "name", "sign", "name"]),
    ],
)
def test_kinds(text: str, kinds: list[str]) -> None:
    assert [token.kind for token in tokens_of(text)] == kinds


def test_texts() -> None:
    found = tokens_of('"a\\tb\\"\\\\\\101\\."\n/x\\/[^]y]\\./')
    assert [one.text for one in found] == ['a\tb"\\A\\.', "\n", "x/[^]y]\\."]


@each_row("text", ['"a', "/a", "`", "/[a\\]]/", "x ** 2 @"])
def test_what_is_outside(text: str) -> None:
    with pytest.raises(NotJudged):
        tokens_of(text)
