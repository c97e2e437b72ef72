"""Tests of `manifests.validation.legacy_volumes`: the rarer volume sources."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row
from trainer.manifests.validation.legacy_volumes import LEGACY

Paths = Callable[..., list[str]]

IQN = "iqn.2001-04.com.example:storage"


@each_row("name", sorted(LEGACY))
def test_required_fields(pod_paths: Paths, name: str) -> None:
    found = pod_paths({"volumes": [{"name": "v", name: {}}]})
    expected = [f"spec.volumes[0].{name}.{field}" for field in LEGACY[name]]
    assert found[: len(expected)] == expected


@each_row(
    ("source", "paths"),
    [
        ({"gcePersistentDisk": {"pdName": "a", "partition": 256}}, ["gcePersistentDisk.partition"]),
        ({"iscsi": {"targetPortal": "a", "iqn": IQN, "lun": 0}}, []),
        ({"iscsi": {"targetPortal": "a", "iqn": "x"}}, ["iscsi.iqn"]),
        ({"iscsi": {"targetPortal": "a", "iqn": IQN, "lun": 300}}, ["iscsi.lun"]),
        ({"iscsi": {"targetPortal": "a", "iqn": IQN, "chapAuthSession": True}}, ["iscsi.secretRef"]),
        ({"fc": {}}, ["fc"]),
        ({"fc": {"wwids": ["a"]}}, []),
        ({"fc": {"targetWWNs": ["a"]}}, ["fc.lun"]),
        ({"flocker": {"datasetName": "a/b"}}, ["flocker.datasetName"]),
        ({"flexVolume": {"driver": "a", "options": {"k8s.io/x": "y"}}}, ["flexVolume.options[k8s.io/x]"]),
        ({"azureDisk": {"diskName": "a", "diskURI": "x", "kind": "Managed"}}, ["azureDisk.diskURI"]),
        ({"azureDisk": {"diskName": "a", "diskURI": "x", "cachingMode": "none"}}, ["azureDisk.cachingMode"]),
        ({"quobyte": {"registry": "a", "volume": "b"}}, ["quobyte.registry"]),
        (
            {"storageos": {"volumeName": "A", "secretRef": {}}},
            ["storageos.volumeName", "storageos.secretRef.name"],
        ),
        ({"cinder": {"volumeID": "a", "secretRef": {"name": "b"}}}, []),
    ],
)
def test_further_rules(pod_paths: Paths, source: dict[str, Any], paths: list[str]) -> None:
    assert pod_paths({"volumes": [{"name": "v", **source}]}) == [f"spec.volumes[0].{path}" for path in paths]
