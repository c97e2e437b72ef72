"""Whether a node takes a Pod: by its name, labels, affinity and taints.

Follows https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/,
https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ and, for the labels that nodes
have by themselves, https://kubernetes.io/docs/reference/labels-annotations-taints/ (v1.35). What the Pods of
a DaemonSet tolerate is in pkg/controller/daemon/util/daemonset_util.go (`AddOrUpdateDaemonPodTolerations`,
v1.36); their controller asks about taints even if `nodeName` is set. Free capacity isn't judged. If a world
has no Node objects, its nodes run Linux and have only the labels that the kubelet, kubeadm and cloud
providers set.
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
        return None if any(takes(node, pod) for node in nodes) else _first_reason(pod, nodes)
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


def takes(node: Manifest, pod: PodTemplate) -> bool:
    """Whether the Pod can run on the node: its name, labels, affinity and taints."""
    return all(not fails(node, pod) for _, fails, _ in _REASONS)


def _first_reason(pod: PodTemplate, nodes: Sequence[Manifest]) -> Misfit:
    """The first field that rules out every node that the fields before it allow."""
    left = list(nodes)
    for message, fails, path in _REASONS:
        left = [node for node in left if not fails(node, pod)]
        if not left:
            return Misfit(message, path)
    return Misfit(_REASONS[0][0], _REASONS[0][2])


def labels_of(node: Manifest) -> dict[str, str]:
    """The labels of a node; the kubelet adds the one with its name."""
    return {"kubernetes.io/hostname": node.name} | node.labels


def _other_name(node: Manifest, pod: PodTemplate) -> bool:
    return bool(pod.spec.get("nodeName")) and pod.spec["nodeName"] != node.name


def _other_labels(node: Manifest, pod: PodTemplate) -> bool:
    return not map_selector(pod.spec.get("nodeSelector")).matches(labels_of(node))


def _other_affinity(node: Manifest, pod: PodTemplate) -> bool:
    required = _at(pod.spec, _REQUIRED)
    if not isinstance(required, dict):
        return False
    terms = items(required.get("nodeSelectorTerms"))
    return not any(node_term_matches(term, node.name, labels_of(node)) for term in terms)


_DAEMON_TOLERATES = (
    "not-ready",
    "unreachable",
    "disk-pressure",
    "memory-pressure",
    "pid-pressure",
    "unschedulable",
)
"""Taints of the domain node.kubernetes.io that the DaemonSet controller lets its Pods tolerate."""


def _repelled(node: Manifest, pod: PodTemplate) -> bool:
    """Whether a taint keeps the Pod away; the scheduler isn't asked about a Pod with `nodeName`."""
    spec, is_daemon = pod.spec, pod.owner.kind == "DaemonSet"
    asks_scheduler = is_daemon or not spec.get("nodeName")
    effects = ("NoSchedule", "NoExecute") if asks_scheduler else ("NoExecute",)
    taints = mappings(node.get("spec", "taints"))
    if node.get("spec", "unschedulable") is True and asks_scheduler:
        taints.append({"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"})
    tolerations = mappings(items_at(spec, "tolerations"))
    if is_daemon:
        names = (*_DAEMON_TOLERATES, *(["network-unavailable"] if spec.get("hostNetwork") is True else []))
        tolerations += [{"key": f"node.kubernetes.io/{name}", "operator": "Exists"} for name in names]
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
