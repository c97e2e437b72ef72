"""The tree of an awk program."""

from __future__ import annotations

from trainer.simulate.shell.tools.awk.tree import Node, Rule


def test_trees_compare_by_what_they_hold() -> None:
    assert Rule("", Node("regex", "a"), None, None) == Rule("", Node("regex", "a"), None, None)
    assert Node("number", "1") != Node("text", "1")
