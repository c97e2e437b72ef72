"""Tests of `manifests.validation.crd`: CustomResourceDefinition."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Paths = Callable[..., list[str]]

SCHEMA = {"type": "object", "properties": {"spec": {"type": "object"}}}
VERSION = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": SCHEMA}}
SPEC = {
    "group": "example.com",
    "scope": "Namespaced",
    "names": {"plural": "widgets", "kind": "Widget"},
    "versions": [VERSION],
}


def definition(change: dict[str, Any], name: str = "widgets.example.com") -> dict[str, Any]:
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": name},
        "spec": {key: value for key, value in {**SPEC, **change}.items() if value is not None},
    }


@pytest.mark.parametrize(
    ("change", "paths"),
    [
        ({}, []),
        ({"scope": "namespaced"}, ["spec.scope"]),
        ({"scope": None}, ["spec.scope"]),
        ({"group": None}, ["metadata.name", "spec.group"]),
        ({"group": "example"}, ["metadata.name", "spec.group"]),
        ({"names": {"plural": "widgets"}}, ["spec.names.kind"]),
        ({"names": {"plural": "widgets", "kind": "My Widget"}}, ["spec.names.kind"]),
        (
            {"names": {"plural": "widgets", "kind": "Widget", "shortNames": ["W"]}},
            ["spec.names.shortNames[0]"],
        ),
        ({"preserveUnknownFields": True}, ["spec.preserveUnknownFields"]),
        ({"versions": []}, ["spec.versions"]),
        ({"versions": [{**VERSION, "storage": False}]}, ["spec.versions"]),
        ({"versions": [VERSION, VERSION]}, ["spec.versions[1].name", "spec.versions"]),
        ({"versions": [{**VERSION, "schema": None}]}, ["spec.versions[0].schema.openAPIV3Schema"]),
        (
            {
                "versions": [
                    {
                        **VERSION,
                        "additionalPrinterColumns": [{"name": "a", "type": "text", "jsonPath": "spec"}],
                    }
                ]
            },
            [
                "spec.versions[0].additionalPrinterColumns[0].jsonPath",
                "spec.versions[0].additionalPrinterColumns[0].type",
            ],
        ),
        ({"conversion": {"strategy": "None"}}, []),
        (
            {"conversion": {"strategy": "Webhook"}},
            [
                "spec.conversion.webhook.clientConfig",
                "spec.conversion.webhook.conversionReviewVersions",
            ],
        ),
    ],
)
def test_definitions(paths_of: Paths, change: dict[str, Any], paths: list[str]) -> None:
    assert paths_of(definition(change)) == paths


@pytest.mark.parametrize(
    ("schema", "paths"),
    [
        ({"type": "object", "x-kubernetes-preserve-unknown-fields": True}, []),
        ({}, ["type"]),
        ({"type": "string"}, ["type"]),
        ({"type": "object", "properties": {"a": {}}}, ["properties.a.type"]),
        ({"type": "object", "properties": {"a": {"x-kubernetes-int-or-string": True}}}, []),
        ({"type": "object", "properties": {"a": {"type": "text"}}}, ["properties.a.type"]),
        ({"type": "object", "properties": {"a": {"type": "array"}}}, ["properties.a.items"]),
        ({"type": "object", "properties": {"a": {"type": "array", "items": {"type": "string"}}}}, []),
        (
            {
                "type": "object",
                "properties": {"a": {"type": "string"}},
                "additionalProperties": {"type": "string"},
            },
            ["additionalProperties"],
        ),
    ],
)
def test_schemas(paths_of: Paths, schema: dict[str, Any], paths: list[str]) -> None:
    found = paths_of(definition({"versions": [{**VERSION, "schema": {"openAPIV3Schema": schema}}]}))
    assert found == [f"spec.versions[0].schema.openAPIV3Schema.{path}" for path in paths]


def test_the_name_is_plural_and_group(paths_of: Paths) -> None:
    assert paths_of(definition({}, "widget.example.com")) == ["metadata.name"]


def test_groups_of_the_kubernetes_project_need_approval(paths_of: Paths) -> None:
    data = definition({"group": "x.k8s.io"}, "widgets.x.k8s.io")
    assert paths_of(data) == ["metadata.annotations[api-approved.kubernetes.io]"]
