"""Audit policies: which rule decides, what is recorded, what the server refuses to load."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.access.requests import Identity, Request, parse_identity, parse_request
from trainer.simulate.components.audit import LEVELS, decide, problems_of, url_matches
from trainer.verdict import Severity
from trainer.versions import Version

HEAD = "apiVersion: audit.k8s.io/v1\nkind: Policy\n"


def policy(text: str) -> Manifest:
    document = parse((HEAD + text).encode(), "policy.yaml").documents[0]
    return Manifest(document.value, document)


def request(who: str, do: str, namespace: str = "", name: str = "") -> Request:
    return parse_request(parse_identity(who), do, namespace, name)


SECRETS = """\
omitStages: [RequestReceived]
rules:
- level: None
  users: ["system:kube-proxy"]
- level: Metadata
  resources:
  - {group: "", resources: [secrets, "pods/*"]}
- level: Request
  userGroups: [developers]
  verbs: [create]
  namespaces: [prod]
- level: RequestResponse
  resources:
  - {group: apps, resources: [deployments], resourceNames: [web]}
- level: None
  nonResourceURLs: ["/healthz*"]
- level: Metadata
  namespaces: [""]
"""


@each_row(
    ("who", "do", "namespace", "level", "rule"),
    [
        ("user:system:kube-proxy", "get secrets", "prod", "None", 0),
        ("user:jane", "get secrets", "prod", "Metadata", 1),
        ("user:jane", "get pods/log", "prod", "Metadata", 1),
        ("user:jane", "get pods", "prod", "Metadata", 1),
        ("group:developers", "create configmaps", "prod", "Request", 2),
        ("group:developers", "create configmaps", "test", "None", -1),
        ("user:jane", "get deployments web", "prod", "RequestResponse", 3),
        ("user:jane", "get deployments api", "prod", "None", -1),
        ("user:jane", "get deployments.extensions web", "prod", "None", -1),
        ("user:jane", "get /healthz/etcd", "", "None", 4),
        ("user:jane", "get /version", "", "None", -1),
        ("user:jane", "list nodes", "", "Metadata", 5),
    ],
)
def test_first_match_decides(who: str, do: str, namespace: str, level: str, rule: int) -> None:
    decision = decide(policy(SECRETS), request(who, do, namespace))
    assert (decision.level, decision.rule) == (level, rule)


def test_decision_says_where_and_which_stages() -> None:
    decision = decide(policy(SECRETS), request("user:jane", "get secrets", "prod"))
    assert str(decision.location) == "policy.yaml:7:1"
    assert decision.stages == ("ResponseStarted", "ResponseComplete", "Panic")


def test_stages_are_those_that_neither_policy_nor_rule_omits() -> None:
    decision = decide(
        policy("omitStages: [Panic]\nrules: [{level: Request, omitStages: [RequestReceived]}]\n"),
        request("user:jane", "get pods"),
    )
    assert decision.stages == ("ResponseStarted", "ResponseComplete")


def test_a_rule_overrides_omit_managed_fields() -> None:
    rules = "- {level: Request, verbs: [get], omitManagedFields: false}\n- {level: Request}\n"
    text = f"omitManagedFields: true\nrules:\n{rules}"
    assert not decide(policy(text), request("user:jane", "get pods")).omit_managed_fields
    assert decide(policy(text), request("user:jane", "list pods")).omit_managed_fields


@each_row(
    ("rules", "message", "line"),
    [
        ("rules: []", "no rules", 3),
        ("rules: [{level: metadata}]", "'metadata' is not a level", 3),
        ("rules:\n- verbs: [get]", "needs a level", 4),
        ("rules: [{level: None, nonResourceURLs: ['healthz']}]", "must start with a slash", 3),
        ("rules: [{level: None, nonResourceURLs: ['/a*/b']}]", "allowed only at the end", 3),
        ("rules: [{level: None, nonResourceURLs: ['/a'], namespaces: [a]}]", "either for resources", 3),
        ("rules: [{level: None, resources: [{group: apps/v1}]}]", "is not an API group", 3),
        ("rules: [{level: None, resources: [{group: '', resourceNames: [a]}]}]", "at least one resource", 3),
        ("rules: [{level: None, omitStages: [Received]}]", "'Received' is not a stage", 3),
    ],
)
def test_what_the_server_refuses(rules: str, message: str, line: int) -> None:
    [problem] = [p for p in problems_of(policy(rules)) if p.severity is Severity.ERROR]
    assert message in problem.message
    assert problem.location is not None
    assert problem.location.line == line


@each_row(
    ("group", "refused"),
    [
        ("admissionregistration.k8s.io", False),
        (".".join(["a" * 50] * 5)[:253], False),
        (".".join(["a" * 50] * 5)[:253] + "a", True),
        ("Apps", True),
        ("-a.b", True),
        ("a..b", True),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_group_is_a_dns_subdomain(group: str, refused: bool) -> None:
    found = problems_of(policy(f"rules: [{{level: None, resources: [{{group: {group}}}]}}]"))
    assert bool(found) is refused


def test_group_wildcard_came_with_1_36() -> None:
    every_group = policy("rules: [{level: Metadata, resources: [{group: '*', resources: ['*/status']}]}]")
    assert [p.severity for p in problems_of(every_group, Version(1, 35))] == [Severity.ERROR]
    assert problems_of(every_group, Version(1, 36)) == []


def test_a_misplaced_field_is_overlooked_and_the_rule_matches_more() -> None:
    loose = policy(
        "rules:\n- level: None\n  resources:\n  - group: ''\n    resources: [secrets]\n    verbs: [get]\n"
    )
    assert [p.severity for p in problems_of(loose)] == [Severity.WARNING]
    assert decide(loose, request("user:jane", "delete secrets", "prod")).rule == 0


@given(st.lists(st.sampled_from(LEVELS), min_size=1, max_size=5))
def test_rules_behind_a_catch_all_never_matter(levels: list[str]) -> None:
    text = "rules:\n" + "".join(f"- level: {level}\n" for level in levels)
    decision = decide(policy(text), Request(Identity("jane"), "get", "pods"))
    assert (decision.level, decision.rule) == (levels[0], 0)


@each_row(
    ("path", "pattern", "matches"),
    [
        ("/healthz", "/healthz", True),
        ("/healthz/etcd", "/healthz", False),
        ("/healthz/etcd", "/healthz*", True),
        ("/foo", "/foo/*", False),
        ("/anything", "*", True),
    ],
)
def test_url_patterns(path: str, pattern: str, matches: bool) -> None:
    assert url_matches(path, pattern) is matches
