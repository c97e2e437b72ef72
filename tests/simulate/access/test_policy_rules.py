"""One policy rule: what it allows, and which rules it covers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.rbac_world import manifests
from tests.table import each_row
from trainer.simulate.access.policy_rules import NAMELESS_VERBS, PolicyRule, rules_of, url_covers
from trainer.simulate.access.requests import Identity, Request

JANE = Identity("jane")


def rule(verbs: str, groups: str = "", resources: str = "", names: str = "") -> PolicyRule:
    return PolicyRule(
        tuple(verbs.split()),
        tuple("" if g == "core" else g for g in groups.split()),
        tuple(resources.split()),
        tuple(names.split()),
    )


@each_row(
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


@each_row(
    ("pattern", "path", "expected"),
    [
        ("/foo/*", "/foo", False),
        ("/foo/*", "/foo/bar", True),
        ("*", "/x", True),
        ("/api", "/api/v1", False),
        ("/foo*", "/foo", True),
        ("/foo*", "/fo", False),
        ("/foo/*", "/foo/*", True),
    ],
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
def test_a_rule_covers_itself_and_each_of_its_singles(given_rule: PolicyRule) -> None:
    assert given_rule.covers(given_rule)
    assert all(given_rule.covers(single) for single in given_rule.singles())


@given(rules, rules)
def test_what_covers_also_allows(owner: PolicyRule, other: PolicyRule) -> None:
    if not owner.covers(other):
        return
    for verb in ("get", "list"):
        for group in ("", "apps"):
            for subresource in ("", "log"):
                for name in ("", "a", "b"):
                    request = Request(JANE, verb, "pods", group, subresource, "n", name)
                    assert owner.allows(request) or not other.allows(request)


@each_row(
    ("owner", "other", "covered"),
    [
        (rule("*", "core", "pods"), rule("get", "core", "pods"), True),
        (rule("get", "core", "pods"), rule("*", "core", "pods"), False),
        (rule("get", "*", "pods"), rule("get", "core", "pods"), True),
        (rule("get", "core", "pods"), rule("get", "*", "pods"), False),
        (rule("get", "apps", "pods"), rule("get", "core", "pods"), False),
        (rule("list", "core", "pods"), rule("get", "core", "pods"), False),
        (rule("get", "core", "*"), rule("get", "core", "pods/log"), True),
        (rule("get", "core", "*/log"), rule("get", "core", "pods/log"), True),
        (rule("get", "core", "*/log"), rule("get", "core", "pods/exec"), False),
        (rule("get", "core", "*/log"), rule("get", "core", "log"), False),
        (rule("get", "core", "*/"), rule("get", "core", "pods"), False),
        (rule("get", "core", "pods"), rule("get", "core", "pods", "a"), True),
        (rule("get", "core", "pods", "a"), rule("get", "core", "pods"), False),
        (rule("get", "core", "pods", "a b"), rule("get", "core", "pods", "a"), True),
        (rule("get", "core", "pods", "a"), rule("get", "core", "pods", "a b"), False),
        (PolicyRule(("get",), urls=("/api/*",)), PolicyRule(("get",), urls=("/api/v1",)), True),
        (PolicyRule(("get",), urls=("/api",)), PolicyRule(("get",), urls=("/api/v1",)), False),
    ],
)
def test_covers(owner: PolicyRule, other: PolicyRule, covered: bool) -> None:
    assert owner.covers(other) is covered


def test_requests_that_carry_no_name() -> None:
    assert {"create", "deletecollection"} == NAMELESS_VERBS


def test_singles_are_of_one_name_each() -> None:
    singles = list(rule("get", "core", "pods", "a b").singles())
    assert [one.names for one in singles] == [("a",), ("b",)]
    assert [one.names for one in rule("get list", "core", "pods").singles()] == [(), ()]


def test_rules_of_odd_types_are_left_out() -> None:
    [role] = manifests(
        "kind: ClusterRole\nmetadata: {name: r}\nrules: [7, {verbs: [get], nonResourceURLs: [/x]}]\n"
    )
    assert [one.text for one in rules_of(role)] == ["get /x"]
    assert rules_of(role.with_data({**role.data, "rules": {"verbs": ["get"]}})) == ()
    assert rules_of(role.with_data({"kind": "ClusterRole"})) == ()


def test_text_reads_like_kubectl() -> None:
    assert rule("get list", "core apps", "pods", "a").text == "get, list pods, pods.apps named a"
    assert PolicyRule(("get",), urls=("/healthz",)).text == "get /healthz"
