"""The rule of an audit policy that was probably meant for a request."""

from __future__ import annotations

from tests.table import each_row
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.access.requests import parse_identity, parse_request
from trainer.simulate.components.audit import decide
from trainer.simulate.components.audit_near import nearest

HEAD = "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n"


@each_row(
    ("rule", "do", "field", "why"),
    [
        (
            "resources: [{group: extensions, resources: [deployments, ingresses]}]",
            "get deployments.apps web",
            "resources[0].group",
            "names the group `extensions`, which has none of its resources: the group `apps` has deployments",
        ),
        (
            "resources: [{resources: [secrets]}, {resources: [secrets, deployments]}]",
            "get deployments.apps web",
            "resources[1].group",
            "names the core group, which has no deployments: the group `apps` has deployments",
        ),
        (
            "resources: [{group: apps, resources: [pods/*]}]",
            "get pods/log web",
            "resources[0].group",
            "names the group `apps`, which has no pods/log: the core group has pods/log",
        ),
        (
            "resources: [{resources: [pods]}]",
            "get pods/log web",
            "resources[0].resources",
            "names pods, which doesn't include pods/log",
        ),
        (
            "resources: [{resources: [pods], resourceNames: [db]}]",
            "get pods web",
            "resources[0].resourceNames",
            "only matches the objects db",
        ),
        ("resources: [{resources: [secrets]}]", "get pods web", "resources", "doesn't name pods"),
        ("verbs: [create, update]", "get pods web", "verbs", "leaves out the verb get"),
        ("namespaces: [dev, test]", "get pods web", "namespaces", "only matches requests in dev, test"),
        ("users: [joe]", "get pods web", "users", "only matches joe"),
        ("users: ['j*']", "get pods web", "users", "only matches j*, where `*` isn't a wildcard"),
        ("verbs: ['*']", "get pods web", "verbs", "leaves out the verb get: `*` isn't a wildcard here"),
        ("nonResourceURLs: ['/h/*']", "get /livez", "nonResourceURLs", "only matches /h/*"),
        ("userGroups: [dev]", "get pods web", "userGroups", "only matches dev"),
        ("namespaces: ['']", "get pods web", "namespaces", "only matches requests in no Namespace"),
        ("userGroups: [jane]", "get pods web", "userGroups", "names jane, a user, as a group"),
        (
            "users: ['system:authenticated']",
            "get pods web",
            "users",
            "names system:authenticated, a group, as a user",
        ),
        ("nonResourceURLs: [/livez]", "get /healthz", "nonResourceURLs", "only matches /livez"),
        ("nonResourceURLs: ['*']", "get pods web", "nonResourceURLs", "only matches paths"),
        ("namespaces: [prod]", "get /healthz", "namespaces", "only matches resources, not paths"),
    ],
)
def test_a_rule_that_misses_in_one_field(rule: str, do: str, field: str, why: str) -> None:
    text = f"{HEAD}- {{level: None, verbs: [watch]}}\n- {{level: Request, {rule}}}\n- level: Metadata\n"
    document = parse(text.encode(), "policy.yaml").documents[0]
    policy = Manifest(document.value, document)
    request = parse_request(parse_identity("user:jane"), do, "prod")
    near = nearest(policy, request, "Request", decide(policy, request).rule)
    assert near is not None
    assert (near.rule, near.location.path, near.why) == (1, f"rules[1].{field}", why)
    assert nearest(policy, request, "RequestResponse", 2) is None


def test_a_rule_about_paths_is_meant_for_paths() -> None:
    rules = ("userGroups: [dev]", "nonResourceURLs: [/livez]")
    text = HEAD + "".join(f"- {{level: None, {one}}}\n" for one in (*rules, *rules)) + "- level: Metadata\n"
    document = parse(text.encode(), "policy.yaml").documents[0]
    policy = Manifest(document.value, document)
    for do, rule in (("get /healthz", 1), ("get pods web", 0)):
        near = nearest(policy, parse_request(parse_identity("user:jane"), do, "prod"), "None", 4)
        assert near is not None
        assert near.rule == rule


def test_a_rule_that_comes_too_late() -> None:
    text = (
        f"{HEAD}- level: Request\n- {{level: None, verbs: [get]}}\n"
        "- {level: None, verbs: [create], users: [joe]}\n- level: None\n"
    )
    document = parse(text.encode(), "policy.yaml").documents[0]
    policy = Manifest(document.value, document)

    def found(do: str, *, rest: bool = False) -> tuple[int, str]:
        request = parse_request(parse_identity("user:jane"), do, "prod")
        near = nearest(policy, request, "None", 0, for_the_rest=rest)
        assert near is not None
        return near.rule, near.why

    assert found("get pods web") == (1, "rule 1 comes first")
    assert found("create pods") == (1, "leaves out the verb create")
    assert found("create pods", rest=True) == (3, "rule 1 comes first")
