"""Defaults of volumes that are objects of their own (core/v1 and storage/v1 defaults.go, v1.35)."""

from __future__ import annotations

from typing import Any

from trainer.manifests.defaults.plain import copied, fill, fill_empty, made_mapping
from trainer.manifests.defaults.volumes import default_source
from trainer.manifests.values import mapping_at

_SOURCES_OF_CLAIMS = (("", "PersistentVolumeClaim"), ("snapshot.storage.k8s.io", "VolumeSnapshot"))


def default_volume_object(data: dict[str, Any]) -> None:
    """A PersistentVolume: kept when released, a file system."""
    spec = made_mapping(data, "spec")
    fill_empty(spec, persistentVolumeReclaimPolicy="Retain")
    fill(spec, volumeMode="Filesystem")
    default_source(spec)


def default_claim(data: dict[str, Any]) -> None:
    """A PersistentVolumeClaim: a file system; `dataSource` and `dataSourceRef` say the same.

    Only a claim or a snapshot stays in `dataSource`; a reference to another namespace is dropped
    (pkg/api/persistentvolumeclaim/util.go, v1.36; the feature CrossNamespaceVolumeDataSource is off).
    """
    spec = made_mapping(data, "spec")
    fill(spec, volumeMode="Filesystem")
    if mapping_at(spec, "dataSourceRef").get("namespace"):
        del spec["dataSourceRef"]
    source, reference = spec.get("dataSource"), spec.get("dataSourceRef")
    if reference is None and isinstance(source, dict):
        if (source.get("apiGroup") or "", source.get("kind")) in _SOURCES_OF_CLAIMS:
            spec["dataSourceRef"] = copied(source)
        else:
            del spec["dataSource"]
    elif source is None and isinstance(reference, dict):
        spec["dataSource"] = {key: value for key, value in reference.items() if key != "namespace"}


def default_storage_class(data: dict[str, Any]) -> None:
    """A StorageClass: volumes are deleted when released, and bound at once."""
    fill(data, reclaimPolicy="Delete", volumeBindingMode="Immediate")


def default_csi_driver(data: dict[str, Any]) -> None:
    """A CSIDriver."""
    fill(
        made_mapping(data, "spec"),
        attachRequired=True,
        podInfoOnMount=False,
        storageCapacity=False,
        fsGroupPolicy="ReadWriteOnceWithFSType",
        requiresRepublish=False,
        seLinuxMount=False,
    )
    spec = made_mapping(data, "spec")
    if not spec.get("volumeLifecycleModes"):
        spec["volumeLifecycleModes"] = ["Persistent"]
