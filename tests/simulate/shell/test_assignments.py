"""Variables and arrays of bash, compared with the real one where there is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulate.shell.real import agreed
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.shell.assignments import Array, as_array, as_text, assignment, keyed
from trainer.simulate.shell.syntax import Part


@each_row(
    ("text", "out"),
    [
        ('P=(a "b c"); P+=(d); for p in "${P[@]}"; do echo "<$p>"; done', "<a>\n<b c>\n<d>\n"),
        ('P=(a "b c"); for p in ${P[@]}; do echo "<$p>"; done', "<a>\n<b>\n<c>\n"),
        ('P=(\n  a # first\n  b\n\n)\necho "${P[@]}" ${#P[@]} ${P[1]} $P', "a b 2 b a\n"),
        ('P=(a b); printf "[%s]" "x${P[@]}y" "${P[*]}" "${!P[@]}"', "[xa][by][a b][0][1]"),
        ('E=(); printf "[%s]" "${E[@]}" "x${E[@]}y"; echo ${#E[@]}', "[xy]0\n"),
        (
            'P=(a b c); unset "P[1]"; P[7]=z; P[0]+=q; echo "${P[@]}" "${!P[@]}" "${P[-1]}"',
            "aq c z 0 2 7 z\n",
        ),
        ('P=(a b); P=s; echo "${P[@]}"; P=(); echo "${P[@]-none}"', "s b\nnone\n"),
        (
            "declare -A M=([a]=1 [b]='2 3'); M[c]=4; for k in a b c; do echo \"$k=${M[$k]}\"; done",
            "a=1\nb=2 3\nc=4\n",
        ),
        ('f() { local -a L=(1 2); L+=(3); echo "${L[@]}"; }; L=9; f; echo "$L"', "1 2 3\n9\n"),
        ("mapfile -t R < <(printf 'a\\nb b\\n'); echo \"${#R[@]} ${R[1]}\"", "2 b b\n"),
        ('IFS=, read -ra S <<< "x,y z,"; echo "${#S[@]}${S[1]}"', "2y z\n"),
        ('read -ra S <<< "x  y"; echo "${S[@]} ${#S[0]}"', "x y 1\n"),
        ("a=b; a+=c; A=a; echo $a ${#a} ${a/b/x} ${A//a/$a}", "bc 2 xc bc\n"),
        ('V=/etc/a.conf; echo "${V/.conf}" "${V//a/b}"', "/etc/a /etc/b.conf\n"),
        (
            "declare -A N=(['c d']=\"x y\" [a.b]=1); echo ${N['c d']} ${N[a.b]}; i=1; P=([i+1]=q [$i]=r); echo ${!P[@]}",
            "x y 1\n1 2\n",
        ),
        ("A=0; A=1 B=$A; echo $B; false; rc=$?; echo $rc", "1\n1\n"),
        ("A=0; A=5 echo $A; echo $A; A=6 eval 'echo $A'", "0\n0\n6\n"),
        ("X=$'a\\tb'; echo \"$X\"", "a\tb\n"),
        ('declare -r C=1; readonly -a D=(x y); export E="a b" F; echo $C ${D[1]} $E', "1 y a b\n"),
        ("A='a b'; declare B=$A; export C=$A; echo \"$B $C\"", "a b a b\n"),
        ("for i in {1..3} x{3..1}y; do printf '%s ' $i; done", "1 2 3 x3y x2y x1y "),
        ("echo -e '\\033[1mx\\x41\\e' | cat", "\x1b[1mxA\x1b\n"),
        ("set -Eeuo pipefail; echo a; echo $LINENO", "a\n1\n"),
        ("[[ $UID == $EUID && -n $PWD ]] && echo ${BASH_SOURCE[0]}", "script\n"),
        ('set -u; P=(); echo "n${#P[@]}${P[@]}"', "n0\n"),
        ("printf 'x\\ny\\n' > f; while read -r l; do Q+=(\"$l\"); done < f; echo ${#Q[@]}", "2\n"),
    ],
)
def test_variables_of_bash(text: str, out: str | None, tmp_path: Path) -> None:
    if out is None:
        with pytest.raises(NotJudged):
            agreed(text, tmp_path)
    else:
        assert agreed(text, tmp_path)[1] == out


def test_sh_has_no_arrays(tmp_path: Path) -> None:
    assert agreed("echo a\nP=(a b)\necho c\n", tmp_path, "dash") == (2, "a\n")
    assert agreed("P=a\nP=$P:b echo $P ${#P}\n", tmp_path, "dash") == (0, "a 1\n")


@each_row(
    "text",
    [
        "echo $RANDOM",
        "echo ${PIPESTATUS[0]}",
        "declare -p A",
        "A=(a b); unset 'A[@]'",
        "P=(a; b)",
        "declare -A M=(a b)",
        "P[0]=(a b)",
        "A=; echo ${!A}",
        "echo a=(b)",
    ],
)
def test_what_is_not_judged(text: str, tmp_path: Path) -> None:
    with pytest.raises(NotJudged):
        agreed(text, tmp_path)


def test_forms_of_words() -> None:
    text = Part("text", "A[1]+=x")
    found = assignment((text,), dash=False)
    assert found is not None
    assert (found.name, found.adds, found.index) == ("A", True, (Part("text", "1"),))
    assert assignment((text,), dash=True) is None
    assert assignment((Part("text", "A=b", quoted=True),), dash=False) is None
    assert keyed((Part("text", "[a]="), Part("variable", "b"))) == (
        (Part("text", "a"),),
        (Part("variable", "b"),),
    )


def test_a_name_alone_is_the_first_element() -> None:
    array = Array().extended(["a", "b"])
    assert (as_text(array), as_text("x"), as_text(None)) == ("a", "x", None)
    assert as_array("x").values == ["x"]
    assert array.put("-1", "c").values == ["a", "c"]
    assert array.put("1", None).items == (("0", "a"),)
