"""Whether a node takes a Pod: by its name, labels, affinity and taints.

Follows https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/,
https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ and, for the labels that nodes
have by themselves, https://kubernetes.io/docs/reference/labels-annotations-taints/ (v1.35). Free capacity
isn't judged. If a world has no Node objects, its nodes run Linux and have only the labels that the kubelet,
kubeadm and cloud providers set.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.model import Manifest, Path
from trainer.manifests.values import items, items_at, mapping, mapping_at, mappings, text
from trainer.simulate.labels import map_selector, node_term_matches
from trainer.simulate.workloads import PodTemplate

_LINUX = {"kubernetes.io/os": "linux", "beta.kubernetes.io/os": "linux"}
"""Labels of every Linux node."""

_BY_ITSELF = ("kubernetes.io/", "k8s.io/")
"""What the domain of a label ends in that a node may have without anybody's doing."""

_REQUIRED: Path = ("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution")


class Misfit(msgspec.Struct, frozen=True):
    """Why no node takes the Pod, and the field that asks for too much (relative to the Pod)."""

    message: str
    path: Path


def misfit(pod: PodTemplate, nodes: Sequence[Manifest]) -> Misfit | None:
    """Why no node takes the Pod; None if one does. `nodes` are the Node objects of the world.

    Raises `NotJudged` if that depends on nodes that aren't known. A Pod in a cluster has been given its node.
    """
    spec = pod.spec
    scheduler = spec.get("schedulerName")
    if scheduler not in (None, "", "default-scheduler"):
        return Misfit(f"No scheduler is named {scheduler}.", ("spec", "schedulerName"))
    if mapping_at(spec, "os").get("name") not in (None, "linux"):
        return Misfit("The nodes run Linux.", ("spec", "os", "name"))
    if nodes:
        return None if any(_takes(node, spec) for node in nodes) else _first_reason(spec, nodes)
    return _without_nodes(pod)


def _without_nodes(pod: PodTemplate) -> Misfit | None:
    spec = pod.spec
    wanted = mapping_at(spec, "nodeSelector")
    for key, value in wanted.items():
        if _LINUX.get(key, value) != value or not _is_standard(key):
            return Misfit(f"No node has the label {key}={value}.", ("spec", "nodeSelector", key))
    terms = mappings(mapping(_at(spec, _REQUIRED)).get("nodeSelectorTerms"))
    if terms and all(_needs_own_label(term) for term in terms):
        return Misfit("No node has the labels that the affinity requires.", ("spec", *_REQUIRED))
    asked = {
        ("nodeSelector",): bool(wanted.keys() - _LINUX.keys()),
        _REQUIRED: bool(terms),
        ("nodeName",): bool(spec.get("nodeName")) and "status" not in pod.owner.data,
    }
    for path, is_asked in asked.items():
        if is_asked:
            construct = f"`{path[-1]}`, because the nodes aren't known"
            raise NotJudged(construct, pod.where("spec", *path))
    return None


def _is_standard(key: str) -> bool:
    domain = f"{key.partition('/')[0]}/" if "/" in key else ""
    return any(domain == one or domain.endswith(f".{one}") for one in _BY_ITSELF)


def _needs_own_label(term: dict[str, Any]) -> bool:
    """Whether a term matches only nodes with a label that somebody set."""
    return any(
        one.get("operator") in ("In", "Exists", "Gt", "Lt") and not _is_standard(text(one.get("key")))
        for one in mappings(term.get("matchExpressions"))
    )


def _takes(node: Manifest, spec: dict[str, Any]) -> bool:
    return all(not fails(node, spec) for _, fails, _ in _REASONS)


def _first_reason(spec: dict[str, Any], nodes: Sequence[Manifest]) -> Misfit:
    """The first field that rules out every node that the fields before it allow."""
    left = list(nodes)
    for message, fails, path in _REASONS:
        left = [node for node in left if not fails(node, spec)]
        if not left:
            return Misfit(message, path)
    return Misfit(_REASONS[0][0], _REASONS[0][2])


def _other_name(node: Manifest, spec: dict[str, Any]) -> bool:
    return bool(spec.get("nodeName")) and spec["nodeName"] != node.name


def _other_labels(node: Manifest, spec: dict[str, Any]) -> bool:
    return not map_selector(spec.get("nodeSelector")).matches(node.labels)


def _other_affinity(node: Manifest, spec: dict[str, Any]) -> bool:
    required = _at(spec, _REQUIRED)
    if not isinstance(required, dict):
        return False
    terms = items(required.get("nodeSelectorTerms"))
    return not any(node_term_matches(term, node.name, node.labels) for term in terms)


def _repelled(node: Manifest, spec: dict[str, Any]) -> bool:
    """Whether a taint keeps the Pod away; the scheduler isn't asked about a Pod with `nodeName`."""
    effects = ("NoExecute",) if spec.get("nodeName") else ("NoSchedule", "NoExecute")
    taints = mappings(node.get("spec", "taints"))
    if node.get("spec", "unschedulable") is True and not spec.get("nodeName"):
        taints.append({"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"})
    tolerations = mappings(items_at(spec, "tolerations"))
    return any(
        taint.get("effect") in effects and not any(_tolerates(one, taint) for one in tolerations)
        for taint in taints
    )


def _tolerates(toleration: dict[str, Any], taint: dict[str, Any]) -> bool:
    if toleration.get("effect") not in (None, "", taint.get("effect")):
        return False
    if toleration.get("operator") == "Exists":
        return toleration.get("key") in (None, "", taint.get("key"))
    same_value = (toleration.get("value") or "") == (taint.get("value") or "")
    return toleration.get("key") == taint.get("key") and same_value


_REASONS = (
    ("The cluster has no node of this name.", _other_name, ("spec", "nodeName")),
    ("No node has these labels.", _other_labels, ("spec", "nodeSelector")),
    ("No node has the labels that the affinity requires.", _other_affinity, ("spec", *_REQUIRED)),
    ("The Pod doesn't tolerate the taints of the nodes.", _repelled, ("spec", "tolerations")),
)
"""What rules a node out, in the order in which it is told."""


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = mapping(value).get(str(step))
    return value
