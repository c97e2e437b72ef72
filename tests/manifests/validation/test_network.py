"""Tests of `manifests.validation.network`: NetworkPolicy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row
from trainer.versions import Version

Paths = Callable[..., list[str]]
Make = Callable[..., dict[str, Any]]


@each_row(
    ("spec", "paths"),
    [
        ({"podSelector": {}}, []),
        ({"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}, []),
        ({"podSelector": {}, "policyTypes": ["ingress"]}, ["policyTypes[0]"]),
        ({"podSelector": {}, "policyTypes": ["Ingress, Egress"]}, ["policyTypes[0]"]),
        ({"podSelector": {}, "policyTypes": ["Ingress", "Ingress"]}, []),
        ({"podSelector": {}, "policyTypes": ["Ingress"] * 3}, ["policyTypes"]),
        ({"podSelector": {}, "ingress": [{}]}, []),
        ({"podSelector": {}, "ingress": [{"from": [{}]}]}, ["ingress[0].from[0]"]),
        ({"podSelector": {}, "egress": [{"to": [{"namespaceSelector": {}}]}]}, []),
        ({"podSelector": {"matchLabels": {"a": "b c"}}}, ["podSelector.matchLabels.a"]),
    ],
)
def test_policies(paths_of: Paths, api_object: Make, spec: dict[str, Any], paths: list[str]) -> None:
    policy = api_object("NetworkPolicy", "networking.k8s.io/v1", spec=spec)
    assert paths_of(policy) == [f"spec.{path}" for path in paths]


@each_row(
    ("port", "paths"),
    [
        ({}, []),
        ({"port": 80}, []),
        ({"port": "http", "protocol": "TCP"}, []),
        ({"port": 80, "endPort": 80}, []),
        ({"protocol": "tcp"}, ["protocol"]),
        ({"protocol": "ICMP"}, ["protocol"]),
        ({"port": 0}, ["port"]),
        ({"port": "80"}, ["port"]),
        ({"port": 80, "endPort": 79}, ["endPort"]),
        ({"port": 80, "endPort": 70000}, ["endPort"]),
        ({"port": "http", "endPort": 90}, ["endPort"]),
        ({"endPort": 90}, ["endPort"]),
    ],
)
def test_ports(paths_of: Paths, api_object: Make, port: dict[str, Any], paths: list[str]) -> None:
    spec = {"podSelector": {}, "egress": [{"ports": [port]}]}
    policy = api_object("NetworkPolicy", "networking.k8s.io/v1", spec=spec)
    assert paths_of(policy) == [f"spec.egress[0].ports[0].{path}" for path in paths]


@each_row(
    ("block", "paths"),
    [
        ({"cidr": "0.0.0.0/0", "except": ["169.254.169.254/32"]}, []),
        ({}, ["cidr"]),
        ({"cidr": "10.0.0.0"}, ["cidr"]),
        ({"cidr": "10.0.0.0/33"}, ["cidr"]),
        ({"cidr": "10.0.0.0/8", "except": ["10.0.0.0/8"]}, ["except[0]"]),
        ({"cidr": "10.0.0.0/8", "except": ["11.0.0.0/16"]}, ["except[0]"]),
        ({"cidr": "::/0", "except": ["10.0.0.0/8"]}, ["except[0]"]),
        ({"cidr": "10.0.0.0/8", "except": ["x"]}, ["except[0]"]),
        ({"cidr": "x", "except": ["y"]}, ["cidr"]),
    ],
)
def test_ranges(paths_of: Paths, api_object: Make, block: dict[str, Any], paths: list[str]) -> None:
    spec = {"podSelector": {}, "ingress": [{"from": [{"ipBlock": block}]}]}
    policy = api_object("NetworkPolicy", "networking.k8s.io/v1", spec=spec)
    assert paths_of(policy) == [f"spec.ingress[0].from[0].ipBlock.{path}" for path in paths]


def test_a_peer_is_pods_or_addresses(paths_of: Paths, api_object: Make) -> None:
    peer = {"ipBlock": {"cidr": "10.0.0.0/8"}, "podSelector": {}}
    spec = {"podSelector": {}, "ingress": [{"from": [peer]}]}
    policy = api_object("NetworkPolicy", "networking.k8s.io/v1", spec=spec)
    assert paths_of(policy) == ["spec.ingress[0].from[0].ipBlock"]


def test_a_range_with_host_bits_is_refused_from_1_36_on(paths_of: Paths, api_object: Make) -> None:
    spec = {"podSelector": {}, "ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.7/8"}}]}]}
    policy = api_object("NetworkPolicy", "networking.k8s.io/v1", spec=spec)
    assert paths_of(policy, Version(1, 35)) == []
    assert paths_of(policy, Version(1, 36)) == ["spec.ingress[0].from[0].ipBlock.cidr"]
