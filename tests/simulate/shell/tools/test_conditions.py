"""The conditions of `test` and `[`."""

from __future__ import annotations

import pytest

from tests.simulate.containers.sandbox import ran
from tests.simulate.node.sample import said
from tests.table import each_row
from trainer.errors import NotJudged


@each_row(
    ("text", "code"),
    [
        ("test", 1),
        ("[ x ]", 0),
        ("[ '' ]", 1),
        ("[ ! x ]", 1),
        ("[ -n x ] && [ -z '' ]", 0),
        ("[ x = x ] && [ x != y ] && ! [ x = y ]", 0),
        ("[ 2 -gt 1 ] && [ 1 -le 1 ] && [ 1 -ne 2 ] && [ 1 -lt 2 ] && [ 1 -ge 1 ] && [ 1 -eq 1 ]", 0),
        ("[ x -eq 1 ]", 2),
        ("[ a == a ]", 2),
        ("/bin/test a == a", 0),
        ("[ -t 0 ]", 1),
        ("[ -e a -a -e d ]", 0),
        ("[ -e a -a ! -e none ]", 0),
        ("[ -e none -o -e d ]", 0),
        ("[ ! -e none -a -e none ]", 1),
        ("[ a b c d e ]", 2),
        ("[ a b ]", 2),
        ("[ x", 2),
        ("[ -f a ] && [ -s a ] && [ -r a ] && [ -w a ] && [ ! -x a ]", 0),
        ("[ -d d ] && [ -x d ] && [ -w d ] && [ ! -f d ]", 0),
        ("[ -s d/x ]", 1),
        ("[ -L /bin/sh ] && [ ! -L a ]", 0),
        ("[ -c /dev/null ] && [ -w /dev/null ] && [ ! -f /dev/null ]", 0),
        ("[ -S a ]", 1),
        ("[ -e '' ]", 1),
    ],
)
def test_conditions(text: str, code: int) -> None:
    assert ran(text).code == code


def test_what_users_and_places_allow() -> None:
    assert ran("[ -r d/x ]", user=33).code == 1
    assert ran("[ -w a ]", user=33).code == 1
    assert ran("[ -w a ] || [ -w d ]", refusal="read-only").code == 1


@each_row("text", ["[ a -nt d ]", "[ '(' a ')' ]", "[ -e /opt/x ]", "[ -q a ]", "[ -N a b ]"])
def test_what_is_outside(text: str) -> None:
    if text == "[ -q a ]":
        assert ran(text).code == 2
        return
    with pytest.raises(NotJudged):
        ran(text)


def test_the_bits_that_set_an_id():
    text = "touch /root/f; chmod 6755 /root/f; [ -u /root/f ] && [ -g /root/f ] && ! [ -k /root/f ] && [ -O /root/f ] && echo yes"
    assert said(text).out == "yes\n"
