"""The state of a Pod in a cluster, and why it isn't running: because of the object, or of the cluster.

Follows https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/ (v1.35).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from trainer.manifests.values import mapping, mapping_at, mappings
from trainer.safe_text import clean, one_line

if TYPE_CHECKING:
    from trainer.cluster.client import Cluster

_THEIRS = frozenset(
    (
        "CrashLoopBackOff",
        "CreateContainerConfigError",
        "CreateContainerError",
        "RunContainerError",
        "InvalidImageName",
        "StartError",
        "ContainerCannotRun",
        "PostStartHookError",
    )
)
"""Waiting reasons that the object itself causes."""
_IMAGE = frozenset(("ImagePullBackOff", "ErrImagePull", "ErrImageNeverPull", "RegistryUnavailable"))
_LONGEST = 200

State = Literal["ready", "running", "starting", "stuck", "broken", "over"]
"""`stuck`: the cluster can't run it (no node, no image); `broken`: the object is wrong."""


class PodState(msgspec.Struct, frozen=True):
    """The state of a Pod. `why` is a sentence without a period; empty if it is ready."""

    state: State
    why: str = ""

    @property
    def runs(self) -> bool:
        """Whether it can run commands."""
        return self.state in ("ready", "running")


def pod_state(pod: Mapping[str, Any], *, nodes: int | None) -> PodState:
    """The state of a Pod. `nodes` is how many nodes the cluster has, None if unknown."""
    status = mapping(pod.get("status"))
    phase = str(status.get("phase") or "Pending")
    if phase in ("Failed", "Succeeded"):
        why = str(status.get("message") or status.get("reason") or "")
        return PodState(
            "over", f"it has ended ({phase}{': ' + one_line(clean(why), _LONGEST) if why else ''})"
        )
    conditions = {str(one.get("type")): one for one in mappings(status.get("conditions"))}
    if conditions.get("Ready", {}).get("status") == "True":
        return PodState("ready")
    waiting = _waiting(status)
    if waiting is not None:
        reason, message = waiting
        what = one_line(clean(f"{reason}: {message}" if message else reason), _LONGEST)
        if reason in _THEIRS:
            return PodState("broken", f"a container cannot run ({what})")
        if reason in _IMAGE:
            return PodState("stuck", f"the cluster cannot pull an image ({what})")
    if phase == "Running":
        return PodState("running", "it runs but isn't ready")
    if not mapping_at(pod, "spec").get("nodeName"):
        if nodes == 0:
            return PodState("stuck", "the cluster has no node to run it")
        scheduled = conditions.get("PodScheduled", {})
        if scheduled.get("reason") == "Unschedulable":
            return PodState(
                "starting", f"no node can run it ({one_line(clean(str(scheduled.get('message'))), _LONGEST)})"
            )
        return PodState("starting", "it is not scheduled yet")
    return PodState("starting", "its node has not started it yet")


def count_nodes(cluster: Cluster) -> int | None:
    """How many nodes the cluster has; None if listing them is forbidden."""
    nodes = cluster.try_list("v1", "Node")
    return None if nodes is None else len(nodes)


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


def _waiting(status: Mapping[str, Any]) -> tuple[str, str] | None:
    for field in ("initContainerStatuses", "containerStatuses"):
        for one in mappings(status.get(field)):
            waiting = mapping_at(mapping_at(one, "state"), "waiting")
            if waiting.get("reason") and waiting["reason"] not in ("ContainerCreating", "PodInitializing"):
                return str(waiting["reason"]), str(waiting.get("message") or "")
    return None


def _metadata(data: Mapping[str, Any]) -> dict[str, Any]:
    return mapping_at(data, "metadata")
