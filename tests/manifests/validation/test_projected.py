"""Tests of `manifests.validation.projected`: files in volumes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Paths = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("sources", "paths"),
    [
        ([{"serviceAccountToken": {"path": "token", "expirationSeconds": 600}}], []),
        ([{"serviceAccountToken": {"path": "token"}}], []),
        (
            [{"serviceAccountToken": {"path": "t", "expirationSeconds": 599}}],
            ["[0].serviceAccountToken.expirationSeconds"],
        ),
        (
            [{"serviceAccountToken": {"path": "t", "expirationSeconds": 2**33}}],
            ["[0].serviceAccountToken.expirationSeconds"],
        ),
        ([{"serviceAccountToken": {}}], ["[0].serviceAccountToken.path"]),
        ([{"serviceAccountToken": {"path": "/t"}}], ["[0].serviceAccountToken.path"]),
        ([{"secret": {"name": "a"}}, {"configMap": {"name": "b"}}], []),
        ([{"secret": {}}], ["[0].secret.name"]),
        ([{"secret": {"name": "a"}, "configMap": {"name": "b"}}], ["[0]"]),
        ([{}], []),
        (
            [
                {"secret": {"name": "a", "items": [{"key": "k", "path": "p"}]}},
                {"configMap": {"name": "b", "items": [{"key": "k", "path": "p"}]}},
            ],
            ["[1].configMap.items[0].path"],
        ),
        ([{"downwardAPI": {"items": [{"path": "l", "fieldRef": {"fieldPath": "metadata.labels"}}]}}], []),
        ([{"clusterTrustBundle": {}}], []),  # dropped without its feature gate
    ],
)
def test_projected(pod_paths: Paths, sources: list[Any], paths: list[str]) -> None:
    base = "spec.volumes[0].projected.sources"
    assert pod_paths({"volumes": [{"name": "v", "projected": {"sources": sources}}]}) == [
        base + p for p in paths
    ]


@pytest.mark.parametrize(
    ("item", "paths"),
    [
        ({"path": "a", "fieldRef": {"fieldPath": "metadata.annotations"}}, []),
        ({"path": "a", "resourceFieldRef": {"containerName": "main", "resource": "limits.cpu"}}, []),
        ({"path": "a"}, [""]),
        ({"fieldRef": {"fieldPath": "metadata.name"}}, [".path"]),
        ({"path": "a", "fieldRef": {"fieldPath": "spec.nodeName"}}, [".fieldRef.fieldPath"]),
        ({"path": "a", "resourceFieldRef": {"resource": "limits.cpu"}}, [".resourceFieldRef.containerName"]),
        ({"path": "a", "mode": 1000, "fieldRef": {"fieldPath": "metadata.name"}}, [".mode"]),
        (
            {"path": "a", "fieldRef": {"fieldPath": "metadata.name"}, "resourceFieldRef": {"resource": "x"}},
            [""],
        ),
    ],
)
def test_downward_files(pod_paths: Paths, item: dict[str, Any], paths: list[str]) -> None:
    base = "spec.volumes[0].downwardAPI.items[0]"
    assert pod_paths({"volumes": [{"name": "v", "downwardAPI": {"items": [item]}}]}) == [
        base + p for p in paths
    ]
