"""Tests of `simulate.custom.values`: defaults, and what rules read (v1.36)."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from tests.table import each_row
from trainer.simulate.cel.values import CelError
from trainer.simulate.custom.values import cel_value, completed

TEXT = {"type": "string"}


@each_row(
    ("schema", "value", "whole"),
    [
        ({"properties": {"a": {**TEXT, "default": "x"}}}, {}, {"a": "x"}),
        ({"properties": {"a": {**TEXT, "default": "x"}}}, {"a": "y"}, {"a": "y"}),
        ({"properties": {"a": {**TEXT, "default": "x"}}}, {"a": None}, {"a": "x"}),
        ({"properties": {"a": {**TEXT, "nullable": True, "default": "x"}}}, {"a": None}, {"a": None}),
        ({"properties": {"a": TEXT}}, {"a": None, "b": 1}, {"b": 1}),
        (
            {"properties": {"a": {"properties": {"b": {**TEXT, "default": "x"}}, "default": {}}}},
            {},
            {"a": {"b": "x"}},
        ),
        (
            {"items": {"properties": {"a": {**TEXT, "default": "x"}}}},
            [{}, {"a": "y"}],
            [{"a": "x"}, {"a": "y"}],
        ),
        ({"additionalProperties": {"properties": {"a": {**TEXT, "default": 1}}}}, {"k": {}}, {"k": {"a": 1}}),
    ],
)
def test_completed(schema: dict[str, Any], value: Any, whole: Any) -> None:
    assert completed(schema, value) == whole


def test_a_default_is_a_copy() -> None:
    schema = {"properties": {"a": {"type": "object", "default": {"b": 1}}}}
    completed(schema, {})["a"]["b"] = 2
    assert completed(schema, {}) == {"a": {"b": 1}}


@each_row(
    ("schema", "value", "read"),
    [
        (TEXT, "a", "a"),
        ({**TEXT, "format": "byte"}, "YQ==", b"a"),
        ({**TEXT, "format": "duration"}, "5s", datetime.timedelta(seconds=5)),
        ({**TEXT, "format": "date"}, "2026-01-02", datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC)),
        ({"type": "number"}, 1, 1.0),
        ({"type": "integer"}, 1, 1),
        ({"x-kubernetes-int-or-string": True}, "5%", "5%"),
        ({"type": "array", "items": {"type": "number"}}, [1], [1.0]),
        ({"type": "object", "additionalProperties": TEXT}, {"a-b": "c"}, {"a-b": "c"}),
        ({"type": "object", "properties": {"a-b": TEXT, "c": {}}}, {"a-b": "x", "c": 1}, {"a__dash__b": "x"}),
    ],
)
def test_what_rules_read(schema: dict[str, Any], value: Any, read: Any) -> None:
    found = cel_value(schema, value)
    assert (found, type(found)) == (read, type(read))


def test_a_whole_resource_shows_its_name() -> None:
    value = {"kind": "A", "metadata": {"name": "x", "labels": {"a": "b"}}, "spec": {}}
    assert cel_value({"type": "object"}, value, resource=True)["kind"] == "A"


@each_row("form", ["byte", "duration", "date-time"])
def test_a_wrong_format_can_not_be_read(form: str) -> None:
    with pytest.raises(CelError):
        cel_value({**TEXT, "format": form}, "!")
