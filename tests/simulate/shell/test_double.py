"""Conditions in double brackets, compared with the real bash where there is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulate.shell.real import agreed
from tests.table import each_row
from trainer.errors import NotJudged

SETUP = "V=sysctl.conf; E=; touch f; P='*.conf'\n"


@each_row(
    ("condition", "code"),
    [
        ("-f f && ! -d f", 0),
        ("-f none || -f f", 0),
        ("( -f none || -f f ) && -n $V", 0),
        ("-f none && -f f || -e f", 0),
        ("$V == *.conf", 0),
        ("$V == '*.conf'", 1),
        ("$V == $P", 0),
        ('$V == "$P"', 1),
        ("$V != [^s]*", 0),
        ("$V = sysctl.conf", 0),
        ("$E", 1),
        ("$V", 0),
        ("-z $E", 0),
        ("-n $E", 1),
        ("-v V && ! -v NONE", 0),
        ("10 -gt 9 && 1 -le 1", 0),
        ("$V =~ ^sys(ctl|x)\\.conf$ && ${BASH_REMATCH[1]} == ctl", 0),
        ("$V =~ ^[a-z]+$", 1),
        ("$V =~ 'l.c'", 0),
        ("a1 =~ 'a.'", 1),
        ("-f f\n&&\n-e f", 0),
        ("$E == ''", 0),
    ],
)
def test_conditions(condition: str, code: int, tmp_path: Path) -> None:
    assert agreed(f"{SETUP}[[ {condition} ]]", tmp_path)[0] == code


def test_a_condition_is_a_command(tmp_path: Path) -> None:
    assert agreed("if [[ -e none ]]; then echo a; elif [[ x ]]; then echo b; fi", tmp_path) == (0, "b\n")
    assert agreed("set -e; [[ -e none ]] || echo a; [[ -e none ]]; echo b", tmp_path) == (1, "a\n")
    assert agreed("[[ a == b ]]; echo $?", tmp_path) == (0, "1\n")


@each_row("condition", ["a < b", "f -nt g", "-o errexit", "a b", "a -foo b", "x -eq y"])
def test_what_is_not_judged(condition: str, tmp_path: Path) -> None:
    with pytest.raises(NotJudged):
        agreed(f"[[ {condition} ]]", tmp_path)
