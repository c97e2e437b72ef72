"""Lookup of roles and bindings."""

from __future__ import annotations

from tests.rbac_world import DEPLOYER, PODS_RULE, binding, manifests, role
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
