"""Mutations that weaken Kubernetes objects: what a learner might leave open, by kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trainer.manifests.model import Path
from trainer.packcheck.tree import Edit, at, widened, widened_list, with_value, without
from trainer.packcheck.weaken_cilium import cilium_edits
from trainer.packcheck.weaken_network import network_edits
from trainer.packcheck.weaken_pods import pod_edits
from trainer.packcheck.weaken_rules import rule_edits
from trainer.simulate.workloads import TEMPLATE_PATHS


def weaken_edits(value: Any) -> Iterator[Edit]:
    """All ways to weaken one object, by its kind; nothing for kinds that this module doesn't know."""
    if not isinstance(value, dict):
        return
    kind = value.get("kind")
    yield from rule_edits(value)
    if kind in TEMPLATE_PATHS:
        yield from pod_edits(value, (*TEMPLATE_PATHS[kind], "spec"))
    elif kind in ("RoleBinding", "ClusterRoleBinding"):
        yield from _binding(value)
    elif kind == "NetworkPolicy":
        yield from network_edits(value)
    elif kind in ("CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy"):
        yield from cilium_edits(value)
    elif kind in ("Policy", "EncryptionConfiguration"):
        yield from _swapped(value)


def _binding(value: Any) -> Iterator[Edit]:
    group = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": ""}
    for name in ("system:authenticated", "system:unauthenticated", "system:serviceaccounts"):
        yield widened_list(value, ("subjects",), {**group, "name": name})
    account = {"kind": "ServiceAccount", "name": "default", "namespace": "default"}
    yield widened_list(value, ("subjects",), account)
    wide = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"}
    yield widened(value, ("roleRef",), wide)
    if value.get("kind") == "RoleBinding":
        cluster = without(value, ("metadata", "namespace")) if at(value, ("metadata", "namespace")) else value
        what = "a ClusterRoleBinding"
        yield Edit(("kind",), "widen", what, {**cluster, "kind": "ClusterRoleBinding"})


def _swapped(value: Any) -> Iterator[Edit]:
    """Adjacent items swapped in lists where the first match counts."""
    lists: list[Path] = [("rules",)]
    resources = value.get("resources")
    lists += (
        [("resources", index, "providers") for index in range(len(resources or ()))]
        if isinstance(resources, list)
        else []
    )
    for path in lists:
        items = at(value, path)
        for index in range(len(items) - 1 if isinstance(items, list) else 0):
            turned = [*items[:index], items[index + 1], items[index], *items[index + 2 :]]
            yield Edit((*path, index), "move", "swapped with the next", with_value(value, path, turned))
