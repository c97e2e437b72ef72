"""Which files a container finds in its volumes of Secrets, ConfigMaps and tokens, and from what they come.

Follows the kubelet's volume plugins (pkg/volume/secret, configmap and projected: `MakePayload`,
`collectData`; pkg/volume/volume_linux.go: `SetVolumeOwnership`), v1.35:

- Without `items` every key is a file, with `items` only those are. The sources of a projected volume are
  collected in their order into one set of files: a later source overwrites an earlier one at a path.
- A file's mode is its item's, else the volume's `defaultMode`. With `fsGroup` the files belong to that group,
  and the group may read them: 0440 is added to the mode of a read-only volume.
- The runtime mounts by depth, so a mount hides what another volume has at that place and below it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.model import Manifest, Path
from trainer.manifests.values import indexed, mapping, number, text
from trainer.simulate.sub_paths import sub_path_of
from trainer.simulate.workloads import PodTemplate

DEFAULT_MODE = 0o644
TOKEN_SECRET = "kubernetes.io/service-account-token"  # noqa: S105 - a type, no secret
ROOT_CA = "kube-root-ca.crt"
"""The ConfigMap that every Namespace gets: https://kubernetes.io/docs/concepts/security/service-accounts/."""

_GROUP_READS = 0o440
_READ_FROM = ("secret", "configMap")


class ApiFile(msgspec.Struct, frozen=True):
    """One file of a volume whose files come from the API."""

    path: str
    """In the volume: relative and normalized. `*` for all files of an object whose keys aren't known."""
    kind: str
    """The field that it comes from: `secret`, `configMap`, `downwardAPI`, `serviceAccountToken`, ..."""
    name: str
    """The name of the Secret or ConfigMap; empty for the others."""
    key: str
    mode: int
    exists: bool
    """Whether the object has the key; without it, the container doesn't start."""
    at: Path
    """Its source, or the item of it, relative to the Pod."""
    source: Mapping[str, Any] = {}
    mode_at: Path = ()
    """What decides its mode, relative to the Pod; its source if nothing does."""


class MountedFile(NamedTuple):
    """A file that a container sees: its absolute path, and the mount that brings it, relative to the Pod."""

    path: str
    file: ApiFile
    mount: Path


def keys_of(objects: Iterable[Manifest], kind: str, namespace: str, name: str) -> list[str] | None:
    """The keys of a Secret or ConfigMap, with those that the control plane adds; None if it doesn't exist.

    Follows https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets (v1.35).
    """
    found = [one for one in objects if (one.kind, one.namespace, one.name) == (kind, namespace, name)]
    if not found:
        return ["ca.crt"] if (kind, name) == ("ConfigMap", ROOT_CA) else None
    data = found[-1].data
    keys = [key for field in ("data", "binaryData", "stringData") for key in mapping(data.get(field))]
    if kind == "Secret" and data.get("type") == TOKEN_SECRET:
        keys += ["ca.crt", "namespace", "token"]
    return list(dict.fromkeys(keys))


def files_of(pod: PodTemplate, objects: Iterable[Manifest], volume: str) -> list[ApiFile]:
    """The files of one volume of the Pod, as the kubelet writes them: one for each path."""
    known = tuple(objects)
    found: dict[str, ApiFile] = {}
    for index, entry in indexed(pod.spec.get("volumes")):
        if entry.get("name") != volume:
            continue
        place: Path = ("spec", "volumes", index)
        for file in _of_volume(pod, known, entry, place):
            found[f"{file.at}" if file.path == "*" else file.path] = file
    return list(found.values())


def mounted_files(
    pod: PodTemplate, objects: Iterable[Manifest], path: Path, container: Mapping[str, Any]
) -> list[MountedFile]:
    """The files that the container at `path` sees; hidden ones are left out.

    Raises `NotJudged` for `subPathExpr` on such a volume.
    """
    known = tuple(objects)
    mounts = indexed(container.get("volumeMounts"))
    places = [_absolute(text(mount.get("mountPath"))) for _, mount in mounts]
    found: list[MountedFile] = []
    for position, (index, mount) in enumerate(mounts):
        for file in files_of(pod, known, text(mount.get("name"))):
            part = sub_path_of(pod, container, mount)
            if part is None:
                raise NotJudged("a mount with subPathExpr", pod.where(*path, "volumeMounts", index))
            inner = _below(file.path, part)
            if inner is None:
                continue
            target = posixpath.join(places[position], inner) if inner else places[position]
            if not any(_hides(places, position, other, target) for other in range(len(places))):
                found.append(MountedFile(target, file, (*path, "volumeMounts", index)))
    return found


