"""What an answer changed in a component beyond the task: flags, fields, mounts, the Pod itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import msgspec

from trainer.manifests.model import Path
from trainer.manifests.values import mapping
from trainer.match.same import same as means_the_same
from trainer.match.same import unset_means
from trainer.rules._component.answer import Component
from trainer.rules._component.matching import same
from trainer.simulate.components.command_line import CommandLine
from trainer.simulate.components.files import CONFIGURATIONS, beside, configuration_at, paths_of
from trainer.simulate.components.flags import READ_FILES, WRITTEN_FILES
from trainer.simulate.components.kubeconfig import file_references
from trainer.simulate.components.kubelet import DERIVED as KUBELET_DERIVED
from trainer.simulate.components.kubelet import kubelet_setting, steps
from trainer.simulate.components.kubelet_defaults import ALL
from trainer.simulate.components.settings import DERIVED, ON_NODE
from trainer.simulate.components.static_pods import Mount, StaticPod
from trainer.simulate.server_fields import without_server_fields
from trainer.simulate.shell.paths import is_within, normalise
from trainer.verdict import Location

_CHANGING = ("command", "args", "volumeMounts")


class Change(msgspec.Struct, frozen=True):
    """One change: what to do about it, where, and the effect."""

    message: str
    location: Location
    effect: str


def changes(component: Component, settings: Collection[str], free: Collection[str]) -> list[Change]:
    """Every change that is neither one of the settings nor allowed."""
    if component.before is None:
        return []
    allowed = {*settings, *free}
    if component.pod is None:
        allowed |= {field for name in settings for field in KUBELET_DERIVED.get(name, ())}
        return list(_fields(component, allowed))
    allowed |= {flag for name in settings for flag in DERIVED.get(name, (name.removesuffix(ON_NODE),))}
    pod, before = component.pod, component.pod_before
    if before is None:
        return []
    return [*_flags(pod, before, allowed), *_mounts(component, pod, before), *_pod(pod, before, free)]


def _flags(pod: StaticPod, before: StaticPod, allowed: Collection[str]) -> Iterator[Change]:
    for name in sorted({*pod.command.uses, *before.command.uses}):
        if name in allowed:
            continue
        now, then = _value(pod.command, name), _value(before.command, name)
        if _order(name, now) == _order(name, then):
            continue
        where = pod.flag_location(name)
        effect = f"--{name} is now {_shown(now)}; before, it was {_shown(then)}."
        if not before.command.is_set(name):
            yield Change(f"--{name} was not set before, and the task doesn't require it.", where, effect)
        elif not pod.command.is_set(name):
            yield Change(f"--{name} is missing: keep it as it was.", where, effect)
        else:
            yield Change(f"--{name} has a different value than before: keep the old one.", where, effect)


def _value(command: CommandLine, name: str) -> Any:
    """A flag's value; None for a flag that the component doesn't have in this version."""
    return command.value(name) if name in command.flags else None


def _order(name: str, value: Any) -> Any:
    """Lists whose order means nothing compare as sets."""
    if isinstance(value, tuple) and name in ("enable-admission-plugins", "disable-admission-plugins"):
        return frozenset(value)
    return value


def _mounts(component: Component, pod: StaticPod, before: StaticPod) -> Iterator[Change]:
    now = {mount.path: mount for mount in pod.mounts}
    then = {mount.path: mount for mount in before.mounts}
    for path, mount in then.items():
        other = now.get(path)
        if other is None:
            effect = f"The container no longer sees {path} of the node."
            yield Change(f"The volumeMount {path} is missing: keep it.", pod.where("volumeMounts"), effect)
        elif _essence(other) != _essence(mount):
            message = f"The volumeMount {path} has changed: keep it as it was."
            yield Change(message, other.location, f"The container sees {_source(other)} at {path}.")
    needed = set(_needed(component, pod))
    for path, mount in now.items():
        if path not in then and not any(is_within(one, path) for one in needed):
            effect = f"The container also sees {_source(mount)} at {path}."
            message = f"No flag names a file in the volumeMount {path}: name one, or remove the mount."
            yield Change(message, mount.location, effect)
    used = {mount.volume for mount in pod.mounts}
    for index, volume in enumerate(pod.manifest.get("spec", "volumes", default=[])):
        name = volume.get("name")
        if name not in used:
            where = pod.manifest.where("spec", "volumes", index)
            effect = "The Pod waits for a volume that nothing uses."
            yield Change(f"No container mounts the volume {name}: remove it.", where, effect)


def _source(mount: Mount) -> str:
    return f"{mount.host_path} of the node" if mount.host_path else f"a volume of type {mount.kind}"


def _differs(what: str) -> str:
    return f"{what} has changed."


def _shown(value: Any) -> str:
    if value is None or value == ():
        return "not set"
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(value) if isinstance(value, tuple) else str(value)


def _essence(mount: Mount) -> tuple[Any, ...]:
    return mount.kind, mount.host_path, mount.host_type, mount.read_only


def _needed(component: Component, pod: StaticPod) -> Iterator[str]:
    """Every path of the container that a flag, or a configuration that a flag names, needs."""
    for name in READ_FILES[pod.component] | WRITTEN_FILES[pod.component]:
        for path in paths_of(pod, name):
            yield normalise(path)
            kind = CONFIGURATIONS.get(name, "")
            if kind not in ("Config", "AdmissionConfiguration"):
                continue
            manifest, _ = configuration_at(pod, path, kind, component.node)
            if manifest is None:
                continue
            inner = [one.path for one in file_references(manifest)] if kind == "Config" else []
            yield from (beside(path, one) for one in inner)
            for plugin in manifest.get("plugins", default=[]):
                yield from _plugin_paths(component, pod, path, plugin)


def _plugin_paths(component: Component, pod: StaticPod, path: str, plugin: Any) -> Iterator[str]:
    """The files that an admission plugin's configuration names, down to its kubeconfig's own."""
    from trainer.simulate.components.image_policy_webhook import plugin_files

    yield from plugin_files(pod, component.node, path, plugin if isinstance(plugin, Mapping) else {})


def _pod(pod: StaticPod, before: StaticPod, free: Collection[str]) -> Iterator[Change]:
    """The Pod except for what flags need: image, probes, hostNetwork, labels."""
    for section in ("metadata", "spec"):
        now, then = _written(pod, section), _written(before, section)
        for field in sorted({*now, *then} - {"containers", "volumes"}):
            if field not in free and not _alike(now.get(field), then.get(field), (field,)):
                where = pod.manifest.where(section, field)
                yield Change(
                    f"{section}.{field} has changed: keep it as it was.",
                    where,
                    _differs(f"{section}.{field}"),
                )
    if len(pod.manifest.get("spec", "containers")) != len(before.manifest.get("spec", "containers")):
        where = pod.manifest.where("spec", "containers")
        effect = "The Pod runs a different number of containers than before."
        yield Change("Keep exactly the containers that the Pod had.", where, effect)
    for field in sorted({*pod.container, *before.container} - {*_CHANGING, *free}):
        if not _alike(pod.container.get(field), before.container.get(field), (field,)):
            message = f"{field} of the container has changed: keep it as it was."
            yield Change(message, pod.where(field), _differs(f"{field} of the container"))


def _written(pod: StaticPod, section: str) -> dict[str, Any]:
    """`metadata` or `spec` without what only the API server adds to a Pod."""
    return mapping(without_server_fields(pod.manifest).get(section))


def _alike(now: Any, then: Any, path: Path) -> bool:
    """Whether two values of a field mean the same: quantities, images, an empty mapping and a missing one."""
    if now is None or then is None:
        return unset_means(then if now is None else now, path)
    if isinstance(now, dict) and isinstance(then, dict):
        return all(_alike(now.get(key), then.get(key), (*path, key)) for key in {*now, *then})
    if isinstance(now, list) and isinstance(then, list):
        pairs = zip(now, then, strict=False)
        return len(now) == len(then) and all(_alike(one, other, path) for one, other in pairs)
    return means_the_same(now, then, path)


_WHOLE = "evictionHard."
"""A mapping that replaces its default as a whole: what it leaves out changes as well."""


def _fields(component: Component, allowed: Collection[str]) -> Iterator[Change]:
    """Fields of a configuration file, by their dotted paths."""
    now, then = (
        dict(_leaves(component.manifest.data)),
        dict(_leaves(component.before.data if component.before else {})),
    )
    paths = {*now, *then}
    if any(path.startswith(_WHOLE) for path in paths):
        paths |= {path for path in ALL if path.startswith(_WHOLE)}
    for path in sorted(paths):
        free = any(path == one or path.startswith(f"{one}.") for one in allowed)
        written_alike = now.get(path) == then.get(path) and not path.startswith(_WHOLE)
        if free or written_alike or _means_the_same(component, path):
            continue
        where = component.manifest.where(*steps(path))
        yield Change(f"{path} has changed: keep it as it was.", where, _differs(path))


def _means_the_same(component: Component, path: str) -> bool:
    """Whether a field has the same effect as before: a default written out, a duration in other units."""
    if component.before is None:
        return False
    now, then = kubelet_setting(component.manifest, path), kubelet_setting(component.before, path)
    return now.value == then.value or same(now.value, then.value)


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else str(key))
    else:
        yield path, value
