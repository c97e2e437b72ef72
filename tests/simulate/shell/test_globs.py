"""Patterns, compared with the real bash where there is one."""

from __future__ import annotations

from pathlib import Path

from tests.simulate.shell.real import agreed
from tests.table import each_row
from trainer.simulate.shell import globs


@each_row(
    ("text", "out"),
    [
        ("x=a.b.c; echo ${x%.*} ${x%%.*} ${x#*.} ${x##*.} ${x%c} ${x#b}", "a.b a b.c c a.b. a.b.c"),
        ('s=.c; x=a.c; p=\'*\'; echo ${x%$s} ${x%"$s"} ${x#"$p"} "${x#$p.}" ${x%"?"}', "a a a.c c a.c"),
        ('x="  a b "; x="${x#"${x%%[![:space:]]*}"}"; x="${x%"${x##*[![:space:]]}"}"; echo "[$x]"', "[a b]"),
        ("x=aXbXc; echo ${x#*X} ${x##*X} ${x%X*} ${x%%X*} ${x#a?b} ${x%[a-c]}", "bXc c aXb a Xc aXbX"),
        (
            "case 7x in [[:digit:]]*) echo number;; esac; case a in [!a-b]) echo no;; [^b]) echo yes;; esac",
            "number\nyes",
        ),
        (
            "case ']' in []a]) echo bracket;; esac; case '[x' in [x) echo open;; esac; case a.b in a.b) echo dot;; esac",
            "bracket\nopen\ndot",
        ),
        (
            "p='\\*'; case '*' in $p) echo star;; esac; case - in [a-]) echo dash;; esac; [[ ab == a* ]] && echo y",
            "star\ndash\ny",
        ),
    ],
)
def test_patterns(text: str, out: str, tmp_path: Path) -> None:
    assert agreed(text, tmp_path)[1] == f"{out}\n"


def test_a_long_text_takes_one_pass() -> None:
    text = "a" * 100_000
    assert globs.cut(text, "*a*a*a*b", "##") == text
    assert globs.cut(text, "a*", "%") == text[1:]
    assert not globs.matches(text, "*a" * 30 + "*b")
