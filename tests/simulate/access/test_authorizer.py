"""Access by RBAC: bindings, groups, aggregation, dangling references, who can."""

from __future__ import annotations

from tests.rbac_world import DEPLOYER, binding, manifests, role, rule
from tests.table import each_row
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


@each_row(
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


def test_a_denied_request_tells_the_dangling_bindings_of_its_groups_too() -> None:
    text = binding("g", "Role", "gone", "{kind: Group, name: dev}") + binding(
        "o", "Role", "gone", "{kind: Group, name: ops}"
    )
    access = Authorizer(manifests(text)).decide(parse_request(parse_identity("group:dev"), "get pods", "ci"))
    assert [found.name for found in access.dangling] == ["g"]


def test_subjects_that_mean_nobody_do_not_hide_the_others() -> None:
    odd = "{kind: Robot, name: x}, {kind: ServiceAccount, name: x}, {name: y}, {kind: User}"
    text = role("r", PODS, "") + binding("b", "ClusterRole", "r", f"{odd}, {DEPLOYER}", "")
    assert allowed(text, "sa:ci/deployer", "get pods")
    for who in ("user:x", "user:y", "user:Robot", "group:x"):
        assert not allowed(text, who, "get pods")
    dangling = binding("b", "ClusterRole", "gone", f"{odd}, {DEPLOYER}", "")
    access = Authorizer(manifests(dangling)).decide(
        parse_request(parse_identity("sa:ci/deployer"), "get pods", "ci")
    )
    assert [found.name for found in access.dangling] == ["b"]


def test_a_user_and_a_group_of_one_name_are_two() -> None:
    text = role("r", PODS) + binding("b", "Role", "r", "{kind: User, name: dev}")
    assert allowed(text, "user:dev", "get pods")
    assert not allowed(text, "group:dev", "get pods")
    assert not allowed(text.replace("kind: User", "kind: Group"), "user:dev", "get pods")


def test_a_grant_to_a_user_names_the_user_alone() -> None:
    text = role("r", PODS) + binding("b", "Role", "r", "{kind: User, name: jane}")
    grant = (
        Authorizer(manifests(text)).decide(parse_request(parse_identity("user:jane"), "get pods", "ci")).grant
    )
    assert grant is not None
    assert grant.title == "RoleBinding ci/b gives Role ci/r to User jane"


def test_cluster_wide_bindings_are_asked_first() -> None:
    text = (
        role("r", PODS)
        + binding("b", "Role", "r", DEPLOYER)
        + role("c", PODS, "")
        + binding("a", "ClusterRole", "c", DEPLOYER, "")
    )
    authorizer = Authorizer(manifests(text))
    assert [one.title for one in authorizer.bindings] == ["ClusterRoleBinding a", "RoleBinding ci/b"]


def who_can(text: str, verb: str, namespace: str) -> list[str]:
    request = Request(parse_identity("user:x"), verb, "pods", namespace=namespace)
    return [subject.name for subject in Authorizer(manifests(text)).who_can(request)]


def test_who_can_asks_each_binding_where_it_holds() -> None:
    one, other = rule("get", '""', "pods"), rule("list", '""', "pods")
    text = (
        binding("gone", "Role", "gone", "{kind: User, name: nobody}")
        + role("r", one + other)
        + binding("b", "Role", "r", "{kind: User, name: both}")
        + role("s", one)
        + binding("s", "Role", "s", "{kind: User, name: gets}")
        + role("p", one, "prod")
        + binding("p", "Role", "p", "{kind: User, name: elsewhere}", "prod")
        + role("c", other, "")
        + binding("c", "ClusterRole", "c", "{kind: User, name: anywhere}", "")
    )
    assert who_can(text, "get", "ci") == ["both", "gets"]
    assert who_can(text, "list", "ci") == ["anywhere", "both"]
    assert who_can(text, "list", "") == ["anywhere"]
    assert who_can(text, "get", "prod") == ["elsewhere"]
    assert who_can(text, "delete", "ci") == []


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
