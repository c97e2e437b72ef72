"""The single steps of a privilege escalation."""

from __future__ import annotations

import pytest

from tests.rbac_world import DEPLOYER, binding, manifests, role, rule
from trainer.simulate.access.authorizer import Authorizer
from trainer.simulate.access.defaults import default_policy
from trainer.simulate.access.escalation_steps import STEPS, Scene, impersonate
from trainer.simulate.access.requests import Identity, parse_identity
from trainer.versions import DEFAULT, Version

ADMIN = binding(
    "admins", "ClusterRole", "cluster-admin", "{kind: ServiceAccount, name: admin, namespace: ci}", ""
)
POD = (
    "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: ci}\n"
    "spec: {serviceAccountName: admin, containers: [{name: c}]}\n---\n"
)
TOKEN = (
    "apiVersion: v1\nkind: Secret\nmetadata: {name: t, namespace: ci, "
    "annotations: {kubernetes.io/service-account.name: admin}}\ntype: kubernetes.io/service-account-token\n---\n"
)


def steps(
    rules: str, more: str = "", namespace: str = "ci", kubernetes: Version = DEFAULT
) -> set[tuple[str, str]]:
    """Kind of step and target for ServiceAccount ci/deployer with these rules."""
    kind = "Role" if namespace else "ClusterRole"
    text = role("r", rules, namespace) + binding("b", kind, "r", DEPLOYER, namespace) + ADMIN + more
    objects = manifests(text)
    scene = Scene(Authorizer((*default_policy(), *objects)), tuple(objects), kubernetes)
    found = set()
    for find in STEPS:
        for step in find(scene, parse_identity("sa:ci/deployer")):
            target = step.target
            found.add((find.__name__, target.title))
    return found


AS_ADMIN = "ServiceAccount ci/admin"
RBAC = "rbac.authorization.k8s.io"


@pytest.mark.parametrize(
    ("rules", "more", "namespace", "expected"),
    [
        (rule("create", '""', "pods"), "", "ci", ("run_workloads", AS_ADMIN)),
        (rule("patch", "apps", "deployments"), "", "ci", ("run_workloads", AS_ADMIN)),
        (rule("create", '""', "pods/exec"), POD, "ci", ("enter_pods", AS_ADMIN)),
        (rule("create", '""', "pods/attach"), POD, "ci", ("enter_pods", AS_ADMIN)),
        (rule("patch", '""', "pods/ephemeralcontainers"), POD, "ci", ("enter_pods", AS_ADMIN)),
        (rule("create", '""', "serviceaccounts/token"), "", "ci", ("request_tokens", AS_ADMIN)),
        (rule("list", '""', "secrets"), TOKEN, "ci", ("read_secrets", AS_ADMIN)),
        (rule("get", '""', "secrets", "t"), TOKEN, "ci", ("read_secrets", AS_ADMIN)),
        (rule("create, get", '""', "secrets"), "", "ci", ("read_secrets", AS_ADMIN)),
        (rule("impersonate", '""', "serviceaccounts"), "", "ci", ("impersonate", AS_ADMIN)),
        (rule("impersonate", '""', "users, groups"), "", "", ("impersonate", "cluster-admin")),
        (rule("escalate, update", RBAC, "roles"), "", "ci", ("escalate", "admin of ci")),
        (rule("escalate, patch", RBAC, "clusterroles"), "", "", ("escalate", "cluster-admin")),
        (
            rule("bind", RBAC, "clusterroles") + rule("create", RBAC, "rolebindings"),
            "",
            "ci",
            ("bind", "admin of ci"),
        ),
        (rule("escalate, update", RBAC, "roles", "r"), "", "ci", ("escalate", "admin of ci")),
        (rule("escalate, update", RBAC, "clusterroles", "r"), "", "", ("escalate", "cluster-admin")),
        (
            rule("bind", RBAC, "clusterroles", "edit") + rule("create", RBAC, "rolebindings"),
            "",
            "ci",
            ("bind", "what ClusterRole edit allows in ci"),
        ),
        (
            rule("bind", RBAC, "roles", "s") + rule("create", RBAC, "rolebindings"),
            role("s", rule("get", '""', "secrets")),
            "ci",
            ("bind", "what Role ci/s allows in ci"),
        ),
        (rule("get", '""', "nodes/proxy"), "", "", ("take_nodes", "cluster-admin")),
        (
            rule("create", "admissionregistration.k8s.io", "mutatingwebhookconfigurations"),
            "",
            "",
            ("take_nodes", "cluster-admin"),
        ),
    ],
)
def test_each_step(rules: str, more: str, namespace: str, expected: tuple[str, str]) -> None:
    assert expected in steps(rules, more, namespace)


