"""Defaults of storage objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Default = Callable[[str], dict[str, Any]]


def test_volumes_and_claims(defaulted: Default) -> None:
    volume = defaulted("{apiVersion: v1, kind: PersistentVolume, spec: {hostPath: {path: /a}}}")
    assert volume["spec"] == {
        "hostPath": {"path": "/a", "type": ""},
        "persistentVolumeReclaimPolicy": "Retain",
        "volumeMode": "Filesystem",
    }
    claim = defaulted("{apiVersion: v1, kind: PersistentVolumeClaim, spec: {volumeMode: Block}}")
    assert claim["spec"] == {"volumeMode": "Block"}


def test_classes_and_drivers(defaulted: Default) -> None:
    storage = defaulted("{apiVersion: storage.k8s.io/v1, kind: StorageClass, reclaimPolicy: Retain}")
    assert (storage["reclaimPolicy"], storage["volumeBindingMode"]) == ("Retain", "Immediate")
    driver = defaulted("{apiVersion: storage.k8s.io/v1, kind: CSIDriver, spec: {attachRequired: false}}")
    assert driver["spec"]["attachRequired"] is False
    assert driver["spec"]["volumeLifecycleModes"] == ["Persistent"]
