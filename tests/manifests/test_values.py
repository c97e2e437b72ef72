"""Tests of `manifests.values`: the wanted type, or nothing of it."""

from __future__ import annotations

from typing import Any

import pytest

from trainer.manifests.values import indexed, items, items_at, mapping, mapping_at, mappings, text, texts

MIXED: list[Any] = [{"a": 1}, "b", None, 2, {"c": 3}, ["d"]]


def test_values_of_the_wanted_type() -> None:
    assert mapping({"a": 1}) == {"a": 1}
    assert items(MIXED) is MIXED
    assert text("a") == "a"
    assert mappings(MIXED) == [{"a": 1}, {"c": 3}]
    assert texts(MIXED) == ["b"]
    assert indexed(MIXED) == [(0, {"a": 1}), (4, {"c": 3})]
    assert mapping_at({"a": {"b": 1}}, "a") == {"b": 1}
    assert items_at({"a": [1]}, "a") == [1]


@pytest.mark.parametrize("odd", [None, 1, True, 1.5, ()])
def test_values_of_another_type_are_passed_over(odd: object) -> None:
    assert mapping(odd) == {}
    assert [items(odd), mappings(odd), texts(odd), indexed(odd)] == [[], [], [], []]
    assert text(odd) == ""
    assert mapping_at({"a": odd}, "a") == mapping_at({}, "a") == {}
    assert items_at({"a": odd}, "a") == items_at({}, "a") == []


def test_texts_and_mappings_are_not_taken_for_lists() -> None:
    assert items("ab") == texts("ab") == items({"a": 1}) == []
