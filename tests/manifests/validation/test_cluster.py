"""Tests of `manifests.validation.cluster`: small kinds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row

Paths = Callable[..., list[str]]

AUTHORIZATION = "authorization.k8s.io/v1"


@each_row(
    ("version", "kind", "fields", "paths"),
    [
        ("v1", "Namespace", {}, []),
        ("v1", "Namespace", {"spec": {"finalizers": ["kubernetes"]}}, []),
        ("v1", "Namespace", {"spec": {"finalizers": ["mine"]}}, ["spec.finalizers[0]"]),
        ("v1", "Node", {"spec": {"taints": [{"key": "a", "effect": "NoSchedule"}]}}, []),
        ("v1", "Node", {"spec": {"taints": [{"key": "a"}]}}, ["spec.taints[0].effect"]),
        (
            "v1",
            "Node",
            {"spec": {"taints": [{"key": "a", "effect": "NoSchedule"}] * 2}},
            ["spec.taints[1].key"],
        ),
        ("v1", "Node", {"spec": {"podCIDRs": ["10.0.0.0"]}}, ["spec.podCIDRs[0]"]),
        ("v1", "Node", {"spec": {"podCIDR": "x", "podCIDRs": ["10.0.0.0/24"]}}, ["spec.podCIDR"]),
        ("v1", "Node", {"spec": {"podCIDR": "10.0.0.0/24", "podCIDRs": ["x"]}}, []),
        (
            "coordination.k8s.io/v1",
            "Lease",
            {"spec": {"leaseDurationSeconds": 0}},
            ["spec.leaseDurationSeconds"],
        ),
        ("apps/v1", "ControllerRevision", {"revision": 1}, ["data"]),
        (AUTHORIZATION, "SubjectAccessReview", {"spec": {"user": "a", "resourceAttributes": {}}}, []),
        (AUTHORIZATION, "SubjectAccessReview", {"spec": {"resourceAttributes": {}}}, ["spec.user"]),
        (AUTHORIZATION, "SelfSubjectAccessReview", {"spec": {}}, ["spec"]),
        ("authentication.k8s.io/v1", "TokenReview", {"spec": {}}, ["spec.token"]),
        (
            "apiregistration.k8s.io/v1",
            "APIService",
            {"spec": {"group": "b.c", "version": "v1", "groupPriorityMinimum": 1, "versionPriority": 1}},
            ["metadata.name"],
        ),
    ],
)
def test_small_kinds(
    paths_of: Paths, version: str, kind: str, fields: dict[str, Any], paths: list[str]
) -> None:
    assert paths_of({"apiVersion": version, "kind": kind, "metadata": {"name": "a"}, **fields}) == paths


def test_a_local_review_stays_in_its_namespace(paths_of: Paths) -> None:
    spec = {"user": "a", "resourceAttributes": {"namespace": "b"}}
    review = {
        "apiVersion": AUTHORIZATION,
        "kind": "LocalSubjectAccessReview",
        "metadata": {"namespace": "a"},
        "spec": spec,
    }
    assert paths_of(review) == ["spec.resourceAttributes.namespace"]


def test_an_api_service_of_ours_is_fine(paths_of: Paths) -> None:
    spec = {
        "group": "b.c",
        "version": "v1",
        "groupPriorityMinimum": 1,
        "versionPriority": 1,
        "service": {"name": "a", "namespace": "b"},
    }
    data = {
        "apiVersion": "apiregistration.k8s.io/v1",
        "kind": "APIService",
        "metadata": {"name": "v1.b.c"},
        "spec": spec,
    }
    assert paths_of(data) == []
