"""What an answer changed of a component besides what it should: flags, fields, mounts, the Pod itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from trainer.rules._component import Component
from trainer.simulate.component_files import CONFIGURATIONS, beside, configuration_at, paths_of
from trainer.simulate.component_flags import READ_FILES, WRITTEN_FILES
from trainer.simulate.component_settings import DERIVED, ON_NODE
from trainer.simulate.kubeconfig import file_references
from trainer.simulate.kubelet_settings import DERIVED as KUBELET_DERIVED
from trainer.simulate.mounts import is_within, normalise
from trainer.simulate.static_pods import Mount, StaticPod
from trainer.verdict import Reason

_CHANGING = ("command", "args", "volumeMounts")


def rest_reasons(component: Component, settings: Collection[str], free: Collection[str]) -> list[Reason]:
    """Everything that is otherwise than before and is neither one of the settings nor free."""
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


def _flags(pod: StaticPod, before: StaticPod, allowed: Collection[str]) -> Iterator[Reason]:
    for name in sorted({*pod.command.uses, *before.command.uses}):
        if name in allowed:
            continue
        now, then = pod.command.value(name), before.command.value(name)
        if _order(name, now) == _order(name, then):
            continue
        where = pod.flag_location(name)
        if not before.command.is_set(name):
            yield Reason(f"--{name} was not set before, and nobody asked for it.", where)
        elif not pod.command.is_set(name):
            yield Reason(f"--{name} is gone: it should stay as it was.", where)
        else:
            yield Reason(f"--{name} has another value than before: it should stay as it was.", where)


def _order(name: str, value: Any) -> Any:
    """Lists whose order means nothing compare as sets."""
    if isinstance(value, tuple) and name in ("enable-admission-plugins", "disable-admission-plugins"):
        return frozenset(value)
    return value


def _mounts(component: Component, pod: StaticPod, before: StaticPod) -> Iterator[Reason]:
    now = {mount.path: mount for mount in pod.mounts}
    then = {mount.path: mount for mount in before.mounts}
    for path, mount in then.items():
        other = now.get(path)
        if other is None:
            yield Reason(f"The volumeMount {path} is gone: it should stay.", pod.where("volumeMounts"))
        elif _essence(other) != _essence(mount):
            yield Reason(f"The volumeMount {path} is otherwise than before: it should stay.", other.location)
    needed = set(_needed(component, pod))
    for path, mount in now.items():
        if path not in then and not any(is_within(one, path) for one in needed):
            yield Reason(f"The volumeMount {path} serves no flag: take it out.", mount.location)
    used = {mount.volume for mount in pod.mounts}
    for index, volume in enumerate(pod.manifest.get("spec", "volumes", default=[])):
        name = volume.get("name")
        if name not in used:
            where = pod.manifest.where("spec", "volumes", index)
            yield Reason(f"The volume {name} is mounted nowhere: take it out.", where)


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
    from trainer.simulate.image_policy_webhook import plugin_files

    yield from plugin_files(pod, component.node, path, plugin if isinstance(plugin, Mapping) else {})


def _pod(pod: StaticPod, before: StaticPod, free: Collection[str]) -> Iterator[Reason]:
    """The Pod but for what flags need: image, probes, hostNetwork, labels."""
    for section in ("metadata", "spec"):
        now, then = pod.manifest.get(section, default={}), before.manifest.get(section, default={})
        for field in sorted({*now, *then} - {"containers", "volumes"}):
            if now.get(field) != then.get(field) and field not in free:
                yield Reason(f"{section}.{field} should stay as it was.", pod.manifest.where(section, field))
    if len(pod.manifest.get("spec", "containers")) != len(before.manifest.get("spec", "containers")):
        yield Reason(
            "The Pod should keep its containers, and no other.", pod.manifest.where("spec", "containers")
        )
    for field in sorted({*pod.container, *before.container} - {*_CHANGING, *free}):
        if pod.container.get(field) != before.container.get(field):
            yield Reason(f"{field} of the container should stay as it was.", pod.where(field))


def _fields(component: Component, allowed: Collection[str]) -> Iterator[Reason]:
    """Fields of a configuration file, by their dotted paths."""
    now, then = (
        dict(_leaves(component.manifest.data)),
        dict(_leaves(component.before.data if component.before else {})),
    )
    for path in sorted({*now, *then}):
        if now.get(path) == then.get(path) or any(
            path == one or path.startswith(f"{one}.") for one in allowed
        ):
            continue
        where = component.manifest.where(*path.split("."))
        yield Reason(f"{path} should stay as it was.", where)


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else str(key))
    else:
        yield path, value
