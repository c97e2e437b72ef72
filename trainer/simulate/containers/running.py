"""What keeps the Pods of a workload from running, as far as its manifest tells.

Follows https://kubernetes.io/docs/concepts/scheduling-eviction/pod-scheduling-readiness/,
https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/,
https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/ (readiness gates, activeDeadlineSeconds) and
https://kubernetes.io/docs/concepts/workloads/controllers/deployment/ (pausing), v1.35.

Which nodes take the Pods, `scheduling.placement` says. The kubelet doesn't start a container as root that
must not run as root (`verifyRunAsNonRoot`, pkg/kubelet/kuberuntime/security_context.go, v1.35); of a few
images the user is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from trainer.errors import UsageError
from trainer.manifests.model import Manifest
from trainer.manifests.values import indexed, items_at, mapping
from trainer.simulate.containers.effective import effective_security_context
from trainer.simulate.containers.images import normalise
from trainer.simulate.scheduling.placement import misfit
from trainer.simulate.workloads import PodTemplate
from trainer.verdict import Location

RUN_AS_ROOT = frozenset(
    f"docker.io/library/{name}" for name in ("alpine", "busybox", "debian", "httpd", "nginx", "ubuntu")
)
"""Images whose Dockerfiles have no `USER` (docker-library/official-images): their containers run as root
unless the manifest says otherwise."""

ENDS = ("Job", "CronJob")
"""Kinds whose Pods come to an end by design."""


class Blocker(msgspec.Struct, frozen=True):
    """One thing that keeps Pods from running: what is set, and what follows."""

    message: str
    effect: str
    location: Location


def blockers(pod: PodTemplate, nodes: Sequence[Manifest] = ()) -> list[Blocker]:
    """What keeps the Pods from running or from being ready. `nodes` are the Node objects of the world.

    Raises `NotJudged` if only nodes that aren't known could tell.
    """
    found = [*_of_the_workload(pod), *_of_the_pod(pod), *_of_the_containers(pod)]
    if not found and (missing := misfit(pod, nodes)) is not None:
        effect = f"The Pods of {pod.title} stay Pending."
        found.append(Blocker(missing.message, effect, pod.where(*missing.path)))
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


def _of_the_containers(pod: PodTemplate) -> Iterator[Blocker]:
    """Containers that the kubelet refuses to start, and those without their programs."""
    for path, container in pod.containers():
        name = container.get("name")
        values, from_pod = effective_security_context(pod.spec, container)
        if values.get("runAsNonRoot") is True and "runAsUser" not in values and _runs_as_root(container):
            place = pod.where(
                *(("spec",) if from_pod["runAsNonRoot"] else path), "securityContext", "runAsNonRoot"
            )
            message = f"Container {name} must not run as root (`runAsNonRoot`), but its image runs as root."
            effect = (
                f"The kubelet doesn't create container {name} of {pod.title}: CreateContainerConfigError."
            )
            yield Blocker(message, effect, place)
        if values.get("runAsNonRoot") is True and values.get("runAsUser") == 0:
            place = pod.where(*(("spec",) if from_pod["runAsUser"] else path), "securityContext", "runAsUser")
            message = f"Container {name} must not run as root (`runAsNonRoot`), but `runAsUser` is 0."
            effect = (
                f"The kubelet doesn't create container {name} of {pod.title}: CreateContainerConfigError."
            )
            yield Blocker(message, effect, place)
        for index, mount in indexed(container.get("volumeMounts")):
            if not str(mount.get("mountPath") or ".").strip("/"):
                message = f"The volume that is mounted at / hides the image of container {name}."
                effect = f"Container {name} of {pod.title} finds no program to start."
                yield Blocker(message, effect, pod.where(*path, "volumeMounts", index))


def _runs_as_root(container: dict[str, Any]) -> bool:
    try:
        return normalise(str(container.get("image"))).name in RUN_AS_ROOT
    except UsageError:
        return False
