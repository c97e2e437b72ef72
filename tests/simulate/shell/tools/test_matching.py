"""`grep` on nodes and in containers; the real grep agrees, if there is one."""

from __future__ import annotations

import pytest

from tests.simulate.containers.sandbox import ran
from tests.simulate.node.sample import said
from tests.simulate.shell.real import assert_as_really
from tests.table import each_row
from trainer.errors import NotJudged

TEXT = "one=1\n# two=2\n\nThree three\nfour\n"
GREP = [
    "-c e",
    "-v e",
    "-i THREE",
    "-n e",
    "-o e",
    "-E 'one|four'",
    "-F =1",
    "-x four",
    "-w two",
    "-w wo",
    "-w o.*r",
    "-xw four",
    "-vw one",
    "-q one",
    "none",
    "-e one -e four",
    "-l one",
    "-L one",
    "-L none",
    "-ov one",
    "-A1 two",
    "-B 1 four",
    "-nC1 four",
    "-A1 -e one -e four",
    "-m1 e",
    "-ve one",
    "-cE 'one|four'",
    "--color=never -H one",
    "-oP '(?<=one=)[0-9]+'",
    "-1 four",
    "-e -x",
]


@each_row("arguments", GREP)
def test_grep(arguments):
    assert_as_really(f"grep {arguments}", TEXT, f"grep {arguments} < /root/f")


def test_grep_in_several_files():
    assert said("echo a > x; echo a > y; grep a x y").out == "x:a\ny:a\n"
    assert said("echo a > x; grep -l a x none").code == 2
    assert said("grep -q a none").code == 2
    assert said("echo a > x; echo b > y; grep -L a x y").out == "y\n"


def test_perl_patterns():
    assert said("echo 'users:((\"netd\",pid=442,fd=3))' | grep -oP 'pid=\\K\\d+'").out == "442\n"
    assert said("echo 'a=1 b=2' | grep -oP '\\w=\\K[0-9]'").out == "1\n2\n"
    assert said("echo 'a=1' | grep -qP '\\d$'").code == 0


@each_row(
    "text",
    [
        "echo a | grep -oP 'a\\Kb|c'",
        "echo a | grep -oP 'a.*?b'",
        "grep -ow x a",
        "grep '\\(a\\)\\1' /etc/hostname",
        "grep -r a /etc",
        "grep root /etc/passwd",
    ],
)
def test_what_is_outside(text):
    with pytest.raises(NotJudged):
        ran(text)


def test_directories():
    """GNU grep goes through a directory in the order of the disk; here it is that of the names."""
    text = "mkdir -p /root/d/e; echo one > /root/d/a.conf; echo two one > /root/d/e/b; cd /root/d; "
    assert said(text + "grep -r one /root/d").out == "/root/d/a.conf:one\n/root/d/e/b:two one\n"
    assert (
        said(text + "grep -rl one; grep -rn --include='*.conf' one .").out == "a.conf\ne/b\n./a.conf:1:one\n"
    )
    assert (
        said(text + "grep -Rh one e; grep -rc one a.conf; grep -rL two . --exclude b").out
        == "two one\n1\n./a.conf\n"
    )
    assert said(text + "grep one a.conf e").code == 2
    assert said(text + "fgrep -r '.' . || echo none").out == "none\n"
    with pytest.raises(NotJudged):
        ran("grep -r x /etc")
