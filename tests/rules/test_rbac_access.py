"""Rule `rbac-access`: right answers in many forms pass, what gives more or less fails."""

from __future__ import annotations

import msgspec

from tests import pictures
from tests.rbac_world import DEPLOYER, binding, manifests, role, rule
from tests.table import each_row
from trainer.rules import rbac_access
from trainer.rules.rbac_access import Params
from trainer.simulate.world import World
from trainer.verdict import Outcome, Status

ASKED = {
    "subject": "sa:ci/deployer",
    "allow": [
        {"verbs": ["get", "list", "watch"], "resources": ["pods"], "namespace": "ci"},
        {"verbs": ["get"], "resources": ["pods/log"], "namespace": "ci"},
        {"verbs": ["get", "patch"], "resources": ["deployments.apps"], "names": ["web"], "namespace": "ci"},
    ],
    "deny": [{"verbs": ["get", "list"], "resources": ["secrets"], "namespace": "*"}],
    "rest": "denied",
    "escalation": "none",
}
PODS = rule("get, list, watch", '""', "pods")
LOGS = rule("get", '""', "pods/log")
WEB = rule("get, patch", "apps", "deployments", "web")
BIND = binding("b", "Role", "r", DEPLOYER)


def outcome(text: str, **changes: object) -> Outcome:
    return pictures.judged(
        rbac_access, World(tuple(manifests(text))), msgspec.convert(ASKED | changes, Params)
    )


@each_row(
    "text",
    [
        role("r", PODS + LOGS + WEB) + BIND,
        BIND + role("r", WEB + LOGS + PODS),
        role("r", PODS + LOGS + WEB, "") + binding("b", "ClusterRole", "r", DEPLOYER),
        role("r", PODS + PODS + LOGS + WEB) + BIND,
        role("r", PODS + WEB) + role("logs", LOGS) + BIND + binding("c", "Role", "logs", DEPLOYER),
        role("r", PODS + rule('"*"', '""', "pods/log") + WEB) + BIND,
        role("r", PODS + LOGS + WEB + rule("get", '""', "deployments")) + BIND,
        role("r", PODS + LOGS + WEB + rule("get", "extensions", "deployments")) + BIND,
        role("r", PODS + LOGS + WEB + rule("get", "v1", "secrets")) + BIND,
        role("r", PODS + LOGS + WEB + rule("list, watch, create", '""', "namespaces")) + BIND,
        role("r", PODS + LOGS + WEB + rule("escalate", "rbac.authorization.k8s.io", "clusterroles")) + BIND,
        role("r", PODS + LOGS + WEB)
        + BIND
        + role("s", rule("create", "authorization.k8s.io", "selfsubjectaccessreviews"), "")
        + binding("s", "ClusterRole", "s", DEPLOYER, ""),
    ],
    ids=[
        "plain",
        "other order",
        "cluster role",
        "redundant",
        "two roles",
        "only verb there is",
        "no effect",
        "group that is gone",
        "group that can't exist",
        "the list of namespaces isn't in one",
        "ClusterRoles are changed cluster-wide",
        "what everybody can do",
    ],
)
def test_right_answers_in_any_form(text: str) -> None:
    assert outcome(text, escalation="ignored") == Outcome(Status.PASS)


@each_row(
    ("text", "evidence"),
    [
        (role("r", PODS + LOGS + WEB + rule("get", '""', '"*"')) + BIND, "get secrets"),
        (role("r", PODS + LOGS + WEB + rule('"*"', '""', "pods")) + BIND, "create pods in ci: allowed"),
        (
            role("r", PODS + LOGS + rule("get, patch", "apps", "deployments")) + BIND,
            "get deployments.apps",
        ),
        (
            role("r", PODS + LOGS + WEB) + binding("b", "ClusterRole", "cluster-admin", DEPLOYER),
            "get secrets",
        ),
        (role("r", PODS + LOGS + WEB, "") + binding("b", "ClusterRole", "r", DEPLOYER, ""), "get pods"),
        (
            role("r", PODS + LOGS + WEB + rule("get", "example.com", "widgets")) + BIND,
            "get widgets.example.com",
        ),
        (role("r", PODS + LOGS + WEB + rule("create", '""', "pods/exec")) + BIND, "create pods/exec"),
        (role("r", PODS + LOGS + WEB + rule("create", '""', "pods/exec", "a")) + BIND, "create pods/exec a"),
        # A RoleBinding that refers to a ClusterRole is checked in its own namespace.
        (
            role("r", PODS + LOGS + WEB + rule("bind", "rbac.authorization.k8s.io", "clusterroles")) + BIND,
            "bind clusterroles.rbac.authorization.k8s.io in ci: allowed",
        ),
    ],
    ids=[
        "every resource",
        "every verb",
        "no name",
        "cluster-admin",
        "cluster-wide",
        "custom",
        "exec",
        "by name",
        "bind in a namespace",
    ],
)
def test_more_than_asked_fails(text: str, evidence: str) -> None:
    judged = outcome(text)
    assert judged.status is Status.FAIL
    assert evidence in " ".join(judged.evidence)
    assert all(reason.message for reason in judged.reasons)


