"""How `${...}` is read, compared with the real bash and the real dash where there are any."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulate.shell.real import agreed
from tests.table import each_row
from trainer.errors import NotJudged

BOTH = [
    (
        'echo ${u:-def} "${u:-a  b}" ${u:-a  b} "${u:-$(echo hi)}" ${u:-\'s  q\'} ${u-"d  q"}',
        "def a  b a b hi s  q d  q",
    ),
    (
        'x=; y=v; echo "${x:-${y}}" ${x:-${z:-deep}} [${x-n}] [${x+s}] [${y:+t$y}] "${u:-\'q\'}"',
        "v deep [] [s] [tv] 'q'",
    ),
    (': ${v:=a  b}; echo "$v"; : ${w:=$v$v}; echo $w; echo ${#w} ${#}', "a  b\na ba b\n8 0"),
    (
        "set -- a b; echo ${2} ${1:+x} ${3:-none} ${10:-ten}; for i in ${u:-p q} r; do echo $i; done",
        "b x none ten\np\nq\nr",
    ),
    ('x=a:b; echo ${x%"${x#*:}"} ${x#${x%b}}', "a: b"),
]


@each_row(("text", "out"), BOTH)
def test_both_shells(text: str, out: str, tmp_path: Path) -> None:
    assert agreed(text, tmp_path)[1] == f"{out}\n"
    assert agreed(text, tmp_path, "dash")[1] == f"{out}\n"


@each_row(
    ("text", "out"),
    [
        ("n=x; x=val; echo ${!n} ${!n:-d} ${!n:0:2}; m=1; set -- q; echo ${!m}", "val val va\nq"),
        (
            'declare -A m=([k]=v); echo ${m[k]} ${m[z]:-none} "${m["k"]}" ${#m[@]} ${#m[k]} ${!m[@]}',
            "v none v 1 1 k",
        ),
        ('a=(); set -- ${a[@]+"${a[@]}"}; echo $#; a=("x y" z); set -- "${a[@]:-e}"; echo $#', "0\n2"),
        ("a=(x y z); i=1; echo ${a[i]} ${a[$i+1]} ${a[-1]} ${a[i]/y/Y} ${#a[2]}", "y z z Y 1"),
        (
            'set -- a "b c"; IFS=-; echo "$*" "${*}" "${@}"; a=(1 2); echo "${a[*]}"; x=$*; echo "$x"',
            "a-b c a-b c a b c\n1-2\na-b c",
        ),
    ],
)
def test_bash(text: str, out: str, tmp_path: Path) -> None:
    assert agreed(text, tmp_path)[1] == f"{out}\n"


@each_row(
    "text", ["echo ${" + "u:-${" * 9 + "x" + "}" * 10, "echo ${a b}", "echo " + "$((" * 12 + "1" + "))" * 12]
)
def test_what_is_outside(text: str, tmp_path: Path) -> None:
    with pytest.raises(NotJudged):
        agreed(text, tmp_path)
