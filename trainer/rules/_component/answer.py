"""A cluster component as the answer leaves it: its manifest or configuration, the node's files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

import msgspec

from trainer.errors import UsageError
from trainer.manifests.admit import admit
from trainer.manifests.model import Manifest
from trainer.manifests.reading.component_file import component_file
from trainer.simulate.access.defaults import default_policy
from trainer.simulate.components.files import paths_of
from trainer.simulate.components.flags import READ_FILES
from trainer.simulate.components.kubelet import kubelet_problems
from trainer.simulate.components.start import start_problems
from trainer.simulate.components.static_pods import NodeFiles, StaticPod, static_pod
from trainer.simulate.world import KUBELET_CONFIGURATION, STATIC_PODS, Refused, World
from trainer.verdict import Location, Outcome, Problem, Reason
from trainer.versions import Version

KUBELET = "kubelet"

DOWN = "kube-apiserver doesn't start with this, and everything that needs it fails."
"""The effect of anything that keeps the API server from starting."""


class Component(msgspec.Struct, frozen=True, eq=False):
    """What runs, and what ran before the answer.

    `pod` is None for the kubelet. `before` and `pod_before` are None if the card gives no
    manifest (`node_files`).
    """

    name: str
    manifest: Manifest
    pod: StaticPod | None
    node: NodeFiles
    before: Manifest | None
    pod_before: StaticPod | None


def component_of(world: World, name: str, files: Mapping[str, str], path: str) -> Component | Outcome:
    """The component, or why the answer has none.

    `files` maps files of the answer to the paths on the node where the learner puts them; `path`
    is the path of the manifest, empty for the usual place. Files that the answer doesn't have are
    as on the node; one that it has replaces the node's, readable or not. The checks of a card ask one
    after the other: the last results are kept.
    """
    path = path or (KUBELET_CONFIGURATION if name == KUBELET else f"{STATIC_PODS}/{name}.yaml")
    return _component_of(world, name, tuple(files.items()), path)


@lru_cache(maxsize=8)
def start_problems_of(component: Component, world: World) -> tuple[Problem, ...]:
    """Why the component doesn't start in its world; empty if it does. Raises `NotJudged`."""
    if component.pod is None:
        return tuple(kubelet_problems(component.manifest))
    return tuple(start_problems(component.pod, component.node, (*default_policy(), *world.objects)))


@lru_cache(maxsize=8)
def _component_of(
    world: World, name: str, places: tuple[tuple[str, str], ...], path: str
) -> Component | Outcome:
    files = {**world.places, **dict(places)}
    before, pod_before = _before(name, world.node_files.get(path), path, world.kubernetes)
    replacing = [file for file, place in files.items() if place == path and file in world.texts]
    if refusals := _refused(world, name, replacing):
        return Outcome.of(refusals, [_not_running(name)])
    mine = [one for one in world.answer if one.document.file in replacing]
    mine = mine or [one for one in world.answer if _is_it(one, name)]
    if len(mine) > 1:
        reason = Reason(f"The answer has several manifests of {name}: keep one.", mine[1].where("kind"))
        return Outcome.of([reason], [f"Two {name} Pods compete for the same port."])
    manifest = mine[0] if mine else before
    if manifest is None:
        return Outcome.of([Reason(_missing(name))], [_not_running(name)])
    pod = static_pod(manifest, name, world.kubernetes) if name != KUBELET else None
    if name != KUBELET and pod is None:
        message = f"{manifest.title} doesn't run {name}: its command must start with {name}."
        where = manifest.where("spec", "containers", 0, "command")
        return Outcome.of([Reason(message, where)], [_not_running(name)])
    node = _node(world, files, pod_before)
    return Component(name, manifest, pod, node, before, pod_before)


def reasons_of(problems: Iterable[Problem], start: str) -> list[Reason]:
    """Problems as reasons: `start` and what is wrong, with its remedy."""
    found = []
    for problem in problems:
        text = f"{start}: {problem.message}".rstrip(".") + "."
        found.append(Reason(f"{text}\n{problem.remedy}" if problem.remedy else text, problem.location))
    return found


def _not_running(name: str) -> str:
    return f"{name} can't run from this answer: it is gone until the file is fixed."


def _missing(name: str) -> str:
    if name == KUBELET:
        return "The answer has no KubeletConfiguration."
    return f"No Pod in the answer runs {name}."


def _is_it(manifest: Manifest, name: str) -> bool:
    if name == KUBELET:
        return manifest.kind == "KubeletConfiguration"
    if manifest.kind != "Pod":
        return False
    words = [
        str(word)
        for container in manifest.get("spec", "containers", default=[])
        for word in [
            *(container.get("command") or []),
            *(container.get("args") or []),
            container.get("image", ""),
        ]
    ]
    return any(name in word for word in words)


def _refused(world: World, name: str, replacing: list[str]) -> list[Reason]:
    """Why nothing runs from the answer's file: what reads it can't read it, or doesn't accept it.

    `replacing` are the files of the answer that the card wants in this place; without one, any refused file
    that may be it counts.
    """
    found = []
    for one in world.refused:
        if _may_be(world, one, name, replacing):
            found += reasons_of(one.problems, _unusable(name))
    if not found and replacing and not any(one.document.file in replacing for one in world.answer):
        message = f"{_unusable(name)}: {replacing[0]} contains no {_kind(name)}."
        found.append(Reason(message, Location(replacing[0], 1, 1)))
    return found


def _may_be(world: World, refused: Refused, name: str, replacing: list[str]) -> bool:
    """Whether a refused document is, or may have been, the component's."""
    files = {problem.location.file for problem in refused.problems if problem.location is not None}
    if replacing:
        return bool(files & set(replacing))
    if refused.manifest is not None:
        return refused.manifest.kind == _kind(name)
    return not files & set(world.places)


def _kind(name: str) -> str:
    return "KubeletConfiguration" if name == KUBELET else "Pod"


def _unusable(name: str) -> str:
    return "The kubelet can't start with this file" if name == KUBELET else "The kubelet can't run this file"


@lru_cache(maxsize=64)
def _before(
    name: str, text: str | None, path: str, kubernetes: Version
) -> tuple[Manifest | None, StaticPod | None]:
    """What the card gives as a file of the node: the manifest and, except for the kubelet, its Pod.

    Kept for the next answer to the same card. Raises `UsageError` if it is invalid.
    """
    if not text:
        return None, None
    found = component_file(text, path).manifest
    admitted = admit(found, kubernetes, static=True).manifest if found is not None else None
    if admitted is None:
        raise UsageError(f"the card's node file {path} isn't a manifest that can run")
    return admitted, static_pod(admitted, name, kubernetes) if name != KUBELET else None


def _node(world: World, files: Mapping[str, str], before: StaticPod | None) -> NodeFiles:
    """The node's files with the answer's in their places; what ran before had all its files.

    If the card doesn't give the manifest that ran before, the node may have more files.
    """
    known = {path: text for path, text in world.node_files.items() if path.startswith("/")}
    names = {}
    for file, place in files.items():
        if file in world.texts:
            known[place] = world.texts[file]
            names[place] = file
    trusted, folders = set(), set()
    if before is not None:
        paths = [path for flag in READ_FILES[before.component] for path in paths_of(before, flag)]
        trusted = {host for path in paths if (host := before.host_path(path))} - set(known)
        for mount in before.mounts:
            if mount.host_path and mount.host_path not in trusted and mount.host_path not in known:
                folders.add(mount.host_path)
    return NodeFiles(known, frozenset(trusted), frozenset(folders), before is not None, names)
