"""Questions about flows."""

from __future__ import annotations

import pytest

from tests.ask_world import shop
from tests.table import each_row
from trainer.ask.network import ask_flow, ask_matrix
from trainer.errors import UsageError
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse


@each_row(
    ("source", "target", "port", "answer", "place"),
    [
        ("shop/app=web", "shop/db", 5432, "allowed", "shop.yaml:17:12"),
        ("shop/web", "shop/db", 80, "denied", "shop.yaml:15:3"),
        ("outside", "shop/db", 5432, "denied", "shop.yaml:15:3"),
        ("shop/db", "shop/web", 80, "allowed", "None"),
        ("ip:203.0.113.9", "shop/web", 80, "allowed", "None"),
    ],
)
def test_flow(source: str, target: str, port: int, answer: str, place: str) -> None:
    reply = ask_flow(shop(), source, target, port, "TCP")
    assert reply.answer == answer
    assert str(reply.reasons[0].location) == place
    assert reply.data["flows"][0]["allowed"] is (answer == "allowed")


def test_several_pairs_are_counted() -> None:
    assert ask_flow(shop(), "*/*", "shop/db", 80, "TCP").answer == "denied"
    assert ask_flow(shop(), "shop/*", "shop/*", 80, "TCP").answer == "1 of 2 allowed"


HOSTS = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: proxy, namespace: demo}
spec: {replicas: 1, template: {metadata: {labels: {run: proxy}}, spec: {hostNetwork: true, containers: [{name: c}]}}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: demo}
spec: {nodeName: NODE, containers: [{name: c}]}
---
apiVersion: v1
kind: Pod
metadata: {name: other, namespace: demo}
spec: {containers: [{name: c}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: demo}
spec: {podSelector: {}}
---
apiVersion: v1
kind: Node
metadata: {name: n1}
status: {addresses: [{type: InternalIP, address: 192.168.7.7}]}
"""


@each_row(
    ("source", "target", "here", "there", "answer"),
    [
        ("demo/proxy", "demo/web", "", "", "depends on where the Pod runs"),
        ("demo/proxy", "demo/web", "n1", "", "depends on where the Pod runs"),
        ("demo/proxy", "demo/web", "", "n1", "depends on where the Pod runs"),
        ("demo/proxy", "demo/web", "n2", "n1", "denied"),
        ("demo/proxy", "demo/web", "n1", "n1", "allowed"),
        ("ip:192.168.7.7", "demo/web", "", "", "depends on where the Pod runs"),
        ("ip:192.168.7.7", "demo/web", "n2", "", "denied"),
        ("demo/other", "demo/web", "", "", "denied"),
        ("outside", "demo/web", "", "", "denied"),
        ("demo/web", "demo/proxy", "", "", "allowed"),
        ("demo/*", "demo/web", "", "", "0 of 2 allowed, 1 depend on where the Pod runs"),
        ("demo/proxy", "demo/*", "n1", "n1", "1 of 2 allowed, 1 depend on where the Pod runs"),
    ],
)
def test_a_flow_from_the_host_network_depends_on_the_node(source, target, here, there, answer) -> None:
    text = HOSTS.replace("NODE", f"'{here}'").replace(
        "hostNetwork: true", f"hostNetwork: true, nodeName: '{there}'"
    )
    found = [Manifest(one.value, one) for one in parse(text.encode(), "w.yaml").documents]
    reply = ask_flow(found, source, target, 80, "TCP")
    assert reply.answer == answer
    depending = [flow for flow in reply.data["flows"] if flow["depends_on_node"]]
    assert bool(depending) == ("depend" in answer)


def test_where_the_kubelet_rule_would_help_is_said() -> None:
    text = HOSTS.replace("NODE", "n1")
    found = [Manifest(one.value, one) for one in parse(text.encode(), "w.yaml").documents]
    assert ask_flow(found, "demo/proxy", "demo/web", 80, "TCP").reasons[0].message == (
        "demo/proxy-1 doesn't reach demo/web on TCP 80: ingress of demo/web: NetworkPolicy demo/deny allows nothing "
        "that matches; unless demo/proxy-1 and demo/web run on the same node: nothing says where demo/proxy-1 runs, "
        "and traffic between a Pod and its own node is always allowed"
    )


@each_row(("node", "told"), [("", 1), ("n1", 0)])
def test_a_matrix_tells_of_pods_whose_node_is_unknown(node: str, told: int) -> None:
    text = HOSTS.replace("NODE", "n1").replace("hostNetwork: true", f"hostNetwork: true, nodeName: '{node}'")
    found = [Manifest(one.value, one) for one in parse(text.encode(), "w.yaml").documents]
    reasons = ask_matrix(found, 80, "TCP").reasons
    assert [(reason.message, str(reason.location)) for reason in reasons] == told * [
        (
            "demo/proxy-1 is on the host network: it also reaches every Pod of its own node, and nothing says which "
            "one that is",
            "w.yaml:5:73",
        )
    ]


def test_a_network_is_an_endpoint_too() -> None:
    assert ask_flow(shop(), "ip:203.0.113.0/24", "shop/db", 5432, "TCP").answer == "denied"


@each_row(("source", "message"), [("shop/x", "matches no Pod"), ("web", "web"), ("shop/web", "same Pod")])
def test_what_cannot_be_asked(source: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        ask_flow(shop(), source, "shop/web", 80, "TCP")


def test_matrix() -> None:
    reply = ask_matrix(shop(), 80, "TCP")
    assert reply.rows == (
        ("from \\ to", "shop/db", "shop/web"),
        ("shop/db", "yes", "yes"),
        ("shop/web", "-", "yes"),
    )
    assert ask_matrix(shop(), None, "TCP").rows[2][1] == "TCP 5432"
    with pytest.raises(UsageError, match="the files contain no Pod"):
        ask_matrix([], None, "TCP")
