"""Tests of `packcheck.tree`: changed copies of plain JSON values."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from trainer.packcheck.tree import appended, at, walk, with_value, without

TREE = {"a": [{"b": 1}, 2], "c": {}}


def test_walk_and_at() -> None:
    assert [path for path, _ in walk(TREE)] == [("a",), ("a", 0), ("a", 0, "b"), ("a", 1), ("c",)]
    assert at(TREE, ("a", 0, "b")) == 1
    assert at(TREE, ("a", 9)) is None
    assert at(TREE, ("a", 1, "x")) is None


def test_copies_with_changes() -> None:
    before = copy.deepcopy(TREE)
    assert with_value(TREE, ("a", 0, "b"), 5) == {"a": [{"b": 5}, 2], "c": {}}
    assert with_value(TREE, ("c", "d", "e"), 5) == {"a": [{"b": 1}, 2], "c": {"d": {"e": 5}}}
    assert without(TREE, ("a", 0)) == {"a": [2], "c": {}}
    assert without(TREE, ("a", 0, "b")) == {"a": [{}, 2], "c": {}}
    assert appended(TREE, ("a",), 3)["a"] == [{"b": 1}, 2, 3]
    assert appended(TREE, ("d",), 3)["d"] == [3]
    assert before == TREE


trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)


@given(trees)
def test_every_value_can_be_replaced_and_taken_out(tree: Any) -> None:
    before = copy.deepcopy(tree)
    for path, value in walk(tree):
        assert at(tree, path) == value
        assert at(with_value(tree, path, "new"), path) == "new"
        assert with_value(tree, path, value) == tree
        assert without(tree, path) != tree
    assert tree == before
