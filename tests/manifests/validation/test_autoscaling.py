"""Tests of `manifests.validation.autoscaling`: HorizontalPodAutoscaler, v1 and v2."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row
from trainer.versions import Version

Paths = Callable[..., list[str]]
Make = Callable[..., dict[str, Any]]

CPU = {
    "type": "Resource",
    "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}},
}


ODD = {"matchLabels": {"-a": "b"}}
SERVICE = {"kind": "Service", "name": "s"}


def measured(field: str, kind: str, **source: Any) -> dict[str, Any]:
    """A metric whose target has both a value and an average value, or the one that resources may have."""
    both = {"type": "AverageValue", "averageValue": "1"}
    if field != "containerResource":
        both["value"] = "1"
    return {"type": kind, field: {**source, "target": both}}


@each_row(
    ("change", "paths"),
    [
        ({}, []),
        ({"metrics": [CPU]}, []),
        ({"minReplicas": 0}, ["minReplicas"]),
        ({"maxReplicas": 0}, ["maxReplicas"]),
        ({"maxReplicas": None}, ["maxReplicas"]),
        ({"minReplicas": 5, "maxReplicas": 3}, ["maxReplicas"]),
        (
            {"scaleTargetRef": {}},
            ["scaleTargetRef.kind", "scaleTargetRef.name", "scaleTargetRef.apiVersion"],
        ),
        ({"scaleTargetRef": {"kind": "Deployment", "name": "web"}}, ["scaleTargetRef.apiVersion"]),
        (
            {"scaleTargetRef": {"apiVersion": "v1", "kind": "Deployment", "name": "web"}},
            ["scaleTargetRef.apiVersion"],
        ),
        (
            {"scaleTargetRef": {"apiVersion": "a/b/c", "kind": "Deployment", "name": "web"}},
            ["scaleTargetRef.apiVersion"],
        ),
        ({"scaleTargetRef": {"kind": "ReplicationController", "name": "web"}}, []),
        ({"metrics": [measured("pods", "Pods", metric={"name": "a", "selector": ODD})]}, []),
        ({"metrics": [measured("pods", "Pods", metric={"name": "a/b"})]}, ["metrics[0].pods.metric.name"]),
        ({"metrics": [measured("object", "Object", describedObject=SERVICE, metric={"name": "a"})]}, []),
        (
            {"metrics": [measured("external", "External", metric={"name": "a"})]},
            ["metrics[0].external.target.averageValue"],
        ),
        ({"metrics": [measured("containerResource", "ContainerResource", name="cpu", container="a")]}, []),
        (
            {"metrics": [measured("containerResource", "ContainerResource", name=".a", container="/a")]},
            ["metrics[0].containerResource.name", "metrics[0].containerResource.container"],
        ),
        ({"targetCPUUtilizationPercentage": 0}, ["targetCPUUtilizationPercentage"]),
        ({"metrics": [{"type": "resource"}]}, ["metrics[0].type"]),
        ({"metrics": [{"type": "Resource"}]}, ["metrics[0].resource"]),
        ({"metrics": [{**CPU, "pods": {}}]}, ["metrics[0].pods"]),
        (
            {
                "metrics": [
                    {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization"}}}
                ]
            },
            ["metrics[0].resource.target.averageUtilization"],
        ),
        (
            {
                "metrics": [
                    {
                        "type": "Pods",
                        "pods": {"metric": {}, "target": {"type": "AverageValue", "averageValue": "0"}},
                    }
                ]
            },
            ["metrics[0].pods.metric.name", "metrics[0].pods.target.averageValue"],
        ),
        (
            {"behavior": {"scaleDown": {"stabilizationWindowSeconds": 4000}}},
            ["behavior.scaleDown.stabilizationWindowSeconds"],
        ),
        ({"behavior": {"scaleUp": {"tolerance": "-0.1"}}}, ["behavior.scaleUp.tolerance"]),
        ({"behavior": {"scaleUp": {"selectPolicy": "All"}}}, ["behavior.scaleUp.selectPolicy"]),
        (
            {"behavior": {"scaleUp": {"policies": [{"type": "Pods", "value": 0, "periodSeconds": 1801}]}}},
            ["behavior.scaleUp.policies[0].value", "behavior.scaleUp.policies[0].periodSeconds"],
        ),
    ],
)
def test_autoscalers(paths_of: Paths, api_object: Make, change: dict[str, Any], paths: list[str]) -> None:
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    spec = {"scaleTargetRef": target, "maxReplicas": 3, **change}
    found = paths_of(api_object("HorizontalPodAutoscaler", "autoscaling/v2", spec=spec))
    assert found == [f"spec.{path}" for path in paths]


QUEUE = {
    "type": "External",
    "external": {"metric": {"name": "queue"}, "target": {"type": "AverageValue", "averageValue": "30"}},
}


@each_row(
    ("metrics", "minor", "good"),
    [
        ([QUEUE], 36, False),
        ([QUEUE], 37, True),
        ([CPU, QUEUE], 37, True),
        ([CPU], 37, False),
        ([], 37, False),
    ],
)
def test_scaling_to_zero_came_with_1_37(
    paths_of: Paths, api_object: Make, metrics: list[Any], minor: int, good: bool
) -> None:
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    spec = {"scaleTargetRef": target, "minReplicas": 0, "maxReplicas": 3, "metrics": metrics}
    found = api_object("HorizontalPodAutoscaler", "autoscaling/v2", spec=spec)
    assert paths_of(found, Version(1, minor)) == ([] if good else ["spec.minReplicas"])
