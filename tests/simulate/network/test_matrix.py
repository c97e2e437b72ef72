"""Joining and comparing matrices; that cells equal `Network.ports` is proved in test_network.py."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.work import growth
from tools.bench_engines import network_world
from trainer.errors import NotJudged
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.network.addresses import Address
from trainer.simulate.network.flows import Network
from trainer.simulate.network.matrix import by_workload, matrix

WORLD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {replicas: 2, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c}]}}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: other}}
spec: {containers: [{name: c}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {containers: [{name: c}]}
"""
POLICY = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: np, namespace: shop}
spec:
  podSelector: {matchExpressions: [{key: app, operator: In, values: [web, db]}]}
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 80}]}]
"""
POD = """
---
apiVersion: v1
kind: Pod
metadata: {{name: p{number}, namespace: shop, labels: {{app: web}}}}
spec: {{containers: [{{name: c, ports: [{{name: http, containerPort: {number}1}}]}}]}}
"""


def network(*texts: str) -> Network:
    parsed = [parse(text.encode(), "w.yaml") for text in texts]
    return Network(Manifest(document.value, document) for one in parsed for document in one.documents)


def test_pods_of_a_workload_share_a_row():
    found = by_workload(matrix(network(WORLD, POLICY)))
    assert found.names == ("shop/db", "shop/web (Pod)", "shop/web (Deployment)")
    assert [[str(cell) for cell in row] for row in found.cells] == [
        ["every port", "every port", "no port"],
        ["no port", "every port", "no port"],
        ["TCP 80", "every port", "TCP 80"],
    ]


def test_the_cells_of_a_large_world_are_those_of_single_pairs():
    found = Network(network_world(pods=12, policies=20))
    fast = matrix(found)
    for source, target, ports in fast.pairs():
        assert found.ports(source, target) == ports


def test_many_ports_take_time_in_proportion():
    """Ports of a rule, and rules with a named port where every Pod has another number for it."""

    def ports(count: int) -> Callable[[], object]:
        rule = ", ".join(f"{{port: {number}}}" for number in range(1, 3 * count, 3))
        found = network(WORLD, POLICY.replace("{port: 80}", rule))
        return lambda: matrix(found)

    def rules(count: int) -> Callable[[], object]:
        ends = "".join(POD.format(number=number) for number in range(20))
        named = POLICY.replace("ingress: [{from", "egress: [{to").replace("{port: 80}", "{port: http}")
        found = network(ends, *(named.replace("name: np", f"name: np{number}") for number in range(count)))
        return lambda: matrix(found)

    assert growth(ports, 100) < 6
    assert growth(rules, 10) < 6


def test_addresses_can_be_ends():
    world = network(WORLD, POLICY)
    ends = [*world.pods[:1], world.address("203.0.113.7")]
    found = matrix(world, ends)
    assert [[str(cell) for cell in row] for row in found.cells] == [
        ["every port", "every port"],
        ["no port", "every port"],
    ]


def test_a_world_too_large_is_not_judged():
    found = network(WORLD)
    many = [found.at(Address(4, number)) for number in range(1001)]
    with pytest.raises(NotJudged, match="1001 Pods"):
        matrix(found, many)
