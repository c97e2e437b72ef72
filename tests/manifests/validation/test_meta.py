"""Tests of `manifests.validation.meta`: metadata, labels, annotations and label selectors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row
from trainer.manifests.validation import meta

Paths = Callable[..., list[str]]

OWNER = {"apiVersion": "v1", "kind": "Pod", "name": "a", "uid": "1", "controller": True}
"""The API server drops the second of two that are equal (endpoints/handlers/rest.go, v1.36)."""


@each_row(
    ("metadata", "paths"),
    [
        ({"name": "web", "namespace": "sun"}, []),
        ({"generateName": "web-"}, []),
        ({"name": "web", "labels": {"a/b": ""}, "annotations": {"A.b/C": "any text at all"}}, []),
        ({}, ["metadata.name"]),
        ({"name": None}, ["metadata.name"]),
        ({"name": "Web"}, ["metadata.name"]),
        ({"generateName": "Web-"}, ["metadata.generateName"]),
        ({"name": "web", "namespace": "Sun"}, ["metadata.namespace"]),
        ({"name": "web", "namespace": "a.b"}, ["metadata.namespace"]),
        ({"name": "web", "labels": {"a b": "c"}}, ["metadata.labels[a b]"]),
        ({"name": "web", "labels": {"a": "John Doe"}}, ["metadata.labels.a"]),
        ({"name": "web", "annotations": {"a/b/c": "d"}}, ["metadata.annotations[a/b/c]"]),
        ({"name": "web", "annotations": {"a": "x" * (256 * 1024)}}, ["metadata.annotations"]),
        ({"name": "web", "finalizers": ["example.com/a", "orphan"]}, []),
        ({"name": "web", "finalizers": ["mine"]}, ["metadata.finalizers[0]"]),
        ({"name": "web", "finalizers": ["orphan", "foregroundDeletion"]}, ["metadata.finalizers"]),
        (
            {"name": "web", "ownerReferences": [{"name": "a", "kind": "B"}]},
            ["metadata.ownerReferences[0].apiVersion", "metadata.ownerReferences[0].uid"],
        ),
        (
            {
                "name": "web",
                "ownerReferences": [
                    {"apiVersion": "v1", "kind": "Pod", "name": "a", "uid": "1", "controller": True},
                    {"apiVersion": "v1", "kind": "Pod", "name": "b", "uid": "2", "controller": True},
                ],
            },
            ["metadata.ownerReferences"],
        ),
        ({"name": "web", "ownerReferences": [OWNER, OWNER]}, []),
        (
            {"name": "web", "ownerReferences": [{**OWNER, "apiVersion": "a/"}]},
            ["metadata.ownerReferences[0].apiVersion"],
        ),
    ],
)
def test_metadata(paths_of: Paths, metadata: dict[str, Any], paths: list[str]) -> None:
    assert paths_of({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata}) == paths


@each_row(
    ("selector", "paths"),
    [
        ({}, []),
        ({"matchExpressions": [{"key": "a", "operator": "In", "values": ["b"]}]}, []),
        ({"matchExpressions": [{"key": "a", "operator": "In"}]}, ["matchExpressions[0].values"]),
        (
            {"matchExpressions": [{"key": "a", "operator": "Exists", "values": ["b"]}]},
            ["matchExpressions[0].values"],
        ),
        (
            {"matchExpressions": [{"key": "a", "operator": "in", "values": ["b"]}]},
            ["matchExpressions[0].operator"],
        ),
        ({"matchExpressions": [{"key": "", "operator": "Exists"}]}, ["matchExpressions[0].key"]),
        (
            {"matchExpressions": [{"key": "a", "operator": "In", "values": ["b c"]}]},
            ["matchExpressions[0].values[0]"],
        ),
        ({"matchLabels": {"app@b": "c"}}, ["matchLabels[app@b]"]),
        ({"matchLabels": {"a": "x" * 64}}, ["matchLabels.a"]),
    ],
)
def test_label_selectors(paths_of: Paths, selector: dict[str, Any], paths: list[str]) -> None:
    policy = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "a"},
        "spec": {"podSelector": selector},
    }
    assert paths_of(policy) == [f"spec.podSelector.{path}" for path in paths]


@each_row(
    ("selector", "labels", "selected"),
    [
        (None, {"a": "b"}, False),
        ({}, {}, True),
        ({"matchLabels": {"a": "b"}}, {"a": "b", "c": "d"}, True),
        ({"matchLabels": {"a": "b"}}, None, False),
        ({"matchExpressions": [{"key": "a", "operator": "In", "values": ["b"]}]}, {"a": "b"}, True),
        ({"matchExpressions": [{"key": "a", "operator": "NotIn", "values": ["b"]}]}, {}, True),
        ({"matchExpressions": [{"key": "a", "operator": "NotIn", "values": ["b"]}]}, {"a": "b"}, False),
        ({"matchExpressions": [{"key": "a", "operator": "Exists"}]}, {"a": ""}, True),
        ({"matchExpressions": [{"key": "a", "operator": "DoesNotExist"}]}, {"a": ""}, False),
    ],
)
def test_what_a_selector_selects(selector: Any, labels: Any, selected: bool) -> None:
    assert meta.selects(selector, labels) is selected


def test_an_empty_selector() -> None:
    assert meta.empty_selector({"matchLabels": {}})
    assert not meta.empty_selector({"matchLabels": {"a": "b"}})
