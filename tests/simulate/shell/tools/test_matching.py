"""`grep` on nodes and in containers; the real grep agrees, if there is one."""

from __future__ import annotations

import pytest

from tests.simulate.containers.sandbox import ran
from tests.simulate.node.sample import said
from tests.simulate.shell.real import real
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
]


@each_row("arguments", GREP)
def test_grep(arguments):
    found = said(f"cat > /root/f <<'EOF'\n{TEXT}EOF\ngrep {arguments} < /root/f")
    if (there := real(f"grep {arguments}", TEXT)) is not None:
        assert (found.code, found.out) == (there.code, there.out)


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
