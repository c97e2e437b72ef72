"""Tests of `manifests.reading.go_yaml`: where libyaml parts from go-yaml v2, which kubectl 1.35 reads with."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.manifests.limits import Budget
from trainer.manifests.reading.builder import build
from trainer.manifests.reading.go_yaml import Refusal
from trainer.manifests.reading.parse import parse


@each_row(
    ("text", "value"),
    [
        ("a: \"it\\'s \\\\\\' x\"", {"a": "it's \\' x"}),
        ("{a: b, omitted:, c: d}", {"a": "b", "omitted:": None, "c": "d"}),
        ("\ufeffa: 1\n\ufeffb: x\ufeff\n", {"a": 1, "\ufeffb": "x\ufeff"}),
        ("- !!str, xxx", ["xxx"]),
        ("[http://x, a:]", ["http://x", "a:"]),
        ("a: b?c\nd: '?'\ne: ['x?']\nf: z?", {"a": "b?c", "d": "?", "e": ["x?"], "f": "z?"}),
        ("a: \"b\\\\/c\"\nd: '\\/'\ne: f\\/", {"a": "b\\/c", "d": "\\/", "e": "f\\/"}),
    ],
)
def test_what_go_yaml_reads_is_read(text: str, value: object) -> None:
    built = build(text, Budget("x"))
    assert built is not None
    assert built.value == value


@each_row(
    ("text", "line", "column", "message"),
    [
        ("a: 1\nb: [curl, http://x/?q=1]", 2, 11, "question mark"),
        ("{a: !A, b: c}", 1, 5, "comma belongs"),
        ("{a?b: c}", 1, 2, "question mark"),
        ('a: "b\\/c"', 1, 4, "unknown escape"),
    ],
)
def test_what_go_yaml_refuses_is_refused(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(Refusal, match=message) as caught:
        build(text, Budget("x"))
    assert (caught.value.line, caught.value.column) == (line, column)
    assert caught.value.remedy


def test_repairs_keep_the_places_and_have_an_end() -> None:
    (document,) = parse(b'a: ["it\\\'s", b:, c]\n', "x").documents
    assert [document.where(("a", index)).column for index in range(3)] == [5, 14, 18]
    assert document.value == {"a": ["it's", "b:", "c"]}
    (problem,) = parse(b"[" + b"a:," * 30 + b"]", "x").problems
    assert problem.message == "not valid YAML: found unexpected ':'"


def test_private_use_characters_of_the_text_stay() -> None:
    assert parse("a: \ue0ca\ue0cb?\n".encode(), "x").documents[0].value == {"a": "\ue0ca\ue0cb?"}
