"""Policies of an answer that seem meant for a Pod but don't apply to it: the usual mistakes."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from trainer.manifests.model import Manifest
from trainer.rules._flow.words import label_words, selector_words
from trainer.simulate.network.flows import Endpoint, Network
from trainer.simulate.network.policy import Direction, Policy
from trainer.simulate.world import World
from trainer.verdict import Location

Key = tuple[str, str, str]


class Slip(msgspec.Struct, frozen=True, eq=False):
    """A policy that misses a Pod: why (a clause without a period), and the place of the mistake.

    A `sure` slip leaves the policy without the effect that it must have been written for; the
    others may be intended: the policy selects other Pods.
    """

    policy: Policy
    fact: str
    location: Location
    sure: bool = True


def key_of(manifest: Manifest) -> Key:
    """What makes two manifests the same object, within one API group."""
    return manifest.kind, manifest.namespace, manifest.name


def of_answer(world: World) -> set[Key]:
    """The objects that the answer created or changed."""
    return {key_of(manifest) for manifest in world.answer}


def meant_policies(world: World, network: Network, end: Endpoint, direction: Direction) -> Iterator[Slip]:
    """The answer's policies that don't apply to `end` in a direction, but seem meant to."""
    answered = of_answer(world)
    for policy in network.policies:
        if end.pod is not None and key_of(policy.manifest) in answered:
            slip = _slip(network, policy, end, direction)
            if slip is not None:
                yield slip


def selected(network: Network, policy: Policy) -> list[Endpoint]:
    """The Pods that a policy selects."""
    return [
        end
        for end in network.pods
        if end.pod is not None
        and end.governed
        and policy.selects(end.pod.namespace, network.namespace_labels(end.pod.namespace), end.pod.labels)
    ]


def _slip(network: Network, policy: Policy, end: Endpoint, direction: Direction) -> Slip | None:
    pod = end.pod
    if pod is None:
        return None
    matches, at_home = (
        policy.selector.matches(pod.labels),
        policy.everywhere or policy.namespace == pod.namespace,
    )
    governs = policy.rules(direction) is not None
    if at_home and matches and not governs:
        if policy.is_cilium:
            fact = f"{policy.title} selects it, but has no `{direction}` rules"
            return Slip(policy, fact, policy.where(), sure=False)
        fact = f"{policy.title} selects it, but its `policyTypes` omit {direction.capitalize()}"
        if isinstance(policy.manifest.get("spec", direction), list):
            fact += f", so its `{direction}` rules have no effect"
        return Slip(policy, fact, policy.manifest.where("spec", "policyTypes"))
    if not governs:
        return None
    if at_home and not matches:
        others = bool(selected(network, policy))
        what = "only other Pods" if others else "no Pod at all"
        fact = (
            f"the {policy.selected_by} of {policy.title} ({selector_words(policy.selector)}) selects {what}, "
            f"and {end.title} has {label_words(pod.labels)}"
        )
        return Slip(policy, fact, policy.where(), sure=not others)
    if matches and not at_home and not selected(network, policy):
        fact = f"{policy.title} selects only Pods of its own Namespace {policy.namespace}"
        return Slip(policy, fact, policy.manifest.where("metadata", "namespace"))
    return None
