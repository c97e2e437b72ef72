"""One policy rule: what it allows, and which rules it covers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.simulate.access.policy_rules import PolicyRule, url_covers
from trainer.simulate.access.requests import Identity, Request

JANE = Identity("jane")


def rule(verbs: str, groups: str = "", resources: str = "", names: str = "") -> PolicyRule:
    return PolicyRule(
        tuple(verbs.split()),
        tuple("" if g == "core" else g for g in groups.split()),
        tuple(resources.split()),
        tuple(names.split()),
    )


@pytest.mark.parametrize(
    ("given_rule", "request_", "allowed"),
    [
        (rule("get", "core", "pods"), Request(JANE, "get", "pods"), True),
        (rule("get", "core", "pods"), Request(JANE, "get", "pods", subresource="log"), False),
        (rule("get", "core", "pods/log"), Request(JANE, "get", "pods"), False),
        (rule("patch", "apps", "*/scale"), Request(JANE, "patch", "deployments", "apps", "scale"), True),
        (rule("patch", "apps", "*/scale"), Request(JANE, "patch", "deployments", "apps"), False),
        (rule("get", "core", "deployments"), Request(JANE, "get", "deployments", "apps"), False),
        (rule("*", "*", "*"), Request(JANE, "delete", "nodes", subresource="proxy"), True),
        (rule("get", "core", "pods/*"), Request(JANE, "get", "pods", subresource="log"), False),
        (rule("get", "core", "secrets", "a"), Request(JANE, "get", "secrets", name="a"), True),
        (rule("get", "core", "secrets", "a"), Request(JANE, "get", "secrets", name="b"), False),
        (rule("list", "core", "secrets", "a"), Request(JANE, "list", "secrets"), False),
        (rule("list", "core", "secrets", "a"), Request(JANE, "list", "secrets", name="a"), True),
        (rule("get"), Request(JANE, "get", path="/healthz"), False),
        (PolicyRule(("get",), urls=("/healthz",)), Request(JANE, "get", path="/healthz"), True),
        (PolicyRule(("get",), urls=("*",)), Request(JANE, "get", "pods"), False),
    ],
)
def test_allows(given_rule: PolicyRule, request_: Request, allowed: bool) -> None:
    assert given_rule.allows(request_) is allowed


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [("/foo/*", "/foo", False), ("/foo/*", "/foo/bar", True), ("*", "/x", True), ("/api", "/api/v1", False)],
)
def test_urls(pattern: str, path: str, expected: bool) -> None:
    assert url_covers(pattern, path) is expected


words = st.lists(
    st.sampled_from(["get", "list", "*", "pods", "pods/log", "*/log", "apps", ""]), min_size=1, max_size=3
)
rules = st.builds(
    lambda verbs, groups, resources, names: PolicyRule(tuple(verbs), tuple(groups), tuple(resources), tuple(names)),
    words, words, words, st.lists(st.sampled_from(["a", "b"]), max_size=2),
)  # fmt: skip


@given(rules)
@settings(max_examples=60)
def test_a_rule_covers_itself_and_each_of_its_singles(given_rule: PolicyRule) -> None:
    assert given_rule.covers(given_rule)
    assert all(given_rule.covers(single) for single in given_rule.singles())


@given(rules, rules)
@settings(max_examples=100)
def test_what_covers_also_allows(owner: PolicyRule, other: PolicyRule) -> None:
    if not owner.covers(other):
        return
    for verb in ("get", "list"):
        for group in ("", "apps"):
            for subresource in ("", "log"):
                for name in ("", "a", "b"):
                    request = Request(JANE, verb, "pods", group, subresource, "n", name)
                    assert owner.allows(request) or not other.allows(request)


def test_text_reads_like_kubectl() -> None:
    assert rule("get list", "core apps", "pods", "a").text == "get, list pods, pods.apps named a"
    assert PolicyRule(("get",), urls=("/healthz",)).text == "get /healthz"
