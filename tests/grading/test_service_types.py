"""The fields of a Service after its type changes, as kube-apiserver v1.36.2 answered each of these updates."""

from __future__ import annotations

from typing import Any

from tests.table import each_row
from trainer.grading.world import build_world
from trainer.manifests.admit import admit
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.versions import DEFAULT

FIELDS = (
    "externalTrafficPolicy",
    "healthCheckNodePort",
    "allocateLoadBalancerNodePorts",
    "loadBalancerClass",
)
LOCAL = "externalTrafficPolicy: Local"
HEALTH = f"{LOCAL}, healthCheckNodePort: 31500"


def service(kind: str, fields: str = "", port: str = "") -> str:
    return (
        "apiVersion: v1\nkind: Service\nmetadata: {name: t, namespace: default}\n"
        f"spec: {{type: {kind}, selector: {{a: b}}, ports: [{{port: 5432{port and f', nodePort: {port}'}}}], {fields}}}\n"
    )


def applied(old: str, new: str) -> dict[str, Any] | None:
    """The spec after `kubectl apply` of both, or None if the API server refuses the second."""
    before, after = (manifests_of(parse(text.encode(), "a.yaml").documents)[0][0] for text in (old, new))
    given = admit(before, DEFAULT).manifest
    assert given is not None
    world, _ = build_world([given], [after], kubernetes=DEFAULT)
    return None if world.refused else world.answer[0].get("spec")


@each_row(
    ("old", "new", "left", "port"),
    [
        (service("NodePort", "", "31432"), service("ClusterIP", "", "31432"), {}, None),
        (service("NodePort", "", "31432"), service("ClusterIP", "", "31433"), None, None),
        (service("LoadBalancer", "", "31432"), service("ClusterIP", "", "31432"), {}, None),
        (service("NodePort", "", "31432"), service("ExternalName", "externalName: a.b", "31432"), {}, None),
        (
            service("LoadBalancer", "allocateLoadBalancerNodePorts: false"),
            service("ClusterIP", "allocateLoadBalancerNodePorts: false"), {}, None,
        ),
        (service("LoadBalancer", LOCAL), service("ClusterIP", LOCAL), {}, None),
        (service("NodePort", LOCAL), service("ClusterIP", LOCAL), {}, None),
        (service("LoadBalancer", "loadBalancerClass: a/b"), service("ClusterIP", "loadBalancerClass: a/b"), {}, None),
        (
            service("LoadBalancer", "loadBalancerSourceRanges: [10.0.0.0/8]"),
            service("ClusterIP", "loadBalancerSourceRanges: [10.0.0.0/8]"), None, None,
        ),
        (service("LoadBalancer", HEALTH), service("ClusterIP", HEALTH), {}, None),
        (service("LoadBalancer", HEALTH), service("ClusterIP", "healthCheckNodePort: 31500"), {}, None),
        (
            service("LoadBalancer", HEALTH),
            service("LoadBalancer", "externalTrafficPolicy: Cluster, healthCheckNodePort: 31500"),
            {"externalTrafficPolicy": "Cluster", "allocateLoadBalancerNodePorts": True}, None,
        ),
        (
            service("LoadBalancer", "", "31443"),
            service("LoadBalancer", "allocateLoadBalancerNodePorts: false", "31443"),
            {"externalTrafficPolicy": "Cluster", "allocateLoadBalancerNodePorts": False}, 31443,
        ),
        (
            service("ClusterIP", "clusterIP: 10.96.33.3"),
            service("ExternalName", "clusterIP: 10.96.33.3, externalName: a.b"), {}, None,
        ),
    ],
)  # fmt: skip
def test_what_an_update_leaves(old: str, new: str, left: dict[str, Any] | None, port: int | None) -> None:
    spec = applied(old, new)
    if left is None:
        assert spec is None
        return
    assert spec is not None
    assert {field: spec[field] for field in FIELDS if field in spec} == left
    assert spec["ports"][0].get("nodePort") == port


def test_a_new_service_loses_nothing() -> None:
    new = manifests_of(parse(service("ClusterIP", "", "31432").encode(), "a.yaml").documents)[0][0]
    world, problems = build_world([], [new], kubernetes=DEFAULT)
    assert world.refused
    assert "nodePort" in problems[0].message
