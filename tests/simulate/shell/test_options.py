"""`set`, `shopt`, `shift` and `getopts`, compared with the real bash where there is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulate.shell.real import agreed
from tests.table import each_row
from trainer.errors import NotJudged

OPTIONS = 'do case $o in a) echo A=$OPTARG;; b) echo B;; \\?) echo "bad $OPTARG";; :) echo "need $OPTARG";; esac; done'


@each_row(
    ("text", "out"),
    [
        (
            "set -- a b c d; shift 2; echo $1 $#; shift 3; echo $? $#; shift; shift 0; echo $1; set e f; echo $2",
            "c 2\n1 2\nd\nf\n",
        ),
        (
            f'set -- -a 1 -bc -a2 rest -b; while getopts ":a:b" o; {OPTIONS}; echo $OPTIND',
            "A=1\nB\nbad c\nA=2\n5\n",
        ),
        (
            f'set -- -b -a; while getopts ":a:b" o; {OPTIONS}; shift $((OPTIND - 1)); echo $#',
            "B\nneed a\n0\n",
        ),
        (
            'f() { local OPTIND=1 o; while getopts "n:v" o "$@"; do echo $o $OPTARG; done; }; f -v -n 3; f -vn4 -- -v',
            "v\nn 3\nv\nn 4\n",
        ),
        (
            "shopt -s nullglob; echo *.none; for f in *.none; do echo no; done; shopt -u nullglob; echo *.none",
            "\n*.none\n",
        ),
        ("set -eu; echo $-; case $- in *i*) echo yes;; esac", "ehuB\n"),
        (
            "f() { false; }; trap 'echo E$?' ERR; f; (false); false || true; if false; then :; fi; true | false; echo end",
            "E1\nE1\nE1\nend\n",
        ),
        ("set -E; trap 'echo E' ERR; f() { false; true; }; f; echo end", "E\nend\n"),
        ("echo 'A=1; B=\"two words\"' > env; set -a; . ./env; set +a; echo $A $B $-", "1 two words hB\n"),
        ("set -e; trap 'echo caught; exit 4' ERR; false; echo no", "caught\n"),
    ],
)
def test_options(text: str, out: str, tmp_path: Path) -> None:
    assert agreed(text, tmp_path)[1] == out


@each_row(
    "text", ["shopt -s extglob", "shopt -p", "set -f", "set -o vi", "shift x", "getopts a", "trap x DEBUG"]
)
def test_what_is_outside(text: str, tmp_path: Path) -> None:
    with pytest.raises(NotJudged):
        agreed(text, tmp_path)
