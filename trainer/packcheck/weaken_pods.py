"""Mutations that weaken Pods, in what the reference itself hardens.

If it sets no security context, a privileged container is outside its subject; if it sets one,
everything that would undo it is tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trainer.manifests.model import Path
from trainer.manifests.values import indexed, mapping
from trainer.packcheck.tree import Edit, appended, at, widened, with_value, without

_PRIVILEGES = frozenset(
    ("privileged", "allowPrivilegeEscalation", "capabilities", "runAsNonRoot", "runAsUser", "seccompProfile")
)
_SHARED = ("runAsNonRoot", "runAsUser", "runAsGroup", "seccompProfile", "seLinuxOptions", "appArmorProfile")
"""Fields that the security contexts of both a Pod and a container have."""

_UNDONE: dict[str, Any] = {
    "runAsNonRoot": False,
    "runAsUser": 0,
    "runAsGroup": 0,
    "seccompProfile": {"type": "Unconfined"},
    "appArmorProfile": {"type": "Unconfined"},
}


def pod_edits(value: Any, spec: Path) -> Iterator[Edit]:
    """All ways to weaken the Pod whose spec is at `spec`."""
    pod = at(value, spec)
    if not isinstance(pod, dict):
        return
    shared = mapping(pod.get("securityContext"))
    lists = [name for name in ("initContainers", "containers") if isinstance(pod.get(name), list)]
    paths = [(*spec, name, index) for name in lists for index in range(len(pod[name]))]
    contexts = [mapping(mapping(at(value, path)).get("securityContext")) for path in paths]
    cares = set(shared).union(*contexts)
    hardens = bool(cares & _PRIVILEGES)
    if hardens:
        for field in ("hostPID", "hostIPC", "hostNetwork"):
            if field not in pod:
                yield widened(value, (*spec, field), True)
    for path, context in zip(paths, contexts, strict=True):
        if cares:
            yield from _container(value, (*path, "securityContext"), context, hardens, shared)
        yield from _mounts(value, path)
        yield from _probes(value, path)
    yield from _volumes(value, (*spec, "volumes"))
    if cares:
        yield from _unhardened(value, spec, pod, shared, contexts)
    if len(paths) > 1:
        yield from _pod_to_container(value, spec, shared, paths)


def _container(value: Any, at_path: Path, context: Any, hardens: bool, shared: Any) -> Iterator[Edit]:
    if context.get("allowPrivilegeEscalation") is False and not context.get("privileged"):
        weaker = {**context, "privileged": True, "allowPrivilegeEscalation": True}
        what = "privileged, with privilege escalation"
        yield Edit((*at_path, "privileged"), "widen", what, with_value(value, at_path, weaker))
    elif "privileged" not in context:
        yield widened(value, (*at_path, "privileged"), True)
    pod_level = (*at_path[:-3], "securityContext")
    for field in context:
        if field not in _SHARED:
            moved = with_value(without(value, (*at_path, field)), (*pod_level, field), context[field])
            yield Edit((*at_path, field), "move", "moved to the Pod's security context", moved)
    if not hardens:
        return
    if "add" not in mapping(context.get("capabilities")):
        yield widened(value, (*at_path, "capabilities", "add"), ["SYS_ADMIN"])
    for field in _SHARED:
        if field in shared and field not in context and field in _UNDONE:
            yield widened(value, (*at_path, field), _UNDONE[field])
    drop = mapping(context.get("capabilities")).get("drop")
    if drop:
        swapped = without(
            with_value(value, (*at_path, "capabilities", "add"), drop), (*at_path, "capabilities", "drop")
        )
        yield Edit((*at_path, "capabilities", "drop"), "move", "added instead of dropped", swapped)


def _mounts(value: Any, container: Path) -> Iterator[Edit]:
    for index, mount in indexed(mapping(at(value, container)).get("volumeMounts")):
        path = (*container, "volumeMounts")
        if "mountPath" in mount:
            second = {**{key: mount[key] for key in mount if key != "readOnly"}, "mountPath": "/mutant"}
            yield Edit((*path, index), "add", "also mounted at /mutant", appended(value, path, second))


def _probes(value: Any, container: Path) -> Iterator[Edit]:
    """Each probe as a probe of another kind."""
    found = mapping(at(value, container))
    kinds = ("startupProbe", "livenessProbe", "readinessProbe")
    for kind in kinds:
        for other in kinds:
            if kind in found and other not in found:
                moved = with_value(without(value, (*container, kind)), (*container, other), found[kind])
                yield Edit((*container, kind), "move", f"as {other}", moved)


def _volumes(value: Any, volumes: Path) -> Iterator[Edit]:
    """Each volume as a folder on the node."""
    for index, volume in indexed(at(value, volumes)):
        if "name" in volume and "hostPath" not in volume:
            node = {"name": volume["name"], "hostPath": {"path": "/"}}
            what = "a folder on the node"
            yield Edit((*volumes, index), "widen", what, with_value(value, (*volumes, index), node))


def _unhardened(value: Any, spec: Path, pod: Any, shared: Any, contexts: list[Any]) -> Iterator[Edit]:
    """Another container without any of the hardening, among the containers and before them."""
    first = mapping((pod.get("containers") or [{}])[0])
    extra: dict[str, Any] = {"name": "mutant", "image": first.get("image", "busybox")}
    undone = {field: _UNDONE[field] for field in _SHARED if field in shared and field in _UNDONE}
    if undone:
        extra["securityContext"] = undone
    elif not any(contexts):
        return
    if "command" in first:
        extra["command"] = first["command"]
    for name in ("containers", "initContainers"):
        place = (*spec, name)
        path = (*place, len(pod.get(name) or ()))
        yield Edit(path, "add", "a container without the hardening", appended(value, place, extra))


def _pod_to_container(value: Any, spec: Path, shared: Any, paths: list[Path]) -> Iterator[Edit]:
    """A field of the whole Pod moved to one of its several containers."""
    for field in _SHARED:
        if field in shared:
            place = (*spec, "securityContext", field)
            moved = with_value(without(value, place), (*paths[-1], "securityContext", field), shared[field])
            yield Edit(place, "move", "moved to the last container alone", moved)
