"""What the admission plugin ResourceQuota does: count what a Namespace uses, and refuse what is too much.

Follows staging/src/k8s.io/apiserver/pkg/admission/plugin/resourcequota/controller.go (`CheckRequest`) and
pkg/quota/v1/evaluator/core/pods.go (`Constraints`, `podMatchesScopeFunc`), v1.36, and
https://kubernetes.io/docs/concepts/policy/resource-quotas/: an object must fit into every quota that is about
it. The messages are those of the API server. The plugin has no configuration (`limitedResources`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from trainer.manifests.amounts import Amounts, added, amounts_of, count
from trainer.manifests.model import Manifest, Path
from trainer.manifests.values import mapping, mapping_at, mappings, number, text, texts
from trainer.simulate.labels import Requirement
from trainer.simulate.quota.charges import COMPUTE, charge, compute, counts

_RESOURCES_OF_PODS = ("cpu", "memory")


class Excess(msgspec.Struct, frozen=True, eq=False):
    """Why a quota refuses an object: the API server's words, and where the quota has the amount."""

    message: str
    quota: Manifest
    path: Path


class Quotas:
    """The ResourceQuotas of a Namespace, and what is used of them."""

    def __init__(self, quotas: Iterable[Manifest], existing: Iterable[tuple[Manifest, int]]) -> None:
        """`existing` are the objects of the Namespace, each with its number."""
        self.quotas = sorted(quotas, key=lambda one: one.name)
        self._hard = {one.name: hard_of(one) for one in self.quotas}
        self._used: dict[str, Amounts] = {
            one.name: dict.fromkeys(self._hard[one.name], count(0)) for one in self.quotas
        }
        for manifest, number_of in existing:
            cost = {
                name: msgspec.structs.replace(one, value=one.value * number_of)
                for name, one in charge(manifest).items()
            }
            for quota in self.about(manifest):
                self._add(quota, cost)

    def about(self, manifest: Manifest) -> Iterator[Manifest]:
        """The quotas that count an object."""
        for quota in self.quotas:
            if any(counts(manifest, name) for name in self._hard[quota.name]) and all(
                _in_scope(manifest, need) for need in scopes_of(quota)
            ):
                yield quota

    def admit(self, manifest: Manifest) -> Excess | None:
        """Why a quota refuses the object; None if it fits: then it is counted."""
        found = list(self.about(manifest))
        for quota in found:
            names = [name for name in self._hard[quota.name] if counts(manifest, name)]
            missing = _unspecified(manifest, names)
            if missing:
                words = "; ".join(
                    f"{name} for: {','.join(sorted(missing[name]))}" for name in sorted(missing)
                )
                path: Path = ("spec", "hard", min(missing))
                return Excess(f"failed quota: {quota.name}: must specify {words}", quota, path)
        cost = {name: one for name, one in charge(manifest).items() if one.value}
        for quota in found:
            hard, used = self._hard[quota.name], self._used[quota.name]
            asked = {name: cost[name] for name in sorted(hard.keys() & cost.keys())}
            over = [name for name, one in asked.items() if (used[name] + one).value > hard[name].value]
            if over:
                told = (
                    (word, {name: one[name] for name in over})
                    for word, one in (("requested", asked), ("used", used), ("limited", hard))
                )
                words = ", ".join(f"{word}: {_listed(values)}" for word, values in told)
                return Excess(f"exceeded quota: {quota.name}, {words}", quota, ("spec", "hard", over[0]))
        for quota in found:
            self._add(quota, cost)
        return None

    def standing(self) -> str:
        """What is used of each quota, as `kubectl describe` lists it: `compute: pods 1 of 2`."""
        return "; ".join(f"{quota.name}: {self._use(quota.name)}" for quota in self.quotas)

    def _use(self, name: str) -> str:
        used = self._used[name]
        return ", ".join(
            f"{resource} {used[resource]} of {most}" for resource, most in self._hard[name].items()
        )

    def _add(self, quota: Manifest, cost: Amounts) -> None:
        used = self._used[quota.name]
        self._used[quota.name] = added(used, {name: one for name, one in cost.items() if name in used})


