"""Mounts of volumes and block devices in containers.

Follows Kubernetes pkg/apis/core/validation/validation.go (v1.35): `ValidateVolumeMounts`,
`ValidateVolumeDevices`, `validateMountPropagation`, `validateMountRecursiveReadOnly`.
"""

from __future__ import annotations

from typing import Any

from trainer.manifests.validation.collect import At, Map, nearest, show
from trainer.manifests.validation.paths import descending_path, no_backsteps
from trainer.manifests.values import indexed, mapping, text

_PROPAGATION = ("None", "HostToContainer", "Bidirectional")
_RECURSIVE = ("Disabled", "IfPossible", "Enabled")


def mounts(at: At, container: Map, volumes: Map) -> None:
    """`volumeMounts` of a container; `volumes` are the pod's, by name."""
    paths: set[str] = set()
    taken = {
        text(d.get("name")): text(d.get("devicePath")) for _, d in indexed(container.get("volumeDevices"))
    }
    for index, mount in indexed(container.get("volumeMounts")):
        place = at / index
        name, path = text(mount.get("name")), text(mount.get("mountPath"))
        _volume(place, name, volumes, "mount")
        if not path:
            place.missing("mountPath", why="it says where the volume appears in the container")
        elif path in paths:
            place.duplicate("mountPath", value=path, why="one volume is mounted at a path")
        paths.add(path)
        if name and name in taken:
            place.invalid("name", value=name, why="it is in `volumeDevices` already")
        if path and path in taken.values():
            place.invalid("mountPath", value=path, why="it is a path in `volumeDevices` already")
        _sub_paths(place, mount)
        _propagation(place, mount, container)


def _volume(at: At, name: str, volumes: Map, what: str) -> None:
    if not name:
        at.missing("name", why=f"a {what} names one of the pod's volumes")
    elif name not in volumes:
        near = nearest(name, volumes)
        at.say(
            f"The pod has no volume {show(name)}, so there is nothing to {what}.",
            "name",
            fix=f"Did you mean `{near}`?" if near else "Add a volume of this name under the pod's `volumes`.",
        )


def _sub_paths(at: At, mount: Map) -> None:
    path, expression = text(mount.get("subPath")), text(mount.get("subPathExpr"))
    if path:
        descending_path(at, "subPath", path)
    if expression:
        if path:
            at.forbidden("subPathExpr", why="there is a `subPath` already, and they exclude each other")
        descending_path(at, "subPathExpr", expression)


def _propagation(at: At, mount: Map, container: Map) -> None:
    propagation = mount.get("mountPropagation")
    at.choice("mountPropagation", value=propagation, allowed=_PROPAGATION)
    privileged = mapping(container.get("securityContext")).get("privileged") is True
    if propagation == "Bidirectional" and not privileged:
        at.invalid("mountPropagation", value=propagation, why="only a privileged container may use it")
    recursive = mount.get("recursiveReadOnly")
    at.choice("recursiveReadOnly", value=recursive, allowed=_RECURSIVE)
    if recursive in ("Enabled", "IfPossible"):
        if mount.get("readOnly") is not True:
            at.invalid("recursiveReadOnly", value=recursive, why="it goes with `readOnly: true`")
        if propagation not in (None, "None"):
            at.invalid("recursiveReadOnly", value=recursive, why="it goes without `mountPropagation`")


def devices(at: At, container: Map, volumes: Map) -> None:
    """`volumeDevices` of a container."""
    names: set[Any] = set()
    paths: set[str] = set()
    mounted = {
        text(m.get("name")): text(m.get("mountPath")) for _, m in indexed(container.get("volumeMounts"))
    }
    for index, device in indexed(container.get("volumeDevices")):
        place = at / index
        name, path = text(device.get("name")), text(device.get("devicePath"))
        _volume(place, name, volumes, "device")
        source = mapping(volumes.get(name))
        if source and not {"persistentVolumeClaim", "ephemeral"} & {
            k for k, v in source.items() if v is not None
        }:
            place.invalid(
                "name", value=name, why="a block device comes from a claim (or an ephemeral volume)"
            )
        if name and name in names:
            place.duplicate("name", value=name, why="a device is listed once")
        names.add(name)
        if not path:
            place.missing("devicePath", why="it says where the device appears in the container")
        elif path in paths:
            place.duplicate("devicePath", value=path, why="one device appears at a path")
        paths.add(path)
        no_backsteps(place, "devicePath", value=path)
        if name and name in mounted:
            place.invalid("name", value=name, why="it is in `volumeMounts` already")
        if path and path in mounted.values():
            place.invalid("devicePath", value=path, why="it is a path in `volumeMounts` already")
