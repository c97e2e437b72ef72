"""Tests of `manifests.validation.service`: service, Endpoints and EndpointSlice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row
from trainer.versions import Version

Paths = Callable[..., list[str]]
Make = Callable[..., dict[str, Any]]


def ports(*changes: dict[str, Any]) -> dict[str, Any]:
    return {"ports": [{"port": 80, **change} for change in changes]}


HERE = {"addresses": ["10.0.0.1"]}


@each_row(
    ("spec", "paths"),
    [
        (ports({}), []),
        ({}, ["ports"]),
        ({"clusterIP": "None"}, []),
        (ports({"port": 0}), ["ports[0].port"]),
        (ports({"targetPort": 0}), []),
        (ports({"targetPort": "http"}), []),
        (ports({"targetPort": "my_port"}), ["ports[0].targetPort"]),
        (ports({"targetPort": 65536}), ["ports[0].targetPort"]),
        (ports({"protocol": "tcp"}), ["ports[0].protocol"]),
        (ports({}, {"port": 81}), ["ports[0].name", "ports[1].name"]),
        (ports({"name": "a"}, {"name": "a", "port": 81}), ["ports[1].name"]),
        (ports({"name": "a"}, {"name": "b"}), ["ports[1].port"]),
        (ports({"name": "a"}, {"name": "b", "protocol": "UDP"}), []),
        (ports({"name": "Web"}), ["ports[0].name"]),
        (ports({"appProtocol": "a b"}), ["ports[0].appProtocol"]),
        (ports({"nodePort": 30080}), ["ports[0].nodePort"]),
        ({**ports({"nodePort": 30080}), "type": "NodePort"}, []),
        ({**ports({"nodePort": 80}), "type": "NodePort"}, ["ports[0].nodePort"]),
        (
            {
                **ports({"name": "a", "nodePort": 30080}, {"name": "b", "port": 81, "nodePort": 30080}),
                "type": "NodePort",
            },
            ["ports[1].nodePort"],
        ),
        ({**ports({}), "type": "nodeport"}, ["type"]),
        ({**ports({}), "type": "LoadBalancer", "clusterIP": "None"}, ["clusterIP"]),
        ({**ports({}), "selector": {"a": "b c"}}, ["selector.a"]),
        ({**ports({}), "sessionAffinity": "clientIP"}, ["sessionAffinity"]),
        (
            {
                **ports({}),
                "sessionAffinity": "ClientIP",
                "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 0}},
            },
            ["sessionAffinityConfig.clientIP.timeoutSeconds"],
        ),
        ({**ports({}), "clusterIP": "10.0.0"}, ["clusterIP"]),
        ({**ports({}), "clusterIPs": ["10.0.0.1"]}, ["clusterIP"]),
        ({**ports({}), "clusterIP": "10.0.0.1", "clusterIPs": ["10.0.0.2"]}, ["clusterIPs[0]"]),
        ({**ports({}), "clusterIP": "10.0.0.1", "clusterIPs": ["10.0.0.1", "fd00::1"]}, []),
        ({**ports({}), "clusterIP": "10.0.0.1", "clusterIPs": ["10.0.0.1", "10.0.0.2"]}, ["clusterIPs"]),
        ({**ports({}), "clusterIP": "10.0.0.1", "ipFamilies": ["IPv6"]}, ["clusterIP"]),
        ({**ports({}), "ipFamilies": ["ipv4"]}, ["ipFamilies[0]"]),
        ({**ports({}), "ipFamilies": ["IPv4", "IPv4"]}, ["ipFamilies[1]"]),
        ({**ports({}), "ipFamilyPolicy": "DualStack"}, ["ipFamilyPolicy"]),
        ({**ports({}), "externalIPs": ["203.0.113.7"]}, []),
        ({**ports({}), "externalIPs": ["127.0.0.1"]}, ["externalIPs[0]"]),
        ({**ports({}), "externalTrafficPolicy": "Local"}, ["externalTrafficPolicy"]),
        ({**ports({}), "type": "NodePort", "externalTrafficPolicy": "local"}, ["externalTrafficPolicy"]),
        ({**ports({}), "internalTrafficPolicy": "Node"}, ["internalTrafficPolicy"]),
        ({**ports({}), "trafficDistribution": "PreferSameNode"}, []),
        ({**ports({}), "trafficDistribution": "Close"}, ["trafficDistribution"]),
        ({**ports({}), "healthCheckNodePort": 30000}, ["healthCheckNodePort"]),
        ({**ports({}), "loadBalancerClass": "a/b"}, ["loadBalancerClass"]),
        ({**ports({}), "loadBalancerSourceRanges": ["10.0.0.0/8"]}, ["loadBalancerSourceRanges"]),
        (
            {**ports({}), "type": "LoadBalancer", "loadBalancerSourceRanges": ["10.0.0.0"]},
            ["loadBalancerSourceRanges[0]"],
        ),
        ({"type": "ExternalName", "externalName": "example.com."}, []),
        ({"type": "ExternalName"}, ["externalName"]),
        ({"type": "ExternalName", "externalName": "http://a"}, ["externalName"]),
        ({"type": "ExternalName", "externalName": "a", "clusterIP": "10.0.0.1"}, ["clusterIP"]),
    ],
)
def test_services(paths_of: Paths, api_object: Make, spec: dict[str, Any], paths: list[str]) -> None:
    assert paths_of(api_object("Service", spec=spec)) == [f"spec.{path}" for path in paths]


@each_row(("near", "good"), [("PreferClose", True), ("PreferSameNode", True), ("Close", False)])
def test_traffic_distribution(paths_of: Paths, api_object: Make, near: str, good: bool) -> None:
    service = api_object("Service", spec={**ports({}), "trafficDistribution": near})
    assert paths_of(service) == ([] if good else ["spec.trafficDistribution"])


@each_row(
    ("name", "minor", "good"),
    [("web", 35, True), ("1web", 35, False), ("1web", 36, True), ("a.b", 36, False), ("a.b", 37, False)],
)
def test_names_of_services_start_with_a_digit_from_1_36_on(
    paths_of: Paths, name: str, minor: int, good: bool
) -> None:
    data = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": ports({})}
    assert paths_of(data, Version(1, minor)) == ([] if good else ["metadata.name"])


@each_row(
    ("subset", "paths"),
    [
        ({"addresses": [{"ip": "10.0.0.1"}], "ports": [{"port": 80}]}, []),
        ({}, [""]),
        ({"addresses": [{"ip": "127.0.0.1"}]}, [".addresses[0].ip"]),
        ({"addresses": [{"ip": "a"}]}, [".addresses[0].ip"]),
        ({"addresses": [{"ip": "10.0.0.1", "hostname": "A"}]}, [".addresses[0].hostname"]),
        (
            {"addresses": [{"ip": "10.0.0.1"}], "ports": [{"port": 1}, {"port": 2, "name": "b"}]},
            [".ports[0].name"],
        ),
        (
            {"addresses": [{"ip": "10.0.0.1"}], "ports": [{"port": 0, "protocol": "x"}]},
            [".ports[0].protocol", ".ports[0].port"],
        ),
    ],
)
def test_endpoints(paths_of: Paths, api_object: Make, subset: Any, paths: list[str]) -> None:
    assert paths_of(api_object("Endpoints", subsets=[subset])) == [f"subsets[0]{path}" for path in paths]


@each_row(
    ("fields", "paths"),
    [
        ({"addressType": "IPv4", "endpoints": [{"addresses": ["10.0.0.1"]}]}, []),
        ({"endpoints": []}, ["addressType"]),
        ({"addressType": "IPv4", "endpoints": [{"addresses": ["fd00::1"]}]}, ["endpoints[0].addresses[0]"]),
        ({"addressType": "FQDN", "endpoints": [{"addresses": ["A"]}]}, ["endpoints[0].addresses[0]"]),
        ({"addressType": "IPv4", "endpoints": [{}]}, ["endpoints[0].addresses"]),
        ({"addressType": "IPv4", "endpoints": [{**HERE, "hostname": ""}]}, ["endpoints[0].hostname"]),
        ({"addressType": "IPv4", "endpoints": [{**HERE, "hints": {"forZones": [{"name": "eu-1"}]}}]}, []),
        (
            {"addressType": "IPv4", "endpoints": [{**HERE, "hints": {"forZones": [{"name": "a/b"}]}}]},
            ["endpoints[0].hints.forZones[0].name"],
        ),
        (
            {"addressType": "IPv4", "endpoints": [{**HERE, "hints": {"forNodes": [{"name": "a"}] * 2}}]},
            ["endpoints[0].hints.forNodes[1].name"],
        ),
        ({"addressType": "IPv4", "ports": [{"name": "a"}, {"name": "a"}]}, ["ports[1].name"]),
    ],
)
def test_endpoint_slices(paths_of: Paths, api_object: Make, fields: Any, paths: list[str]) -> None:
    assert paths_of(api_object("EndpointSlice", "discovery.k8s.io/v1", **fields)) == paths
