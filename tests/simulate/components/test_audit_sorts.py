"""The sorts of requests that audit rules tell apart: each decided as the checker decides it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.errors import NotJudged
from trainer.manifests.model import Document, Manifest
from trainer.simulate.components.audit import decide
from trainer.simulate.components.audit_sorts import sorts

USERS = ["joe", "system:kube-proxy", "system:serviceaccount:ci:bot", "system:anonymous", "system:node:a"]
GROUPS = ["dev", "system:nodes", "system:authenticated", "system:serviceaccounts:ci", "system:masters"]
VERBS = ["get", "list", "create", "deletecollection", "head"]
RESOURCES = ["pods", "pods/log", "secrets", "namespaces", "*", "*/scale", "deployments/*", "cars"]


def some(values: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True)


ENTRY = st.fixed_dictionaries(
    {
        "group": st.sampled_from(["", "apps", "acme.example", "extensions"]),
        "resources": some(RESOURCES),
        "resourceNames": some(["web", "prod"]),
    }
)
ABOUT = st.one_of(
    st.fixed_dictionaries({"resources": st.lists(ENTRY, max_size=2), "namespaces": some(["prod", ""])}),
    st.fixed_dictionaries({"nonResourceURLs": some(["/metrics", "/healthz*", "*", "/api/*"])}),
)
RULES = st.lists(
    st.builds(
        lambda who, about: {"level": "None", **who, **about},
        st.fixed_dictionaries({"users": some(USERS), "userGroups": some(GROUPS), "verbs": some(VERBS)}),
        ABOUT,
    ),
    max_size=5,
)


def policy(rules: list[dict[str, Any]]) -> Manifest:
    data = {"apiVersion": "audit.k8s.io/v1", "kind": "Policy", "rules": rules}
    return Manifest(data, Document(data, "policy.yaml", 1, 1, {}))


@given(RULES, RULES)
def test_each_request_is_decided_by_the_rules_that_it_stands_for(
    one: list[dict[str, Any]], other: list[dict[str, Any]]
) -> None:
    found = sorts(one, other)
    assert found
    assert len({sort.decided for sort in found}) == len(found)
    for sort in found:
        assert (
            decide(policy(one), sort.request).rule,
            decide(policy(other), sort.request).rule,
        ) == sort.decided


def decided(*rules: dict[str, Any]) -> dict[int, str]:
    return {sort.decided[0]: sort.request.title for sort in sorts(list(rules))}


def test_rules_that_no_request_reaches_have_no_sort() -> None:
    assert decided({}, {"users": ["joe"]}) == {0: "any other user: get pods in any other namespace"}
    gone = {"resources": [{"group": "extensions", "resources": ["deployments"]}]}
    no_group = {"resources": [{"group": "v1", "resources": ["pods"]}]}
    no_verb = {"verbs": ["create"], "resources": [{"resources": ["pods/log"]}]}
    assert set(decided(gone, no_group, no_verb)) == {-1}


@each_row(
    ("rule", "title"),
    [
        ({"userGroups": ["system:nodes"]}, "user system:node:any-other: get pods in any other namespace"),
        (
            {"namespaces": ["prod"], "resources": [{"resources": ["namespaces"]}]},
            "any other user: get namespaces prod in prod",
        ),
        ({"namespaces": [""], "verbs": ["get"]}, "any other user: get nodes"),
        (
            {"resources": [{"group": "acme.example"}]},
            "any other user: get unseen.acme.example in any other namespace",
        ),
        ({"nonResourceURLs": ["/metrics/*"]}, "any other user: get /metrics/unseen"),
        ({"verbs": ["options"]}, "any other user: options /version"),
    ],
)
def test_a_request_that_a_rule_matches(rule: dict[str, Any], title: str) -> None:
    assert decided(rule)[0] == title


def test_a_method_that_no_rule_names() -> None:
    health = {"nonResourceURLs": ["/livez"], "level": "None"}
    found = {sort.decided: sort.request.title for sort in sorts([health], [{**health, "verbs": ["get"]}])}
    assert found[0, -1] == "any other user: head /livez"


def test_a_policy_that_tells_too_much_apart_is_not_judged() -> None:
    people = [{"users": [f"u{n}"], "namespaces": [f"n{n}"]} for n in range(500)]
    with pytest.raises(NotJudged, match="sorts of requests apart"):
        sorts(people)
