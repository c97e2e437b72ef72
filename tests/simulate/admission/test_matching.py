"""Which requests policies and bindings are about (matching.go of k8s.io/apiserver v1.35)."""

from __future__ import annotations

from typing import Any

from tests.admission_world import BINDING, GOOD, POLICY, read
from tests.table import each_row
from trainer.manifests.schema.data import schema_for
from trainer.simulate.access.resources import find_resource
from trainer.simulate.admission.matching import _EQUIVALENT, AdmissionRequest, matches
from trainer.versions import SUPPORTED, Version

RULE = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}


def request(text: str = GOOD, operation: str = "CREATE", **more: Any) -> AdmissionRequest:
    [subject] = read(text)
    return AdmissionRequest(operation, subject, namespace_labels={"tier": "gold"}, **more)


def covers(rule: dict[str, Any] | None = None, asked: AdmissionRequest | None = None, **match: Any) -> bool:
    return matches({"resourceRules": [RULE | (rule or {})]} | match, asked or request(), need_rule=True)


@each_row(
    ("rule", "expected"),
    [
        ({}, True),
        ({"operations": ["*"]}, True),
        ({"operations": ["UPDATE"]}, False),
        ({"apiGroups": ["*"], "resources": ["*"]}, True),
        ({"apiGroups": ["apps"]}, False),
        ({"resources": ["pods/exec"]}, False),
        ({"resources": ["*/*"]}, True),
        ({"resources": ["deployments"]}, False),
        ({"apiVersions": ["v2"]}, False),
        ({"scope": "Namespaced"}, True),
        ({"scope": "Cluster"}, False),
        ({"resourceNames": ["p"]}, True),
        ({"resourceNames": ["q"]}, False),
    ],
)
def test_rules(rule: dict[str, Any], expected: bool) -> None:
    assert covers(rule) is expected


def test_equivalent_versions_count_unless_the_policy_is_exact() -> None:
    asked = request(
        "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: h, namespace: team}\n"
    )
    rule = {"apiGroups": ["autoscaling"], "apiVersions": ["v1"], "resources": ["horizontalpodautoscalers"]}
    assert covers(rule, asked)
    assert not covers(rule, asked, matchPolicy="Exact")


def test_an_excluding_rule_wins() -> None:
    assert not covers(excludeResourceRules=[RULE])


def test_selectors() -> None:
    assert covers(namespaceSelector={"matchLabels": {"tier": "gold"}})
    assert not covers(namespaceSelector={"matchLabels": {"tier": "silver"}})
    assert covers(objectSelector={"matchLabels": {"app": "web"}})
    assert not covers(objectSelector={"matchLabels": {"app": "db"}})
    [old] = read(GOOD.replace("app: web", "app: db"))
    assert covers(asked=request(old=old), objectSelector={"matchLabels": {"app": "db"}})


def test_a_namespace_is_matched_by_its_own_labels() -> None:
    asked = request("apiVersion: v1\nkind: Namespace\nmetadata: {name: team, labels: {tier: silver}}\n")
    rule = {"resources": ["namespaces"]}
    assert covers(rule, asked, namespaceSelector={"matchLabels": {"tier": "silver"}})
    assert asked.namespace == "team"


def test_subresources() -> None:
    assert covers({"resources": ["pods/exec"]}, request(subresource="exec"))
    assert not covers({}, request(subresource="exec"))
    assert not covers({"resources": ["*"]}, request(subresource="exec"))


def test_a_binding_needs_no_rule() -> None:
    assert matches(None, request(), need_rule=False)
    assert not matches(None, request(), need_rule=True)


def test_words() -> None:
    asked = request("apiVersion: example.com/v1\nkind: Policy\nmetadata: {name: x, namespace: team}\n")
    assert (asked.resource, asked.version, asked.title) == ("policies", "v1", "CREATE of Policy team/x")


def test_policies_are_exempt() -> None:
    """`isPolicyResource` in policy/generic/plugin.go: a policy cannot keep its own repair out."""
    everything = {"apiGroups": ["*"], "apiVersions": ["*"], "resources": ["*"]}
    assert not covers(everything, request(POLICY))
    assert not covers(everything, request(BINDING))
    hook = "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: w}\n"
    assert covers(everything, request(hook))


@each_row("kubernetes", SUPPORTED)
def test_the_table_of_equivalent_versions_is_that_of_the_schema(kubernetes: Version) -> None:
    served: dict[tuple[str, str], set[str]] = {}
    for key, (kept, _) in schema_for(kubernetes).kinds.items():
        group, _, version = key.split(" ")[0].rpartition("/")
        known = find_resource(key.split(" ")[1], group)
        if kept and known is not None:
            served.setdefault((group, known.name), set()).add(version)
    assert {key: found for key, found in served.items() if len(found) > 1} == _EQUIVALENT
