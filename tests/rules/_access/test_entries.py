"""Entries of `rbac-access` checks, and what a grant really allows."""

from __future__ import annotations

import pytest

from tests.rbac_world import DEPLOYER, binding, manifests, role, rule
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.rules._access.entries import Case, Entry, beyond, effects, subject_grants
from trainer.simulate.access.authorizer import Authorizer
from trainer.simulate.access.requests import parse_identity
from trainer.simulate.world import World


def case(rules: str, namespace: str = "ci", who: str = "sa:ci/deployer") -> Case:
    kind = "Role" if namespace else "ClusterRole"
    objects = tuple(manifests(role("r", rules, namespace) + binding("b", kind, "r", DEPLOYER, namespace)))
    return Case(parse_identity(who), Authorizer(objects), World(objects))


def allowed(rules: str, namespace: str = "ci") -> set[str]:
    found = case(rules, namespace)
    return {
        request.title.partition(": ")[2]
        for grant in subject_grants(found)
        for request in effects(found, grant)
    }


def test_entries_expand_to_requests() -> None:
    entry = Entry(("get", "list"), ("pods", "nodes"), namespace="*")
    titles = [request.title.partition(": ")[2] for request in case("[]").requests(entry)]
    assert "get pods in any other namespace" in titles
    assert "list pods" in titles
    assert titles.count("get nodes") == 1


@each_row(
    ("rules", "expected"),
    [
        (rule("get", '""', "pods"), {"get pods in ci"}),
        (rule("list", '""', "pods"), {"list pods in ci"}),
        (rule('"*"', '""', "pods/log"), {"get pods/log in ci"}),
        (rule("get", '""', "nodes"), set()),
        # The namespace of a Namespace is the Namespace itself: a Role of ci reaches the one ci.
        (rule("get", '""', "namespaces"), {"get namespaces in ci"}),
        (rule("get", '""', "deployments"), set()),
        (rule("GET", '""', "pods"), set()),
        (rule("create", '""', "pods", "web"), set()),
        (rule("get", "example.com", "widgets"), {"get widgets.example.com in ci"}),
        (rule("impersonate", '""', "serviceaccounts"), {"impersonate serviceaccounts in ci"}),
    ],
)
def test_effects(rules: str, expected: set[str]) -> None:
    assert allowed(rules) == expected


def test_wildcards_reach_groups_that_nobody_knows() -> None:
    assert "get customresources.example.com in ci" in allowed(rule("get", '"*"', '"*"'))


def test_control_plane_roles_are_never_guessed() -> None:
    objects = tuple(manifests(binding("b", "ClusterRole", "system:node", DEPLOYER, "")))
    unknown = Case(parse_identity("sa:ci/deployer"), Authorizer(objects), World(objects))
    with pytest.raises(NotJudged, match="the default role system:node"):
        list(beyond(unknown, ()))
