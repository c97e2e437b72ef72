"""Tests of `manifests.validation.rbac`: roles and bindings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row

Paths = Callable[..., list[str]]
Make = Callable[..., dict[str, Any]]

RBAC = "rbac.authorization.k8s.io/v1"


@each_row(
    ("rule", "role", "cluster_role"),
    [
        ({"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}, [], []),
        ({"apiGroups": [""], "resources": ["pods"]}, ["verbs"], ["verbs"]),
        ({"apiGroups": [""], "resources": ["pods"], "verbs": []}, ["verbs"], ["verbs"]),
        ({"resources": ["pods"], "verbs": ["get"]}, ["apiGroups"], ["apiGroups"]),
        ({"apiGroups": [""], "verbs": ["get"]}, ["resources"], ["resources"]),
        ({"apiGroups": ["core"], "resources": ["any"], "verbs": ["anything"]}, [], []),
        ({"nonResourceURLs": ["/healthz"], "verbs": ["get"]}, ["nonResourceURLs"], []),
        (
            {"nonResourceURLs": ["*"], "resources": ["*"], "apiGroups": ["*"], "verbs": ["*"]},
            ["nonResourceURLs", "nonResourceURLs"],
            ["nonResourceURLs"],
        ),
    ],
)
def test_rules(
    paths_of: Paths, api_object: Make, rule: dict[str, Any], role: list[str], cluster_role: list[str]
) -> None:
    assert paths_of(api_object("Role", RBAC, rules=[rule])) == [f"rules[0].{path}" for path in role]
    found = paths_of(api_object("ClusterRole", RBAC, rules=[rule]))
    assert found == [f"rules[0].{path}" for path in cluster_role]


def test_roles_without_rules_are_fine(paths_of: Paths, api_object: Make) -> None:
    assert paths_of(api_object("Role", RBAC)) == []
    assert paths_of(api_object("ClusterRole", RBAC, rules=None)) == []


@each_row(
    ("aggregation", "paths"),
    [
        ({"clusterRoleSelectors": [{"matchLabels": {"a": "b"}}]}, []),
        ({}, ["aggregationRule.clusterRoleSelectors"]),
        (
            {"clusterRoleSelectors": [{"matchLabels": {"a b": "c"}}]},
            ["aggregationRule.clusterRoleSelectors[0].matchLabels[a b]"],
        ),
    ],
)
def test_aggregation(paths_of: Paths, api_object: Make, aggregation: Any, paths: list[str]) -> None:
    assert paths_of(api_object("ClusterRole", RBAC, aggregationRule=aggregation)) == paths


@each_row(
    ("reference", "binding", "cluster_binding"),
    [
        ({"kind": "ClusterRole", "name": "view"}, [], []),
        ({"kind": "Role", "name": "view"}, [], ["kind"]),
        ({"kind": "clusterrole", "name": "view"}, ["kind"], ["kind"]),
        ({"name": "view"}, ["kind"], ["kind"]),
        ({"kind": "ClusterRole"}, ["name"], ["name"]),
        ({"kind": "ClusterRole", "name": "a/b"}, ["name"], ["name"]),
        ({"kind": "ClusterRole", "name": "view", "apiGroup": "rbac"}, ["apiGroup"], ["apiGroup"]),
    ],
)
def test_role_references(
    paths_of: Paths, api_object: Make, reference: Any, binding: list[str], cluster_binding: list[str]
) -> None:
    assert paths_of(api_object("RoleBinding", RBAC, roleRef=reference)) == [f"roleRef.{p}" for p in binding]
    found = paths_of(api_object("ClusterRoleBinding", RBAC, roleRef=reference))
    assert found == [f"roleRef.{path}" for path in cluster_binding]


GROUP = "rbac.authorization.k8s.io"


@each_row(
    ("subject", "binding", "cluster_binding"),
    [
        ({"kind": "User", "name": "jane", "apiGroup": GROUP}, [], []),
        ({"kind": "User", "name": "jane"}, [], []),
        ({"kind": "Group", "name": "system:masters", "apiGroup": ""}, [], []),
        ({"kind": "ServiceAccount", "name": "a", "namespace": "b"}, [], []),
        ({"kind": "ServiceAccount", "name": "a"}, [], ["namespace"]),
        (
            {"kind": "ServiceAccount", "name": "a", "namespace": "b", "apiGroup": GROUP},
            ["apiGroup"],
            ["apiGroup"],
        ),
        ({"kind": "ServiceAccount", "name": "My_SA", "namespace": "b"}, ["name"], ["name"]),
        ({"kind": "User", "name": "jane", "apiGroup": "v1"}, ["apiGroup"], ["apiGroup"]),
        ({"kind": "user", "name": "jane"}, ["kind"], ["kind"]),
        ({"kind": "User"}, ["name"], ["name"]),
    ],
)
def test_subjects(
    paths_of: Paths, api_object: Make, subject: Any, binding: list[str], cluster_binding: list[str]
) -> None:
    role = {"kind": "ClusterRole", "name": "view"}
    found = paths_of(api_object("RoleBinding", RBAC, roleRef=role, subjects=[subject]))
    assert found == [f"subjects[0].{path}" for path in binding]
    found = paths_of(api_object("ClusterRoleBinding", RBAC, roleRef=role, subjects=[subject]))
    assert found == [f"subjects[0].{path}" for path in cluster_binding]


@each_row(("name", "good"), [("system:node", True), ("A_b c", True), ("a/b", False), ("..", False)])
def test_names_are_path_segments(paths_of: Paths, name: str, good: bool) -> None:
    data = {"apiVersion": RBAC, "kind": "Role", "metadata": {"name": name}}
    assert paths_of(data) == ([] if good else ["metadata.name"])


def test_a_cluster_role_binding_to_a_role_names_the_way_out(messages_of: Paths, api_object: Make) -> None:
    wrong = api_object("ClusterRoleBinding", RBAC, roleRef={"kind": "Role", "name": "observer"})
    assert messages_of(wrong) == ["A ClusterRoleBinding can't refer to a Role, only to a ClusterRole."]