@each_row(
    ("text", "reason"),
    [
        (
            role("r", PODS + LOGS + rule("get, patch", '""', "deployments", "web")) + BIND,
            "in the API group apps",
        ),
        (role("r", PODS + WEB) + BIND, "does not include pods/log"),
        (role("r", rule("get, list", '""', "pods") + LOGS + WEB) + BIND, "The verb watch is missing"),
        (
            role("r", PODS + WEB)
            + BIND
            + role("l", LOGS, "prod")
            + binding("c", "Role", "l", DEPLOYER, "prod"),
            "is limited to prod: it doesn't apply in ci (RoleBinding prod/c",
        ),
        (
            role("r", rule("get, list, watch", '""', "pods", "a") + LOGS + WEB) + BIND,
            "resourceNames limit this rule",
        ),
        (
            role("r", PODS + LOGS + WEB, "prod") + binding("b", "Role", "r", DEPLOYER, "prod"),
            "is limited to prod",
        ),
        (role("x", PODS + LOGS + WEB) + BIND, "refers to the Role r, which doesn't exist"),
        (role("r", PODS + LOGS + WEB), "No binding names ServiceAccount ci/deployer"),
    ],
)
def test_less_than_asked_fails_and_says_why(text: str, reason: str) -> None:
    judged = outcome(text)
    assert judged.status is Status.FAIL
    assert reason in " ".join(found.message for found in judged.reasons)


def test_failures_name_the_line_of_the_rule() -> None:
    judged = outcome(role("r", PODS + LOGS + WEB + rule("get", '""', "secrets")) + BIND)
    assert {str(reason.location) for reason in judged.reasons} == {"rbac.yaml:8:1"}


def test_a_privilege_escalation_fails() -> None:
    admin = binding(
        "a", "ClusterRole", "cluster-admin", "{kind: ServiceAccount, name: admin, namespace: ci}", ""
    )
    web = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: ci}\n---\n"
    text = role("r", PODS + LOGS + WEB) + BIND + admin
    assert outcome(text).status is Status.PASS, "there is no Deployment web to change"
    judged = outcome(text + web)
    assert judged.status is Status.FAIL
    assert [reason.message for reason in judged.reasons] == [
        "This allows privilege escalation: patch deployments web in ci as ci/admin -> cluster-admin."
    ]
    assert str(judged.reasons[0].location) == "rbac.yaml:7:1"


def test_other_subjects_are_asked_by_checks_of_their_own() -> None:
    text = role("r", PODS + LOGS + WEB) + binding(
        "b", "Role", "r", f"{DEPLOYER}, {{kind: Group, name: system:authenticated}}"
    )
    judged = outcome(text, subject="user:anybody", allow=[], deny=[], escalation="ignored")
    assert judged.status is Status.FAIL
    assert "Group system:authenticated" in judged.reasons[0].message


def test_unchanged() -> None:
    before = tuple(manifests(role("r", PODS + LOGS) + BIND, "given.yaml"))
    params = msgspec.convert({"subject": "sa:ci/deployer", "rest": "unchanged"}, Params)

    def changed(text: str) -> Outcome:
        return pictures.judged(rbac_access, World(tuple(manifests(text)), before), params)

    assert changed(BIND + role("r", LOGS + PODS)).status is Status.PASS
    more = changed(role("r", PODS + LOGS + WEB) + BIND)
    assert more.evidence[0].endswith("get deployments.apps web in ci: allowed now, denied before.")
    less = changed(role("r", PODS) + BIND)
    assert less.evidence == ("ServiceAccount ci/deployer: get pods/log in ci: denied now, allowed before.",)


def test_who_is_named_in_no_binding_is_told_where_the_answer_names_subjects() -> None:
    objects = tuple(
        manifests(role("r", PODS + LOGS + WEB) + binding("b", "Role", "r", "{kind: User, name: a}"))
    )
    judged = pictures.judged(rbac_access, World(objects, answer=objects), msgspec.convert(ASKED, Params))
    places = {reason.location.path for reason in judged.reasons if reason.location is not None}
    assert places == {"subjects"}


