"""What keeps the Pods of a workload from running, as far as its manifest tells.

Follows https://kubernetes.io/docs/concepts/scheduling-eviction/pod-scheduling-readiness/,
https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/,
https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/ (readiness gates, activeDeadlineSeconds) and
https://kubernetes.io/docs/concepts/workloads/controllers/deployment/ (pausing), v1.35.

Which nodes there are isn't known: a Pod that asks for certain ones isn't judged, except for Linux nodes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.model import Path
from trainer.manifests.values import items_at, mapping, mapping_at
from trainer.simulate.workloads import PodTemplate
from trainer.verdict import Location

LINUX = {"kubernetes.io/os": "linux"}
"""The label of every Linux node."""

ENDS = ("Job", "CronJob")
"""Kinds whose Pods come to an end by design."""

_REQUIRED: Path = ("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution")


class Blocker(msgspec.Struct, frozen=True):
    """One thing that keeps Pods from running: what is set, and what follows."""

    message: str
    effect: str
    location: Location


def blockers(pod: PodTemplate) -> list[Blocker]:
    """What keeps the Pods from running or from being ready. Raises `NotJudged` if only nodes could tell."""
    found = [*_of_the_workload(pod), *_of_the_pod(pod)]
    if not found:
        _refuse_to_guess(pod)
    return found


def _of_the_workload(pod: PodTemplate) -> Iterator[Blocker]:
    owner = pod.owner
    if owner.kind == "Deployment" and owner.get("spec", "paused") is True:
        effect = f"The Deployment controller rolls out no change of {owner.title}."
        yield Blocker(f"{owner.title} is paused.", effect, owner.where("spec", "paused"))


def _of_the_pod(pod: PodTemplate) -> Iterator[Blocker]:
    spec = pod.spec
    if gates := items_at(spec, "schedulingGates"):
        names = ", ".join(str(mapping(gate).get("name")) for gate in gates)
        message = f"The Pods of {pod.title} have the scheduling gate {names}."
        yield Blocker(message, "The scheduler doesn't consider them.", pod.where("spec", "schedulingGates"))
    if gates := items_at(spec, "readinessGates"):
        names = ", ".join(str(mapping(gate).get("conditionType")) for gate in gates)
        message = f"The Pods of {pod.title} have the readiness gate {names}."
        yield Blocker(
            message,
            "Nothing sets this condition, so they never become ready.",
            pod.where("spec", "readinessGates"),
        )
    seconds = spec.get("activeDeadlineSeconds")
    if seconds is not None and pod.owner.kind not in ENDS:
        message = f"`activeDeadlineSeconds` limits the Pod to {seconds} seconds."
        effect = f"The kubelet stops {pod.title} {seconds} seconds after its start."
        yield Blocker(message, effect, pod.where("spec", "activeDeadlineSeconds"))


def _refuse_to_guess(pod: PodTemplate) -> None:
    """Raises `NotJudged` for what only the nodes can tell. A Pod in a cluster has been given its node."""
    spec = pod.spec
    fetched = "status" in pod.owner.data
    asked = {
        ("schedulerName",): spec.get("schedulerName") not in (None, "", "default-scheduler"),
        ("nodeSelector",): bool(mapping_at(spec, "nodeSelector").items() - LINUX.items()),
        _REQUIRED: _at(spec, _REQUIRED) is not None,
        ("os", "name"): mapping_at(spec, "os").get("name") not in (None, "linux"),
        ("nodeName",): bool(spec.get("nodeName")) and not fetched,
    }
    for path, is_asked in asked.items():
        if is_asked:
            construct = f"`{path[-1]}`, because the nodes aren't known"
            raise NotJudged(construct, pod.where("spec", *path))


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = mapping(value).get(str(step))
    return value
