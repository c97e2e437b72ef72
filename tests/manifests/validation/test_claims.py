"""Tests of `manifests.validation.claims`: PersistentVolumeClaims, and those inside pods and volumes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row

Paths = Callable[..., list[str]]
Make = Callable[..., dict[str, Any]]

CLAIM = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}


@each_row(
    ("change", "paths"),
    [
        ({}, []),
        ({"accessModes": None}, ["accessModes"]),
        ({"resources": None}, ["resources.requests.storage"]),
        ({"resources": {"requests": {"storage": "0"}}}, ["resources.requests.storage"]),
        ({"resources": {"requests": {"storage": "1 Gi"}}}, ["resources.requests.storage"]),
        ({"storageClassName": ""}, []),
        ({"storageClassName": "A"}, ["storageClassName"]),
        ({"volumeMode": "block"}, ["volumeMode"]),
        ({"selector": {"matchLabels": {"a": "b c"}}}, ["selector.matchLabels.a"]),
        ({"dataSource": {"kind": "PersistentVolumeClaim", "name": "a"}}, []),
        ({"dataSource": {"kind": "VolumeSnapshot", "name": "a"}}, ["dataSource.kind"]),
        ({"dataSourceRef": {"kind": "X", "apiGroup": "a.b"}}, ["dataSourceRef.name"]),
        (
            {
                "dataSource": {"kind": "PersistentVolumeClaim", "name": "a"},
                "dataSourceRef": {"kind": "PersistentVolumeClaim", "name": "b"},
            },
            ["dataSource"],
        ),
    ],
)
def test_claims(paths_of: Paths, api_object: Make, change: dict[str, Any], paths: list[str]) -> None:
    spec = {key: value for key, value in {**CLAIM, **change}.items() if value is not None}
    assert paths_of(api_object("PersistentVolumeClaim", spec=spec)) == [f"spec.{path}" for path in paths]


def test_claim_templates_have_labels_and_annotations_only(pod_paths: Paths) -> None:
    template = {"metadata": {"name": "a", "labels": {"b": "c"}}, "spec": CLAIM}
    found = pod_paths({"volumes": [{"name": "v", "ephemeral": {"volumeClaimTemplate": template}}]})
    assert found == ["spec.volumes[0].ephemeral.volumeClaimTemplate.metadata.name"]
