"""Where commands read and write, compared with the real bash where there is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulate.shell.real import agreed
from tests.table import each_row
from trainer.errors import NotJudged


@each_row(
    ("text", "code", "out"),
    [
        (
            "while read -r a; do echo <$a>; done < <(printf 'x y\\nz\\n')".replace("<$a>", '"$a"'),
            0,
            "x y\nz\n",
        ),
        ("cat < <(echo a; echo b) | head -n 1", 0, "a\n"),
        ("A=1; cat < <(A=2; echo $A); echo $A", 0, "2\n1\n"),
        ("echo a > f; echo b >> f; cat < f", 0, "a\nb\n"),
        ("cat <<< 'a b'", 0, "a b\n"),
        ("echo a > /none/f; echo $?", 0, "1\n"),
        ("cat < none; echo $?", 0, "1\n"),
        ("{ echo a; echo b; } > f; cat f", 0, "a\nb\n"),
        ("echo a &> f; cat f", 0, "a\n"),
        ("A=$(cat < none) ; echo $?", 0, "1\n"),
    ],
)
def test_redirections(text: str, code: int, out: str, tmp_path: Path) -> None:
    assert agreed(text, tmp_path) == (code, out)


@each_row("text", ["cat <>f", "x=$({ echo a; echo b >&2; } 2>&1)", "echo a > >(cat)", "cat 3< f"])
def test_what_is_not_judged(text: str, tmp_path: Path) -> None:
    with pytest.raises(NotJudged):
        agreed(text, tmp_path)
