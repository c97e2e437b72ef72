"""The containers of the fake: a few commands, and a filesystem that is as writable as its mounts say."""

from __future__ import annotations

from typing import Any

from trainer.manifests.model import Document, Manifest
from trainer.simulate.containers.mounts import pod_writes
from trainer.simulate.containers.volumes import Access
from trainer.simulate.workloads import PodTemplate
from trainer.simulate.world import World

NOT_FOUND = 'exec: "{}": executable file not found in $PATH: unknown'


def run_in(pod: dict[str, Any], container: str, command: list[str]) -> tuple[int | None, str, str]:
    """The exit code (None: could not be started), stdout and stderr of a command."""
    program, *arguments = command
    name = program.rpartition("/")[2]
    if name == "true":
        return 0, "", ""
    if name == "echo":
        return 0, " ".join(arguments) + "\n", ""
    if name == "cat":
        return 1, "", f"cat: can't open '{arguments[0]}': No such file or directory\n"
    if name == "touch":
        return _touch(pod, container, arguments[0])
    if name == "mkdir":
        spec = pod["spec"]
        contexts = [
            spec.get("securityContext") or {},
            *((one.get("securityContext") or {}) for one in spec["containers"]),
        ]
        if any((one.get("seccompProfile") or {}).get("type") == "Localhost" for one in contexts):
            return 1, "", f"mkdir: can't create directory '{arguments[-1]}': Operation not permitted\n"
        return _touch(pod, container, arguments[-1])
    return None, "", NOT_FOUND.format(program)


def _touch(pod: dict[str, Any], container: str, path: str) -> tuple[int, str, str]:
    manifest = Manifest(pod, Document(pod, "fake", 1, 1, {}))
    containers = [
        one
        for one in pod_writes(World((manifest,)), PodTemplate(manifest, ()), {"/var/run": "/run"})
        if one.kind == "container"
    ]
    chosen = next((one for one in containers if one.name == container), containers[0])
    if chosen.place_of(path).access is Access.READ_ONLY:
        return 1, "", f"touch: {path}: Read-only file system\n"
    return 0, "", ""
