"""Which keys of a Secret each container sees, as files or in its environment.

Follows https://kubernetes.io/docs/concepts/configuration/secret/ and
https://kubernetes.io/docs/concepts/storage/projected-volumes/ (v1.35); `api_files` says which files there
are. Volumes of Secrets are always mounted read-only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from trainer.manifests.model import Path
from trainer.manifests.values import indexed, mapping, text
from trainer.simulate.api_files import keys_of, mounted_files
from trainer.simulate.workloads import PodTemplate
from trainer.simulate.world import World
from trainer.verdict import Location


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
    mode_location: Location | None = None
    """What decides the file's mode."""
    mount: Location | None = None
    """The mount that brings the file."""


def secret_values(world: World, pod: PodTemplate, secret: str) -> list[SecretValue]:
    """Everything of one Secret that the Pod's containers see. Raises `NotJudged` for `subPathExpr`."""
    found: list[SecretValue] = []
    for path, container in pod.containers():
        found += _in_environment(world, pod, secret, path, container)
        name = text(container.get("name"))
        for target, file, mount in mounted_files(pod, world.objects, path, container):
            if (file.kind, file.name) == ("secret", secret):
                places = pod.where(*file.at), pod.where(*file.mode_at), pod.where(*mount)
                found.append(SecretValue(name, secret, file.key, target, file.mode, "", file.exists, *places))
    return found


def _in_environment(
    world: World, pod: PodTemplate, secret: str, path: Path, container: dict[str, Any]
) -> Iterator[SecretValue]:
    name = text(container.get("name"))
    known = keys_of(world.objects, "Secret", pod.namespace, secret)
    for index, entry in indexed(container.get("env")):
        reference = mapping(mapping(entry.get("valueFrom")).get("secretKeyRef"))
        if reference.get("name") == secret:
            key = text(reference.get("key"))
            place = pod.where(*path, "env", index)
            exists = known is not None and key in known
            if known is not None and not exists and reference.get("optional") is True:
                continue  # the variable isn't set
            yield SecretValue(name, secret, key, "", 0, text(entry.get("name")), exists, place)
    for index, entry in indexed(container.get("envFrom")):
        if mapping(entry.get("secretRef")).get("name") == secret:
            place = pod.where(*path, "envFrom", index)
            for key in known or ["*"]:
                variable = text(entry.get("prefix")) + key
                yield SecretValue(name, secret, key, "", 0, variable, known is not None, place)
