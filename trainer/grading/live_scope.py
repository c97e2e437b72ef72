"""Which of a card's checks can be judged in a cluster, and which objects they need from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from trainer.cluster.read_live import Ref, Wanted
from trainer.content.card import Card, Check
from trainer.content.given import given_manifests
from trainer.grading.world import object_key
from trainer.manifests.model import Manifest
from trainer.manifests.schema.kinds import is_config
from trainer.match.target import WORKLOAD, Target, is_cluster_scoped, target_of
from trainer.simulate.workloads import TEMPLATE_PATHS
from trainer.simulate.world import World
from trainer.verdict import Scope

API_VERSIONS = {
    **dict.fromkeys(
        ("Pod Service Namespace ServiceAccount Secret ConfigMap PersistentVolumeClaim ResourceQuota"
         " LimitRange ReplicationController PodTemplate Node PersistentVolume").split(), "v1"),
    **dict.fromkeys("Deployment ReplicaSet StatefulSet DaemonSet".split(), "apps/v1"),
    **dict.fromkeys("Job CronJob".split(), "batch/v1"),
    **dict.fromkeys("NetworkPolicy Ingress IngressClass".split(), "networking.k8s.io/v1"),
    **dict.fromkeys(
        "Role RoleBinding ClusterRole ClusterRoleBinding".split(), "rbac.authorization.k8s.io/v1"),
    **dict.fromkeys(
        ("ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration"
         " MutatingWebhookConfiguration").split(), "admissionregistration.k8s.io/v1"),
    "RuntimeClass": "node.k8s.io/v1",
    "PriorityClass": "scheduling.k8s.io/v1",
    "StorageClass": "storage.k8s.io/v1",
    "PodDisruptionBudget": "policy/v1",
    "CiliumNetworkPolicy": "cilium.io/v2",
}  # fmt: skip
"""The version in which a kind is read that only a check names."""

RULE_KINDS: dict[str, tuple[str, ...]] = {
    "network-flow": ("NetworkPolicy", "CiliumNetworkPolicy", "Pod", "Service"),
    "rbac-access": ("Role", "RoleBinding", "ServiceAccount"),
    "rbac-others": ("Role", "RoleBinding", "ServiceAccount"),
    "routes": ("Ingress", "Service", "Secret"),
    "service-account-token": ("ServiceAccount",),
    "pod-admission": ("Namespace",),
}
"""Kinds that rules look at beside their `object`."""

OBJECT_RULES = frozenset(
    (
        "fields",
        "image-policy",
        "network-flow",
        "object",
        "pod-admission",
        "pod-security",
        "rbac-access",
        "rbac-others",
        "routes",
        "seccomp",
        "service-account-token",
        "startup-command",
        "writable-paths",
    )
)
"""Rules about objects of the API. The others are about files of a node, which no API server shows."""

_SHARED = frozenset(("default", "kube-system", "kube-public", "kube-node-lease"))


def comparable(check: Check) -> bool:
    """Whether live objects show what the check asks: not where files are looked at.

    A target that is no kind of the API (a component's configuration file) stands in a file only.
    """
    if check.scope is Scope.LIVE:
        return True
    if check.rule not in OBJECT_RULES or check.settings.get("files"):
        return False
    target = _target(check)
    return target is None or target.kind == WORKLOAD or target.kind in API_VERSIONS


def given_namespaces(card: Card) -> frozenset[str]:
    """The namespaces that the card gives, without those that every cluster has."""
    given, _ = given_manifests(card.all_given, card.kubernetes)
    return frozenset(one.name for one in given if one.kind == "Namespace") - _SHARED


def wanted_of(card: Card, world: World) -> Wanted:
    """What must be read: the card's own namespaces, and single objects that the card's files name."""
    own = given_namespaces(card) | frozenset(
        one.name for one in world.answer if one.kind == "Namespace" and one.name not in _SHARED
    )
    named = [*world.given, *world.objects]
    kinds = {(one.api_version, one.kind) for one in named if not is_config(one.api_version, one.kind)}
    refs = {
        Ref(one.api_version, one.kind, one.namespace, one.name)
        for one in named
        if not is_config(one.api_version, one.kind)
    }
    refs |= {Ref("v1", "Namespace", "", name) for name in own}
    for check in card.checks:
        if not comparable(check):
            continue
        target = _target(check)
        for kind in (*RULE_KINDS.get(check.rule, ()), *_kinds(target)):
            kinds.add((API_VERSIONS[kind], kind))
        if target is not None and target.name and target.kind in API_VERSIONS:
            refs.add(Ref(API_VERSIONS[target.kind], target.kind, _space(target), target.name))
    return Wanted(frozenset(kinds), own, frozenset(refs))


def missing_given(card: Card, world: World, live: Sequence[Manifest]) -> list[Manifest]:
    """What the card gives, what the answer was not to take away, and what the cluster lacks."""
    there = {object_key(one) for one in live}
    kept = {object_key(one) for one in world.objects}
    return [
        one
        for one in _cluster_objects(world.given)
        if object_key(one) not in there
        and (one.kind == "Namespace" or (card.given_stays and object_key(one) in kept))
        and not (one.kind == "ServiceAccount" and one.name == "default")
    ]


def _cluster_objects(manifests: Iterable[Manifest]) -> list[Manifest]:
    return [one for one in manifests if not is_config(one.api_version, one.kind)]


def _target(check: Check) -> Target | None:
    value: Any = getattr(check.params, "object", None)
    return None if value is None else target_of(value)


def _kinds(target: Target | None) -> list[str]:
    if target is None:
        return []
    if target.kind == WORKLOAD:
        return [kind for kind in TEMPLATE_PATHS if kind != "PodTemplate"]
    return [target.kind] if target.kind in API_VERSIONS else []


def _space(target: Target) -> str:
    return "" if is_cluster_scoped(target.kind, target.group) or target.namespace == "*" else target.namespace
