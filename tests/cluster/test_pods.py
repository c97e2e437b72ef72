"""What a Pod is doing: its own fault, or the cluster's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.cluster.fake_api import Fake
from tests.table import each_row
from trainer.cluster.client import Cluster
from trainer.cluster.pods import node_names, pod_state, pods_of

ONE, NONE = frozenset({"n"}), frozenset[str]()


def pod(
    phase: str = "Pending", *, node: str = "", waiting: str = "", ready: bool = False, **status: Any
) -> dict[str, Any]:
    if waiting:
        status["containerStatuses"] = [{"state": {"waiting": {"reason": waiting, "message": "why"}}}]
    if ready:
        status["conditions"] = [{"type": "Ready", "status": "True"}]
    return {"spec": {"nodeName": node} if node else {}, "status": {"phase": phase, **status}}


@each_row(
    ("data", "nodes", "state", "why"),
    [
        (pod("Running", node="n", ready=True), ONE, "ready", ""),
        (pod("Running", node="n"), ONE, "running", "isn't ready"),
        (pod("Running", node="n", waiting="CrashLoopBackOff"), ONE, "broken", "CrashLoopBackOff: why"),
        (pod(node="n", waiting="ImagePullBackOff"), ONE, "stuck", "cannot pull an image"),
        (pod(node="n", waiting="InvalidImageName"), ONE, "broken", "InvalidImageName"),
        (pod(node="n", waiting="ContainerCreating"), ONE, "starting", "has not started it"),
        (pod(), NONE, "stuck", "no node to run it"),
        (pod(), ONE, "starting", "it is not scheduled yet"),
        (pod(), None, "starting", "it is not scheduled yet"),
        (
            pod(conditions=[{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "full"}]),
            ONE, "starting", "no node can run it (full)",
        ),
        (pod("Failed", message="evicted"), ONE, "over", "Failed: evicted"),
        (pod("Succeeded"), ONE, "over", "it has ended (Succeeded)"),
        ({}, ONE, "starting", "not scheduled"),
        ({"status": {"conditions": "odd", "containerStatuses": [3, {"state": None}]}}, ONE, "starting", ""),
    ],
)  # fmt: skip
def test_states(data: dict[str, Any], nodes: frozenset[str] | None, state: str, why: str) -> None:
    found = pod_state(data, nodes=nodes)
    assert found.state == state
    assert why in found.why
    assert found.runs == (state in ("ready", "running"))


def test_pods_of_a_deployment_are_its_newest(fake: Fake, open_cluster: Callable[..., Cluster]) -> None:
    deployment = {
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "default"},
        "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "web"}}, "template": {
            "metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "c", "image": "nginx"}]}}},
    }  # fmt: skip
    fake.apply([deployment])
    cluster = open_cluster()
    assert [one["metadata"]["name"] for one in pods_of(cluster, "", "web", "default")] == [
        "web-5d9c-0",
        "web-5d9c-1",
    ]
    assert pods_of(cluster, "", "other", "default") == []
    assert pods_of(cluster, "absent", "", "default") == []
    assert node_names(cluster) == {"fake-node"}
