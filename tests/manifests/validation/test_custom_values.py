"""Tests of `manifests.validation.custom_values`: does a value fit a schema? (v1.36)"""

from __future__ import annotations

from typing import Any

from tests.table import each_row
from trainer.manifests.validation.custom_values import misfit, unknown_fields

TEXT = {"type": "string"}
SIZE = {"type": "integer", "minimum": 1, "maximum": 4}


@each_row(
    ("schema", "value", "fits"),
    [
        (TEXT, "a", True),
        (TEXT, 1, False),
        (TEXT, None, False),
        ({**TEXT, "nullable": True}, None, True),
        ({**TEXT, "enum": ["a", "b"]}, "b", True),
        ({**TEXT, "enum": ["a", "b"]}, "c", False),
        ({**TEXT, "pattern": "^a"}, "ab", True),
        ({**TEXT, "pattern": "^a"}, "ba", False),
        ({**TEXT, "pattern": "["}, "ba", True),
        ({**TEXT, "maxLength": 2}, "abc", False),
        ({**TEXT, "minLength": 2}, "äö", True),
        (SIZE, 4, True),
        (SIZE, 5, False),
        (SIZE, 0, False),
        (SIZE, 2.0, True),
        (SIZE, 2.5, False),
        (SIZE, True, False),
        ({**SIZE, "exclusiveMaximum": True}, 4, False),
        ({**SIZE, "exclusiveMinimum": True}, 1, False),
        ({"type": "integer", "multipleOf": 5}, 10, True),
        ({"type": "integer", "multipleOf": 5}, 11, False),
        ({"type": "number"}, 1.5, True),
        ({"type": "boolean"}, False, True),
        ({"type": "boolean"}, 0, False),
        ({"x-kubernetes-int-or-string": True}, "50%", True),
        ({"x-kubernetes-int-or-string": True}, 1.5, False),
        ({"type": "array", "items": TEXT}, ["a"], True),
        ({"type": "array", "items": TEXT}, ["a", 1], False),
        ({"type": "array", "items": TEXT, "maxItems": 1}, ["a", "b"], False),
        ({"type": "object", "required": ["a"]}, {}, False),
        ({"type": "object", "properties": {"a": SIZE}}, {"a": 9}, False),
        ({"type": "object", "properties": {"a": SIZE}}, {"a": 3, "b": 1}, True),
        ({"type": "object", "additionalProperties": SIZE}, {"b": 9}, False),
        ({"type": "object", "oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, {"a": 1}, True),
        ({"type": "object", "oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, {"a": 1, "b": 1}, False),
        ({**TEXT, "anyOf": [{"pattern": "a"}, {"pattern": "b"}]}, "c", False),
        ({**TEXT, "allOf": [{"pattern": "a"}, {"pattern": "b"}]}, "ab", True),
        ({**TEXT, "not": {"enum": ["a"]}}, "a", False),
    ],
)
def test_fits(schema: dict[str, Any], value: Any, fits: bool) -> None:
    assert (misfit(schema, value) == "") is fits


def test_fields_that_would_be_dropped() -> None:
    schema = {
        "type": "object",
        "properties": {"a": TEXT, "l": {"type": "array", "items": {"properties": {"b": TEXT}}}},
    }
    assert unknown_fields(schema, {"a": "x", "c": 1, "l": [{"b": 1}, {"d": 2}]}) == ["c", "d"]
    assert unknown_fields({**schema, "x-kubernetes-preserve-unknown-fields": True}, {"c": 1}) == []
    assert unknown_fields({"type": "object", "additionalProperties": TEXT}, {"c": "x"}) == []