def _hides(places: list[str], own: int, other: int, target: str) -> bool:
    """Whether the mount `other` covers the file at `target`: it is deeper, or at the same place but later."""
    if own == other or not (target == places[other] or target.startswith(places[other].rstrip("/") + "/")):
        return False
    deeper = places[other].rstrip("/").count("/") - places[own].rstrip("/").count("/")
    return deeper > 0 or (deeper == 0 and other > own)


def _absolute(path: str) -> str:
    return posixpath.normpath("/" + path.lstrip("/"))


def _below(file: str, sub_path: str) -> str | None:
    """The path of a volume's file in a mount of its subPath; None if it isn't in it."""
    part = posixpath.normpath(sub_path) if sub_path else "."
    if part == ".":
        return "" if file == "." else file
    if file == part:
        return ""
    return file[len(part) + 1 :] if file.startswith(f"{part}/") else None


def _of_volume(
    pod: PodTemplate, objects: tuple[Manifest, ...], entry: Mapping[str, Any], place: Path
) -> Iterator[ApiFile]:
    for kind in _READ_FROM:
        own = mapping(entry.get(kind))
        if own:
            yield from _keyed(pod, objects, (kind, own, own), (*place, kind))
    projected = mapping(entry.get("projected"))
    for position, source in indexed(projected.get("sources")):
        at: Path = (*place, "projected", "sources", position)
        for kind, inner in source.items():
            if kind in _READ_FROM:
                yield from _keyed(pod, objects, (kind, mapping(inner), projected), (*at, kind))
            else:
                yield from _others(pod, kind, mapping(inner), projected, (*at, kind))


def _keyed(
    pod: PodTemplate,
    objects: tuple[Manifest, ...],
    what: tuple[str, Mapping[str, Any], Mapping[str, Any]],
    path: Path,
) -> Iterator[ApiFile]:
    """The files of a Secret or ConfigMap: `what` has kind, source, and the volume with `defaultMode`."""
    kind, source, volume = what
    name = text(source.get("secretName")) or text(source.get("name"))
    known = keys_of(objects, "Secret" if kind == "secret" else "ConfigMap", pod.namespace, name)
    may_lack = source.get("optional") is True
    chosen = indexed(source.get("items"))
    if not chosen and known is None and may_lack:
        return
    for key in () if chosen else known or ["*"]:
        mode, decides = _mode(pod, volume, {}, path, path)
        yield ApiFile(key, kind, name, key, mode, known is not None, path, {}, decides)
    for index, item in chosen:
        key, at = text(item.get("key")), (*path, "items", index)
        exists = known is not None and key in known
        if exists or not may_lack:
            file = posixpath.normpath(text(item.get("path")) or key)
            mode, decides = _mode(pod, volume, item, path, at)
            yield ApiFile(file, kind, name, key, mode, exists, at, {}, decides)


def _others(
    pod: PodTemplate, kind: str, source: Mapping[str, Any], volume: Mapping[str, Any], path: Path
) -> Iterator[ApiFile]:
    """Tokens, fields of the Pod, certificates: sources that name the paths of their files themselves."""
    fields = ("path", "credentialBundlePath", "keyPath", "certificateChainPath")
    for one in (source, *(item for _, item in indexed(source.get("items")))):
        for field in fields:
            if file := text(one.get(field)):
                mode, decides = _mode(pod, volume, one, path, path)
                yield ApiFile(posixpath.normpath(file), kind, "", "", mode, True, path, source, decides)


def _mode(
    pod: PodTemplate, volume: Mapping[str, Any], item: Mapping[str, Any], source: Path, at: Path
) -> tuple[int, Path]:
    """A file's mode, and the field that decides it: fsGroup, the item's `mode` or the volume's `defaultMode`.

    `source` is the place of the volume's source, `at` that of the item, or again of the source.
    """
    own, default = number(item.get("mode")), number(volume.get("defaultMode"))
    mode = own if own is not None else DEFAULT_MODE if default is None else default
    if has_fs_group(pod) and mode | _GROUP_READS != mode:
        return mode | _GROUP_READS, ("spec", "securityContext", "fsGroup")
    if own is not None:
        return mode, (*at, "mode")
    return mode, at if default is None else (*source[:4], "defaultMode")


def has_fs_group(pod: PodTemplate) -> bool:
    """Whether the kubelet gives the files of the Pod's volumes to a group, which may read them."""
    return number(mapping(pod.spec.get("securityContext")).get("fsGroup")) is not None
