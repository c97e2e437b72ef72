"""Awk programs as trees."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.shell.tools.awk.reader import read_program
from trainer.simulate.shell.tools.awk.tree import Node


def test_rules() -> None:
    begin, ranged, plain = read_program("BEGIN { x = 1 }\n/a/, /b/; $1 > 2 { next }")
    assert (begin.name, begin.first, begin.action) == (
        "BEGIN",
        None,
        Node("block", parts=(Node("set", "=", (Node("name", "x"), Node("number", "1"))),)),
    )
    assert (ranged.first, ranged.last, ranged.action) == (Node("regex", "a"), Node("regex", "b"), None)
    assert plain.first == Node(
        "compare", ">", (Node("field", parts=(Node("number", "1"),)), Node("number", "2"))
    )


@each_row(
    "text",
    [
        "{ print",
        "BEGIN",
        "{ print $1 }}",
        "{ getline }",
        "function f() { }",
        "{ foo(1) }",
        "{ if x print }",
        "{ ! x ~ y }",
        "{ 1++ }",
        "{ delete 1 }",
        "{" * 40 + "}" * 40,
        "{ x = " + "(" * 40 + "1" + ")" * 40 + " }",
        "{ x = " + "!" * 40 + "1 }",
        "{ x = " + "$" * 40 + "1 }",
        "{ x = " + "1 + " * 200 + "1 }",
        "#" * 5000,
    ],
)
def test_what_is_outside(text: str) -> None:
    with pytest.raises(NotJudged):
        read_program(text)
