"""Tests of `manifests.validation.workloads`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row
from trainer.versions import Version

Paths = Callable[..., list[str]]
Make = Callable[..., dict[str, Any]]

TEMPLATE = {
    "metadata": {"labels": {"app": "web"}},
    "spec": {"containers": [{"name": "main", "image": "nginx"}]},
}
SELECTOR = {"matchLabels": {"app": "web"}}
LABELS = "spec.template.metadata.labels"


@each_row(
    ("spec", "paths"),
    [
        ({}, []),
        ({"replicas": 0}, []),
        ({"replicas": -1}, ["spec.replicas"]),
        ({"minReadySeconds": -1}, ["spec.minReadySeconds"]),
        ({"revisionHistoryLimit": -1}, ["spec.revisionHistoryLimit"]),
        ({"progressDeadlineSeconds": 5, "minReadySeconds": 5}, ["spec.progressDeadlineSeconds"]),
        ({"selector": None}, ["spec.selector"]),
        ({"selector": {"matchLabels": None}}, ["spec.selector"]),
        ({"selector": {"matchLabels": {"app": "api"}}}, [LABELS]),
        ({"selector": {"matchLabels": None, "matchExpressions": [{"key": "app", "operator": "Exists"}]}}, []),
        ({"template": {"metadata": {"labels": None}}}, [LABELS]),
        ({"template": {"spec": {"restartPolicy": "Always"}}}, []),
        ({"template": {"spec": {"restartPolicy": "Never"}}}, ["spec.template.spec.restartPolicy"]),
        ({"template": {"spec": {"activeDeadlineSeconds": 5}}}, ["spec.template.spec.activeDeadlineSeconds"]),
        ({"template": {"spec": {"containers": []}}}, ["spec.template.spec.containers"]),
        ({"strategy": {"type": "Recreate"}}, []),
        ({"strategy": {"type": "Rolling"}}, ["spec.strategy.type"]),
        ({"strategy": {"type": "Recreate", "rollingUpdate": {}}}, ["spec.strategy.rollingUpdate"]),
        ({"strategy": {"rollingUpdate": {"maxSurge": "150%"}}}, []),
        (
            {"strategy": {"rollingUpdate": {"maxUnavailable": "150%"}}},
            ["spec.strategy.rollingUpdate.maxUnavailable"],
        ),
        (
            {"strategy": {"rollingUpdate": {"maxUnavailable": "half"}}},
            ["spec.strategy.rollingUpdate.maxUnavailable"],
        ),
        (
            {"strategy": {"rollingUpdate": {"maxUnavailable": -1}}},
            ["spec.strategy.rollingUpdate.maxUnavailable"],
        ),
        (
            {"strategy": {"rollingUpdate": {"maxUnavailable": 0, "maxSurge": "0%"}}},
            ["spec.strategy.rollingUpdate.maxUnavailable"],
        ),
    ],
)
def test_deployments(deployment_paths: Paths, spec: dict[str, Any], paths: list[str]) -> None:
    assert deployment_paths(spec) == paths


def test_replica_sets(paths_of: Paths, api_object: Make) -> None:
    spec = {"selector": SELECTOR, "template": TEMPLATE}
    assert paths_of(api_object("ReplicaSet", "apps/v1", spec=spec)) == []
    assert paths_of(api_object("ReplicaSet", "apps/v1", spec={**spec, "replicas": -1})) == ["spec.replicas"]


@each_row(
    ("spec", "paths"),
    [
        ({"template": TEMPLATE}, []),
        ({"template": TEMPLATE, "selector": {"app": "web"}}, []),
        ({"template": TEMPLATE, "selector": {"app": "api"}}, [LABELS]),
        ({"selector": {"app": "web"}}, ["spec.template"]),
        ({"template": {"spec": TEMPLATE["spec"]}}, ["spec.selector"]),
    ],
)
def test_replication_controllers(paths_of: Paths, api_object: Make, spec: Any, paths: list[str]) -> None:
    assert paths_of(api_object("ReplicationController", spec=spec)) == paths


@each_row(
    ("strategy", "paths"),
    [
        ({}, []),
        ({"type": "OnDelete"}, []),
        ({"type": "Recreate"}, ["type"]),
        ({"rollingUpdate": {"maxUnavailable": "20%"}}, []),
        ({"rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}}, []),
        ({"rollingUpdate": {"maxUnavailable": 0}}, ["rollingUpdate.maxUnavailable"]),
        ({"rollingUpdate": {"maxUnavailable": 1, "maxSurge": 1}}, ["rollingUpdate.maxSurge"]),
        ({"rollingUpdate": {"maxUnavailable": "101%"}}, ["rollingUpdate.maxUnavailable"]),
    ],
)
def test_daemon_sets(paths_of: Paths, api_object: Make, strategy: Any, paths: list[str]) -> None:
    spec = {"selector": SELECTOR, "template": TEMPLATE, "updateStrategy": strategy}
    found = paths_of(api_object("DaemonSet", "apps/v1", spec=spec))
    assert found == [f"spec.updateStrategy.{path}" for path in paths]


CLAIM = {
    "metadata": {"name": "data"},
    "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
}


@each_row(
    ("change", "paths"),
    [
        ({}, []),
        ({"serviceName": "Web"}, ["spec.serviceName"]),
        ({"podManagementPolicy": "parallel"}, ["spec.podManagementPolicy"]),
        (
            {"updateStrategy": {"type": "OnDelete", "rollingUpdate": {}}},
            ["spec.updateStrategy.rollingUpdate"],
        ),
        (
            {"updateStrategy": {"rollingUpdate": {"partition": -1}}},
            ["spec.updateStrategy.rollingUpdate.partition"],
        ),
        (
            {"persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Keep"}},
            ["spec.persistentVolumeClaimRetentionPolicy.whenDeleted"],
        ),
        ({"ordinals": {"start": -1}}, ["spec.ordinals.start"]),
        ({"revisionHistoryLimit": -1}, []),
        ({"template": {**TEMPLATE, "spec": {**TEMPLATE["spec"], "hostname": "A", "subdomain": "A"}}}, []),
        (
            {"volumeClaimTemplates": [{**CLAIM, "metadata": {}}]},
            ["spec.volumeClaimTemplates[0].metadata.name"],
        ),
        (
            {"volumeClaimTemplates": [{**CLAIM, "metadata": {"name": "My.Data"}}]},
            ["spec.volumeClaimTemplates[0].metadata.name"],
        ),
        (
            {"volumeClaimTemplates": [{**CLAIM, "spec": {}}]},
            [
                "spec.volumeClaimTemplates[0].spec.accessModes",
                "spec.volumeClaimTemplates[0].spec.resources.requests.storage",
            ],
        ),
    ],
)
def test_stateful_sets(paths_of: Paths, api_object: Make, change: Any, paths: list[str]) -> None:
    spec = {"serviceName": "web", "selector": SELECTOR, "template": TEMPLATE, **change}
    assert paths_of(api_object("StatefulSet", "apps/v1", spec=spec)) == paths


@each_row(("most", "good"), [(1, True), ("10%", True), (0, False), ("0%", False), ("101%", False)])
def test_max_unavailable_of_stateful_sets_counts_from_1_37_on(
    paths_of: Paths, api_object: Make, most: int | str, good: bool
) -> None:
    strategy = {"rollingUpdate": {"maxUnavailable": most}}
    spec = {"serviceName": "web", "selector": SELECTOR, "template": TEMPLATE, "updateStrategy": strategy}
    found = api_object("StatefulSet", "apps/v1", spec=spec)
    assert paths_of(found, Version(1, 36)) == []
    path = "spec.updateStrategy.rollingUpdate.maxUnavailable"
    assert paths_of(found, Version(1, 37)) == ([] if good else [path])


def test_claims_of_a_stateful_set_are_volumes(paths_of: Paths, api_object: Make) -> None:
    mount = {"name": "data", "mountPath": "/data"}
    template = {**TEMPLATE, "spec": {"containers": [{"name": "a", "image": "b", "volumeMounts": [mount]}]}}
    spec = {"serviceName": "web", "selector": SELECTOR, "template": template}
    assert (
        paths_of(api_object("StatefulSet", "apps/v1", spec={**spec, "volumeClaimTemplates": [CLAIM]})) == []
    )
    assert paths_of(api_object("StatefulSet", "apps/v1", spec=spec)) == [
        "spec.template.spec.containers[0].volumeMounts[0].name"
    ]


def test_a_stateful_set_has_a_name_without_dots(paths_of: Paths) -> None:
    spec = {"serviceName": "web", "selector": SELECTOR, "template": TEMPLATE}
    data = {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "a.b"}, "spec": spec}
    assert paths_of(data) == ["metadata.name"]
