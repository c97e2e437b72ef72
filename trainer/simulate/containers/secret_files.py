"""Which keys of a Secret each container sees, as files or in its environment.

Follows https://kubernetes.io/docs/concepts/configuration/secret/ and
https://kubernetes.io/docs/concepts/storage/projected-volumes/ (v1.35): without `items` every key is a
file, with `items` only those are, at the paths that they say; a file's mode is its item's, else the
volume's `defaultMode`. Volumes of Secrets are always mounted read-only.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.model import Path
from trainer.manifests.values import indexed, mapping, text
from trainer.simulate.containers.mounts import is_within, normalise
from trainer.simulate.workloads import PodTemplate
from trainer.simulate.world import World
from trainer.verdict import Location

DEFAULT_MODE = 0o644


class SecretValue(msgspec.Struct, frozen=True):
    """One key of a Secret in one container."""

    container: str
    secret: str
    key: str
    """`*` for the whole Secret if its keys are not known."""
    file: str
    """The absolute path; empty for the environment."""
    mode: int
    """The file's mode bits; 0 for the environment."""
    variable: str
    """The environment variable; empty for a file."""
    exists: bool
    """Whether the Secret has the key; without it, the container doesn't start."""
    location: Location


def secret_values(world: World, pod: PodTemplate, secret: str) -> list[SecretValue]:
    """Everything of one Secret that the Pod's containers see. Raises `NotJudged` for `subPathExpr`."""
    found: list[SecretValue] = []
    for path, container in pod.containers():
        found += _in_environment(world, pod, secret, path, container)
        found += _mounted(world, pod, secret, path, container)
    return found


def keys_of(world: World, namespace: str, secret: str) -> list[str] | None:
    """The keys of a Secret of the world, None if it doesn't exist."""
    for manifest in world.find("Secret", secret, namespace):
        return list(dict.fromkeys((*mapping(manifest.get("data")), *mapping(manifest.get("stringData")))))
    return None


def _in_environment(
    world: World, pod: PodTemplate, secret: str, path: Path, container: dict[str, Any]
) -> Iterator[SecretValue]:
    name = text(container.get("name"))
    known = keys_of(world, pod.namespace, secret)
    for index, entry in indexed(container.get("env")):
        reference = mapping(mapping(entry.get("valueFrom")).get("secretKeyRef"))
        if reference.get("name") == secret:
            key = text(reference.get("key"))
            place = pod.where(*path, "env", index)
            exists = known is not None and key in known
            yield SecretValue(name, secret, key, "", 0, text(entry.get("name")), exists, place)
    for index, entry in indexed(container.get("envFrom")):
        if mapping(entry.get("secretRef")).get("name") == secret:
            place = pod.where(*path, "envFrom", index)
            for key in known or ["*"]:
                variable = text(entry.get("prefix")) + key
                yield SecretValue(name, secret, key, "", 0, variable, known is not None, place)


def _mounted(
    world: World, pod: PodTemplate, secret: str, path: Path, container: dict[str, Any]
) -> Iterator[SecretValue]:
    name = text(container.get("name"))
    known = keys_of(world, pod.namespace, secret)
    for index, mount in indexed(container.get("volumeMounts")):
        for key, file, mode, place in _files(pod, secret, text(mount.get("name")), known):
            if mount.get("subPathExpr"):
                raise NotJudged("a mount with subPathExpr", pod.where(*path, "volumeMounts", index))
            inner = _below(file, text(mount.get("subPath")))
            if inner is None:
                continue
            base = normalise(text(mount.get("mountPath")))
            target = normalise(posixpath.join(base, inner)) if inner else base
            exists = known is not None and key in known
            yield SecretValue(name, secret, key, target, mode, "", exists, place)


def _below(file: str, sub_path: str) -> str | None:
    """The path of a volume's file in a mount of its subPath; None if it isn't in it."""
    if not sub_path:
        return file
    whole, part = normalise(file), normalise(sub_path)
    return whole[len(part) :].lstrip("/") if is_within(whole, part) else None


def _files(
    pod: PodTemplate, secret: str, volume: str, known: list[str] | None
) -> Iterator[tuple[str, str, int, Location]]:
    """The files of one Secret in one volume: key, path in the volume, mode, place."""
    for index, entry in indexed(pod.spec.get("volumes")):
        if entry.get("name") != volume:
            continue
        own = mapping(entry.get("secret"))
        if own.get("secretName") == secret:
            yield from _keyed(pod, own, own, known, ("spec", "volumes", index, "secret"))
        projected = mapping(entry.get("projected"))
        for position, source in indexed(projected.get("sources")):
            inner = mapping(source.get("secret"))
            if inner.get("name") == secret:
                place: Path = ("spec", "volumes", index, "projected", "sources", position, "secret")
                yield from _keyed(pod, inner, projected, known, place)


def _keyed(
    pod: PodTemplate, source: dict[str, Any], volume: dict[str, Any], known: list[str] | None, path: Path
) -> Iterator[tuple[str, str, int, Location]]:
    default = _mode(volume.get("defaultMode"), DEFAULT_MODE)
    chosen = indexed(source.get("items"))
    if not chosen:
        for key in known or ["*"]:
            yield key, key, default, pod.where(*path)
    for index, item in chosen:
        mode = _mode(item.get("mode"), default)
        yield text(item.get("key")), text(item.get("path")), mode, pod.where(*path, "items", index)


def _mode(value: object, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else default
