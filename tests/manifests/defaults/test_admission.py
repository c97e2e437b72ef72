"""Defaults of admission policies and webhooks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Default = Callable[[str], dict[str, Any]]
HEAD = "apiVersion: admissionregistration.k8s.io/v1, kind:"


def test_a_policy(defaulted: Default) -> None:
    spec = defaulted(
        f"{{{HEAD} ValidatingAdmissionPolicy, spec: {{matchConstraints: {{resourceRules: [{{resources: [pods]}}]}}}}}}"
    )["spec"]
    assert spec == {
        "failurePolicy": "Fail",
        "matchConstraints": {
            "matchPolicy": "Equivalent",
            "namespaceSelector": {},
            "objectSelector": {},
            "resourceRules": [{"resources": ["pods"], "scope": "*"}],
        },
    }


def test_a_binding(defaulted: Default) -> None:
    spec = defaulted(f"{{{HEAD} ValidatingAdmissionPolicyBinding, spec: {{paramRef: {{name: a}}}}}}")["spec"]
    assert spec == {"paramRef": {"name": "a"}}, (
        "a real API server 1.36.2: parameterNotFoundAction is required"
    )
    spec = defaulted(f"{{{HEAD} ValidatingAdmissionPolicyBinding, spec: {{matchResources: {{}}}}}}")["spec"]
    assert spec["matchResources"]["matchPolicy"] == "Equivalent"


def test_webhooks(defaulted: Default) -> None:
    hook = "webhooks: [{clientConfig: {service: {name: a}}, rules: [{}], timeoutSeconds: 5}]"
    [validating] = defaulted(f"{{{HEAD} ValidatingWebhookConfiguration, {hook}}}")["webhooks"]
    assert validating == {
        "clientConfig": {"service": {"name": "a", "port": 443}},
        "rules": [{"scope": "*"}],
        "timeoutSeconds": 5,
        "failurePolicy": "Fail",
        "matchPolicy": "Equivalent",
        "namespaceSelector": {},
        "objectSelector": {},
    }
    [mutating] = defaulted(f"{{{HEAD} MutatingWebhookConfiguration, {hook}}}")["webhooks"]
    assert mutating == {**validating, "reinvocationPolicy": "Never"}
