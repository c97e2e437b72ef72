"""Values of words: variables, output, splitting, patterns."""

# ruff: noqa: S108 - the paths of containers, no files of ours
from __future__ import annotations

import pytest

from tests.simulate.containers.sandbox import container, ran
from tests.table import each_row
from trainer.errors import NotJudged


@each_row(
    ("text", "out"),
    [
        ("V='a  b'; echo $V; echo \"$V\"", "a b\na  b\n"),
        ("V=; echo x $V y ''", "x y \n"),
        ("V=' a '; echo x$V'y'", "x a y\n"),
        ("V=x; echo ${V}y ${V:-n} ${V:+s}", "xy x s\n"),
        ("V=; echo ${V:-n} ${V-n} ${V:+s}; echo ${V:=w} $V", "n\nw w\n"),
        ("false; echo $?; echo $#", "1\n0\n"),
        ("echo $(echo a; echo b) `echo c`", "a b c\n"),
        ('echo "$(printf "%s\\n" a b)"', "a\nb\n"),
        ("cd /tmp; echo *; echo d/* z* '*' \\*", "a d\nd/x z* * *\n"),
        ("echo /tmp/*; echo /tmp/[ad]", "/tmp/a /tmp/d\n/tmp/a /tmp/d\n"),
        ("V=a; case $V in 'a') echo one;; *) echo two;; esac", "one\n"),
        ("case '*' in a) echo one;; '*') echo star;; esac", "star\n"),
    ],
)
def test_values(text: str, out: str) -> None:
    assert ran(text).out == out


def test_the_home_directory() -> None:
    assert ran("HOME=/h; echo ~ ~/a '~' a~ \"~/b\"; V=~/c; echo $V").out == "/h /h/a ~ a~ ~/b\n/h/c\n"
    for text in ("echo ~root", "unset HOME; echo ~", "HOME=/h; A=x; echo ~$A"):
        with pytest.raises(NotJudged):
            ran(text)


def test_arguments() -> None:
    machine = container()
    argv = (
        "sh",
        "-c",
        'echo $0 $1 "$@"; shift; echo "$1" $#; set -- d "e  f"; echo "$*" $*',
        "n",
        "a b",
        "c",
    )
    assert machine.execute(argv).out == "n a b a b c\nc 1\nd e  f d e f\n"


def test_unset_variables_end_a_strict_shell() -> None:
    assert ran("unset V; set -u; echo $V; echo on").code == 2
    assert ran("unset V; echo ${V?gone}; echo on").complaint == "V: gone"


def test_rm_takes_a_pattern_in_a_directory_of_programs() -> None:
    machine = container()
    assert machine.execute(("sh", "-c", "rm -f /bin/ba*")).code == 0
    assert machine.files.at("/bin/bash") is None
    with pytest.raises(NotJudged):
        ran("rm -f /bin/zz*")


@each_row(
    "text",
    [
        "echo $HOME",
        "echo ~",
        "echo $$",
        "ls /bin/b*",
        "echo $-",
        "V='*'; echo /bin/$V",
        "echo $(date)",
    ],
)
def test_what_is_outside(text: str) -> None:
    with pytest.raises(NotJudged):
        ran(text)


@each_row(
    ("text", "out"),
    [("a{b,c}d", "abd acd"), ("{x,}y", "xy y"), ("'{a,b}' {}", "{a,b} {}"), ('"$0"{1,2}', "z1 z2")],
)
def test_braces_of_bash(text: str, out: str) -> None:
    assert container().execute(("bash", "-c", f"echo {text}", "z")).out == f"{out}\n"


def test_a_here_string_is_read_by_bash_only() -> None:
    assert ran("cat <<< 'a b'", "bash").out == "a b\n"
    with pytest.raises(NotJudged, match="<<<"):
        ran("cat <<< a")