def hard_of(quota: Manifest) -> Amounts:
    """The limits of a quota by the names of resources."""
    return amounts_of(quota.get("spec", "hard"))


def scopes_of(quota: Manifest) -> list[Requirement]:
    """The scopes that an object must be in for the quota to count it, as conditions on their names."""
    plain = [Requirement(scope, "Exists") for scope in texts(quota.get("spec", "scopes"))]
    return plain + [
        Requirement(text(one.get("scopeName")), text(one.get("operator")), tuple(texts(one.get("values"))))
        for one in mappings(quota.get("spec", "scopeSelector", "matchExpressions"))
    ]


def _in_scope(manifest: Manifest, need: Requirement) -> bool:
    if manifest.kind == "PersistentVolumeClaim" and need.key == "VolumeAttributesClass":
        name = text(manifest.get("spec", "volumeAttributesClassName"))
        return need.matches({need.key: name} if name else {})
    if manifest.kind != "Pod":
        return False
    spec = mapping_at(manifest.data, "spec")
    if need.key == "PriorityClass":
        name = text(spec.get("priorityClassName"))
        return need.matches({need.key: name} if name else {})
    if need.key in ("Terminating", "NotTerminating"):
        ends = number(spec.get("activeDeadlineSeconds")) is not None
        return ends is (need.key == "Terminating")
    if need.key in ("BestEffort", "NotBestEffort"):
        return is_best_effort(spec) is (need.key == "BestEffort")
    return need.key == "CrossNamespacePodAffinity" and _looks_at_other_namespaces(spec)


def is_best_effort(spec: Mapping[str, Any]) -> bool:
    """Whether no container asks for CPU or memory, or the Pod as a whole if it has resources of its own
    (`ComputePodQOS`, pkg/apis/core/helper/qos/qos.go, v1.36)."""
    own = spec.get("resources")
    holders = (
        [own]
        if isinstance(own, dict)
        else [
            one.get("resources")
            for field in ("containers", "initContainers")
            for one in mappings(spec.get(field))
        ]
    )
    asked = (amounts_of(mapping_at(holder, field)) for holder in holders for field in ("requests", "limits"))
    return not any(one[name].value for one in asked for name in _RESOURCES_OF_PODS if name in one)


def _looks_at_other_namespaces(spec: Mapping[str, Any]) -> bool:
    for kind in ("podAffinity", "podAntiAffinity"):
        affinity = mapping_at(spec.get("affinity"), kind)
        terms = mappings(affinity.get("requiredDuringSchedulingIgnoredDuringExecution"))
        weighted = mappings(affinity.get("preferredDuringSchedulingIgnoredDuringExecution"))
        terms += [mapping(one.get("podAffinityTerm")) for one in weighted]
        if any(one.get("namespaces") or one.get("namespaceSelector") is not None for one in terms):
            return True
    return False


def _unspecified(manifest: Manifest, names: Sequence[str]) -> dict[str, set[str]]:
    """By resource, the containers that don't ask for it although a quota counts it."""
    spec = mapping_at(manifest.data, "spec")
    if manifest.kind != "Pod" or _has_own_resources(spec):
        return {}
    missing: dict[str, set[str]] = {}
    for field in ("containers", "initContainers"):
        for container in mappings(spec.get(field)):
            resources = container.get("resources")
            asked = compute(*(amounts_of(mapping_at(resources, one)) for one in ("requests", "limits")))
            for name in COMPUTE.intersection(names) - asked.keys():
                missing.setdefault(name, set()).add(text(container.get("name")))
    return missing


def _has_own_resources(spec: Mapping[str, Any]) -> bool:
    own = mapping_at(spec, "resources")
    names = {*mapping_at(own, "requests"), *mapping_at(own, "limits")}
    return any(name in _RESOURCES_OF_PODS or name.startswith("hugepages-") for name in names)


def _listed(values: Mapping[str, object]) -> str:
    return ",".join(f"{name}={values[name]}" for name in sorted(values))
