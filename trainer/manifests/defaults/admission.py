"""Defaults of admission policies and webhooks (admissionregistration/v1 defaults.go, v1.35)."""

from __future__ import annotations

from typing import Any

from trainer.manifests.defaults.plain import fill, made_mapping
from trainer.manifests.values import mapping_at, mappings


def default_policy(data: dict[str, Any]) -> None:
    """A ValidatingAdmissionPolicy or MutatingAdmissionPolicy: an error refuses the request."""
    spec = made_mapping(data, "spec")
    fill(spec, failurePolicy="Fail")
    if isinstance(spec.get("matchConstraints"), dict):
        _match_resources(spec["matchConstraints"])


def default_binding(data: dict[str, Any]) -> None:
    """A binding of such a policy; `parameterNotFoundAction` has no default in v1."""
    spec = made_mapping(data, "spec")
    if isinstance(spec.get("matchResources"), dict):
        _match_resources(spec["matchResources"])


def default_validating_webhooks(data: dict[str, Any]) -> None:
    """A ValidatingWebhookConfiguration."""
    for webhook in mappings(data.get("webhooks")):
        _webhook(webhook)


def default_mutating_webhooks(data: dict[str, Any]) -> None:
    """A MutatingWebhookConfiguration."""
    for webhook in mappings(data.get("webhooks")):
        _webhook(webhook)
        fill(webhook, reinvocationPolicy="Never")


def _webhook(webhook: dict[str, Any]) -> None:
    fill(webhook, failurePolicy="Fail", matchPolicy="Equivalent", timeoutSeconds=10)
    made_mapping(webhook, "namespaceSelector")
    made_mapping(webhook, "objectSelector")
    service = mapping_at(mapping_at(webhook, "clientConfig"), "service")
    if service:
        fill(service, port=443)
    for rule in mappings(webhook.get("rules")):
        fill(rule, scope="*")


def _match_resources(match: dict[str, Any]) -> None:
    fill(match, matchPolicy="Equivalent")
    made_mapping(match, "namespaceSelector")
    made_mapping(match, "objectSelector")
    rules = mappings(match.get("resourceRules")) + mappings(match.get("excludeResourceRules"))
    for rule in rules:
        fill(rule, scope="*")


_GROUP = "admissionregistration.k8s.io/v1"
