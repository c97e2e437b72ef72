"""What the admission plugin LimitRanger does: set default requests and limits, refuse what is out of bounds.

Follows plugin/pkg/admission/limitranger/admission.go (v1.36) and
https://kubernetes.io/docs/concepts/policy/limit-range/. It looks at Pods and claims that are created, at
containers and init containers; the overhead of a RuntimeClass doesn't count. The messages are those of the
API server.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from trainer.manifests.amounts import Amount, Amounts, amounts_of, of_containers
from trainer.manifests.model import Manifest, Path
from trainer.manifests.values import indexed, mapping, mapping_at, mappings, text

_POD_LEVEL = frozenset({"cpu", "memory"})
"""What a Pod's own `resources` decide for the Pod as a whole."""
_LISTS = ("containers", "initContainers")


class Breach(msgspec.Struct, frozen=True, eq=False):
    """One bound that an object breaks: the API server's words, and where the LimitRange has it."""

    message: str
    limit_range: Manifest
    path: Path


def with_defaults_of(spec: Mapping[str, Any], ranges: Sequence[Manifest]) -> dict[str, Any]:
    """A Pod's spec with the default requests and limits of the LimitRanges; what is set already stays."""
    found = dict(spec)
    for one in ranges:
        requests: dict[str, Any] = {}
        limits: dict[str, Any] = {}
        for item in _items(one, "Container"):
            requests |= mapping(item.get("defaultRequest"))
            limits |= mapping(item.get("default"))
        for field in _LISTS:
            if isinstance(found.get(field), list):
                found[field] = [_filled(container, requests, limits) for container in found[field]]
    return found


def _filled(container: Any, requests: Mapping[str, Any], limits: Mapping[str, Any]) -> Any:
    if not isinstance(container, dict):
        return container
    resources = mapping(container.get("resources"))
    filled = {
        "requests": {**requests, **mapping_at(resources, "requests")},
        "limits": {**limits, **mapping_at(resources, "limits")},
    }
    return {**container, "resources": {**resources, **{k: v for k, v in filled.items() if v}}}


def breaches(kind: str, spec: Mapping[str, Any], ranges: Sequence[Manifest]) -> list[Breach]:
    """The bounds that a Pod or a claim breaks. `spec` has the defaults of the LimitRanges already."""
    found: list[Breach] = []
    for one in ranges:
        for index, item in indexed(one.get("spec", "limits")):
            path = ("spec", "limits", index)
            found += [Breach(words, one, (*path, *step)) for words, step in _broken(kind, spec, item)]
    return found


_Broken = Iterator[tuple[str, Path]]


def _broken(kind: str, spec: Mapping[str, Any], item: Mapping[str, Any]) -> _Broken:
    bounded = text(item.get("type"))
    if kind == "Pod" and bounded == "Container":
        for field in _LISTS:
            for container in mappings(spec.get(field)):
                resources = container.get("resources")
                yield from _against(
                    item,
                    amounts_of(mapping_at(resources, "requests")),
                    amounts_of(mapping_at(resources, "limits")),
                )
    elif kind == "Pod" and bounded == "Pod":
        yield from _against(item, _of_pod(spec, "requests"), _of_pod(spec, "limits"))
    elif kind == "PersistentVolumeClaim" and bounded == kind:
        asked = amounts_of(mapping_at(spec.get("resources"), "requests"))
        yield from _below_minimum(item, asked, {})
        for name, most in amounts_of(item.get("max")).items():
            words = f"maximum {name} usage per {bounded} is {most}"
            if name not in asked:
                yield f"{words}.  No request is specified", ("max", name)
            elif asked[name].value > most.value:
                yield f"{words}, but request is {asked[name]}", ("max", name)


def _of_pod(spec: Mapping[str, Any], field: Any) -> Amounts:
    own = amounts_of(mapping_at(spec.get("resources"), field))
    return {
        **of_containers(spec, field),
        **{name: one for name, one in own.items() if name in _POD_LEVEL},
    }


def _against(item: Mapping[str, Any], requests: Amounts, limits: Amounts) -> _Broken:
    yield from _below_minimum(item, requests, limits)
    for name, most in amounts_of(item.get("max")).items():
        words = f"maximum {name} usage per {item.get('type')} is {most}"
        if name not in limits:
            yield f"{words}.  No limit is specified", ("max", name)
        elif limits[name].value > most.value:
            yield f"{words}, but limit is {limits[name]}", ("max", name)
        elif name in requests and requests[name].value > most.value:
            yield f"{words}, but request is {requests[name]}", ("max", name)
    for name, most in amounts_of(item.get("maxLimitRequestRatio")).items():
        words = f"{name} max limit to request ratio per {item.get('type')} is {most}"
        path: Path = ("maxLimitRequestRatio", name)
        if name not in requests or not requests[name].value:
            yield f"{words}, but no request is specified or request is 0", path
        elif name not in limits or not limits[name].value:
            yield f"{words}, but no limit is specified or limit is 0", path
        elif limits[name].value / requests[name].value > most.value:
            ratio = float(limits[name].value / requests[name].value)
            yield f"{words}, but provided ratio is {ratio:f}", path


def _below_minimum(item: Mapping[str, Any], requests: Amounts, limits: Mapping[str, Amount]) -> _Broken:
    for name, least in amounts_of(item.get("min")).items():
        words = f"minimum {name} usage per {item.get('type')} is {least}"
        if name not in requests:
            yield f"{words}.  No request is specified", ("min", name)
        elif requests[name].value < least.value:
            yield f"{words}, but request is {requests[name]}", ("min", name)
        elif name in limits and limits[name].value < least.value:
            yield f"{words}, but limit is {limits[name]}", ("min", name)


def _items(limit_range: Manifest, kind: str) -> list[dict[str, Any]]:
    return [one for one in mappings(limit_range.get("spec", "limits")) if one.get("type") == kind]
