"""`read` and `mapfile`, compared with the real bash where there is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulate.shell.real import agreed
from tests.table import each_row
from trainer.errors import NotJudged


@each_row(
    ("text", "out"),
    [
        ("read -r a b <<< ' x  y z '; echo \"<$a><$b>\"", "<x><y z>\n"),
        ("read -rp 'name? ' a <<< x; echo $a", "x\n"),
        ("read -p '? ' a < /dev/null || echo none", "none\n"),
        ("IFS=: read -ra a <<< 'x:y z:'; echo ${#a[@]} ${a[1]}", "2 y z\n"),
        ("read -ra a <<< ''; echo ${#a[@]}", "0\n"),
        ('mapfile a <<< x; echo "${a[0]}y"', "x\ny\n"),
        ("printf 'a\\nb' > f; readarray -t l < f; echo ${#l[@]} ${l[1]}", "2 b\n"),
    ],
)
def test_lines(text: str, out: str, tmp_path: Path) -> None:
    assert agreed(text, tmp_path)[1] == out


@each_row("text", ["read -n 1 a <<< x", "read -a a b <<< x", "mapfile -n 1 a <<< x", "read 'a' <<< 'x\\y'"])
def test_what_is_not_judged(text: str, tmp_path: Path) -> None:
    with pytest.raises(NotJudged):
        agreed(text, tmp_path)


def test_sh_has_no_mapfile(tmp_path: Path) -> None:
    assert agreed("mapfile -t a < /dev/null; echo $?", tmp_path, "dash") == (0, "127\n")
