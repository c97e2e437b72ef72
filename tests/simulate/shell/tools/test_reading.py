"""Tools that only read."""

# ruff: noqa: S108 - the paths of containers, no files of ours
from __future__ import annotations

import pytest

from tests.simulate.containers.sandbox import ran
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.shell.process import TimedOut


@each_row(
    ("text", "code", "out"),
    [
        ("echo -n a b", 0, "a b"),
        ("echo 'a\\nb'", 0, None),
        ("echo -e a", 0, None),
        ("printf 'a\\n'; printf '%s-%s\\n' a b c", 0, "a\na-b\nc-\n"),
        ("printf %d 1", 0, "1"),
        ("printf", 2, ""),
        ("cat a d/x", 0, "one\ntwo\n"),
        ("cat a none", 1, "one\ntwo\n"),
        ("cat -n a; cat -A a", 0, None),
        ("echo x | cat", 0, "x\n"),
        ("cat /etc/passwd", 0, None),
        ("cat d", 1, ""),
        ("wc -l a", 0, "2 a\n"),
        ("wc -l none", 1, ""),
        ("head -n 1 a", 0, "one\n"),
        ("tail -f none", 1, ""),
        ("ls", 0, "a\nd\n"),
        ("ls d none", 2, None),
        ("ls -d d a", 0, "a\nd\n"),
        ("ls -l", 0, None),
        ("ls /usr", 0, None),
        ("grep one a; grep -v one a; grep -x tw a", 1, "one\ntwo\n"),
        ("grep -q '^two$' a", 0, ""),
        ("grep -i ONE a", 0, "one\n"),
        ("grep -w on a", 1, ""),
        ("grep -F o.e a", 1, ""),
        ("grep one none", 2, ""),
        ("grep", 2, ""),
        ("echo a | grep -c a", 0, "1\n"),
        ("basename /x/y.sh .sh; dirname /x/y.sh; dirname y; dirname /", 0, "y\n/x\n.\n/\n"),
        ("ln -s /tmp/a l; readlink -f l; readlink a", 1, "/tmp/a\n"),
        ("readlink /bin/sh", 0, None),
        ("stat a", 0, None),
        ("stat none", 1, None),
        ("stat", 1, ""),
        ("id -u; whoami; pwd", 0, "0\nroot\n/tmp\n"),
        ("date", 0, None),
    ],
)
def test_output(text: str, code: int, out: str | None) -> None:
    found = ran(text)
    assert (found.code, found.out) == (code, out)


def test_a_file_that_is_followed_never_ends() -> None:
    for text in ("tail -f /dev/null", "tail -F none", "tail -n 1 -f a"):
        with pytest.raises(TimedOut):
            ran(text)


@each_row(
    "text",
    ["cat /opt/x", "cat /proc/1/status", "ls /opt/x"],
)
def test_what_is_outside(text: str) -> None:
    with pytest.raises(NotJudged):
        ran(text)


def test_percent_signs_and_tabs_of_printf():
    assert ran("printf '%%s\\t%s%%\\n' a b").out == "%s\ta%\n%s\tb%\n"
