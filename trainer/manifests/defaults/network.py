"""Defaults of Service, NetworkPolicy, Endpoints and their like (core/v1, networking/v1; v1.35)."""

from __future__ import annotations

from typing import Any

from trainer.manifests.defaults.plain import drop_zero, fill, fill_empty, made_mapping
from trainer.manifests.values import mapping_at, mappings

AFFINITY_SECONDS = 10800


def default_service(data: dict[str, Any]) -> None:
    """A Service: ClusterIP, TCP, the target port from the port."""
    spec = made_mapping(data, "spec")
    fill_empty(spec, sessionAffinity="None", type="ClusterIP")
    if spec["sessionAffinity"] == "None":
        spec.pop("sessionAffinityConfig", None)
    elif spec["sessionAffinity"] == "ClientIP":
        client = made_mapping(made_mapping(spec, "sessionAffinityConfig"), "clientIP")
        fill(client, timeoutSeconds=AFFINITY_SECONDS)
    drop_zero(spec, "healthCheckNodePort")
    for port in mappings(spec.get("ports")):
        fill_empty(port, protocol="TCP")
        drop_zero(port, "nodePort")
        if port.get("targetPort") in (None, 0, "") and "port" in port:
            port["targetPort"] = port["port"]
    kind = spec["type"]
    if kind in ("LoadBalancer", "NodePort") or (kind == "ClusterIP" and spec.get("externalIPs")):
        fill_empty(spec, externalTrafficPolicy="Cluster")
    if kind in ("ClusterIP", "NodePort", "LoadBalancer"):
        fill(spec, internalTrafficPolicy="Cluster")
    if kind == "LoadBalancer":
        fill(spec, allocateLoadBalancerNodePorts=True)
    if spec.get("clusterIP") and not spec.get("clusterIPs"):
        spec["clusterIPs"] = [spec["clusterIP"]]


def default_network_policy(data: dict[str, Any]) -> None:
    """A NetworkPolicy: TCP, and the policy types that its rules imply."""
    spec = made_mapping(data, "spec")
    made_mapping(spec, "podSelector")
    for rule in mappings(spec.get("ingress")) + mappings(spec.get("egress")):
        for port in mappings(rule.get("ports")):
            fill(port, protocol="TCP")
    if not spec.get("policyTypes"):
        spec["policyTypes"] = ["Ingress", "Egress"] if spec.get("egress") else ["Ingress"]


def default_ingress_class(data: dict[str, Any]) -> None:
    """An IngressClass: parameters of the cluster."""
    parameters = mapping_at(mapping_at(data, "spec"), "parameters")
    if parameters:
        fill(parameters, scope="Cluster")


def default_endpoints(data: dict[str, Any]) -> None:
    """Endpoints: TCP."""
    for subset in mappings(data.get("subsets")):
        for port in mappings(subset.get("ports")):
            fill_empty(port, protocol="TCP")


def default_endpoint_slice(data: dict[str, Any]) -> None:
    """An EndpointSlice: TCP, unnamed ports have the empty name."""
    for port in mappings(data.get("ports")):
        port.setdefault("name", "")
        fill(port, protocol="TCP")
