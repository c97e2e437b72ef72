"""Which Pods a check is about: its parameter `object`, and the outcome if it finds no Pod."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from trainer.match.evidence import not_there
from trainer.match.target import WORKLOAD, Target, check_target, find, target_of
from trainer.simulate.workloads import TEMPLATE_PATHS, PodTemplate, pod_templates
from trainer.simulate.world import World
from trainer.verdict import Outcome, Reason


class AboutPods(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """The parameter of every rule about Pods; its `Params` extend this."""

    object: Target | str
    """The Pods or workloads: `sun/web`, `Deployment sun/web`, or a mapping with labels."""

    def __post_init__(self) -> None:
        """Raises `ValueError` for a short form that names no object, and for a kind that makes no Pods."""
        check_target(self.object)
        kind = target_of(self.object).kind
        if kind not in (WORKLOAD, *TEMPLATE_PATHS):
            raise ValueError(f"{kind} makes no Pods; these do: {', '.join(TEMPLATE_PATHS)}")


def pods_of(world: World, params: AboutPods) -> list[PodTemplate] | Outcome:
    """The Pods and the Pod templates of the workloads, at least one; or FAIL with why it finds no Pod."""
    target = target_of(params.object)
    return pod_templates(find(world, target)) or not_there(world, target)


def pods_before(world: World, params: AboutPods) -> list[PodTemplate]:
    """The same Pods as they were before the answer; none if there were none."""
    return pod_templates(find(world.before(), target_of(params.object)))


def ordinary(pod: PodTemplate) -> tuple[str, ...]:
    """The names of a Pod's ordinary containers."""
    return tuple(str(one.get("name", "")) for path, one in pod.containers() if path[1] == "containers")


def no_container(pods: Sequence[PodTemplate], name: str) -> Outcome:
    """FAIL: none of these Pods has the container that the check names."""
    pod = pods[0]
    names = ", ".join(str(container.get("name", "")) for _, container in pod.containers())
    reason = Reason(f"{pod.title} has no container {name}.", pod.where("spec", "containers"))
    return Outcome.of([reason], [f"The containers of {pod.title} are: {names}."])
