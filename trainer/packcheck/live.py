"""The `live:` checks of a card: well formed, and about objects that the card has.

A check on a Pod that neither the card's given objects nor its reference have waits in every
cluster until it times out.
"""

from __future__ import annotations

from collections.abc import Iterator

from trainer.cluster.live_spec import ExecIn, LiveCheck, Workload, live_checks_of
from trainer.content.card import Card
from trainer.content.solutions import Solutions
from trainer.errors import CardError, TrainerError
from trainer.grading.grade import world_of
from trainer.simulate.workloads import pod_templates
from trainer.simulate.world import World


def live_faults(card: Card, solutions: Solutions) -> Iterator[tuple[int | None, str]]:
    """What is wrong with the live checks: the index of the check, or None for all of them, and a sentence."""
    try:
        checks = live_checks_of(card.live, card.id, [check.id for check in card.checks])
    except CardError as error:
        yield None, error.message
        return
    if not checks:
        return
    try:
        world, _ = world_of(card, solutions.reference.answer)
    except TrainerError:
        return  # the test of the reference says what is wrong
    for index, check in enumerate(checks):
        for fault in _faults(check, world):
            yield index, fault


def _faults(check: LiveCheck, world: World) -> Iterator[str]:
    target = check.exec or check.ready or check.log
    if target is not None:
        yield from _workload_faults(target, world)
    if check.event is not None:
        of = check.event
        if not _is_there(world, of.kind, of.namespace, of.name):
            yield f"the card has no {of.kind} {of.namespace}/{of.name}"
    if check.access is not None and check.access.who.startswith("sa:"):
        namespace, _, name = check.access.who.removeprefix("sa:").partition("/")
        if not _is_there(world, "ServiceAccount", namespace, name):
            yield f"the card has no ServiceAccount {namespace}/{name}"


def _workload_faults(target: ExecIn | Workload, world: World) -> Iterator[str]:
    kind, name = ("Pod", target.pod) if target.pod else ("Deployment", target.deployment)
    found = [
        pod
        for pod in pod_templates(world.objects)
        if (pod.owner.kind, pod.owner.namespace, pod.owner.name) == (kind, target.namespace, name)
    ]
    if not found:
        yield f"the card has no {kind} {target.namespace}/{name}"
    elif target.container and target.container not in {one.get("name") for _, one in found[0].containers()}:
        yield f"{kind} {target.namespace}/{name} has no container {target.container}"


def _is_there(world: World, kind: str, namespace: str, name: str) -> bool:
    if kind == "ServiceAccount" and name == "default":
        return _is_there(world, "Namespace", "", namespace)  # every Namespace gets one by itself
    return any(
        one.kind == kind and one.name == name and one.namespace in ("", namespace) for one in world.objects
    )
