"""Tests of `simulate.node.editing`; the real sed and grep agree, if there are any."""

# ruff: noqa: S602 - commands of these tests
from __future__ import annotations

import shutil
import subprocess

import pytest

from tests.simulate.node.sample import said
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
]


@pytest.mark.parametrize("script", SED)
def test_sed(script):
    ran = said(f"cat > /root/f <<'EOF'\n{TEXT}EOF\nsed '{script}' /root/f")
    real = (
        subprocess.run(["sed", script], input=TEXT, capture_output=True, text=True, check=True).stdout
        if shutil.which("sed")
        else ran.out
    )
    assert ran.out == real


@pytest.mark.parametrize(
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
    assert said("sed -i s/a/b/ none").code == 4
    assert said("printf a | sed s/a/b/").out == "b"


GREP = [
    "-c e",
    "-v e",
    "-i THREE",
    "-n e",
    "-o e",
    "-E 'one|four'",
    "-F =1",
    "-x four",
    "-w two",
    "-q one",
    "none",
    "-e one -e four",
]


@pytest.mark.parametrize("arguments", GREP)
def test_grep(arguments):
    ran = said(f"cat > /root/f <<'EOF'\n{TEXT}EOF\ngrep {arguments} /root/f")
    if shutil.which("grep"):
        real = subprocess.run(
            f"grep {arguments}", input=TEXT, capture_output=True, text=True, check=False, shell=True
        )
        assert (ran.code, ran.out) == (real.returncode, real.stdout)


def test_grep_in_several_files():
    assert said("echo a > x; echo a > y; grep a x y").out == "x:a\ny:a\n"
    assert said("echo a > x; grep -l a x none").code == 2
    assert said("grep -q a none").code == 2


@pytest.mark.parametrize(
    "text",
    [
        "sed -i 'N;P' f",
        "sed ':a' f",
        "sed -f x f",
        "sed 's/a/b/3' /etc/hosts",
        "sed 's/a/\\U&/' /etc/hostname",
        "sed y/a/b/ f",
        "grep -P a /etc/hostname",
        "grep -r a /etc",
    ],
)
def test_what_is_outside(text):
    with pytest.raises(NotJudged):
        said(text)
