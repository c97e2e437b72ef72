"""The built-in commands of a shell."""

# ruff: noqa: S108 - the paths of containers, no files of ours
from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulate.containers.sandbox import container, ran
from tests.simulate.shell.real import agreed
from tests.table import each_row
from trainer.errors import NotJudged


@each_row(
    ("text", "code", "out"),
    [
        (":; true; exit 3; echo x", 3, ""),
        ("false; exit", 1, ""),
        ("exec echo x; echo y", 0, "x\n"),
        ("exec >/dev/null; false", 1, ""),
        ("eval 'echo a; false'", 1, "a\n"),
        ("cd d && pwd; cd /nowhere || echo no", 0, "/tmp/d\nno\n"),
        ("export A=1; echo $A", 0, "1\n"),
        ("A=1 true; A=2 :; echo $A", 0, "2\n"),
        ("set -e; false; echo x", 1, ""),
        ("set -eu -x; set +e; false; echo x", 0, "x\n"),
        ("set -o errexit; false; echo x", 1, ""),
        ("trap 'echo bye' EXIT; echo hi; false", 1, "hi\nbye\n"),
        ("trap 'exit 4' 0; false", 4, ""),
        ("trap 'echo no' TERM; trap - EXIT; echo x", 0, "x\n"),
        ("command -v rm; command -v echo", 0, "/usr/bin/rm\necho\n"),
        ("command -v none || echo no", 0, "no\n"),
        ("command echo x", 0, "x\n"),
        ("type rm none >/dev/null", 127, ""),
        ("for f in a b; do break; echo x; done; echo $f", 0, "a\n"),
        ("for f in a b; do for g in c; do continue 2; done; echo x; done", 0, ""),
        ("break; echo x", 0, "x\n"),
        ("shift; echo x", 2, ""),
        ("unset A; echo ${A:-none}", 0, "none\n"),
        ("set -e -- a b; echo $# $2; set --; echo $#", 0, "2 b\n0\n"),
        ("A='12  x y'; echo ${A%% *} ${A##* }", 0, "12 y\n"),
        ("[[ -e a ]] || echo no", 0, "no\n"),
    ],
)
def test_built_ins(text: str, code: int, out: str) -> None:
    found = ran(text)
    assert (found.code, found.out) == (code, out)


def test_bash_has_double_brackets() -> None:
    assert ran("[[ -e a && -e b ]]", "sh").code == 127
    assert ran("[[ -e a ]]", "bash").code == 0
    assert ran("[[ x == y ]]", "bash").code == 1
    assert ran("return", "bash").code == 2
    assert ran("[[ x == x* && ! -e none ]]", "bash").code == 0


@each_row(
    ("text", "out"),
    [
        (
            "echo 'f() { echo f$1; return 2; }; v=5; echo $1' > l; . ./l q; f 1; echo $? $v; source none; echo $?",
            "q\nf1\n2 5\n1\n",
        ),
        (
            "echo 'return 3; echo no' > l; source ./l; echo $?; echo 'exit 4' > l; trap 'echo bye' EXIT; . ./l",
            "3\nbye\n",
        ),
        (
            "let x=5+3 x++; echo $? $x; let 'x -= 9' || echo zero; printf -v v '%03d' 7; echo $v",
            "0 9\nzero\n007\n",
        ),
        (
            "f() { :; }; type -t f cd cat; echo $(< /dev/null)x; echo 'a b' > l; y=$(< l); echo $y",
            "function\nbuiltin\nfile\nx\na b\n",
        ),
        ("cat <(echo a) <(cat <(echo b)); head -1 < <(echo c); echo $(cat <(echo d))", "a\nb\nc\nd\n"),
        (
            "time echo a; echo $'\\x41\\102\\''; echo b &>> n; cat n; (echo ${u:?x}); echo $?",
            "a\nAB'\nb\n1\n",
        ),
        (
            "printf 'a\\0b c\\0' | while IFS= read -r -d '' x; do echo \"<$x>\"; done; read -d ';' q <<< 'x;y'; echo $q",
            "<a>\n<b c>\nx\n",
        ),
    ],
)
def test_built_ins_of_bash(text: str, out: str, tmp_path: Path) -> None:
    assert agreed(text, tmp_path)[1] == out


@each_row(
    "text",
    [
        "readonly R=1; R=2",
        "(exec > file; echo a)",
        "exec > file; echo a; x=$(cat file)",
        "kill $$",
        ". ./l; printf -v 1 x",
        "echo '. ./l' > l; . ./l",
    ],
)
def test_what_bash_may_refuse(text: str, tmp_path: Path) -> None:
    with pytest.raises(NotJudged):
        agreed(text, tmp_path)


def test_exec_ends_the_shell() -> None:
    machine = container()
    assert machine.execute(("sh", "-c", "trap 'rm a' EXIT; exec rm none")).complaint == "none doesn't exist"
    assert machine.files.at("/tmp/a") is not None


@each_row(
    "text",
    [
        "exit x",
        "exit 1 2",
        "exec -a x y",
        "cd",
        "cd -",
        "set -o pipefail",
        "set -f",
        "set x",
        "export -n A",
        "shift x",
        "command -p rm",
    ],
)
def test_what_is_outside(text: str) -> None:
    with pytest.raises(NotJudged):
        ran(text)
