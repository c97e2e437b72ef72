"""What a Pod's volumes are, and whether a process can write to them.

Follows https://kubernetes.io/docs/concepts/storage/volumes/, .../persistent-volumes/ (access modes)
and the kubelet's `makeMounts` (pkg/kubelet/kubelet_pods.go), v1.35: a mount is read-only if the
volumeMount says so or the volume itself is read-only.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.values import mapping, mappings, text

if TYPE_CHECKING:
    from trainer.manifests.model import Path
    from trainer.simulate.workloads import PodTemplate
    from trainer.simulate.world import World


class Access(StrEnum):
    """Whether a place is writable: yes, no, or decided by a storage driver."""

    WRITABLE = "writable"
    READ_ONLY = "read-only"
    NOT_GUARANTEED = "not guaranteed to be read-only"


class Volume(msgspec.Struct, frozen=True, eq=False):
    """One volume of a Pod: its type, its access regardless of mounts, and why."""

    name: str
    type: str
    """The field that makes it: `emptyDir`, `hostPath`, `configMap`, ..."""
    access: Access
    because: str
    path: Path
    """Where it is declared, relative to the Pod."""
    source: Mapping[str, Any] = {}


API_DATA = frozenset({"configMap", "secret", "downwardAPI", "projected"})
"""Volumes whose files come from the API: the kubelet always mounts them read-only."""

FLAGGED = frozenset({"csi", "fc", "flexVolume", "iscsi", "nfs", "rbd", "cephfs"})
"""Volumes whose own `readOnly` makes every mount of them read-only."""

MIGRATED = frozenset(
    {"awsElasticBlockStore", "azureDisk", "azureFile", "cinder", "gcePersistentDisk", "portworxVolume"}
    | {"vsphereVolume"}
)
"""In-tree volumes served by a CSI driver: their own `readOnly` is only passed to the driver."""

GONE = frozenset(
    {"flocker", "gitRepo", "glusterfs", "photonPersistentDisk", "quobyte", "scaleIO", "storageos"}
)
"""Types that the API still has but that no kubelet of v1.35 mounts."""


def pod_volumes(world: World, pod: PodTemplate) -> dict[str, Volume]:
    """The Pod's volumes by name, with the claims that a StatefulSet's templates add.

    A volume of a type that is not known here raises `NotJudged` only once it is used: see
    `volume_of`.
    """
    found: dict[str, Volume] = {}
    for claim in mappings(pod.owner.get("spec", "volumeClaimTemplates")):
        name = text(mapping(claim.get("metadata")).get("name"))
        access, because = _modes(mapping(claim.get("spec")).get("accessModes"), f"the claim template {name}")
        found[name] = Volume(name, "persistentVolumeClaim", access, because, ("spec", "volumes"))
    for index, entry in enumerate(mappings(pod.spec.get("volumes"))):
        name = text(entry.get("name"))
        path: Path = ("spec", "volumes", index)
        # A StatefulSet's claim templates override volumes of the same name.
        found.setdefault(name, _volume(world, pod.namespace, name, entry, path))
    return found


def _volume(world: World, namespace: str, name: str, entry: Mapping[str, Any], path: Path) -> Volume:
    types = [key for key, value in entry.items() if key != "name" and value is not None]
    if not types:
        types = ["emptyDir"]
    kind = types[0]
    source = mapping(entry.get(kind))
    access, because = _access(world, namespace, kind, source)
    return Volume(name, kind, access, because, (*path, kind), source)


def _access(world: World, namespace: str, kind: str, source: Mapping[str, Any]) -> tuple[Access, str]:
    flag = source.get("readOnly") is True
    if kind in API_DATA:
        return Access.READ_ONLY, f"{kind} volumes are always mounted read-only"
    if kind == "image":
        return Access.READ_ONLY, "image volumes are always mounted read-only"
    if kind == "hostPath":
        return Access.WRITABLE, f"it is the directory {source.get('path', '?')} on the node"
    if kind in FLAGGED:
        return (Access.READ_ONLY, f"{kind}.readOnly is true") if flag else (Access.WRITABLE, f"{kind}")
    if kind in MIGRATED:
        if flag:
            return Access.NOT_GUARANTEED, f"{kind}.readOnly is only passed to the storage driver"
        return Access.WRITABLE, kind
    if kind == "persistentVolumeClaim":
        if flag:
            return Access.READ_ONLY, "persistentVolumeClaim.readOnly is true"
        return _claim(world, namespace, text(source.get("claimName")))
    if kind == "ephemeral":
        spec = mapping(mapping(source.get("volumeClaimTemplate")).get("spec"))
        return _modes(spec.get("accessModes"), "the volume's claim template")
    return Access.WRITABLE, kind


def _claim(world: World, namespace: str, name: str) -> tuple[Access, str]:
    for claim in world.find("PersistentVolumeClaim", name, namespace):
        return _modes(claim.get("spec", "accessModes"), f"PersistentVolumeClaim {name}")
    return Access.WRITABLE, f"PersistentVolumeClaim {name}"


def _modes(modes: object, words: str) -> tuple[Access, str]:
    # The documentation is explicit: ReadOnlyMany doesn't protect mounted storage from writes.
    if isinstance(modes, list) and modes and all(mode == "ReadOnlyMany" for mode in modes):
        return (
            Access.NOT_GUARANTEED,
            f"{words} has the access mode ReadOnlyMany, which doesn't prevent writes",
        )
    return Access.WRITABLE, words


KNOWN = (
    API_DATA | FLAGGED | MIGRATED | {"emptyDir", "ephemeral", "hostPath", "image", "persistentVolumeClaim"}
)


def volume_of(volumes: Mapping[str, Volume], name: str, pod: PodTemplate, mount: Path) -> Volume:
    """The volume that a mount at `mount` names; raises `NotJudged` for a type or name not known."""
    volume = volumes.get(name)
    if volume is None:
        raise NotJudged(f"volume {name}, which the Pod doesn't declare", pod.where(*mount))
    if volume.type not in KNOWN:
        gone = "the kubelet no longer mounts it" if volume.type in GONE else "its type is not known here"
        raise NotJudged(f"volume {name} ({volume.type}: {gone})", pod.where(*volume.path))
    if volume.type == "emptyDir" and text(volume.source.get("medium")).startswith("HugePages"):
        raise NotJudged(f"volume {name} (emptyDir of huge pages)", pod.where(*volume.path))
    return volume
