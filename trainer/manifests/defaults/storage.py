"""Defaults of volumes that are objects of their own (core/v1 and storage/v1 defaults.go, v1.35)."""

from __future__ import annotations

from typing import Any

from trainer.manifests.defaults.plain import fill, fill_empty, made_mapping
from trainer.manifests.defaults.volumes import default_source


def default_volume_object(data: dict[str, Any]) -> None:
    """A PersistentVolume: kept when released, a file system."""
    spec = made_mapping(data, "spec")
    fill_empty(spec, persistentVolumeReclaimPolicy="Retain")
    fill(spec, volumeMode="Filesystem")
    default_source(spec)


def default_claim(data: dict[str, Any]) -> None:
    """A PersistentVolumeClaim: a file system."""
    fill(made_mapping(data, "spec"), volumeMode="Filesystem")


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
