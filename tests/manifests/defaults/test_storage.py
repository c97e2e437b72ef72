"""Defaults of storage objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row

Default = Callable[[str], dict[str, Any]]


@each_row(
    ("spec", "source", "reference"),
    [
        (
            "dataSource: {kind: PersistentVolumeClaim, name: a}",
            "PersistentVolumeClaim",
            "PersistentVolumeClaim",
        ),
        ("dataSourceRef: {kind: Any, name: a, apiGroup: b.c}", "Any", "Any"),
        ("dataSource: {kind: Any}", None, None),
        ("dataSourceRef: {kind: Any, name: a, namespace: other}", None, None),
    ],
)
def test_the_sources_of_a_claim_say_the_same(
    defaulted: Default, spec: str, source: str | None, reference: str | None
) -> None:
    """pkg/api/persistentvolumeclaim/util.go, v1.36: only a claim or a snapshot stays."""
    found = defaulted(f"{{apiVersion: v1, kind: PersistentVolumeClaim, spec: {{{spec}}}}}")["spec"]
    kinds = (found.get("dataSource", {}).get("kind"), found.get("dataSourceRef", {}).get("kind"))
    assert kinds == (source, reference)


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
