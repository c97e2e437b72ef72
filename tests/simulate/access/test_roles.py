"""Lookup of roles and bindings."""

from __future__ import annotations

from tests.rbac_world import DEPLOYER, PODS_RULE, binding, manifests, role, rule
from trainer.simulate.access.roles import Roles


def test_no_namespace_is_default_and_cluster_kinds_have_none() -> None:
    text = role("r", PODS_RULE).replace(", namespace: ci", "") + role("c", PODS_RULE, "")
    roles = Roles(manifests(text))
    assert set(roles.objects) == {("Role", "default", "r"), ("ClusterRole", "", "c")}


def test_a_binding_refers_to_a_role_of_its_own_namespace() -> None:
    roles = Roles(manifests(role("r", PODS_RULE, "prod") + binding("b", "Role", "r", DEPLOYER)))
    assert roles.referred(roles.objects["RoleBinding", "ci", "b"]) is None
    same = Roles(manifests(role("r", PODS_RULE) + binding("b", "Role", "r", DEPLOYER)))
    found = same.referred(same.objects["RoleBinding", "ci", "b"])
    assert found is not None
    assert found.title == "Role ci/r"


def test_a_cluster_role_binding_cannot_refer_to_a_role() -> None:
    roles = Roles(manifests(role("r", PODS_RULE) + binding("b", "Role", "r", DEPLOYER, "")))
    assert roles.referred(roles.objects["ClusterRoleBinding", "", "b"]) is None


def test_other_kinds_and_groups_are_left_out() -> None:
    assert Roles(manifests("apiVersion: example.com/v1\nkind: Role\nmetadata: {name: x}\n")).objects == {}
    other = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Other\nmetadata: {name: x}\n"
    assert Roles(manifests(other)).objects == {}
    assert Roles(manifests("kind: ConfigMap\nmetadata: {name: x}\n")).objects == {}
    assert set(Roles(manifests("kind: ClusterRole\nmetadata: {name: x}\n")).objects) == {
        ("ClusterRole", "", "x")
    }


def test_a_reference_to_another_kind_leads_nowhere() -> None:
    text = role("r", PODS_RULE) + binding("b", "Robot", "r", DEPLOYER)
    roles = Roles(manifests(text))
    assert roles.referred(roles.objects["RoleBinding", "ci", "b"]) is None
    bare = Roles(manifests("kind: RoleBinding\nmetadata: {name: b, namespace: ci}\n"))
    assert bare.referred(bare.objects["RoleBinding", "ci", "b"]) is None


SUM = (
    "kind: ClusterRole\nmetadata: {name: sum, labels: {to: all}}\n"
    "aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: sum}}, {matchLabels: {to: more}}]}\n---\n"
)
ALL = (
    "kind: ClusterRole\nmetadata: {name: all, labels: {to: sum}}\n"
    "aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: all}}]}\n---\n"
)


def test_any_of_several_selectors_aggregates_and_only_cluster_roles() -> None:
    text = SUM + role("one", PODS_RULE, "", ", labels: {to: sum}")
    text += role("two", rule("get", '""', "nodes"), "", ", labels: {to: more}")
    text += role("ns", rule("get", '""', "secrets"), "ci", ", labels: {to: sum}")
    roles = Roles(manifests(text))
    found = roles.rules(roles.objects["ClusterRole", "", "sum"])
    assert [one.text for one in found] == ["get, list pods", "get nodes"]


def test_roles_that_aggregate_each_other_end() -> None:
    text = SUM + ALL + role("one", PODS_RULE, "", ", labels: {to: more}")
    roles = Roles(manifests(text))
    for name in ("sum", "all"):
        assert [one.text for one in roles.rules(roles.objects["ClusterRole", "", name])] == ["get, list pods"]


def test_a_role_does_not_aggregate() -> None:
    text = role("r", PODS_RULE + "aggregationRule: {clusterRoleSelectors: [{}]}\n")
    roles = Roles(manifests(text + role("c", rule("get", '""', "nodes"), "")))
    assert [one.text for one in roles.rules(roles.objects["Role", "ci", "r"])] == ["get, list pods"]
