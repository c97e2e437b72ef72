"""Tests of `manifests.validation.policy`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row

Paths = Callable[..., list[str]]
Make = Callable[..., dict[str, Any]]

ANY = {"operator": "Exists"}


@each_row(
    ("limit", "paths"),
    [
        ({"type": "Container", "max": {"cpu": 1}, "min": {"cpu": "100m"}, "default": {"cpu": "500m"}}, []),
        ({"max": {"cpu": 1}}, ["type"]),
        ({"type": "container"}, ["type"]),
        ({"type": "Pod", "default": {"cpu": 1}}, ["default"]),
        ({"type": "Container", "max": {"storage": 1}}, ["max.storage"]),
        ({"type": "PersistentVolumeClaim", "max": {"storage": "1Gi"}}, []),
        ({"type": "PersistentVolumeClaim"}, [""]),
        ({"type": "Container", "min": {"cpu": 2}, "max": {"cpu": 1}}, ["min.cpu"]),
        ({"type": "Container", "max": {"cpu": 1}, "default": {"cpu": 2}}, ["default.cpu"]),
        ({"type": "Container", "default": {"cpu": 1}, "defaultRequest": {"cpu": 2}}, ["defaultRequest.cpu"]),
        ({"type": "Container", "min": {"cpu": 1}, "max": {"cpu": 1}, "default": {"cpu": 1}}, []),
        ({"type": "Container", "maxLimitRequestRatio": {"cpu": "0.5"}}, ["maxLimitRequestRatio.cpu"]),
        ({"type": "Container", "maxLimitRequestRatio": {"cpu": 1}}, []),
        ({"type": "Container", "min": {"cpu": 1}, "max": {"cpu": 2}, "maxLimitRequestRatio": {"cpu": 2}}, []),
        (
            {"type": "Container", "min": {"cpu": 1}, "max": {"cpu": 2}, "maxLimitRequestRatio": {"cpu": 3}},
            ["maxLimitRequestRatio.cpu"],
        ),
        (
            {"type": "Container", "default": {"a.b/c": 2}, "defaultRequest": {"a.b/c": 1}},
            ["defaultRequest[a.b/c]"],
        ),
    ],
)
def test_limit_ranges(paths_of: Paths, api_object: Make, limit: dict[str, Any], paths: list[str]) -> None:
    found = paths_of(api_object("LimitRange", spec={"limits": [limit]}))
    assert found == [f"spec.limits[0].{path}" if path else "spec.limits[0]" for path in paths]


def test_each_type_of_limit_stands_once(paths_of: Paths, api_object: Make) -> None:
    limits = [{"type": "Container"}, {"type": "Container"}]
    assert paths_of(api_object("LimitRange", spec={"limits": limits})) == ["spec.limits[1].type"]


def selector(scope: str, operator: str, *values: str) -> dict[str, Any]:
    return {"matchExpressions": [{"scopeName": scope, "operator": operator, "values": list(values)}]}


@each_row(
    ("spec", "paths"),
    [
        ({"hard": {"pods": "10", "requests.cpu": "1", "count/deployments.apps": 2}}, []),
        ({"hard": {"requests.nvidia.com/gpu": 4}}, []),
        ({"hard": {"gpu": 1}}, ["hard.gpu"]),
        ({"hard": {"storage": 1}}, ["hard.storage"]),
        ({"hard": {"pods": "1.5"}}, ["hard.pods"]),
        ({"hard": {"cpu": "-1"}}, ["hard.cpu"]),
        ({"hard": {"pods": 1}, "scopes": ["BestEffort"]}, []),
        ({"hard": {"cpu": 1}, "scopes": ["BestEffort"]}, ["scopes[0]"]),
        ({"hard": {"pods": 1}, "scopes": ["besteffort"]}, ["scopes[0]"]),
        ({"hard": {"pods": 1}, "scopes": ["Terminating", "NotTerminating"]}, ["scopes"]),
        ({"hard": {"pods": 1}, "scopeSelector": selector("PriorityClass", "In", "high")}, []),
        (
            {"hard": {"pods": 1}, "scopeSelector": selector("PriorityClass", "In")},
            ["scopeSelector.matchExpressions[0].values"],
        ),
        (
            {"hard": {"pods": 1}, "scopeSelector": selector("BestEffort", "In", "x")},
            ["scopeSelector.matchExpressions[0].operator"],
        ),
        (
            {"hard": {"pods": 1}, "scopeSelector": selector("PriorityClass", "Exists", "x")},
            ["scopeSelector.matchExpressions[0].values"],
        ),
    ],
)
def test_quotas(paths_of: Paths, api_object: Make, spec: dict[str, Any], paths: list[str]) -> None:
    assert paths_of(api_object("ResourceQuota", spec=spec)) == [f"spec.{path}" for path in paths]


@each_row(
    ("spec", "paths"),
    [
        ({"minAvailable": 1, "selector": {}}, []),
        ({"maxUnavailable": "100%"}, []),
        ({"minAvailable": "101%"}, ["minAvailable"]),
        ({"minAvailable": "half"}, ["minAvailable"]),
        ({"maxUnavailable": -1}, ["maxUnavailable"]),
        ({"minAvailable": 1, "maxUnavailable": 1}, ["maxUnavailable"]),
        ({"selector": {"matchLabels": {"a": "b c"}}}, ["selector.matchLabels.a"]),
        ({"unhealthyPodEvictionPolicy": "Always"}, ["unhealthyPodEvictionPolicy"]),
    ],
)
def test_budgets(paths_of: Paths, api_object: Make, spec: dict[str, Any], paths: list[str]) -> None:
    found = paths_of(api_object("PodDisruptionBudget", "policy/v1", spec=spec))
    assert found == [f"spec.{path}" for path in paths]


@each_row(
    ("name", "fields", "paths"),
    [
        ("high", {"value": 1_000_000_000}, []),
        ("high", {"value": 1_000_000_001}, ["value"]),
        ("system-mine", {"value": 1}, ["metadata.name"]),
        ("system-node-critical", {"value": 2_000_001_000}, []),
        ("system-node-critical", {"value": 5}, ["value"]),
        ("system-node-critical", {"value": 2_000_001_000, "globalDefault": True}, ["globalDefault"]),
        ("high", {"value": 1, "preemptionPolicy": "never"}, ["preemptionPolicy"]),
    ],
)
def test_priority_classes(paths_of: Paths, name: str, fields: Any, paths: list[str]) -> None:
    data = {
        "apiVersion": "scheduling.k8s.io/v1",
        "kind": "PriorityClass",
        "metadata": {"name": name},
        **fields,
    }
    assert paths_of(data) == paths


@each_row(
    ("fields", "paths"),
    [
        ({"handler": "runsc"}, []),
        ({}, ["handler"]),
        ({"handler": "gVisor"}, ["handler"]),
        ({"handler": "a.b"}, ["handler"]),
        ({"handler": "a", "overhead": {"podFixed": {"cpu": "-1"}}}, ["overhead.podFixed.cpu"]),
        ({"handler": "a", "scheduling": {"nodeSelector": {"a": "b c"}}}, ["scheduling.nodeSelector.a"]),
        ({"handler": "a", "scheduling": {"tolerations": [{}]}}, ["scheduling.tolerations[0].operator"]),
        ({"handler": "a", "scheduling": {"tolerations": [ANY, ANY]}}, ["scheduling.tolerations[1]"]),
    ],
)
def test_runtime_classes(paths_of: Paths, api_object: Make, fields: dict[str, Any], paths: list[str]) -> None:
    assert paths_of(api_object("RuntimeClass", "node.k8s.io/v1", **fields)) == paths
