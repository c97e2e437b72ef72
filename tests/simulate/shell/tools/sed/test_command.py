"""`sed` on nodes and in containers; the real sed agrees, if there is one. The codes are GNU sed's 4.9."""

from __future__ import annotations

from shlex import quote

import pytest

from tests.simulate.containers.sandbox import left, ran
from tests.simulate.node.sample import said
from tests.simulate.shell.real import assert_as_really
from tests.table import each_row
from trainer.errors import NotJudged

TEXT = "one=1\n# two=2\n\nThree three\nfour\n"
SED = [
    "s/e/E/",
    "s/e/E/g",
    "s/THREE/x/I",
    "/^#/d",
    "/^$/d;s/=/ = /",
    "2d",
    "$d",
    "2,3d",
    "/two/,/four/d",
    "/two/,3d",
    "2!d",
    "s/^# *\\(two=\\).*/\\13/",
    "s|one|/a/b|",
    "s/one/[&]/",
    "/one/a after",
    "/one/i before",
    "/one/c instead",
    "/^one=/c\\one=2",
    "s/four/a\\nb/",
    "3q",
    "s/#/\\#/",
    "1,2s/=/:/",
    "2,3c both",
    "s/x*/-/g",
    "s/e*/-/g",
    "s/e*/-/3",
    "s/e\\{,1\\}/-/",
    "s/one\\|one=1/long/",
    "/ONE/Id",
    "/one/{ s/1/2/; s/o/O/g; }",
    "/e/{s/e/E/\np}",
    "{s/a/b/;s/o/0/}",
    "2{d}",
    "2,3{s/t/T/;s/^$/-/}",
    "/e/!{d}",
    "$ { s/f/F/ }",
    "s/e/E/2",
    "s/e/E/2g",
    "s/e/E/9",
    r"1i X\nY\tZ",
    r"2a\tX\\n",
    r"$c \\tX",
    "/one/i\\  before",
    "/one/a\\\n  after",
]


@each_row("script", SED)
def test_sed(script):
    assert_as_really(f"sed {quote(script)}", TEXT, f"sed '{script}' /root/f")


@each_row(
    ("options", "out"),
    [
        ("-n '/one/p'", "one=1\n"),
        ("-E 's/(one)=[0-9]+/\\1/;2,$d'", "one\n"),
        ("-e 1d -e '/four/d' -e '/^$/d'", "# two=2\nThree three\n"),
        ("-ne '$p'", "four\n"),
    ],
)
def test_options_of_sed(options, out):
    assert said(f"cat > /root/f <<'EOF'\n{TEXT}EOF\nsed {options} /root/f").out == out


def test_sed_in_place():
    assert said("echo a > f; sed -i s/a/b/ f; cat f").out == "b\n"
    assert said("echo a > f; sed -i.bak s/a/b/ f; cat f f.bak").out == "b\na\n"
    assert said("echo a > f; sed -Ei 's/(a)/\\1b/' f; cat f").out == "ab\n"
    assert said("sed -i s/a/b/ none").code == 2
    assert said("printf a | sed s/a/b/").out == "b"
    assert said("echo a > f; sed -ie s/a/b/ f; cat f fe").out == "b\na\n"
    assert (
        said("echo a > f; echo s/a/c/ > p; sed -i -f p f; sed -n 'w g' f; cat f g; sed -s '$d' f g").out
        == "c\nc\n"
    )


@each_row(
    ("text", "code", "out"),
    [
        ("sed s/one/three/ a", 0, "three\ntwo\n"),
        ("sed -e s/o/0/g a", 0, "0ne\ntw0\n"),
        ("echo /bin/x | sed 's#/bin#/usr/bin#'", 0, "/usr/bin/x\n"),
        ("sed '/one/d' a", 0, "two\n"),
        ("sed 's/one/1/; s/two/2/' a", 0, "1\n2\n"),
        ("sed -n 1p a", 0, "one\n"),
        ("sed 's/o.*/x/' a", 0, "x\ntwx\n"),
        ("sed 2d a", 0, "one\n"),
        ("sed -z 's/\\n/,/g' a", 0, "one,two,"),
        ("sed 1d /etc/passwd", 0, None),
        ("sed s/a/b/ none", 2, ""),
        ("sed", 1, ""),
        ("sed -i s/a/b/", 1, ""),
        ("sed -i s/a/b/ none", 2, ""),
        ("sed -i s/a/b/ d", 2, ""),
    ],
)
def test_codes_and_output(text: str, code: int, out: str | None) -> None:
    found = ran(text)
    assert (found.code, found.out) == (code, out)


def test_in_place() -> None:
    assert left("sed -i s/one/three/ a")["a"] == "three\ntwo\n"
    assert left("sed -ni 1p a")["a"] == "one\n"
    assert left("sed -Ei -e /two/d a")["a"] == "one\n"
    assert ran("sed -i s/a/b/ a", refusal="read-only").code == 4
    assert ran("sed -i s/a/b/ /etc/passwd").code == 0


@each_row(
    "text",
    [
        "sed -i s/a/b/ /bin/bash",
        "sed 1e a",
        "sed s/a/b/0 a",
        "sed //d a",
        "sed 's/a/\\q/' a",
        "sed 's/o/\\1/' a",
        "sed y/ab/c/ a",
        "sed --posix s/a/b/ a",
        "sed -f x a",
    ],
)
def test_what_is_outside(text: str) -> None:
    with pytest.raises(NotJudged):
        ran(text)
