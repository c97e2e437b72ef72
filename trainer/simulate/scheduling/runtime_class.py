"""What the admission plugin RuntimeClass does with a Pod: add overhead and scheduling, or refuse.

Follows plugin/pkg/admission/runtimeclass/admission.go (v1.36) and
https://kubernetes.io/docs/concepts/containers/runtime-class/: the plugin looks only at Pods that are created,
so a workload is accepted whatever it names. A toleration that another one includes stays here; the plugin
drops it, which changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from trainer.manifests.model import Manifest, Path
from trainer.manifests.quantity import parse_quantity
from trainer.manifests.values import items, items_at, mapping, text
from trainer.simulate.workloads import PodTemplate


def class_name(spec: Mapping[str, Any]) -> str:
    """The name of the RuntimeClass that a Pod's spec asks for, or an empty text."""
    return text(spec.get("runtimeClassName"))


def contradictions(spec: Mapping[str, Any], runtime_class: Manifest) -> Iterator[tuple[str, ...]]:
    """The fields of a Pod's spec that disagree with its RuntimeClass; the plugin refuses the Pod for any."""
    fixed = _overhead(runtime_class)
    written = spec.get("overhead")
    if written is not None and (fixed is None or _amounts(written) != _amounts(fixed)):
        yield ("overhead",)
    labels = mapping(spec.get("nodeSelector"))
    for key, value in mapping(runtime_class.get("scheduling", "nodeSelector")).items():
        if labels.get(key, value) != value:
            yield ("nodeSelector", key)


def merged(spec: Mapping[str, Any], runtime_class: Manifest) -> dict[str, Any]:
    """The spec of a Pod with what its RuntimeClass adds: overhead, labels of nodes, tolerations."""
    found = dict(spec)
    if (fixed := _overhead(runtime_class)) is not None:
        found["overhead"] = fixed
    if labels := mapping(runtime_class.get("scheduling", "nodeSelector")):
        found["nodeSelector"] = {**mapping(spec.get("nodeSelector")), **labels}
    if more := items(runtime_class.get("scheduling", "tolerations")):
        own = items_at(spec, "tolerations")
        found["tolerations"] = own + [one for one in more if one not in own]
    return found


def as_admitted(pod: PodTemplate, classes: Iterable[Manifest]) -> PodTemplate:
    """The Pod with what its RuntimeClass adds; unchanged if it names none, or one that is missing."""
    name = class_name(pod.spec)
    named = next((one for one in classes if name and one.name == name), None)
    if named is None:
        return pod
    spec = merged(pod.spec, named)
    owner = pod.owner.with_data(_replaced(pod.owner.data, (*pod.path, "spec"), spec))
    return PodTemplate(owner, pod.path)


def _replaced(data: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    step, *rest = path
    inner = _replaced(mapping(data.get(str(step))), tuple(rest), value) if rest else value
    return {**data, str(step): inner}


def _overhead(runtime_class: Manifest) -> dict[str, Any] | None:
    """The fixed overhead, or None if the RuntimeClass has none."""
    if not isinstance(runtime_class.get("overhead"), dict):
        return None
    return mapping(runtime_class.get("overhead", "podFixed"))


def _amounts(resources: object) -> dict[str, Any]:
    return {name: parse_quantity(amount) for name, amount in mapping(resources).items()}
