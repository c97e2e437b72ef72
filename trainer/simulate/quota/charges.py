"""What an object costs a ResourceQuota: the resources that it uses, by the names that quotas have for them.

Follows pkg/quota/v1/evaluator/core (pods.go, services.go, persistent_volume_claims.go, registry.go) and
staging/src/k8s.io/apiserver/pkg/quota/v1/generic/evaluator.go (v1.36), and `PodRequests` and `PodLimits` of
k8s.io/component-helpers/resource: the overhead of a RuntimeClass is added to requests, and to limits that
aren't zero. Claims for devices (`resourceclaims`) aren't counted by device class.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trainer.manifests.amounts import Amount, Amounts, added, amounts_of, count, of_containers
from trainer.manifests.model import Manifest
from trainer.manifests.values import mapping_at, mappings, number, text
from trainer.simulate.access.resources import find_resource
from trainer.simulate.admission.matching import plural

COMPUTE = frozenset({"cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory"})
"""What every container must ask for if a quota counts it (`validationSet`)."""

_POD = COMPUTE | {
    "count/pods",
    "pods",
    "ephemeral-storage",
    "requests.ephemeral-storage",
    "limits.ephemeral-storage",
}
_SERVICE = frozenset({"count/services", "services", "services.nodeports", "services.loadbalancers"})
_CLAIM = ("persistentvolumeclaims", "requests.storage")
_BY_CLASS = ".storageclass.storage.k8s.io/"
_ALIASES = ("configmaps", "resourcequotas", "replicationcontrollers", "secrets")
"""Kinds whose number also has a name without `count/`."""
_IGNORED = ("bindings", "events")
"""What quotas never count, in any group."""


def resource_name(manifest: Manifest) -> str:
    """The plural name of an object's kind with its group: `pods`, `deployments.apps`."""
    known = find_resource(manifest.kind, manifest.group)
    name = known.name if known is not None else plural(manifest.kind)
    return f"{name}.{manifest.group}" if manifest.group else name


def counts(manifest: Manifest, name: str) -> bool:
    """Whether a quota's resource of this name is about objects of this kind (`MatchingResources`)."""
    if manifest.kind == "Pod" and not manifest.group:
        huge = name.startswith(("hugepages-", "requests.hugepages-"))
        return name in _POD or huge or is_extended_request(name)
    if manifest.kind == "Service" and not manifest.group:
        return name in _SERVICE
    if manifest.kind == "PersistentVolumeClaim" and not manifest.group:
        return name in (*_CLAIM, "count/persistentvolumeclaims") or name.endswith(
            tuple(_BY_CLASS + one for one in _CLAIM)
        )
    whole = resource_name(manifest)
    if whole.partition(".")[0] in _IGNORED:
        return False
    return name == f"count/{whole}" or (name == whole and whole in _ALIASES)


def is_extended_request(name: str) -> bool:
    """`requests.example.com/gpu`: the only form in which quotas count what other domains provide."""
    return name.startswith("requests.") and "/" in name and "kubernetes.io/" not in name


def charge(manifest: Manifest) -> Amounts:
    """What the object uses once it is stored. A Pod has its defaults and its overhead already."""
    if manifest.kind == "Pod" and not manifest.group:
        return _of_pod(manifest)
    if manifest.kind == "Service" and not manifest.group:
        return _of_service(manifest)
    if manifest.kind == "PersistentVolumeClaim" and not manifest.group:
        return _of_claim(manifest)
    whole = resource_name(manifest)
    found = {f"count/{whole}": count(1)}
    return {**found, whole: count(1)} if whole in _ALIASES else found


def compute(requests: Mapping[str, Amount], limits: Mapping[str, Amount]) -> Amounts:
    """Requests and limits by the names that quotas have for them (`podComputeUsageHelper`)."""
    found: Amounts = {}
    for name, asked in requests.items():
        if name in ("cpu", "memory", "ephemeral-storage") or name.startswith("hugepages-"):
            found[name] = asked
            found[f"requests.{name}"] = asked
        elif is_extended_request(f"requests.{name}"):
            found[f"requests.{name}"] = asked
    for name in ("cpu", "memory", "ephemeral-storage"):
        if name in limits:
            found[f"limits.{name}"] = limits[name]
    return found


def _of_pod(manifest: Manifest) -> Amounts:
    found = {"count/pods": count(1)}
    if manifest.get("status", "phase") in ("Succeeded", "Failed"):
        return found
    spec = mapping_at(manifest.data, "spec")
    overhead = amounts_of(spec.get("overhead"))
    requests = added(_asked(spec, "requests"), overhead)
    limits = _asked(spec, "limits")
    limits |= {
        name: limits[name] + one for name, one in overhead.items() if name in limits and limits[name].value
    }
    return {**found, "pods": count(1), **compute(requests, limits)}


def _asked(spec: Mapping[str, Any], field: Any) -> Amounts:
    """Of all containers; what the Pod as a whole asks for takes its place."""
    own = amounts_of(mapping_at(spec.get("resources"), field))
    levels = {
        name: one for name, one in own.items() if name in ("cpu", "memory") or name.startswith("hugepages-")
    }
    return {**of_containers(spec, field), **levels}


def _of_service(manifest: Manifest) -> Amounts:
    kind, ports = manifest.get("spec", "type"), mappings(manifest.get("spec", "ports"))
    nodes = len(ports) if kind in ("NodePort", "LoadBalancer") else 0
    if kind == "LoadBalancer" and manifest.get("spec", "allocateLoadBalancerNodePorts") is False:
        nodes = sum(1 for port in ports if number(port.get("nodePort")))
    return {
        "count/services": count(1),
        "services": count(1),
        "services.nodeports": count(nodes),
        "services.loadbalancers": count(int(kind == "LoadBalancer")),
    }


def _of_claim(manifest: Manifest) -> Amounts:
    found = {"persistentvolumeclaims": count(1), "count/persistentvolumeclaims": count(1)}
    asked = amounts_of(mapping_at(manifest.get("spec", "resources"), "requests")).get("storage")
    if asked is not None:
        whole = -(-asked.value.numerator // asked.value.denominator)
        found["requests.storage"] = Amount(count(whole).value, asked.form)
    legacy = text(mapping_at(manifest.metadata, "annotations").get("volume.beta.kubernetes.io/storage-class"))
    storage_class = legacy or text(manifest.get("spec", "storageClassName"))
    if storage_class:
        found |= {f"{storage_class}{_BY_CLASS}{name}": found[name] for name in _CLAIM if name in found}
    return found
