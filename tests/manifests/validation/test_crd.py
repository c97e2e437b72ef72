"""Tests of `manifests.validation.crd`: CustomResourceDefinition."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row

Paths = Callable[..., list[str]]

SCHEMA = {"type": "object", "properties": {"spec": {"type": "object"}}}
VERSION = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": SCHEMA}}
SPEC = {
    "group": "example.com",
    "scope": "Namespaced",
    "names": {"plural": "widgets", "kind": "Widget"},
    "versions": [VERSION],
}


HOOK = {"clientConfig": {"url": "https://a.example.com"}, "conversionReviewVersions": ["v1"]}
HOOK_FIELDS = ("webhook.clientConfig", "webhook.conversionReviewVersions")
NUMBERS = ("specReplicasPath", "statusReplicasPath")
SCALE = {"specReplicasPath": ".spec.size", "statusReplicasPath": ".status.size"}
COLOR = {"type": "object", "properties": {"color": {"type": "string"}}}
COLORED = {"openAPIV3Schema": {"type": "object", "properties": {"spec": COLOR}}}
FIRST = "spec.versions[0]"


def of_version(**fields: Any) -> dict[str, Any]:
    """A change of the only version."""
    return {"versions": [{**VERSION, **fields}]}


def definition(change: dict[str, Any], name: str = "widgets.example.com") -> dict[str, Any]:
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": name},
        "spec": {key: value for key, value in {**SPEC, **change}.items() if value is not None},
    }


@each_row(
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
        ({"conversion": {}}, ["spec.conversion.strategy"]),
        ({"conversion": {"strategy": "None", "webhook": {}}}, []),
        (
            {"conversion": {"strategy": "None", "webhook": HOOK}},
            [f"spec.conversion.{path}" for path in HOOK_FIELDS],
        ),
        ({"conversion": {"strategy": "Webhook", "webhook": HOOK}}, []),
        (
            {"conversion": {"strategy": "Webhook", "webhook": {**HOOK, "clientConfig": {}}}},
            ["spec.conversion.webhook.clientConfig"],
        ),
        (
            {"conversion": {"strategy": "Webhook", "webhook": {**HOOK, "conversionReviewVersions": ["v2"]}}},
            ["spec.conversion.webhook.conversionReviewVersions"],
        ),
        (
            {
                "conversion": {
                    "strategy": "Webhook",
                    "webhook": {**HOOK, "conversionReviewVersions": ["v1", "v1"]},
                }
            },
            ["spec.conversion.webhook.conversionReviewVersions[1]"],
        ),
        (of_version(subresources={"scale": SCALE}), []),
        (of_version(subresources={"scale": {}}), [f"{FIRST}.subresources.scale.{path}" for path in NUMBERS]),
        (
            of_version(subresources={"scale": {**SCALE, "specReplicasPath": "spec.size"}}),
            [f"{FIRST}.subresources.scale.specReplicasPath"],
        ),
        (
            of_version(subresources={"scale": {**SCALE, "labelSelectorPath": ".metadata.labels"}}),
            [f"{FIRST}.subresources.scale.labelSelectorPath"],
        ),
        (of_version(deprecationWarning="old"), [f"{FIRST}.deprecationWarning"]),
        (of_version(deprecated=True, deprecationWarning="old"), []),
        (of_version(deprecated=True, deprecationWarning=""), [f"{FIRST}.deprecationWarning"]),
        (of_version(schema=COLORED, selectableFields=[{"jsonPath": ".spec.color"}]), []),
        (
            of_version(
                schema=COLORED, selectableFields=[{"jsonPath": ".spec"}, {}, {"jsonPath": ".spec.size"}]
            ),
            [f"{FIRST}.selectableFields[{index}].jsonPath" for index in range(3)],
        ),
        (
            of_version(schema=COLORED, selectableFields=[{"jsonPath": ".spec.color"}] * 2),
            [f"{FIRST}.selectableFields[1].jsonPath"],
        ),
        (
            of_version(
                additionalPrinterColumns=[{"name": "a", "type": "date", "jsonPath": ".a", "format": "x"}]
            ),
            [f"{FIRST}.additionalPrinterColumns[0].format"],
        ),
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


@each_row(
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


def test_the_name_is_not_generated(paths_of: Paths) -> None:
    data = definition({})
    data["metadata"]["generateName"] = "widgets-"
    assert paths_of(data) == ["metadata.generateName"]


def test_the_name_is_plural_and_group(paths_of: Paths) -> None:
    assert paths_of(definition({}, "widget.example.com")) == ["metadata.name"]


def test_groups_of_the_kubernetes_project_need_approval(paths_of: Paths) -> None:
    data = definition({"group": "x.k8s.io"}, "widgets.x.k8s.io")
    assert paths_of(data) == ["metadata.annotations[api-approved.kubernetes.io]"]
