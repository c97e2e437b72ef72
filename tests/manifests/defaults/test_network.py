"""Defaults of services, network policies and their like."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row

Default = Callable[[str], dict[str, Any]]
POLICY = "{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, spec: {}}}"
SERVICE = "{{apiVersion: v1, kind: Service, spec: {}}}"


@each_row(
    ("spec", "types"),
    [
        ("{}", ["Ingress"]),
        ("{egress: []}", ["Ingress"]),
        ("{egress: [{}]}", ["Ingress", "Egress"]),
        ("{ingress: [{}], policyTypes: []}", ["Ingress"]),
        ("{egress: [{}], policyTypes: [Egress]}", ["Egress"]),
    ],
)
def test_policy_types(spec: str, types: list[str], defaulted: Default) -> None:
    data = defaulted(POLICY.format(spec))["spec"]
    assert data["policyTypes"] == types
    assert data["podSelector"] == {}


def test_policy_ports_are_tcp(defaulted: Default) -> None:
    spec = defaulted(
        POLICY.format("{ingress: [{ports: [{port: 80}]}], egress: [{ports: [{protocol: UDP}, {}]}]}")
    )["spec"]
    assert spec["ingress"] == [{"ports": [{"port": 80, "protocol": "TCP"}]}]
    assert spec["egress"] == [{"ports": [{"protocol": "UDP"}, {"protocol": "TCP"}]}]


@each_row(
    ("spec", "stored"),
    [
        (
            "{ports: [{port: 80}, {port: 53, protocol: UDP, targetPort: dns}]}",
            {
                "ports": [
                    {"port": 80, "protocol": "TCP", "targetPort": 80},
                    {"port": 53, "protocol": "UDP", "targetPort": "dns"},
                ],
                "type": "ClusterIP",
                "sessionAffinity": "None",
                "internalTrafficPolicy": "Cluster",
            },
        ),
        (
            "{type: LoadBalancer, sessionAffinity: ClientIP}",
            {
                "type": "LoadBalancer",
                "sessionAffinity": "ClientIP",
                "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 10800}},
                "externalTrafficPolicy": "Cluster",
                "internalTrafficPolicy": "Cluster",
                "allocateLoadBalancerNodePorts": True,
            },
        ),
        (
            "{type: ExternalName, externalName: a.example}",
            {"type": "ExternalName", "externalName": "a.example", "sessionAffinity": "None"},
        ),
        (
            "{clusterIP: None, externalIPs: [1.2.3.4]}",
            {
                "type": "ClusterIP",
                "clusterIP": "None",
                "clusterIPs": ["None"],
                "externalIPs": ["1.2.3.4"],
                "sessionAffinity": "None",
                "externalTrafficPolicy": "Cluster",
                "internalTrafficPolicy": "Cluster",
            },
        ),
    ],
)
def test_services(spec: str, stored: dict[str, Any], defaulted: Default) -> None:
    assert defaulted(SERVICE.format(spec))["spec"] == stored


def test_endpoints_and_ingress_classes(defaulted: Default) -> None:
    endpoints = defaulted("{apiVersion: v1, kind: Endpoints, subsets: [{ports: [{port: 1}]}]}")
    assert endpoints["subsets"] == [{"ports": [{"port": 1, "protocol": "TCP"}]}]
    pieces = defaulted("{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, ports: [{port: 1}]}")
    assert pieces["ports"] == [{"port": 1, "protocol": "TCP", "name": ""}]
    ingress_class = defaulted(
        "{apiVersion: networking.k8s.io/v1, kind: IngressClass, spec: {parameters: {kind: A, name: b}}}"
    )
    assert ingress_class["spec"]["parameters"]["scope"] == "Cluster"


def test_a_service_stores_no_node_port_0(defaulted: Default) -> None:
    spec = defaulted(SERVICE.format("{healthCheckNodePort: 0, ports: [{port: 80, nodePort: 0}]}"))["spec"]
    assert spec["ports"] == [{"port": 80, "protocol": "TCP", "targetPort": 80}]
    assert "healthCheckNodePort" not in spec
