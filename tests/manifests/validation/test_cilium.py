"""Tests of `manifests.validation.cilium`.

The cases take up the ideas of pkg/policy/api/rule_validation_test.go of cilium/cilium, v1.18.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row

Paths = Callable[..., list[str]]


def _policy(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    meta = {"name": "a"} if "Cluster" in kind else {"name": "a", "namespace": "shop"}
    return {"apiVersion": "cilium.io/v2", "kind": kind, "metadata": meta, **body}


def _spec(**fields: Any) -> dict[str, Any]:
    return {"spec": {"endpointSelector": {}, **fields}}


def _ports(*ports: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"toPorts": [{"ports": list(ports)}]}]


PORT = "spec.ingress[0].toPorts[0].ports[0]"


@each_row(
    ("body", "paths"),
    [
        (_spec(), []),
        ({}, ["spec"]),
        ({"specs": [{"endpointSelector": {}}]}, []),
        ({"specs": [{"ingress": [{}]}]}, ["specs[0].endpointSelector"]),
        ({"spec": {"ingress": [{}]}}, ["spec.endpointSelector"]),
        ({"spec": {"nodeSelector": {}}}, ["spec.nodeSelector"]),
        (_spec(ingress=[{"fromEndpoints": [{"matchLabels": {"k8s:io.kubernetes.pod.namespace": "a"}}]}]), []),
        (_spec(ingress=[{"fromEndpoints": [{"matchLabels": {"any:app": "-"}}]}]), ["spec.ingress[0].fromEndpoints[0].matchLabels.app"]),
        (_spec(ingress=[{"fromEndpoints": [{}], "fromEntities": ["world"]}]), ["spec.ingress[0].fromEntities"]),
        (_spec(ingress=[{"fromEndpoints": [], "fromEntities": ["world"]}]), []),
        (_spec(ingress=[{"fromEntities": ["World"]}]), ["spec.ingress[0].fromEntities[0]"]),
        (_spec(egressDeny=[{"toCIDR": ["169.254.169.254/32"]}]), []),
        (_spec(egressDeny=[{"toCIDR": ["169.254.169.254"]}]), ["spec.egressDeny[0].toCIDR[0]"]),
        (_spec(egress=[{"toCIDR": ["10.0.0.0/33"]}]), ["spec.egress[0].toCIDR[0]"]),
        (_spec(egress=[{"toCIDRSet": [{"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}]}]), []),
        (_spec(egress=[{"toCIDRSet": [{"cidr": "10.0.0.0/8", "except": ["11.0.0.0/16"]}]}]), ["spec.egress[0].toCIDRSet[0].except[0]"]),
        (_spec(egress=[{"toCIDRSet": [{"except": []}]}]), ["spec.egress[0].toCIDRSet[0].cidr"]),
        (_spec(ingress=_ports({"port": "80", "protocol": "TCP", "endPort": 90})), []),
        (_spec(ingress=_ports({"port": "http"})), []),
        (_spec(ingress=_ports({"protocol": "TCP"})), [f"{PORT}.port"]),
        (_spec(ingress=_ports({"port": "70000"})), [f"{PORT}.port"]),
        (_spec(ingress=_ports({"port": "80-90"})), [f"{PORT}.port"]),
        (_spec(ingress=_ports({"port": "80", "protocol": "tcp"})), [f"{PORT}.protocol"]),
        (_spec(ingress=[{"authentication": {"mode": "require"}}]), ["spec.ingress[0].authentication.mode"]),
        (_spec(ingress=[{"authentication": {}}]), ["spec.ingress[0].authentication.mode"]),
        (_spec(ingress=[{"icmps": [{}], "toPorts": [{}]}]), ["spec.ingress[0].icmps"]),
    ],
)  # fmt: skip
def test_policies(paths_of: Paths, body: dict[str, Any], paths: list[str]) -> None:
    assert paths_of(_policy("CiliumNetworkPolicy", body)) == paths


def test_only_a_clusterwide_policy_selects_nodes(paths_of: Paths) -> None:
    kind = "CiliumClusterwideNetworkPolicy"
    assert paths_of(_policy(kind, {"spec": {"nodeSelector": {}}})) == []
    both = {"spec": {"nodeSelector": {}, "endpointSelector": {}}}
    assert paths_of(_policy(kind, both)) == ["spec.nodeSelector"]


def test_a_rule_has_forty_ports_at_most(paths_of: Paths) -> None:
    found = paths_of(_policy("CiliumNetworkPolicy", _spec(ingress=_ports(*[{"port": "80"}] * 41))))
    assert found == ["spec.ingress[0].toPorts[0].ports"]
