"""The pods that a check names: `namespace/name` of a Pod or workload, or `namespace/label=value`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainer.simulate.workloads import PodTemplate, pod_templates

if TYPE_CHECKING:
    from trainer.simulate.world import World


def pods_of(world: World, target: str) -> list[PodTemplate]:
    """Every Pod and workload that `target` names; empty where there is none.

    `*` as the namespace means every one. A label counts for the pods that a workload would make.
    """
    namespace, _, name = target.partition("/")
    key, has_label, value = name.partition("=")
    return [
        pod
        for pod in pod_templates(world.objects)
        if namespace in {"*", pod.namespace}
        and (pod.labels.get(key) == value if has_label else pod.owner.name == name)
    ]
