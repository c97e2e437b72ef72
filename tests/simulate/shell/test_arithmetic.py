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
        ("x=$(( 3 > 2 ? 1 : 0 )); echo $x $((0 ? 1/0 : 7)) $((1 ? 2 : 0 ? 3 : 4))", "1 7 2\n"),
        ("echo $((010)) $((0x1F)) $((16#ff)) $((2#101))", "8 31 255 5\n"),
        ("n=abc; echo $((n + 1)); abc=4; m=n; echo $((m * 2)); k='1 + 2'; echo $((k * 2))", "1\n8\n6\n"),
        ("n=1; echo $((1 && n++)) $((0 && n++)) $((1 || n++)) $n", "1 0 1 2\n"),
        ("echo $((1 | 2)) $((6 & 3)) $((5 ^ 1)) $((~0)) $((1 << 4)) $((-16 >> 2))", "3 2 4 -1 16 -4\n"),
        ("((a = 3, b = a * 2)); echo $a $b; x=5; ((x <<= 1, x |= 1)); echo $x", "3 6\n11\n"),
        ("a=(5 6 7); i=1; ((a[i + 1]++)); echo $((a[0] + a[i])) ${a[i+1]} ${a[-1]}", "11 8 8\n"),
        ("declare -A m; k=x; ((m[$k]++)); ((m[$k] += 2)); echo ${m[x]}", "3\n"),
        ("for ((i = 0, j = 3; i < j; i++, j--)); do echo $i $j; done; echo $i", "0 3\n1 2\n2\n"),
        ("for ((;;)); do ((++i > 2)) && break; done; for ((k=0;k<2;k++)) { echo $k; }; echo $i", "0\n1\n3\n"),
        ("echo $((1 / 0))", None),
        ("n=n; echo $((n))", None),
        ("echo $((08))", None),
        ("for ((i = 0; i < 1000; i++)); do :; done", None),
        ("for ((i = 0; i < 2)); do :; done", None),
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
