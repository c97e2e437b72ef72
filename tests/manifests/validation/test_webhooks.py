"""Tests of `manifests.validation.webhooks`: webhooks for admission: structure, and how they are called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row

Paths = Callable[..., list[str]]
Make = Callable[..., dict[str, Any]]

HOOK = {
    "name": "check.example.com",
    "clientConfig": {"url": "https://example.com/check"},
    "sideEffects": "None",
    "admissionReviewVersions": ["v1"],
    "rules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}],
}
SERVICE = {"name": "a", "namespace": "b"}


@each_row(
    ("change", "paths"),
    [
        ({}, []),
        ({"name": None}, ["name"]),
        ({"name": "check"}, ["name"]),
        ({"sideEffects": None}, ["sideEffects"]),
        ({"sideEffects": "Some"}, ["sideEffects"]),
        ({"failurePolicy": "ignore"}, ["failurePolicy"]),
        ({"matchPolicy": "Any"}, ["matchPolicy"]),
        ({"timeoutSeconds": 31}, ["timeoutSeconds"]),
        ({"timeoutSeconds": 0}, ["timeoutSeconds"]),
        ({"admissionReviewVersions": None}, ["admissionReviewVersions"]),
        ({"admissionReviewVersions": ["v2"]}, ["admissionReviewVersions"]),
        ({"admissionReviewVersions": ["v1", "v1"]}, ["admissionReviewVersions[1]"]),
        ({"clientConfig": {}}, ["clientConfig"]),
        ({"clientConfig": {"url": "https://a", "service": SERVICE}}, ["clientConfig"]),
        ({"clientConfig": {"service": SERVICE}}, []),
        ({"clientConfig": {"service": {**SERVICE, "port": 0}}}, ["clientConfig.service.port"]),
        ({"clientConfig": {"service": {**SERVICE, "path": ""}}}, []),
        ({"clientConfig": {"service": {**SERVICE, "path": "x"}}}, ["clientConfig.service.path"]),
        ({"clientConfig": {"service": {**SERVICE, "path": "/a/b/"}}}, []),
        ({"clientConfig": {"service": {**SERVICE, "path": "/a//b"}}}, ["clientConfig.service.path"]),
        ({"clientConfig": {"service": {"name": "a"}}}, ["clientConfig.service.namespace"]),
        ({"clientConfig": {"url": "http://a"}}, ["clientConfig.url"]),
        ({"clientConfig": {"url": "https://u@a?b#c"}}, ["clientConfig.url"] * 3),
        ({"clientConfig": {"url": "https://[a"}}, ["clientConfig.url"]),
        ({"objectSelector": {"matchLabels": {"a": "b c"}}}, ["objectSelector.matchLabels.a"]),
        ({"rules": [{}]}, [f"rules[0].{f}" for f in ("operations", "apiGroups", "apiVersions", "resources")]),
        ({"reinvocationPolicy": "Always"}, ["reinvocationPolicy"]),
    ],
)
def test_webhooks(paths_of: Paths, api_object: Make, change: dict[str, Any], paths: list[str]) -> None:
    hook = {key: value for key, value in {**HOOK, **change}.items() if value is not None}
    version = "admissionregistration.k8s.io/v1"
    for kind in ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"):
        found = paths_of(api_object(kind, version, webhooks=[hook]))
        assert found == [f"webhooks[0].{path}" for path in paths]


def test_names_are_unique(paths_of: Paths, api_object: Make) -> None:
    kind = api_object(
        "ValidatingWebhookConfiguration", "admissionregistration.k8s.io/v1", webhooks=[HOOK, HOOK]
    )
    assert paths_of(kind) == ["webhooks[1].name"]
