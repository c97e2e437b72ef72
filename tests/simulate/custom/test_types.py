"""Tests of `simulate.custom.types`: what `self` is. Expected follows apiserver pkg/cel/common (v1.36)."""

from __future__ import annotations

from typing import Any

from tests.table import each_row
from trainer.simulate.custom.types import escape, type_of


@each_row(
    ("schema", "name"),
    [
        ({"type": "string"}, "string"),
        ({"type": "string", "format": "byte"}, "bytes"),
        ({"type": "string", "format": "date-time"}, "timestamp"),
        ({"type": "string", "format": "duration"}, "duration"),
        ({"type": "string", "format": "hostname"}, "string"),
        ({"type": "integer"}, "int"),
        ({"type": "number"}, "double"),
        ({"type": "boolean"}, "bool"),
        ({"x-kubernetes-int-or-string": True}, "dyn"),
        ({"type": "array", "items": {"type": "integer"}}, "list(int)"),
        ({"type": "object", "additionalProperties": {"type": "boolean"}}, "map(string, bool)"),
        ({"type": "array", "items": {"x-kubernetes-preserve-unknown-fields": True}}, None),
        ({"x-kubernetes-preserve-unknown-fields": True}, None),
    ],
)
def test_types(schema: dict[str, Any], name: str | None) -> None:
    found = type_of(schema, "self")
    assert (None if found is None else str(found)) == name


def test_a_structure_has_the_fields_that_rules_can_name() -> None:
    fields = {"my-field": {"type": "string"}, "namespace": {"type": "string"}, "a b": {"type": "string"}}
    found = type_of({"type": "object", "properties": {**fields, "any": {}}}, "self")
    assert found is not None
    assert set(found.fields or ()) == {"my__dash__field", "__namespace__"}


def test_a_whole_resource_has_its_names() -> None:
    found = type_of({"type": "object"}, "self", resource=True)
    assert found is not None
    assert found.fields is not None
    assert set(found.fields["metadata"].fields or ()) == {"name", "generateName"}


@each_row(
    ("field", "written"),
    [
        ("a", "a"),
        ("a__b", "a__underscores__b"),
        ("a.b", "a__dot__b"),
        ("x-a/b", "x__dash__a__slash__b"),
        ("in", "__in__"),
        ("1a", ""),
        ("", ""),
        ("ä", ""),
    ],
)
def test_escaped_names(field: str, written: str) -> None:
    assert escape(field) == written
