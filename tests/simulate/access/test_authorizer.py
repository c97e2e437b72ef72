"""Access by RBAC: bindings, groups, aggregation, dangling references, who can."""

from __future__ import annotations

import pytest

from tests.rbac_world import DEPLOYER, binding, manifests, role, rule
from trainer.simulate.access.authorizer import Authorizer, BoundSubject, bound_subjects, covers
from trainer.simulate.access.policy_rules import rules_of
from trainer.simulate.access.requests import Request, parse_identity, parse_request

PODS = rule("get, list", '""', "pods")


def allowed(text: str, who: str, do: str, namespace: str = "ci") -> bool:
    return Authorizer(manifests(text)).decide(parse_request(parse_identity(who), do, namespace)).allowed


def test_a_role_binding_holds_in_its_namespace() -> None:
    text = role("r", PODS) + binding("b", "Role", "r", DEPLOYER)
    assert allowed(text, "sa:ci/deployer", "get pods")
    assert not allowed(text, "sa:ci/deployer", "get pods", "prod")
    assert not allowed(text, "sa:prod/deployer", "get pods")


def test_a_role_binding_to_a_cluster_role_is_namespaced() -> None:
    text = role("r", PODS, "") + binding("b", "ClusterRole", "r", DEPLOYER)
    assert allowed(text, "sa:ci/deployer", "get pods")
    assert not allowed(text, "sa:ci/deployer", "get pods", "")


def test_a_cluster_role_binding_holds_everywhere() -> None:
    text = role("r", PODS, "") + binding("b", "ClusterRole", "r", DEPLOYER, "")
    for namespace in ("", "ci", "prod"):
        assert allowed(text, "sa:ci/deployer", "list pods", namespace)


@pytest.mark.parametrize(
    ("subject", "who"),
    [
        ("{kind: Group, name: system:serviceaccounts}", "sa:x/yy"),
        ("{kind: Group, name: 'system:serviceaccounts:ci'}", "sa:ci/yy"),
        ("{kind: Group, name: system:authenticated}", "user:jane"),
        ("{kind: Group, name: dev}", "group:dev"),
        ("{kind: User, name: 'system:serviceaccount:ci:yy'}", "sa:ci/yy"),
        ("{kind: ServiceAccount, name: yy}", "sa:ci/yy"),
    ],
)
def test_subjects(subject: str, who: str) -> None:
    text = role("r", PODS) + binding("b", "Role", "r", subject)
    assert allowed(text, who, "get pods")


def test_the_user_star_is_literal() -> None:
    text = role("r", PODS) + binding("b", "Role", "r", "{kind: User, name: '*'}")
    assert not allowed(text, "user:jane", "get pods")
    assert allowed(text, "user:*", "get pods")


def test_a_dangling_reference_grants_nothing_and_is_told() -> None:
    text = binding("b", "Role", "gone", DEPLOYER)
    access = Authorizer(manifests(text)).decide(
        parse_request(parse_identity("sa:ci/deployer"), "get pods", "ci")
    )
    assert not access.allowed
    assert [found.name for found in access.dangling] == ["b"]
    assert not allowed(
        role("r", PODS, "prod") + binding("b", "Role", "r", DEPLOYER), "sa:ci/deployer", "get pods"
    )


def test_the_later_of_two_objects_with_one_name_counts() -> None:
    text = role("r", PODS) + role("r", rule("delete", '""', "pods")) + binding("b", "Role", "r", DEPLOYER)
    assert not allowed(text, "sa:ci/deployer", "get pods")
    assert allowed(text, "sa:ci/deployer", "delete pods")


def test_aggregation_overwrites_rules_and_survives_cycles() -> None:
    selector = "aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: sum}}]}\n"
    total = role(
        "sum",
        "- {verbs: [delete], apiGroups: [''], resources: [pods]}\n" + selector,
        "",
        ", labels: {to: sum}",
    )
    part = role("part", PODS, "", ", labels: {to: sum}")
    text = total + part + binding("b", "ClusterRole", "sum", DEPLOYER, "")
    assert allowed(text, "sa:ci/deployer", "get pods")
    assert not allowed(text, "sa:ci/deployer", "delete pods")


def test_the_grant_names_binding_role_rule_and_line() -> None:
    text = role("r", PODS) + binding("b", "Role", "r", DEPLOYER)
    access = Authorizer(manifests(text)).decide(
        parse_request(parse_identity("sa:ci/deployer"), "get pods", "ci")
    )
    assert access.grant is not None
    assert access.grant.title == "RoleBinding ci/b gives Role ci/r to ServiceAccount ci/deployer"
    assert str(access.grant.location) == "rbac.yaml:5:1"


def test_who_can_lists_each_subject_once() -> None:
    text = role("r", PODS) + binding("b", "Role", "r", f"{DEPLOYER}, {DEPLOYER}, {{kind: User, name: jane}}")
    found = Authorizer(manifests(text)).who_can(
        Request(parse_identity("user:x"), "get", "pods", namespace="ci")
    )
    assert found == [BoundSubject("ServiceAccount", "deployer", "ci"), BoundSubject("User", "jane")]


def test_covers_lists_what_is_lacking() -> None:
    [owner, wanted] = manifests(
        role("owner", rule("get", "apps", "deployments"))
        + role("wanted", rule("get, list", "apps", "deployments"))
    )
    lacking = covers(rules_of(owner), rules_of(wanted))
    assert [single.text for single in lacking] == ["list deployments.apps"]


def test_subjects_of_odd_types_get_nothing() -> None:
    bound = role("r", PODS) + binding("b", "Role", "r", DEPLOYER)
    assert allowed(bound, "sa:ci/deployer", "get pods")
    for manifest in manifests(bound):
        if manifest.kind == "RoleBinding":
            assert bound_subjects(manifest.with_data({**manifest.data, "subjects": 7}), "ci") == []
            assert bound_subjects(manifest.with_data({**manifest.data, "subjects": ["x"]}), "ci") == []
