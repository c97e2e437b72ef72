"""Which storage containers have at a path: all of them the same, and the required one.

The names of volumes don't count: two volumes of one claim are the same storage. A `subPath` is only a part
of it. Below the path, what one container can write must be visible to the others.
"""

from __future__ import annotations

from typing import Any

import msgspec

from trainer.match.compare import Matcher
from trainer.match.view import View
from trainer.picture import Fact, Picture, nothing_to_see, of_facts
from trainer.rules import Live, Reads
from trainer.rules._pods.target import AboutPods, no_container, pods_of
from trainer.simulate.containers.mounts import ContainerWrites, Place, container_writes
from trainer.simulate.containers.storage import Storage, storage_at
from trainer.simulate.containers.volumes import Access, Volume, pod_volumes
from trainer.simulate.workloads import PodTemplate
from trainer.simulate.world import World
from trainer.verdict import Outcome, Reason

READS = Reads(Live.OBJECTS, kinds=("PersistentVolumeClaim",))


class Params(AboutPods, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Which containers, which path, which storage."""

    containers: tuple[str, ...]
    """The containers that have the storage, by name."""
    path: str
    """The absolute path at which they have it."""
    volume: dict[str, Any]
    """What the volume is, as in `fields`: `{persistentVolumeClaim: {claimName: db}}`."""


class _Had(msgspec.Struct, frozen=True, eq=False):
    """What one container has at one path."""

    container: ContainerWrites
    path: str
    storage: Storage
    place: Place


def judge(world: World, params: Params) -> Outcome:
    """FAIL for each container with other storage there. Raises `NotJudged` for a mount with `subPathExpr`."""
    pods = pods_of(world, params)
    if isinstance(pods, Outcome):
        return pods
    reasons: list[Reason] = []
    evidence: list[str] = []
    for pod in pods:
        volumes = pod_volumes(world, pod)
        asked = [
            container_writes(pod, volumes, path, container, {})
            for path, container in pod.containers()
            if container.get("name") in params.containers
        ]
        for name in params.containers:
            if all(one.name != name for one in asked):
                return no_container(pods, name)
        for reason, effect in _wrong(world, pod, volumes, asked, params):
            reasons.append(reason)
            evidence.append(effect)
    return Outcome.of(list(dict.fromkeys(reasons)), list(dict.fromkeys(evidence)))


def picture(world: World, params: Params) -> Picture:
    """What each container has at the path."""
    title = f"What containers have at {params.path}"
    pods = pods_of(world, params)
    if isinstance(pods, Outcome):
        return nothing_to_see(title, pods)
    facts: list[Fact] = []
    for pod in pods:
        volumes = pod_volumes(world, pod)
        for path, container in pod.containers():
            had = _had(pod, volumes, container_writes(pod, volumes, path, container, {}), params.path)
            right = True if container.get("name") in params.containers else None
            facts.append(Fact(had.container.name, had.storage.words, right, had.place.location))
    return of_facts(title, facts, judge(world, params))


def _wrong(
    world: World,
    pod: PodTemplate,
    volumes: dict[str, Volume],
    containers: list[ContainerWrites],
    params: Params,
) -> list[tuple[Reason, str]]:
    found = []
    for one in containers:
        had = _had(pod, volumes, one, params.path)
        if not _is_asked(world, pod, had, params):
            message = f"Container {one.name} has {had.storage.words} at {params.path}, not {_asked(params)}."
            effect = f"In container {one.name} of {pod.title}, `ls {params.path}` lists {had.storage.words}."
            found.append((Reason(message, had.place.location), effect))
    deeper = {place.path for one in containers for place in one.below(params.path)}
    return found or [
        one for path in sorted(deeper) for one in _hidden(pod, volumes, containers, path, params.path)
    ]


def _hidden(
    pod: PodTemplate, volumes: dict[str, Volume], containers: list[ContainerWrites], path: str, above: str
) -> list[tuple[Reason, str]]:
    """What one container writes at a path below, and another doesn't see there."""
    there = [_had(pod, volumes, one, path) for one in containers]
    writers = [one for one in there if one.place.access is not Access.READ_ONLY]
    found = []
    for writer in writers:
        for other in there:
            if other.storage != writer.storage:
                covers = max(writer, other, key=lambda one: len(one.place.path))
                message = (
                    f"A volume is mounted at {path} in container {covers.container.name}: the containers "
                    f"don't share all of {above}."
                )
                effect = (
                    f"Container {other.container.name} of {pod.title} doesn't see what container "
                    f"{writer.container.name} writes to {path}."
                )
                found.append((Reason(message, covers.place.location), effect))
    return found


def _had(pod: PodTemplate, volumes: dict[str, Volume], container: ContainerWrites, path: str) -> _Had:
    return _Had(container, path, storage_at(pod, volumes, container, path), container.place_of(path))


def _is_asked(world: World, pod: PodTemplate, had: _Had, params: Params) -> bool:
    """Whether it is all of the required volume."""
    if not had.place.volume or had.storage.inside != ".":
        return False
    for position, entry in enumerate(pod.spec.get("volumes") or ()):
        if entry.get("name") == had.place.volume:
            view = View(pod.owner, entry, (*pod.path, "spec", "volumes", position))
            return Matcher(world.kubernetes).fits(params.volume, view)
    return False


def _asked(params: Params) -> str:
    (kind, source) = next(iter(params.volume.items()))
    claim = source.get("claimName") if isinstance(source, dict) else None
    return f"all of PersistentVolumeClaim {claim}" if claim else f"all of the required {kind} volume"
