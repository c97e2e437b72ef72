"""Tests of `simulate.shell.tools.filters`; the real programs agree, if there are any."""

from __future__ import annotations

import pytest

from tests.simulate.containers.sandbox import ran as in_container
from tests.simulate.node.sample import said
from tests.simulate.shell.real import assert_as_really
from tests.table import each_row
from trainer.errors import NotJudged

TEXT = "b:2:x y\na:1:z\nb:2:x y\nc\n\n10\n9\n"
COMMANDS = [
    "head -n 2", "head -3", "head -c 5", "head", "tail -n 2", "tail -1", "tail -n +3", "cut -d: -f1", "cut -d : -f 2-", "cut -d: -f1,3 -s",
    "sort", "sort -u", "sort -r", "sort -n", "sort | uniq", "sort | uniq -c", "tr a A", "tr -d :", "tr : ' '", "wc -l",
    "awk '{print $1}'", "awk -F: '{print $2}'", "awk '/^b/ {print $1,$2}'", "awk '/^b/'", "awk '{ print $NF; }'", "awk -F : '{print $0}'",
    "awk '$1 == \"b:2:x\" {print $2}'", "awk -v n=y '$2 == n {print $1}'", "awk -v n=y -v m=c '$1 != m'", "awk 'NR>1 {print $1}'",
    "sort -nu", "sort -nr", "sort -n -r -u", "head -n -2", "tail -n 0", "tail -n -2", "tail -n +0", "tr abc xy", "tr -d ab", "cut -sd: -f2",
    "printf a | wc -l", "printf a | head -1", "printf 'a\\nb' | head -1", "printf 'a\\nb' | tail -1", "printf a | tr a b",
    "printf 'b\\na' | sort", "printf '1\\n01\\n' | sort -nu", "printf 'a\\nb' | head -c 3", "tail -n1 -f", "printf '' | wc -l",
    "awk '!/b/ {print}'", "awk -F: '$2 ~ /1/ {print $1}'", "awk -F: '$1 !~ /b/'", "awk 'NR==2'",
    "awk -F: '{gsub(\",\", \" \", $3); print $3}'", "awk -F: '$1==\"b\"{gsub(/[xy]/,\"-\",$3);print $3,$1}'",
    "awk -F: -v n=2 '$2 == n {print $1}'", "awk -v n=10 '$1 == n'", "awk '$1 == 9'", "awk -v n=1e1 '$1 == n'",
]  # fmt: skip


@each_row("command", COMMANDS)
def test_filters(command):
    assert_as_really(command, TEXT)


def test_files():
    assert said("echo a > x; echo b > y; head -n 1 x; sort y x; wc -l x").out == "a\na\nb\n1 x\n"
    assert said("printf b > x; echo a > y; sort x y").out == "a\nb\n"


@each_row(
    ("command", "code"),
    [("head -n 1 none", 1), ("wc -l none", 1), ("uniq none", 1), ("sort none", 2), ("awk '/a/' none", 2)],
)
def test_missing_files(command, code):
    """The exit codes are those of GNU coreutils and mawk; nothing is written."""
    for ran in (said(command), in_container(command)):
        assert (ran.code, ran.out) == (code, "")


@each_row(
    "command",
    [
        "wc",
        "wc -lc",
        "head -n -1 -z",
        "head -n 1 /etc/hostname /etc/hostname",
    ],
)
def test_what_they_write_is_not_known(command):
    """They only write something else: the script goes on, and nobody guesses what."""
    for ran in (said(f"echo a | {command}"), in_container(f"echo a | {command}")):
        assert (ran.code, ran.out) == (0, None)
    with pytest.raises(NotJudged):
        said(f"x=$(echo a | {command}); ufw allow $x")


@each_row("command", ["head -n 1", "sort", "wc -l", "cut -d: -f1", "tr a b", "awk '/a/'", "uniq"])
def test_what_is_in_a_file_of_an_image_is_not_known(command):
    assert in_container(f"cat /etc/passwd | {command}").out is None


@each_row(
    "command",
    [
        "sort -o f",
        "sort -c",
        "uniq - f",
        "cut -d:",
        "tr a",
        "head -n 1k",
    ],
)
def test_what_is_outside(command):
    """What may end in another way, or write somewhere else."""
    for run in (said, in_container):
        with pytest.raises(NotJudged):
            run(f"echo a | {command}")
