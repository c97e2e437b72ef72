"""Tests of `manifests.values`: the wanted type, or an empty one of it."""

from __future__ import annotations

from typing import Any

from tests.table import each_row
from trainer.manifests.values import (
    indexed,
    indexed_texts,
    items,
    items_at,
    mapping,
    mapping_at,
    mappings,
    number,
    text,
    text_mapping,
    texts,
)

MIXED: list[Any] = [{"a": 1}, "b", None, 2, {"c": 3}, ["d"]]


def test_values_of_the_wanted_type() -> None:
    assert mapping({"a": 1}) == {"a": 1}
    assert items(MIXED) is MIXED
    assert text("a") == "a"
    assert number(3) == 3
    assert mapping_at({"a": {"b": 1}}, "a") == {"b": 1}
    assert items_at({"a": [1]}, "a") == [1]
    assert text_mapping({"a": "b", "c": 1, "d": None}) == {"a": "b", "d": ""}


def test_null_in_a_list_is_empty_as_go_has_it_and_other_types_are_passed_over() -> None:
    assert mappings(MIXED) == [{"a": 1}, {}, {"c": 3}]
    assert indexed(MIXED) == [(0, {"a": 1}), (2, {}), (4, {"c": 3})]
    assert texts(MIXED) == ["b", ""]
    assert indexed_texts(MIXED) == [(1, "b"), (2, "")]


def test_what_is_read_is_the_value_itself_so_that_defaults_can_fill_it() -> None:
    value: dict[str, Any] = {"a": {}, "b": [{}]}
    mapping_at(value, "a")["x"] = 1
    mappings(value["b"])[0]["y"] = 2
    assert value == {"a": {"x": 1}, "b": [{"y": 2}]}


@each_row("odd", [None, 1.5, True, ()])
def test_values_of_another_type_are_passed_over(odd: object) -> None:
    assert mapping(odd) == text_mapping(odd) == {}
    assert [items(odd), mappings(odd), texts(odd), indexed(odd), indexed_texts(odd)] == [[], [], [], [], []]
    assert text(odd) == ""
    assert number(odd) is None
    assert mapping_at({"a": odd}, "a") == mapping_at({}, "a") == mapping_at(odd, "a") == {}
    assert items_at({"a": odd}, "a") == items_at({}, "a") == items_at(odd, "a") == []


def test_texts_and_mappings_are_not_taken_for_lists() -> None:
    assert items("ab") == texts("ab") == items({"a": 1}) == []
