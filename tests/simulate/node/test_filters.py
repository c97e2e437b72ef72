"""Tests of `simulate.node.filters`; the real programs agree, if there are any."""

# ruff: noqa: S602 - commands of these tests
from __future__ import annotations

import shutil
import subprocess

import pytest

from tests.simulate.node.sample import said
from trainer.errors import NotJudged

TEXT = "b:2:x y\na:1:z\nb:2:x y\nc\n\n10\n9\n"
COMMANDS = [
    "head -n 2", "head -3", "head -c 5", "head", "tail -n 2", "tail -1", "tail -n +3", "cut -d: -f1", "cut -d : -f 2-", "cut -d: -f1,3 -s",
    "sort", "sort -u", "sort -r", "sort -n", "sort | uniq", "sort | uniq -c", "tr a A", "tr -d :", "tr : ' '", "wc -l",
    "awk '{print $1}'", "awk -F: '{print $2}'", "awk '/^b/ {print $1,$2}'", "awk '/^b/'", "awk '{ print $NF; }'", "awk -F : '{print $0}'",
    "awk '$1 == \"b:2:x\" {print $2}'", "awk -v n=y '$2 == n {print $1}'", "awk -v n=y -v m=c '$1 != m'", "awk 'NR>1 {print $1}'",
    "awk '!/b/ {print}'", "awk -F: '$2 ~ /1/ {print $1}'", "awk -F: '$1 !~ /b/'", "awk 'NR==2'",
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_filters(command):
    ran = said(f"cat > /root/f <<'EOF'\n{TEXT}EOF\ncat f | {command}")
    if shutil.which(command.split()[0]):
        real = subprocess.run(
            command,
            input=TEXT,
            capture_output=True,
            text=True,
            check=True,
            shell=True,
            env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
        )
        assert ran.out == real.stdout


def test_files():
    assert said("echo a > x; echo b > y; head -n 1 x; sort y x; wc -l x").out == "a\na\nb\n1 x\n"
    assert said("head -n 1 none").code == 1


@pytest.mark.parametrize(
    "command",
    [
        "awk '{sum += $1}'",
        "awk 'BEGIN {print}'",
        "cut -c1-3",
        "sort -k2",
        "tr a-z A-Z",
        "wc",
        "head -n -1 -z",
        "awk '{print $1 \"x\"}'",
    ],
)
def test_what_is_outside(command):
    with pytest.raises(NotJudged):
        said(f"echo a | {command}")
