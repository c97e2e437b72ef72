"""What expansions make of values, compared with the real bash where there is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulate.shell.real import agreed
from tests.table import each_row
from trainer.errors import NotJudged


@each_row(
    ("text", "out"),
    [
        (
            "x=abcdef; n=2; echo ${x:0:3} ${x:3} ${x: -2} ${x:(-3):2} ${x:1:-1} ${x:n:1} ${x:$n+1}",
            "abc def ef de bcde c def",
        ),
        ('x=abc; echo "[${x:10}]" "[${x:3}]" "[${x: -9}]" "[${x:0:0}]"', "[] [] [] []"),
        (
            'set -- a b c d; echo "${@:2}" - "${@:2:2}" - "${@: -1}"; a=(1 2 3); echo ${a[@]:1} ${a[@]: -2:1}',
            "b c d - b c - d\n2 3 2",
        ),
        (
            "x=hello; echo ${x/l/L} ${x//l} ${x//[aeiou]/_} ${x/#h/H} ${x/%o/O} ${x/*l/z} ${x/q/r}",
            "heLlo heo h_ll_ Hello hellO zo hello",
        ),
        (
            'x=a/b/c; y=/; echo ${x//\\//-} ${x//$y/+} "${x//"$y"/ }" "${x//b/[&]}" "${x//b/[\\&]}"',
            "a-b-c a+b+c a b c a/[b]/c a/[&]/c",
        ),
        (
            "x=hELlo; echo ${x^} ${x^^} ${x,,} ${x^^[el]} ${x@U} ${x@L} ${x@u} ${x@Q}",
            "HELlo HELLO hello hELLo HELLO hello HELlo 'hELlo'",
        ),
        (
            "a=(a.x b.x); echo ${a[@]%.x} ${a[@]#a} ${a[@]^^} ${a[@]/#/_} ${a[@]/%/_}",
            "a b .x b.x A.X B.X _a.x _b.x a.x_ b.x_",
        ),
    ],
)
def test_values(text: str, out: str, tmp_path: Path) -> None:
    assert agreed(text, tmp_path)[1] == f"{out}\n"


@each_row(
    "text", ["x=abc; echo ${x:2:-2}", "x=a; echo ${x@A}", "a=([3]=x [7]=y); echo ${a[@]:1}", "echo ${!x*}"]
)
def test_what_is_outside(text: str, tmp_path: Path) -> None:
    with pytest.raises(NotJudged):
        agreed(text, tmp_path)
