"""The state of a Pod in a cluster, and why it isn't running: because of the object, or of the cluster.

Follows https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/ (v1.35).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from trainer.cluster.blame import (
    Blame,
    Named,
    creation_blame,
    ended_blame,
    event_blame,
    told,
    unscheduled_blame,
    waiting_blame,
)
from trainer.manifests.values import mapping, mapping_at, mappings

if TYPE_CHECKING:
    from trainer.cluster.client import Cluster

DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container"
"""Annotation: the container that `kubectl exec` and `kubectl logs` mean."""
_CONTAINERS = ("containers", "initContainers", "ephemeralContainers")

State = Literal["ready", "running", "starting", "stuck", "broken", "over"]
"""`stuck`: the cluster can't run it (no node, no image); `broken`: the object is wrong; `over`: it ended by
what the object says."""


class PodState(msgspec.Struct, frozen=True):
    """The state of a Pod. `why` is a sentence without a period; empty if it is ready."""

    state: State
    why: str = ""

    @property
    def runs(self) -> bool:
        """Whether it can run commands."""
        return self.state in ("ready", "running")

    @property
    def is_authors(self) -> bool:
        """Whether it doesn't run because of what the object says."""
        return self.state in ("broken", "over")


def _anything(_: str) -> bool:
    return True


def pod_state(pod: Mapping[str, Any], *, nodes: frozenset[str] | None, named: Named = _anything) -> PodState:
    """The state of a Pod. `nodes` are the names of the cluster's nodes, None if unknown."""
    status = mapping(pod.get("status"))
    phase = str(status.get("phase") or "Pending")
    if phase in ("Failed", "Succeeded"):
        ended = ended_blame(phase, str(status.get("reason") or ""), str(status.get("message") or ""))
        return PodState("over" if ended.author else "stuck", ended.why)
    conditions = {str(one.get("type")): one for one in mappings(status.get("conditions"))}
    if conditions.get("Ready", {}).get("status") == "True":
        return PodState("ready")
    blames = [waiting_blame(reason, message, image, named) for reason, message, image in _waiting(pod)]
    known = sorted((one for one in blames if one is not None), key=lambda one: not one.author)
    if known:
        return PodState("broken" if known[0].author else "stuck", known[0].why)
    if phase == "Running":
        return PodState("running", "it runs but isn't ready")
    if nodes is not None and not nodes:
        return PodState("stuck", "the cluster has no node to run it")
    node = mapping_at(pod, "spec").get("nodeName")
    scheduled = conditions.get("PodScheduled", {})
    if node:
        if nodes and node not in nodes and not scheduled:
            return PodState("broken", f"it names node {told(str(node))}, which the cluster doesn't have")
        return PodState("starting", "its node has not started it yet")
    if scheduled.get("reason") == "Unschedulable":
        blame = unscheduled_blame(str(scheduled.get("message") or ""))
        return PodState("broken" if blame.author else "starting", blame.why)
    if scheduled.get("reason") == "SchedulingGated":
        return PodState("broken", "it has scheduling gates, and nothing removes them")
    return PodState("starting", "it is not scheduled yet")


def container_of(pod: Mapping[str, Any], name: str = "") -> str | None:
    """The container that a command runs in; None if the Pod has none of that name.

    Without a name it is the one that `kubectl exec` takes: of the annotation, or the first
    (pkg/cmd/util/podcmd of k8s.io/kubectl, v1.36).
    """
    name = name or str(mapping_at(_metadata(pod), "annotations").get(DEFAULT_CONTAINER) or "")
    names = container_names(pod)
    if not name:
        return names[0] if names else None
    return name if name in names else None


def container_names(pod: Mapping[str, Any]) -> list[str]:
    """The names of a Pod's containers, init containers and ephemeral containers."""
    spec = mapping_at(pod, "spec")
    return [str(one.get("name")) for field in _CONTAINERS for one in mappings(spec.get(field))]


