"""Tests of `manifests.validation.environment`: environment variables of containers, and the downward API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row

Paths = Callable[..., list[str]]


def field(path: str, **more: str) -> dict[str, Any]:
    return {"fieldRef": {"fieldPath": path, **more}}


@each_row(
    ("variable", "paths"),
    [
        ({"name": "A", "value": "b"}, []),
        ({"name": "a.b-c"}, []),
        ({"value": "b"}, ["name"]),
        ({"name": "A=B"}, ["name"]),
        ({"name": "A", "valueFrom": {}}, ["valueFrom"]),
        ({"name": "A", "value": "b", "valueFrom": field("metadata.name")}, ["valueFrom"]),
        ({"name": "A", "value": "", "valueFrom": field("metadata.name")}, []),
        ({"name": "A", "valueFrom": field("metadata.labels['app']")}, []),
        ({"name": "A", "valueFrom": field("metadata.annotations['Ex.com/A']")}, []),
        ({"name": "A", "valueFrom": field("spec.host")}, []),
        ({"name": "A", "valueFrom": field("metadata.labels")}, ["valueFrom.fieldRef.fieldPath"]),
        ({"name": "A", "valueFrom": field("spec.restartPolicy")}, ["valueFrom.fieldRef.fieldPath"]),
        ({"name": "A", "valueFrom": field("status.phase['a']")}, ["valueFrom.fieldRef.fieldPath"]),
        ({"name": "A", "valueFrom": field("metadata.labels['a b']")}, ["valueFrom.fieldRef.fieldPath"]),
        ({"name": "A", "valueFrom": {"fieldRef": {}}}, ["valueFrom.fieldRef.fieldPath"]),
        (
            {"name": "A", "valueFrom": field("metadata.name", apiVersion="v2")},
            ["valueFrom.fieldRef.apiVersion"],
        ),
        ({"name": "A", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu", "divisor": "1m"}}}, []),
        (
            {"name": "A", "valueFrom": {"resourceFieldRef": {"resource": "cpu"}}},
            ["valueFrom.resourceFieldRef.resource"],
        ),
        (
            {"name": "A", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu", "divisor": "1k"}}},
            ["valueFrom.resourceFieldRef.divisor"],
        ),
        (
            {"name": "A", "valueFrom": {"resourceFieldRef": {"resource": "limits.memory", "divisor": "1Mi"}}},
            [],
        ),
        ({"name": "A", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}, []),
        ({"name": "A", "valueFrom": {"secretKeyRef": {"name": "s"}}}, ["valueFrom.secretKeyRef.key"]),
        ({"name": "A", "valueFrom": {"secretKeyRef": {"key": "k"}}}, ["valueFrom.secretKeyRef.name"]),
        (
            {"name": "A", "valueFrom": {"configMapKeyRef": {"name": "S", "key": "a/b"}}},
            ["valueFrom.configMapKeyRef.name", "valueFrom.configMapKeyRef.key"],
        ),
        (
            {
                "name": "A",
                "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}, **field("metadata.name")},
            },
            ["valueFrom"],
        ),
    ],
)
def test_variables(container_paths: Paths, variable: dict[str, Any], paths: list[str]) -> None:
    assert container_paths({"env": [variable]}) == [f"env[0].{path}" for path in paths]


@each_row(
    ("source", "paths"),
    [
        ({"configMapRef": {"name": "a"}}, []),
        ({"secretRef": {"name": "a"}, "prefix": "X_"}, []),
        ({}, ["envFrom[0]"]),
        ({"configMapRef": {"name": "a"}, "secretRef": {"name": "b"}}, ["envFrom[0]"]),
        ({"configMapRef": {}}, ["envFrom[0].configMapRef.name"]),
        ({"secretRef": {"name": "A"}}, ["envFrom[0].secretRef.name"]),
        ({"secretRef": {"name": "a"}, "prefix": "a="}, ["envFrom[0].prefix"]),
    ],
)
def test_whole_objects(container_paths: Paths, source: dict[str, Any], paths: list[str]) -> None:
    assert container_paths({"envFrom": [source]}) == paths


def test_values_from_files(container_paths: Paths) -> None:
    variable = {"name": "A", "valueFrom": {"fileKeyRef": {"volumeName": "v", "path": "a", "key": "k"}}}
    assert container_paths({"env": [variable]}, {"volumes": [{"name": "v"}]}) == []
    assert container_paths({"env": [variable]}) == ["env[0].valueFrom.fileKeyRef.volumeName"]
    for path, key, field in (("/a", "k", ""), ("../a", "k", "path"), ("a", "ä", "key")):
        source = {"volumeName": "v", "path": path, "key": key}
        found = container_paths(
            {"env": [{"name": "A", "valueFrom": {"fileKeyRef": source}}]}, {"volumes": [{"name": "v"}]}
        )
        assert found == ([f"env[0].valueFrom.fileKeyRef.{field}"] if field else [])