POLICIES, BINDINGS = "mutatingadmissionpolicies", "mutatingadmissionpolicybindings"
BOUND = "apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingAdmissionPolicyBinding\nmetadata: {name: b}\n---\n"


@pytest.mark.parametrize(
    ("verbs", "resources", "more", "minor", "rewrites"),
    [
        ("create", f"{POLICIES}, {BINDINGS}", "", 36, True),
        ("create", f"{POLICIES}, {BINDINGS}", "", 35, False),
        ("create", POLICIES, BOUND, 36, False),
        ("update", POLICIES, BOUND, 36, True),
        ("update", POLICIES, "", 36, False),
        ("update", BINDINGS, BOUND, 36, False),
        ("get", f"{POLICIES}, {BINDINGS}", BOUND, 36, False),
    ],
)
def test_mutating_policies_rewrite_objects_from_1_36_on(
    verbs: str, resources: str, more: str, minor: int, rewrites: bool
) -> None:
    rules = rule(verbs, "admissionregistration.k8s.io", resources)
    found = steps(rules, more, "", Version(1, minor))
    assert (("take_nodes", "cluster-admin") in found) is rewrites


@pytest.mark.parametrize("verb", ["update", "patch"])
@pytest.mark.parametrize("signer", ["kubernetes.io/kube-apiserver-client", "kubernetes.io/*"])
def test_certificates_need_all_three_rights(verb: str, signer: str) -> None:
    api = "certificates.k8s.io"
    ask = rule("create", api, "certificatesigningrequests")
    approve = rule(verb, api, "certificatesigningrequests/approval")
    sign = rule("approve", api, "signers", f'"{signer}"')
    jane = binding("j", "ClusterRole", "cluster-admin", "{kind: User, name: jane}", "")
    assert ("sign_certificates", "user jane") in steps(ask + approve + sign, jane, "")
    for rules in (ask + approve, ask + sign, approve + sign):
        assert steps(rules, jane, "") == set()


def test_a_group_that_one_is_in_is_no_gain() -> None:
    rules = rule("impersonate", '""', "users, groups", "anybody, own, other")
    subjects = "{kind: Group, name: own}, {kind: Group, name: other}"
    objects = manifests(role("r", rules, "") + binding("b", "ClusterRole", "r", subjects, ""))
    scene = Scene(Authorizer(tuple(objects)), tuple(objects))
    found = [step.by for step in impersonate(scene, Identity("jane", ("own",)))]
    assert found == ["impersonate group other"]


@pytest.mark.parametrize(
    ("rules", "more"),
    [
        (rule("get, list", '""', "pods"), POD),
        (rule("get", '""', "pods/log"), POD),
        (rule("list", '""', "secrets"), ""),
        (rule("get", '""', "secrets", "other"), TOKEN),
        (rule("escalate", RBAC, "roles"), ""),
        (rule("bind", RBAC, "clusterroles"), ""),
        (
            rule("create", '""', "pods/exec"),
            POD.replace("admin,", "admin, automountServiceAccountToken: false,"),
        ),
        (rule("create", '""', "serviceaccounts/token", "deployer"), ""),
    ],
)
def test_what_leads_nowhere(rules: str, more: str) -> None:
    found = {target for _, target in steps(rules, more)}
    assert found - {"ServiceAccount ci/deployer"} == set()


@pytest.mark.parametrize(
    ("rules", "more"),
    [
        (rule("escalate, create", RBAC, "roles", "r"), ""),
        (rule("escalate, update", RBAC, "roles", "other"), role("other", rule("get", '""', "pods"))),
        (
            rule("bind", RBAC, "roles", "s")
            + rule("create", RBAC, "rolebindings")
            + rule("get", '""', "configmaps"),
            role("s", rule("get", '""', "configmaps")),
        ),
        (rule("create", RBAC, "rolebindings"), ""),
        (
            rule("create", '""', "pods/exec"),
            POD + "apiVersion: v1\nkind: ServiceAccount\nautomountServiceAccountToken: false\n"
            "metadata: {name: admin, namespace: ci}\n---\n",
        ),
    ],
    ids=["created by name", "not bound to it", "has it all", "no bind", "account opts out"],
)
def test_no_step(rules: str, more: str) -> None:
    assert steps(rules, more) == set()
