"""Which of a card's checks can be judged in a cluster, and which objects they need from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from trainer.cluster.prepare import is_node
from trainer.cluster.read_live import Ref, Wanted
from trainer.content.card import Card, Check
from trainer.content.given import given_manifests
from trainer.manifests.model import Manifest
from trainer.manifests.schema.kinds import is_config, served
from trainer.match.target import WORKLOAD, Target, is_cluster_scoped, target_of
from trainer.rules import load_rule
from trainer.simulate.names import ANY
from trainer.simulate.workloads import TEMPLATE_PATHS
from trainer.simulate.world import BUILT_IN_NAMESPACES, World, object_key
from trainer.versions import Version


def comparable(check: Check, kubernetes: Version) -> bool:
    """Whether live objects show what the check requires, by what its rule says about itself.

    A target that isn't an API kind (a component's configuration file) exists only in a file.
    `kubernetes` is the card's version.
    """
    if not load_rule(check.rule).READS.is_live(check.params):
        return False
    target = _target(check)
    return target is None or bool(_served(target.kind, kubernetes, target.group))


def deciding_files(check: Check, world: World) -> list[Manifest]:
    """The configuration files of the world that the check's rule looks at: the API server can't
    show them."""
    kinds = load_rule(check.rule).READS.kinds
    return [one for one in world.objects if one.kind in kinds and is_config(one.api_version, one.kind)]


def deciding_kinds(card: Card, world: World) -> set[tuple[str, str]]:
    """(apiVersion, kind) of the objects in the card's files and the answer that its live checks look at."""
    looked_at: set[str] = set()
    for check in card.checks:
        if comparable(check, card.kubernetes):
            target = _target(check)
            looked_at |= {*load_rule(check.rule).READS.kinds, *([target.kind] if target else [])}
    return {
        (one.api_version, one.kind)
        for one in _cluster_objects([*world.given, *world.objects])
        if one.kind in looked_at
    }


def given_namespaces(card: Card) -> frozenset[str]:
    """The namespaces that the card gives, without those that every cluster has."""
    given, _ = given_manifests(card.all_given, card.kubernetes)
    return frozenset(one.name for one in given if one.kind == "Namespace") - BUILT_IN_NAMESPACES


def wanted_of(card: Card, world: World) -> Wanted:
    """What must be read: the card's own namespaces, and single objects that the card's files name."""
    own = given_namespaces(card) | frozenset(
        one.name for one in world.answer if one.kind == "Namespace" and one.name not in BUILT_IN_NAMESPACES
    )
    named = _cluster_objects([*world.given, *world.objects])
    kinds = {(one.api_version, one.kind) for one in named}
    refs = {Ref(one.api_version, one.kind, one.namespace, one.name) for one in named}
    refs |= {Ref("v1", "Namespace", "", name) for name in own}
    for check in card.checks:
        if not comparable(check, card.kubernetes):
            continue
        for kind in load_rule(check.rule).READS.kinds:
            kinds |= _served(kind, card.kubernetes)
        target = _target(check)
        if target is not None:
            found = _served(target.kind, card.kubernetes, target.group)
            kinds |= found
            refs |= {Ref(*one, _space(target), target.name) for one in found if target.name}
    return Wanted(frozenset(kinds), own, frozenset(refs))


def named_images(card: Card) -> Callable[[str], bool]:
    """Whether the card itself names an image: that a registry lacks it isn't the learner's mistake then."""
    text = "\n".join((card.prompt, card.all_given, *card.start.values()))

    def is_named(image: str) -> bool:
        short = image.removeprefix("docker.io/").removeprefix("library/")
        return image in text or short in text

    return is_named


def missing_given(card: Card, world: World, live: Sequence[Manifest]) -> list[Manifest]:
    """What the card gives, what the answer must keep, and what the cluster lacks. Nodes aren't prepared."""
    there = {object_key(one) for one in live}
    kept = {object_key(one) for one in world.objects}
    return [
        one
        for one in _cluster_objects(world.given)
        if object_key(one) not in there
        and not is_node(one)
        and (one.kind == "Namespace" or (card.given_stays and object_key(one) in kept))
        and not (one.kind == "ServiceAccount" and one.name == "default")
    ]


def _cluster_objects(manifests: Iterable[Manifest]) -> list[Manifest]:
    return [one for one in manifests if not is_config(one.api_version, one.kind)]


def _target(check: Check) -> Target | None:
    value: Any = getattr(check.params, "object", None)
    return None if value is None else target_of(value)


def _served(kind: str, kubernetes: Version, group: str | None = None) -> set[tuple[str, str]]:
    """(apiVersion, kind) of everything that a kind's name means; empty for configuration files."""
    if kind == WORKLOAD:
        return {one for name in TEMPLATE_PATHS for one in _served(name, kubernetes)}
    found = served(kind, kubernetes, group)
    return set() if found is None else {(found.api_version, kind)}


def _space(target: Target) -> str:
    return "" if is_cluster_scoped(target.kind, target.group) or target.namespace == ANY else target.namespace