def test_what_is_denied_as_a_whole_is_denied_by_name_too() -> None:
    text = role("r", rule("get", '""', "secrets", "a, b")) + BIND
    judged = outcome(text, allow=[], rest="ignored")
    assert judged.evidence[0] == "ServiceAccount ci/deployer: get secrets a in ci: allowed."
    but_a = {"verbs": ["get"], "resources": ["secrets"], "names": ["a"], "namespace": "ci"}
    judged = outcome(text, allow=[but_a], rest="ignored", escalation="ignored")
    assert judged.evidence == ("ServiceAccount ci/deployer: get secrets b in ci: allowed.",)
    but_b = but_a | {"names": ["b"]}
    assert outcome(text, allow=[but_a, but_b], rest="ignored", escalation="ignored") == Outcome(Status.PASS)


def test_no_more_than_before() -> None:
    before = tuple(manifests(role("r", PODS + LOGS) + BIND, "given.yaml"))
    params = msgspec.convert({"subject": "sa:ci/deployer", "rest": "no-more"}, Params)

    def changed(text: str) -> Outcome:
        return pictures.judged(rbac_access, World(tuple(manifests(text)), before), params)

    assert changed(role("r", PODS) + BIND).status is Status.PASS
    more = changed(role("r", LOGS + WEB) + BIND)
    assert more.evidence == (
        "ServiceAccount ci/deployer: get deployments.apps web in ci: allowed now, denied before.",
    )


def test_of_many_denied_requests_the_first_are_shown() -> None:
    judged = outcome(role("r", PODS + LOGS + WEB))
    assert [reason.message for reason in judged.reasons] == ["No binding names ServiceAccount ci/deployer."]
    assert judged.evidence == (
        "ServiceAccount ci/deployer: get pods in ci: denied.",
        "ServiceAccount ci/deployer: list pods in ci: denied.",
        "ServiceAccount ci/deployer: watch pods in ci: denied.",
        "3 more such requests: denied.",
    )


def test_the_ways_to_more_that_are_shown_start_differently() -> None:
    rules = rule("escalate, update, bind", "rbac.authorization.k8s.io", "roles, clusterroles") + rule(
        "create", "rbac.authorization.k8s.io", "rolebindings"
    )
    text = role("r", rules + rule("create", '""', "pods")) + BIND
    admin = binding("a", "ClusterRole", "admin", "{kind: ServiceAccount, name: admin, namespace: ci}")
    judged = outcome(text + admin, allow=[], deny=[], rest="ignored")
    assert judged.evidence == (
        "ServiceAccount ci/deployer: escalate roles in ci -> admin of ci.",
        "ServiceAccount ci/deployer: bind cluster-admin by rolebindings in ci -> admin of ci.",
        "ServiceAccount ci/deployer: create pods in ci as ci/admin -> get secrets in ci.",
    )


def test_a_default_role_that_grants_more_is_access_beyond() -> None:
    basic = role("system:basic-user", rule("get", '""', "secrets"), "")
    found = outcome(role("r", PODS + LOGS + WEB) + BIND + basic, deny=[], escalation="ignored")
    assert found.evidence == ("ServiceAccount ci/deployer: get secrets: allowed by the rule `get secrets`.",)


def test_a_list_by_name_shows_what_get_of_that_name_shows() -> None:
    one = {"verbs": ["get"], "resources": ["secrets"], "names": ["db"], "namespace": "ci"}
    every = {"verbs": ["get", "list", "watch"], "resources": ["secrets"], "namespace": "*"}
    params = {"allow": [one], "deny": [every], "rest": "ignored", "escalation": "ignored"}
    named = role("r", rule("get, list, watch", '""', "secrets", "db")) + BIND
    assert outcome(named, **params).status is Status.PASS
    other = named + role("o", rule("watch", '""', "secrets", "key")) + binding("o", "Role", "o", DEPLOYER)
    assert outcome(other, **params).evidence == (
        "ServiceAccount ci/deployer: watch secrets key in ci: allowed.",
    )


def test_the_reason_points_at_the_binding_if_the_role_is_given() -> None:
    given = manifests(role("r", PODS + LOGS + WEB, ""), "given")
    bound = manifests(binding("b", "ClusterRole", "r", DEPLOYER, ""))
    world = World((*given, *bound), tuple(given), tuple(bound))
    found = rbac_access.judge(world, msgspec.convert(ASKED, Params))
    places = {(one.location.file, one.location.path) for one in found.reasons if one.location}
    assert places == {("rbac.yaml", "roleRef")}
