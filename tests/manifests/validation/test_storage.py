"""Tests of `manifests.validation.storage`: PersistentVolume and StorageClass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row

Paths = Callable[..., list[str]]
Make = Callable[..., dict[str, Any]]

VOLUME = {"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "hostPath": {"path": "/a"}}
AFFINITY = {"required": {"nodeSelectorTerms": [{"matchExpressions": [{"key": "a", "operator": "Exists"}]}]}}


@each_row(
    ("change", "paths"),
    [
        ({}, []),
        ({"capacity": None}, ["capacity"]),
        ({"capacity": {"storage": "1Gi", "cpu": "1"}}, ["capacity"]),
        ({"capacity": {"storage": "0"}}, ["capacity.storage"]),
        ({"capacity": {"storage": "-1"}}, ["capacity.storage"]),
        ({"accessModes": []}, ["accessModes"]),
        ({"accessModes": ["RWO"]}, ["accessModes[0]"]),
        ({"accessModes": ["ReadWriteOncePod", "ReadWriteOnce"]}, ["accessModes"]),
        ({"hostPath": None}, [""]),
        ({"nfs": {"server": "a", "path": "/b"}}, ["nfs"]),
        ({"hostPath": None, "nfs": {"server": "a"}}, ["nfs.path"]),
        ({"hostPath": None, "csi": {"driver": "a"}}, ["csi.volumeHandle"]),
        (
            {
                "hostPath": None,
                "csi": {"driver": "a", "volumeHandle": "b", "nodePublishSecretRef": {"name": "c"}},
            },
            ["csi.nodePublishSecretRef.namespace"],
        ),
        ({"hostPath": None, "local": {"path": "/a"}}, ["nodeAffinity"]),
        ({"hostPath": None, "local": {"path": "/a"}, "nodeAffinity": AFFINITY}, []),
        ({"nodeAffinity": {}}, ["nodeAffinity.required"]),
        ({"persistentVolumeReclaimPolicy": "retain"}, ["persistentVolumeReclaimPolicy"]),
        (
            {"hostPath": {"path": "/"}, "persistentVolumeReclaimPolicy": "Recycle"},
            ["persistentVolumeReclaimPolicy"],
        ),
        ({"storageClassName": "Fast"}, ["storageClassName"]),
        ({"volumeMode": "Disk"}, ["volumeMode"]),
        ({"volumeAttributesClassName": "a"}, ["csi"]),
        ({"volumeAttributesClassName": ""}, ["volumeAttributesClassName", "csi"]),
    ],
)
def test_persistent_volumes(
    paths_of: Paths, api_object: Make, change: dict[str, Any], paths: list[str]
) -> None:
    spec = {key: value for key, value in {**VOLUME, **change}.items() if value is not None}
    found = paths_of(api_object("PersistentVolume", spec=spec))
    assert found == [f"spec.{path}" if path else "spec" for path in paths]


@each_row(
    ("spec", "paths"),
    [
        ({"fsGroupPolicy": "File", "volumeLifecycleModes": ["Persistent", "Ephemeral"]}, []),
        ({"fsGroupPolicy": ""}, ["fsGroupPolicy"]),
        ({"volumeLifecycleModes": ["persistent"]}, ["volumeLifecycleModes[0]"]),
        (
            {"tokenRequests": [{"audience": "a", "expirationSeconds": 599}]},
            ["tokenRequests[0].expirationSeconds"],
        ),
        ({"tokenRequests": [{"audience": "a"}, {"audience": "a"}]}, ["tokenRequests[1].audience"]),
        ({"nodeAllocatableUpdatePeriodSeconds": 9}, ["nodeAllocatableUpdatePeriodSeconds"]),
    ],
)
def test_csi_drivers(paths_of: Paths, api_object: Make, spec: dict[str, Any], paths: list[str]) -> None:
    """`validateCSIDriverSpec` of pkg/apis/storage/validation (v1.36)."""
    found = paths_of(api_object("CSIDriver", "storage.k8s.io/v1", spec=spec))
    assert found == [f"spec.{path}" for path in paths]


def zone(*values: str) -> dict[str, Any]:
    """A topology: these zones."""
    return {"matchLabelExpressions": [{"key": "zone", "values": list(values)}]}


@each_row(
    ("fields", "paths"),
    [
        ({"provisioner": "kubernetes.io/no-provisioner"}, []),
        ({}, ["provisioner"]),
        ({"provisioner": "a b"}, ["provisioner"]),
        ({"provisioner": "a", "reclaimPolicy": "Recycle"}, ["reclaimPolicy"]),
        ({"provisioner": "a", "volumeBindingMode": "Later"}, ["volumeBindingMode"]),
        ({"provisioner": "a", "parameters": {"": "x"}}, ["parameters"]),
        (
            {"provisioner": "a", "allowedTopologies": [{"matchLabelExpressions": [{"key": "k"}]}]},
            ["allowedTopologies[0].matchLabelExpressions[0].values"],
        ),
        (
            {"provisioner": "a", "allowedTopologies": [zone("a", "b", "a")]},
            ["allowedTopologies[0].matchLabelExpressions[0].values[2]"],
        ),
        (
            {"provisioner": "a", "allowedTopologies": [zone("a", "b"), zone("b", "a"), {}]},
            ["allowedTopologies[1].matchLabelExpressions", "allowedTopologies[2].matchLabelExpressions"],
        ),
        ({"provisioner": "a", "allowedTopologies": [zone("a"), zone("b")]}, []),
    ],
)
def test_storage_classes(paths_of: Paths, api_object: Make, fields: dict[str, Any], paths: list[str]) -> None:
    assert paths_of(api_object("StorageClass", "storage.k8s.io/v1", **fields)) == paths
