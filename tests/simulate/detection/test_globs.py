"""Patterns of file names."""

from __future__ import annotations

import pytest

from trainer.errors import NotJudged
from trainer.simulate.detection.globs import glob_pattern, path_prefix


def test_globs_are_those_of_fnmatch() -> None:
    cases = {
        ("*", "a/b"): True,
        ("a?c", "abc"): True,
        ("a.c", "abc"): False,
        ("[ab]*", "bx"): True,
        ("[!ab]*", "bx"): False,
        ("[]x]", "]"): True,
        ("[ab", "[ab"): True,
        ("\\*", "*"): True,
        ("\\*", "x"): False,
        ("a\nb*", "a\nbc"): True,
        ("", ""): True,
    }
    assert {case: glob_pattern(case[0])(case[1]) for case in cases} == cases
    assert glob_pattern("ABC*", ignore_case=True)("abcd")


def test_a_hostile_pattern_ends() -> None:
    assert not glob_pattern("*a" * 500 + "b")("a" * 5000)


def test_path_prefixes_compare_parts() -> None:
    cases = {
        ("/opt/dir", "/opt/dir/subdir/file.txt"): True,
        ("/opt/dir2", "/opt/dir/subdir/file.txt"): False,
        ("/opt/*/subdir", "/opt/dir/subdir/file.txt"): True,
        ("/opt/di[!r]/subdir", "/opt/dir/subdir/file.txt"): False,
        ("/opt/*/*/subsubdir", "/opt/dir/subdir/file.txt"): False,
        ("/opt//dir/", "/opt/dir"): True,
        ("/", "/opt"): False,
    }
    assert {case: path_prefix(case[0])(case[1]) for case in cases} == cases


def test_sets_of_classes_are_not_judged() -> None:
    with pytest.raises(NotJudged):
        glob_pattern("[[:digit:]]")
