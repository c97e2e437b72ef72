"""Tests of `simulate.images.expansion`, with the cases of `frontend/dockerfile/shell/envVarTest` in mind."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.images.expansion import Refused, expand

ENV = {"PWD": "/home", "SHELL": "bash", "EMPTY": "", "FILE": "a.tar.gz", "a": "b"}
CASES = {
    "hello": "hello",
    "he'll'o": "hello",
    "'hello'": "hello",
    "he\\'llo": "he'llo",
    '"he\'llo"': "he'llo",
    '"a\\"b"': 'a"b',
    '"a\\b"': "a\\b",
    "'$PWD'": "$PWD",
    "$PWD": "/home",
    "${PWD}x": "/homex",
    "$PWDx": "",
    "\\$PWD": "$PWD",
    "$": "$",
    "a$": "a$",
    "${PWD:-x}": "/home",
    "${NONE:-x}": "x",
    "${NONE-x}": "x",
    "${EMPTY:-x}": "x",
    "${EMPTY-x}": "",
    "${PWD:+x}": "x",
    "${NONE:+x}": "",
    "${EMPTY+x}": "x",
    "${NONE:-${PWD}/y}": "/home/y",
    "${NONE:-'a b'}": "a b",
    "${PWD:?no}": "/home",
    "${FILE%.*}": "a.tar",
    "${FILE%%.*}": "a",
    "${FILE#*.}": "tar.gz",
    "${FILE##*.}": "gz",
    "$a$a": "bb",
    "": "",
}


def test_words():
    assert {word: expand(word, ENV) for word in CASES} == CASES
    assert expand("C:\\dir`$a", ENV, "`") == "C:\\dir$a"
    assert expand("'$a' \"$a\"", ENV, quotes=False) == "'b' \"b\""


@each_row("word", ["'x", '"x', "${PWD", "${}", "${:x}", "${NONE:?none}", "${PWD!x}", "${PWD:-x"])
def test_what_is_refused(word):
    with pytest.raises(Refused):
        expand(word, ENV)


@each_row("word", ["${FILE/a/b}", "${FILE%[a]}"])
def test_what_is_not_judged(word):
    with pytest.raises(NotJudged):
        expand(word, ENV)
