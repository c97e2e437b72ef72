"""Tests of `manifests.validation.structural`: the schemas of CustomResourceDefinitions.

Expected is what an API server of v1.36 says, from apiextensions-apiserver pkg/apiserver/schema/validation.go and
pkg/apis/apiextensions/validation/validation.go.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row

Paths = Callable[..., list[str]]

TEXT = {"type": "string"}
BASE = "spec.versions[0].schema.openAPIV3Schema"


def definition(schema: dict[str, Any], **version: Any) -> dict[str, Any]:
    """A definition with this schema."""
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "widgets.example.com"},
        "spec": {
            "group": "example.com",
            "scope": "Namespaced",
            "names": {"plural": "widgets", "kind": "Widget"},
            "versions": [
                {
                    "name": "v1",
                    "served": True,
                    "storage": True,
                    "schema": {"openAPIV3Schema": schema},
                    **version,
                }
            ],
        },
    }


def keyed(*keys: str, **item: Any) -> dict[str, Any]:
    """A list that is a map by these keys."""
    return {
        "type": "array",
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": list(keys),
        "items": {"type": "object", "required": ["k"], "properties": {"k": TEXT}, **item},
    }


def ruled(**rule: Any) -> dict[str, Any]:
    """A text with one rule."""
    return {**TEXT, "x-kubernetes-validations": [{"rule": "true", **rule}]}


def pointed(path: str) -> dict[str, Any]:
    """An object with a rule that points to a field."""
    fields = {"b": TEXT, "c": {"type": "object", "additionalProperties": TEXT}}
    rule = {"rule": "true", "fieldPath": path}
    return {"type": "object", "properties": fields, "x-kubernetes-validations": [rule]}


@each_row(
    ("schema", "paths"),
    [
        (TEXT, []),
        ({"type": "text"}, ["type"]),
        ({"type": "null"}, ["type"]),
        ({}, ["type"]),
        ({"x-kubernetes-int-or-string": True}, []),
        ({"x-kubernetes-int-or-string": True, "anyOf": [{"type": "integer"}, TEXT]}, []),
        ({**TEXT, "anyOf": [TEXT]}, ["anyOf[0].type"]),
        ({**TEXT, "anyOf": [{"pattern": "a"}], "not": {"enum": ["b"]}}, []),
        ({**TEXT, "allOf": [{"default": "a"}]}, ["allOf[0].default"]),
        ({"type": "object", "oneOf": [{"required": ["a"]}]}, []),
        ({"type": "object", "oneOf": [{"properties": {"a": {}}}]}, ["oneOf[0].properties.a"]),
        ({"x-kubernetes-preserve-unknown-fields": True}, []),
        (
            {"type": "object", "x-kubernetes-preserve-unknown-fields": False},
            ["x-kubernetes-preserve-unknown-fields"],
        ),
        ({"type": "array"}, ["items"]),
        ({"type": "array", "items": TEXT, "uniqueItems": True}, ["uniqueItems"]),
        ({"type": "array", "items": {}}, ["items.type"]),
        ({"type": "array", "items": TEXT, "x-kubernetes-list-type": "set"}, []),
        ({"type": "array", "items": TEXT, "x-kubernetes-list-type": ""}, ["x-kubernetes-list-type"]),
        ({**TEXT, "x-kubernetes-list-type": "set"}, ["type"]),
        (
            {"type": "array", "items": {"type": "object"}, "x-kubernetes-list-type": "set"},
            ["items.x-kubernetes-map-type"],
        ),
        (keyed("k"), []),
        (keyed("k", "k"), ["x-kubernetes-list-map-keys[1]"]),
        (keyed("other"), ["x-kubernetes-list-map-keys[0]"]),
        (keyed(), ["x-kubernetes-list-map-keys"]),
        (keyed("k", required=[]), ["items.properties.k.default"]),
        (keyed("k", nullable=True), ["items.nullable"]),
        (keyed("k", properties={"k": {"type": "object"}}), ["items.properties.k.type"]),
        ({"type": "object", "x-kubernetes-map-type": "set"}, ["x-kubernetes-map-type"]),
        ({**TEXT, "x-kubernetes-map-type": "atomic"}, ["type"]),
        ({"type": "object", "x-kubernetes-embedded-resource": True}, ["properties"]),
        ({**TEXT, "x-kubernetes-embedded-resource": True}, ["type", "properties"]),
        (
            {"type": "object", "properties": {"a": TEXT}, "additionalProperties": TEXT},
            ["additionalProperties"],
        ),
        ({"type": "object", "additionalProperties": {}}, ["additionalProperties.type"]),
        ({"type": "object", "additionalProperties": "x"}, ["additionalProperties"]),
        ({"type": "object", "additionalProperties": True}, []),
        ({**TEXT, "pattern": "["}, ["pattern"]),
        ({**TEXT, "pattern": "(?<=a)b"}, ["pattern"]),
        ({**TEXT, "patternProperties": {"a": TEXT}}, ["patternProperties"]),
        ({**TEXT, "$schema": "a"}, ["$schema"]),
        ({**TEXT, "dependencies": {}}, ["dependencies"]),
        ({**TEXT, "allOf": [{"uniqueItems": True}]}, ["allOf[0].uniqueItems"]),
        ({**TEXT, "enum": ["a"], "default": "a"}, []),
        ({**TEXT, "enum": ["a"], "default": "b"}, ["default"]),
        ({"type": "integer", "default": "5"}, ["default"]),
        ({"type": "object", "properties": {"b": TEXT}, "default": {"b": "c"}}, []),
        ({"type": "object", "properties": {"b": TEXT}, "default": {"c": "d"}}, ["default"]),
        (pointed(".b"), []),
        (pointed(".c['x.y']"), []),
        (pointed("b"), ["x-kubernetes-validations[0].fieldPath"]),
        (pointed(".d"), ["x-kubernetes-validations[0].fieldPath"]),
        (ruled(), []),
        (ruled(rule=" "), ["x-kubernetes-validations[0].rule"]),
        (ruled(message=" "), ["x-kubernetes-validations[0].message"]),
        (ruled(message="a\nb"), ["x-kubernetes-validations[0].message"]),
        (ruled(rule="true\n&& true"), ["x-kubernetes-validations[0].message"]),
        (ruled(reason="Forbidden"), ["x-kubernetes-validations[0].reason"]),
        (ruled(messageExpression=" "), ["x-kubernetes-validations[0].messageExpression"]),
        (
            {**TEXT, "allOf": [{"x-kubernetes-validations": [{"rule": "true"}]}]},
            ["allOf[0].x-kubernetes-validations"],
        ),
    ],
)
def test_fields(paths_of: Paths, schema: dict[str, Any], paths: list[str]) -> None:
    found = paths_of(definition({"type": "object", "properties": {"a": schema}}))
    assert found == [f"{BASE}.properties.a.{path}" for path in paths]


@each_row(
    ("schema", "status", "paths"),
    [
        ({"type": "object"}, True, []),
        ({"type": "array", "items": TEXT}, False, ["type"]),
        ({"type": "object", "nullable": True}, False, ["nullable"]),
        ({"type": "object", "additionalProperties": TEXT}, False, ["additionalProperties"]),
        ({"type": "object", "oneOf": [{"required": ["spec"]}]}, False, []),
        ({"type": "object", "oneOf": [{"required": ["spec"]}]}, True, ["oneOf"]),
        ({"type": "object", "not": {}}, True, ["not"]),
        ({"type": "object", "nullable": False}, True, []),
        (
            {"type": "object", "properties": {"metadata": {"type": "object", "minLength": 0}}},
            False,
            ["properties.metadata"],
        ),
        ({"type": "object", "properties": {"metadata": {"type": "object"}}}, False, []),
        (
            {"type": "object", "properties": {"metadata": {"type": "object", "properties": {"name": TEXT}}}},
            True,
            [],
        ),
        (
            {
                "type": "object",
                "properties": {"metadata": {"type": "object", "properties": {"labels": {"type": "object"}}}},
            },
            False,
            ["properties.metadata"],
        ),
        (
            {"type": "object", "properties": {"kind": {**TEXT, "default": "a"}}},
            False,
            ["properties.kind.default"],
        ),
    ],
)
def test_roots(paths_of: Paths, schema: dict[str, Any], status: bool, paths: list[str]) -> None:
    found = paths_of(definition(schema, subresources={"status": {}} if status else {}))
    assert found == [f"{BASE}.{path}" for path in paths]
