"""Tests of `manifests.validation.admission`: admission policies and their bindings: their structure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row
from trainer.versions import Version

Paths = Callable[..., list[str]]
Make = Callable[..., dict[str, Any]]

V1 = "admissionregistration.k8s.io/v1"
RULE = {"apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["deployments"]}
POLICY = {
    "failurePolicy": "Fail",
    "matchConstraints": {"resourceRules": [RULE]},
    "validations": [{"expression": "true"}],
}


@each_row(
    ("change", "paths"),
    [
        ({}, []),
        ({"failurePolicy": None}, []),
        ({"failurePolicy": "fail"}, ["failurePolicy"]),
        ({"matchConstraints": None}, ["matchConstraints"]),
        ({"matchConstraints": {}}, ["matchConstraints.resourceRules"]),
        ({"validations": None}, ["validations"]),
        ({"validations": [{}]}, ["validations[0].expression"]),
        ({"validations": [{"expression": "true", "message": "a\nb"}]}, ["validations[0].message"]),
        ({"validations": [{"expression": "true", "message": "a\n"}]}, []),
        ({"validations": [{"expression": "true", "message": " "}]}, ["validations[0].message"]),
        ({"validations": [{"expression": "true", "reason": "Wrong"}]}, ["validations[0].reason"]),
        ({"paramKind": {"apiVersion": "v1", "kind": "ConfigMap"}}, []),
        (
            {"paramKind": {"apiVersion": "a/b/c", "kind": "Config-Map!"}},
            ["paramKind.apiVersion", "paramKind.kind"],
        ),
        ({"paramKind": {}}, ["paramKind.apiVersion", "paramKind.kind"]),
        ({"variables": [{"name": "a", "expression": "1"}]}, []),
        (
            {"variables": [{"name": "a-b", "expression": " "}]},
            ["variables[0].name", "variables[0].expression"],
        ),
        ({"variables": [{"name": "in", "expression": "1"}]}, ["variables[0].name"]),
        ({"matchConditions": [{"name": "a", "expression": "true"}]}, []),
        (
            {"matchConditions": [{"name": "a b"}]},
            ["matchConditions[0].expression", "matchConditions[0].name"],
        ),
        ({"matchConditions": [{"name": "a", "expression": "true"}] * 2}, ["matchConditions[1].name"]),
        ({"auditAnnotations": [{"key": "a", "valueExpression": "'b'"}], "validations": None}, []),
        (
            {"auditAnnotations": [{"key": "a b"}]},
            ["auditAnnotations[0].key", "auditAnnotations[0].valueExpression"],
        ),
    ],
)
def test_policies(paths_of: Paths, api_object: Make, change: dict[str, Any], paths: list[str]) -> None:
    spec = {key: value for key, value in {**POLICY, **change}.items() if value is not None}
    found = paths_of(api_object("ValidatingAdmissionPolicy", V1, spec=spec))
    assert found == [f"spec.{path}" for path in paths]


@each_row(
    ("change", "paths"),
    [
        ({"resources": ["*"]}, []),
        ({"resources": ["pods", "pods/log"]}, []),
        ({"resources": ["*", "*/scale"]}, []),
        ({"resources": []}, ["resources"]),
        ({"operations": ["*", "CREATE"]}, ["operations"]),
        ({"operations": ["create"]}, ["operations[0]"]),
        ({"apiGroups": ["*", "apps"]}, ["apiGroups"]),
        ({"apiVersions": [""]}, ["apiVersions[0]"]),
        ({"resources": ["pods/*", "pods/log"]}, ["resources[1]"]),
        ({"resources": ["*/*", "pods"]}, ["resources"]),
        ({"resources": ["*", "pods"]}, ["resources"]),
        ({"scope": "Namespace"}, ["scope"]),
        ({"resourceNames": ["a", "a"]}, ["resourceNames[1]"]),
    ],
)
def test_rules(paths_of: Paths, api_object: Make, change: dict[str, Any], paths: list[str]) -> None:
    spec = {**POLICY, "matchConstraints": {"resourceRules": [{**RULE, **change}]}}
    found = paths_of(api_object("ValidatingAdmissionPolicy", V1, spec=spec))
    assert found == [f"spec.matchConstraints.resourceRules[0].{path}" for path in paths]


@each_row(
    ("change", "paths"),
    [
        ({}, []),
        ({"validationActions": ["Warn", "Audit"]}, []),
        ({"validationActions": None}, ["validationActions"]),
        ({"validationActions": ["deny"]}, ["validationActions[0]"]),
        ({"validationActions": ["Deny", "Deny"]}, ["validationActions[1]"]),
        ({"validationActions": ["Deny", "Warn"]}, ["validationActions"]),
        ({"policyName": None}, ["policyName"]),
        ({"policyName": "A"}, ["policyName"]),
        ({"paramRef": {"name": "a", "parameterNotFoundAction": "Deny"}}, []),
        ({"paramRef": {"parameterNotFoundAction": "Deny"}}, ["paramRef"]),
        (
            {"paramRef": {"name": "a", "selector": {}, "parameterNotFoundAction": "deny"}},
            [
                "paramRef.selector",
                "paramRef.parameterNotFoundAction",
            ],
        ),
        (
            {"matchResources": {"namespaceSelector": {"matchLabels": {"a": "b c"}}}},
            ["matchResources.namespaceSelector.matchLabels.a"],
        ),
    ],
)
def test_bindings(paths_of: Paths, api_object: Make, change: dict[str, Any], paths: list[str]) -> None:
    base = {"policyName": "a", "validationActions": ["Deny"], **change}
    spec = {key: value for key, value in base.items() if value is not None}
    found = paths_of(api_object("ValidatingAdmissionPolicyBinding", V1, spec=spec))
    assert found == [f"spec.{path}" for path in paths]


def test_mutating_policies(paths_of: Paths, api_object: Make) -> None:
    patch = {"patchType": "JSONPatch", "jsonPatch": {"expression": "[]"}}
    spec = {
        "matchConstraints": {"resourceRules": [RULE]},
        "reinvocationPolicy": "Never",
        "mutations": [patch],
    }
    assert paths_of(api_object("MutatingAdmissionPolicy", V1, spec=spec)) == []
    spec = {**spec, "reinvocationPolicy": None, "mutations": [{"patchType": "ApplyConfiguration"}]}
    assert paths_of(api_object("MutatingAdmissionPolicy", V1, spec=spec)) == [
        "spec.reinvocationPolicy",
        "spec.mutations[0].applyConfiguration.expression",
    ]
    assert paths_of(api_object("MutatingAdmissionPolicyBinding", V1, spec={})) == ["spec.policyName"]


@each_row(
    ("kind", "fields"),
    [
        ("ValidatingAdmissionPolicyBinding", {"spec": {"policyName": "p", "validationActions": ["Deny"]}}),
        ("ValidatingWebhookConfiguration", {}),
        ("MutatingWebhookConfiguration", {}),
    ],
)
def test_some_names_are_the_api_servers_own_from_1_37_on(
    paths_of: Callable[..., list[str]], kind: str, fields: dict[str, Any]
) -> None:
    data = {"apiVersion": "admissionregistration.k8s.io/v1", "kind": kind, **fields}
    named = {**data, "metadata": {"name": "mine.static.k8s.io"}}
    assert paths_of(named, Version(1, 36)) == []
    assert paths_of(named, Version(1, 37)) == ["metadata.name"]
    assert paths_of({**data, "metadata": {"name": "static.k8s.io.mine"}}, Version(1, 37)) == []
