"""Braces, compared with the real bash where there is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulate.shell.real import agreed
from tests.table import each_row
from trainer.errors import NotJudged


@each_row(
    ("text", "out"),
    [
        ("a{b,c}d{e,f} {x,y}{1,2}", "abde abdf acde acdf x1 x2 y1 y2"),
        ("{a,b{c,d},e} pre{,.bak} {one} {} a{ {a,b", "a bc bd e pre pre.bak {one} {} a{ {a,b"),
        ("{{a,b},c} {a{b,c} {,x}y", "a b c {ab {ac y xy"),
        (
            "{1..3} {3..1} {01..03} {-1..1} {1..10..4} {a..e..2} {c..a}",
            "1 2 3 3 2 1 01 02 03 -1 0 1 1 5 9 a c e c b a",
        ),
        ("{'a b',\"c,d\"}x '{a,b}' \\{a,b} {a\\,b,c}", "a bx c,dx {a,b} {a,b} a,b c"),
        ("{$((1+1)),$(echo q)}z {1..x} {1...3}", "2z qz {1..x} {1...3}"),
    ],
)
def test_braces(text: str, out: str, tmp_path: Path) -> None:
    assert agreed(f"echo {text}", tmp_path)[1] == f"{out}\n"


def test_words_that_grow(tmp_path: Path) -> None:
    for text in (
        "{1..2000}",
        "{a,b}" * 12,
        "{" * 20 + "a,b" + "}" * 20 + ",".join("{a,b}" for _ in range(9)) * 9,
    ):
        with pytest.raises(NotJudged):
            agreed(f"echo {text}", tmp_path)
    assert agreed(f"x={'{' * 3000}; echo ${{#x}}", tmp_path)[1] is not None
