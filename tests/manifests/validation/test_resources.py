"""Tests of `manifests.validation.resources`: resource names and quantities."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row
from trainer.manifests.validation import resources

Paths = Callable[..., list[str]]


@each_row(
    ("value", "paths"),
    [
        ({"requests": {"cpu": "100m"}, "limits": {"cpu": 1, "memory": "64Mi"}}, []),
        ({"requests": {"cpu": "2"}, "limits": {"cpu": "1000m"}}, ["requests.cpu"]),
        ({"requests": {"memory": "1Gi"}, "limits": {"memory": "1G"}}, ["requests.memory"]),
        ({"requests": {"memory": "1024Mi"}, "limits": {"memory": "1Gi"}}, []),
        ({"limits": {"cpu": "-1"}}, ["limits.cpu"]),
        ({"limits": {"cpu": "one"}}, ["limits.cpu"]),
        ({"limits": {"gpu": "1"}}, ["limits.gpu"]),
        ({"limits": {"pods": "1"}}, ["limits.pods"]),
        ({"limits": {"storage": "1Gi"}}, ["limits.storage"]),
        ({"limits": {"ephemeral-storage": "1Gi"}}, []),
        ({"limits": {"nvidia.com/gpu": 1}}, []),
        ({"limits": {"nvidia.com/gpu": "0.5"}}, ["limits[nvidia.com/gpu]"]),
        ({"requests": {"nvidia.com/gpu": 1}}, ["limits[nvidia.com/gpu]"]),
        ({"requests": {"a.b/c": 1}, "limits": {"a.b/c": 2}}, ["requests[a.b/c]"]),
        ({"limits": {"a b/c": 1}}, ["limits[a b/c]"]),
        ({"limits": {"hugepages-2Mi": "4Mi"}}, [""]),
        ({"limits": {"hugepages-2Mi": "4Mi", "cpu": 1}}, []),
        ({"limits": {"hugepages-2Mi": "3Mi", "cpu": 1}}, ["limits.hugepages-2Mi"]),
        ({"requests": {"hugepages-2Mi": "2Mi", "cpu": 1}}, ["limits.hugepages-2Mi"]),
        ({"claims": [{"name": "c"}]}, ["claims[0].name"]),
    ],
)
def test_requirements(container_paths: Paths, value: dict[str, Any], paths: list[str]) -> None:
    expected = [f"resources.{path}" if path else "resources" for path in paths]
    assert container_paths({"resources": value}) == expected


def test_claims(container_paths: Paths) -> None:
    spec = {"resourceClaims": [{"name": "c", "resourceClaimName": "d"}]}
    assert container_paths({"resources": {"claims": [{"name": "c"}]}}, spec) == []
    twice = {"resources": {"claims": [{"name": "c"}, {"name": "c", "request": "r"}]}}
    assert container_paths(twice, spec) == ["resources.claims[1].name"]
    assert container_paths({"resources": {"claims": [{}]}}, spec) == ["resources.claims[0].name"]


@each_row(
    ("name", "native", "extended", "overcommit"),
    [
        ("cpu", True, False, True),
        ("hugepages-1Gi", True, False, False),
        ("kubernetes.io/x", True, False, True),
        ("nvidia.com/gpu", False, True, False),
        ("requests.nvidia.com/gpu", False, False, False),
    ],
)
def test_kinds_of_resources(name: str, native: bool, extended: bool, overcommit: bool) -> None:
    assert resources.is_native(name) is native
    assert resources.is_extended(name) is extended
    assert resources.overcommit_allowed(name) is overcommit