def container_state(pod: Mapping[str, Any], name: str, *, named: Named = _anything) -> PodState:
    """The state of one container of a Pod that runs."""
    for one, image in _statuses(pod):
        if one.get("name") != name:
            continue
        state = mapping_at(one, "state")
        ended = mapping_at(state, "terminated")
        if ended:
            code = f"exit code {ended.get('exitCode')}"
            reason = str(ended.get("message") or ended.get("reason") or "")
            return PodState("over", f"it has ended ({code}{', ' + told(reason) if reason else ''})")
        waiting = mapping_at(state, "waiting")
        if waiting:
            reason, message = str(waiting.get("reason") or ""), str(waiting.get("message") or "")
            blame = waiting_blame(reason, message, image, named)
            if blame is None:
                return PodState("starting", "it has not started yet")
            return PodState("broken" if blame.author else "stuck", blame.why)
    return PodState("running")


def warning_of(cluster: Cluster, pod: Mapping[str, Any]) -> Blame | None:
    """What the newest decisive warning about a Pod says; None without one, or if events are forbidden."""
    metadata = _metadata(pod)
    events = cluster.try_list("v1", "Event", str(metadata.get("namespace") or "")) or []
    about = [one for one in events if mapping_at(one, "involvedObject").get("uid") == metadata.get("uid")]
    about.sort(key=lambda one: str(one.get("lastTimestamp") or one.get("eventTime") or ""))
    found = (event_blame(str(one.get("reason")), str(one.get("message") or "")) for one in reversed(about))
    return next((one for one in found if one is not None), None)


def refused_pods(owner: Mapping[str, Any]) -> Blame | None:
    """Why a Deployment's Pods can't be created; None if its controller reports nothing."""
    for one in mappings(mapping_at(owner, "status").get("conditions")):
        if one.get("type") == "ReplicaFailure" and one.get("status") == "True":
            return creation_blame(str(one.get("message") or ""))
    return None


def node_names(cluster: Cluster) -> frozenset[str] | None:
    """The names of the cluster's nodes; None if listing them is forbidden."""
    nodes = cluster.try_list("v1", "Node")
    return None if nodes is None else frozenset(str(_metadata(one).get("name")) for one in nodes)


def pods_of(cluster: Cluster, pod: str, deployment: str, namespace: str) -> list[dict[str, Any]]:
    """The Pod of that name, or the Pods of a Deployment's newest ReplicaSet; may be empty."""
    if pod:
        found = cluster.get("v1", "Pod", pod, namespace)
        return [found] if found and not _metadata(found).get("deletionTimestamp") else []
    owner = cluster.get("apps/v1", "Deployment", deployment, namespace)
    if owner is None:
        return []
    sets = [one for one in cluster.list("apps/v1", "ReplicaSet", namespace) if _owned(one, owner)]
    newest = max(sets, key=_revision, default=None)
    if newest is None:
        return []
    return [
        one
        for one in cluster.list("v1", "Pod", namespace)
        if _owned(one, newest) and not _metadata(one).get("deletionTimestamp")
    ]


def _revision(data: Mapping[str, Any]) -> int:
    text = str(mapping_at(_metadata(data), "annotations").get("deployment.kubernetes.io/revision") or "0")
    return int(text) if text.isdigit() else 0


def _owned(data: Mapping[str, Any], owner: Mapping[str, Any]) -> bool:
    uid = _metadata(owner).get("uid")
    return any(one.get("uid") == uid for one in mappings(_metadata(data).get("ownerReferences")))


def _waiting(pod: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Reason, message and image of each container that waits for more than its turn."""
    found = []
    for one, image in _statuses(pod):
        waiting = mapping_at(mapping_at(one, "state"), "waiting")
        reason = str(waiting.get("reason") or "")
        if reason and reason not in ("ContainerCreating", "PodInitializing"):
            found.append((reason, str(waiting.get("message") or ""), image))
    return found


def _statuses(pod: Mapping[str, Any]) -> list[tuple[dict[str, Any], str]]:
    """The status of each container, init containers first, and the image that its author wrote."""
    spec, status = mapping_at(pod, "spec"), mapping_at(pod, "status")
    images = {
        one.get("name"): str(one.get("image")) for field in _CONTAINERS for one in mappings(spec.get(field))
    }
    return [
        (one, images.get(one.get("name"), str(one.get("image") or "")))
        for field in ("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses")
        for one in mappings(status.get(field))
    ]


def _metadata(data: Mapping[str, Any]) -> dict[str, Any]:
    return mapping_at(data, "metadata")
