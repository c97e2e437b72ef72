"""Defaults of volumes (pkg/apis/core/v1/defaults.go and the `+default` marks of the types, v1.35)."""

from __future__ import annotations

from typing import Any

from trainer.manifests.defaults.images import pull_policy
from trainer.manifests.defaults.plain import fill, fill_empty
from trainer.manifests.values import mapping_at, mappings

MODE = 0o644
"""The file mode of secret, config map, downward API and projected volumes."""

_SOURCES: dict[str, dict[str, Any]] = {
    "azureDisk": {"cachingMode": "ReadWrite", "fsType": "ext4", "readOnly": False, "kind": "Shared"},
    "configMap": {"defaultMode": MODE},
    "downwardAPI": {"defaultMode": MODE},
    "iscsi": {"iscsiInterface": "default"},
    "projected": {"defaultMode": MODE},
    "rbd": {"pool": "rbd", "user": "admin", "keyring": "/etc/ceph/keyring"},
    "scaleIO": {"storageMode": "ThinProvisioned", "fsType": "xfs"},
    "secret": {"defaultMode": MODE},
}

_PLAIN_TEXTS = frozenset(("iscsi", "rbd", "scaleIO"))
"""Sources whose defaults also replace an empty text."""

_KINDS = frozenset(
    """awsElasticBlockStore azureDisk azureFile cephfs cinder configMap csi downwardAPI emptyDir ephemeral
    fc flexVolume flocker gcePersistentDisk gitRepo glusterfs hostPath image iscsi nfs persistentVolumeClaim
    photonPersistentDisk portworxVolume projected quobyte rbd scaleIO secret storageos
    vsphereVolume""".split()
)
"""Every kind of volume source (v1.35); no other key is a source."""


def default_volume(volume: dict[str, Any]) -> None:
    """One item of `volumes`: without a source it is an emptyDir."""
    if not any(volume.get(source) is not None for source in _KINDS):
        volume["emptyDir"] = {}
    default_source(volume)
    for item in mappings(mapping_at(volume, "downwardAPI").get("items")):
        _field_version(item)
    for source in mappings(mapping_at(volume, "projected").get("sources")):
        if isinstance(source.get("serviceAccountToken"), dict):
            fill(source["serviceAccountToken"], expirationSeconds=3600)
        for item in mappings(mapping_at(source, "downwardAPI").get("items")):
            _field_version(item)
    claim = mapping_at(mapping_at(mapping_at(volume, "ephemeral"), "volumeClaimTemplate"), "spec")
    if claim:
        fill(claim, volumeMode="Filesystem")
    image = volume.get("image")
    if isinstance(image, dict) and not image.get("pullPolicy"):
        image["pullPolicy"] = pull_policy(image.get("reference"))


def default_source(holder: dict[str, Any]) -> None:
    """The volume source inside a volume or a PersistentVolume's spec."""
    for name, defaults in _SOURCES.items():
        source = holder.get(name)
        if isinstance(source, dict):
            (fill_empty if name in _PLAIN_TEXTS else fill)(source, **defaults)
    if isinstance(holder.get("hostPath"), dict):
        holder["hostPath"].setdefault("type", "")


def _field_version(item: dict[str, Any]) -> None:
    if isinstance(item.get("fieldRef"), dict):
        fill_empty(item["fieldRef"], apiVersion="v1")
