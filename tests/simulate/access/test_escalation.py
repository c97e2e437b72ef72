"""Chains of steps."""

from __future__ import annotations

from functools import partial

import pytest

from tests.rbac_world import DEPLOYER, binding, manifests, role, rule
from tests.table import each_row
from tests.work import growth
from trainer.errors import NotJudged
from trainer.simulate.access.authorizer import Authorizer
from trainer.simulate.access.defaults import default_policy
from trainer.simulate.access.escalation import escalations
from trainer.simulate.access.requests import parse_identity
from trainer.versions import DEFAULT, Version

RUNNER = "{kind: ServiceAccount, name: runner, namespace: ci}"
ADMIN = "{kind: ServiceAccount, name: admin, namespace: ops}"


def chains(text: str, who: str = "sa:ci/deployer", kubernetes: Version = DEFAULT) -> list[str]:
    objects = manifests(text)
    authorizer = Authorizer((*default_policy(), *objects))
    return [str(chain) for chain in escalations(authorizer, objects, parse_identity(who), kubernetes)]


def test_a_chain_of_two_steps() -> None:
    text = (
        role("r", rule("create", '""', "pods"))
        + binding("b", "Role", "r", DEPLOYER)
        + role("exec", rule("create", '""', "serviceaccounts/token"), "ops")
        + binding("e", "Role", "exec", RUNNER, "ops")
        + binding("a", "ClusterRole", "cluster-admin", ADMIN, "")
    )
    assert "create pods in ci as ci/runner -> request a token of ops/admin -> cluster-admin" in chains(text)


def test_becoming_somebody_with_no_more_rights_is_no_escalation() -> None:
    text = role("r", rule("create", '""', "pods")) + binding("b", "Role", "r", f"{DEPLOYER}, {RUNNER}")
    assert chains(text) == []


def test_read_only_subjects_have_no_way() -> None:
    text = role("r", rule("get, list, watch", '""', "pods, configmaps")) + binding("b", "Role", "r", DEPLOYER)
    assert chains(text + binding("a", "ClusterRole", "cluster-admin", ADMIN, "")) == []


def test_wildcards_are_every_step() -> None:
    text = role("r", rule('"*"', '"*"', '"*"'), "") + binding("b", "ClusterRole", "r", DEPLOYER, "")
    assert any(chain.startswith("escalate clusterroles") for chain in chains(text))


def test_a_group_alone_gains_by_what_it_becomes() -> None:
    text = role("r", rule("create", '""', "pods")) + binding("b", "Role", "r", "{kind: Group, name: dev}")
    text += role("s", rule("get", '""', "secrets")) + binding("s", "Role", "s", RUNNER)
    assert chains(text, "group:dev") == ["create pods in ci as ci/runner -> get secrets in ci"]


@each_row("who", ["group:dev", "user:jane"])
def test_what_every_service_account_has_is_no_gain(who: str) -> None:
    kind, _, name = who.partition(":")
    subject = f"{{kind: {kind.capitalize()}, name: {name}}}, {RUNNER}"
    text = role("r", rule("create", '""', "pods")) + binding("b", "Role", "r", subject)
    assert chains(text, who) == []
    every = role("s", rule("get", '""', "secrets")) + binding(
        "s", "Role", "s", "{kind: Group, name: 'system:serviceaccounts'}"
    )
    assert chains(text + every, who) == ["create pods in ci as ci/runner -> get secrets in ci"]


def test_groups_are_told_apart() -> None:
    rules = rule("impersonate", '""', "users, groups", "anybody, ops, audit")
    text = role("r", rules, "") + binding("b", "ClusterRole", "r", "{kind: Group, name: dev}", "")
    text += role("s", rule("get", '""', "secrets")) + binding("s", "Role", "s", "{kind: Group, name: ops}")
    text += role("t", rule("get", '""', "nodes"), "") + binding(
        "t", "ClusterRole", "t", "{kind: Group, name: audit}", ""
    )
    assert chains(text, "group:dev") == [
        "impersonate group audit -> get nodes everywhere",
        "impersonate group ops -> get secrets in ci",
    ]


