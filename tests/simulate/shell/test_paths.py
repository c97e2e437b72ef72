"""Tests of `simulate.shell.paths`."""

# ruff: noqa: S108 - the paths of containers, no files of ours
from __future__ import annotations

from tests.table import each_row
from trainer.simulate.shell.paths import is_within, normalise


@each_row(("path", "clean"), [("/tmp//x/./", "/tmp/x"), ("a/../b", "/b"), ("/../etc", "/etc"), ("//", "/")])
def test_an_absolute_path_is_normalized(path, clean):
    assert normalise(path) == clean


def test_a_directory_contains_itself_and_what_is_below_it_only():
    assert is_within("/etc", "/etc")
    assert is_within("/etc/passwd", "/etc")
    assert is_within("/etc", "/")
    assert not is_within("/etcetera", "/etc")
