"""The command line of awk."""

from __future__ import annotations

import pytest

from tests.simulate.containers.sandbox import ran as in_container
from tests.simulate.node.sample import said
from tests.table import each_row
from trainer.errors import NotJudged


@each_row(
    ("text", "code", "out"),
    [
        ("printf 'a b\\n' > f; awk -v n=2 -v 's=x\\ty' '{print $n s}' f", 0, "bx\ty\n"),
        ("echo '{print $2}' > p; echo a b | awk -f p", 0, "b\n"),
        (
            'printf \'b\\na\\n\' | awk \'{print > "o"; print $1 | "sort"} END {print "end"}\'; cat o',
            0,
            "end\na\nb\nb\na\n",
        ),
        ("echo a > f; echo b > g; awk 'NR == FNR {x = $1; next} {print x $1, FILENAME}' f g", 0, "ab g\n"),
        ("echo 'useradd x1' | awk '{system($0)}'; id -un x1", 0, "x1\n"),
        ("awk '{print}' none; echo $?", 0, "2\n"),
        ("echo a-b | awk -F - '{print $2}' -", 0, "b\n"),
        ("awk", 2, ""),
    ],
)
def test_command_lines(text: str, code: int, out: str) -> None:
    ran = said(text)
    assert (ran.code, ran.out) == (code, out)


def test_what_is_in_a_file_of_an_image_is_not_known() -> None:
    assert in_container("awk '{print $1}' /etc/passwd").out is None
    for text in ("{exit 1}", "{system($1)}", '{print > "f"}'):
        with pytest.raises(NotJudged):
            in_container(f"awk '{text}' /etc/passwd")


@each_row("text", ["awk -W version", "awk '{print}' x=1", "awk -v 1=2 '{print}'", "awk -F"])
def test_what_is_outside(text: str) -> None:
    with pytest.raises(NotJudged):
        said(text)
