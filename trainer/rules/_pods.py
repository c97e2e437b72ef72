"""The pods that a check names: `namespace/name` of a Pod or workload, or `namespace/label=value`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainer.errors import UsageError
from trainer.simulate.names import ANY, PodSet, parse_endpoint
from trainer.simulate.workloads import PodTemplate, pod_templates

if TYPE_CHECKING:
    from trainer.simulate.world import World


def pods_of(world: World, target: str) -> list[PodTemplate]:
    """Every Pod and workload that `target` names; empty where there is none.

    `*` as the namespace means every one. A label counts for the pods that a workload would make.
    Raises `UsageError` for a target that names no pods.
    """
    wanted = parse_endpoint(target)
    if not isinstance(wanted, PodSet):
        raise UsageError(
            f"{target!r} doesn't name pods", remedy="write namespace/name or namespace/label=value"
        )
    return [
        pod
        for pod in pod_templates(world.objects)
        if wanted.namespace in {ANY, pod.namespace}
        and (not wanted.name or pod.owner.name == wanted.name)
        and all(pod.labels.get(key) == value for key, value in wanted.labels)
    ]
