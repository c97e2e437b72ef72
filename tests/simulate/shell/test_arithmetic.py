"""Arithmetic, compared with the real bash where there is one."""

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
            "echo $((1 + 2 * 3)) $(( (1+2)*3 )) $((7/2)) $((-7/2)) $((-7 % 3)) $((2**10))",
            "7 9 3 -3 -1 1024\n",
        ),
        (
            "n=5; echo $((n)) $(($n+1)) $((n*2)) $((none)) $((-n)) $((!n)) $((n == 5)) $((n<5))",
            "5 6 10 0 -5 0 1 0\n",
        ),
        (
            "n=0; ((n++)); echo $? $n; ((++n)); echo $? $n; n=$((n+=3)); echo $n $((n--)) $n",
            "1 1\n0 2\n5 5 4\n",
        ),
        ("((1 > 2)) || echo no; if ((2 >= 2 && 1)); then echo yes; fi", "no\nyes\n"),
        ("if (( $(echo 0) != 0 )); then echo no; fi; (( UID == EUID )) && echo same", "same\n"),
        ("set -e; n=0; ((n++)) || true; ((n+=2)); echo $n; ((n-=3)); echo never", "3\n"),
        ("i=0; while (( i < 3 )); do i=$((i + 1)); printf $i; done", "123"),
        (
            'a=(x y); echo $(( ${#a[@]} + 1 )) "$((1+1))x" $(( 1 - -1 )) $((10 - 2 - 3)) $((2 ** 3 ** 2))',
            "3 2x 2 5 512\n",
        ),
        ("cat <<X\n$((40 + 2))\nX", "42\n"),
        ("x=$(( 3 > 2 ? 1 : 0 ))", None),
        ("echo $((010)) ", None),
        ("echo $((1 / 0))", None),
        ("n=abc; echo $((n + 1))", None),
        ("echo $((1 && n++))", None),
        ("echo $((1 | 2)) $((16#ff))", None),
        ("((echo a); echo b)", None),
        ("echo $((9223372036854775807 + 1))", None),
        ("echo $(((((((((((((((((((((((((1)))))))))))))))))))))))))", None),
    ],
)
def test_arithmetic(text: str, out: str | None, tmp_path: Path) -> None:
    if out is None:
        with pytest.raises(NotJudged):
            agreed(text, tmp_path)
    else:
        assert agreed(text, tmp_path)[1] == out


def test_sh_has_only_the_expansion(tmp_path: Path) -> None:
    assert agreed("n=4; echo $((n * 2 - 1)) $(( (n+1) % 3 ))", tmp_path, "dash") == (0, "7 2\n")
    with pytest.raises(NotJudged):
        agreed("((1))", tmp_path, "dash")