def test_what_gives_all_rights_hides_no_other_step() -> None:
    text = role("r", rule("impersonate", '""', "users, groups", "anybody, 'system:masters', ops"), "")
    text += binding("b", "ClusterRole", "r", "{kind: User, name: jane}", "")
    text += role("s", rule("get", '""', "secrets")) + binding("s", "Role", "s", "{kind: Group, name: ops}")
    assert chains(text, "user:jane") == [
        "impersonate group system:masters -> cluster-admin",
        "impersonate group ops -> get secrets in ci",
    ]


def test_all_rights_everywhere_come_first_and_end_the_search() -> None:
    text = (
        role("r", rule("create", '""', "pods"))
        + binding("b", "Role", "r", DEPLOYER)
        + role("s", rule("get", '""', "secrets"))
        + binding("s", "Role", "s", RUNNER)
        + role("all", rule('"*"', '"*"', '"*"'), "")
        + binding("a", "ClusterRole", "all", "{kind: ServiceAccount, name: zadmin, namespace: ci}", "")
    )
    assert chains(text) == [
        "create pods in ci as ci/zadmin -> cluster-admin",
        "create pods in ci as ci/runner -> get secrets in ci",
    ]


@each_row(
    ("rules", "place", "gain"),
    [
        (rule('"*"', '"*"', '"*"'), "ci", "admin of ci"),
        (rule('"*"', '"*"', "pods"), "ci", "* pods.* in ci"),
        (rule("get", '"*"', '"*"'), "", "get *.* everywhere"),
        (rule("get", '""', "nodes"), "", "get nodes everywhere"),
        # A right to Secrets tells more than one to Pods.
        (rule("get", '""', "pods") + rule("get", '""', "secrets"), "ci", "get secrets in ci"),
        (rule("get", '""', "pods") + rule("get", '""', "events"), "ci", "get pods in ci"),
    ],
)
def test_the_gain_is_what_tells_most(rules: str, place: str, gain: str) -> None:
    kind = "Role" if place else "ClusterRole"
    text = role("r", rule("create", '""', "serviceaccounts/token")) + binding("b", "Role", "r", DEPLOYER)
    text += role("s", rules, place) + binding("s", kind, "s", RUNNER, place)
    assert f"request a token of ci/runner -> {gain}" in chains(text)


def test_gains_are_named() -> None:
    text = (
        role("r", rule("create", '""', "pods"))
        + binding("b", "Role", "r", DEPLOYER)
        + role("reader", rule("get", '""', "secrets"))
        + binding("s", "Role", "reader", RUNNER)
    )
    assert chains(text) == ["create pods in ci as ci/runner -> get secrets in ci"]


WHOM = rule('"impersonate:user-info"', "authentication.k8s.io", "users")
WHAT = rule('"impersonate-on:user-info:get"', '""', "secrets")


@each_row(("rules", "judged"), [(WHOM, True), (WHAT, True), (WHOM + WHAT, False)])
def test_constrained_impersonation_is_not_judged_from_1_36_on(rules: str, judged: bool) -> None:
    text = role("r", rules, "") + binding("b", "ClusterRole", "r", DEPLOYER, "")
    assert chains(text, kubernetes=Version(1, 35)) == []
    if judged:
        assert chains(text, kubernetes=Version(1, 36)) == []
    else:
        with pytest.raises(
            NotJudged, match="constrained impersonation by the verb impersonate-on:user-info:get"
        ):
            chains(text, kubernetes=Version(1, 36))


def crowd(count: int) -> str:
    """So many ServiceAccounts in one Namespace, all of which may create Pods and read Secrets."""
    accounts = (f"{{kind: ServiceAccount, name: s{number}, namespace: ci}}" for number in range(count))
    text = role("r", rule("create", '""', "pods")) + binding("b", "Role", "r", f"{DEPLOYER}, {RUNNER}")
    text += role("more", rule("get", '""', "configmaps")) + binding(
        "more", "Role", "more", ", ".join(accounts)
    )
    return text


def test_subjects_with_the_same_roles_are_searched_once() -> None:
    assert len(chains(crowd(5))) == 5
    assert growth(lambda count: partial(chains, crowd(count)), 20) < 6
