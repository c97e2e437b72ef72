"""Tests of `simulate.network.policy`: NetworkPolicy objects, compiled."""

from __future__ import annotations

from tests.table import each_row
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.network.cilium import policies_of
from trainer.simulate.network.pods import ContainerPort
from trainer.simulate.network.policy import Policy, compile_policy
from trainer.simulate.network.ports import ports_of


def manifests(text: str) -> list[Manifest]:
    return [Manifest(document.value, document) for document in parse(text.encode(), "np.yaml").documents]


def policy(spec: str) -> Policy:
    head = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: np, namespace: shop}\n"
    return compile_policy(manifests(f"{head}spec:\n{spec}")[0])


@each_row(
    ("spec", "ingress", "egress"),
    [
        ("  podSelector: {}", True, False),
        ("  {podSelector: {}, policyTypes: []}", True, False),
        ("  {podSelector: {}, egress: []}", True, False),
        ("  {podSelector: {}, egress: [{}]}", True, True),
        ("  {podSelector: {}, policyTypes: [Egress]}", False, True),
        ("  {podSelector: {}, policyTypes: [Ingress], egress: [{}]}", True, False),
        ("  {podSelector: {}, policyTypes: [Egress, Ingress]}", True, True),
    ],
)
def test_directions_that_a_policy_governs(spec, ingress, egress):
    found = policy(spec)
    assert (found.rules("ingress") is not None, found.rules("egress") is not None) == (ingress, egress)


def test_no_pod_selector_is_every_pod():
    assert policy("  policyTypes: [Ingress]").selector.everything


def test_only_policies_of_kubernetes_count():
    calico = "apiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata: {name: np}\n"
    assert list(policies_of(manifests(calico))) == []


def test_ports_depend_on_what_the_destination_declares():
    found = policy("  ingress: [{ports: [{port: http}, {port: 9, protocol: UDP}]}]")
    assert found.ingress is not None
    [rule] = found.ingress
    assert rule.named
    assert str(rule.ports([])) == "UDP 9"
    declared = [
        ContainerPort("http", 80, "TCP"),
        ContainerPort("http", 81, "UDP"),
        ContainerPort("http", 82, "TCP"),
    ]
    assert str(rule.ports(declared)) == "TCP 80, 82; UDP 9"


def test_a_peer_with_a_block_has_no_selectors():
    found = policy("  ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}, {podSelector: {}}]}]")
    assert found.ingress is not None
    block, pods = found.ingress[0].peers or ()
    assert block.block is not None
    assert not block.selects(True, {}, {})
    assert pods.selects(True, {}, {})
    assert not pods.selects(False, {}, {})


def test_places_of_rules_and_entries():
    found = policy(
        "  podSelector: {}\n  ingress:\n  - from:\n    - podSelector: {}\n    ports:\n    - port: 80\n"
    )
    assert found.ingress is not None
    rule = found.ingress[0]
    places = [found.where(), found.where(rule), found.where(rule, 0), found.where(rule, None, 0)]
    assert [(place.line, place.path) for place in places] == [
        (5, "spec.podSelector"),
        (7, "spec.ingress[0]"),
        (8, "spec.ingress[0].from[0]"),
        (10, "spec.ingress[0].ports[0]"),
    ]
    assert found.title == "NetworkPolicy shop/np"
    assert not rule.everyone


def test_every_port_of_one_protocol():
    found = policy("  ingress: [{ports: [{protocol: SCTP}, {endPort: 9}, {port: x, endPort: 9}, {port: 0}]}]")
    assert found.ingress is not None
    assert found.ingress[0].ports([]) == ports_of("SCTP")


@each_row("entry", ["{port: http, endPort: 90}", "{port: ''}", "{port: true}", "{port: 80, endPort: true}"])
def test_ports_that_the_api_server_refuses_open_nothing(entry):
    [rule] = policy(f"  ingress: [{{ports: [{entry}]}}]").ingress or ()
    assert not rule.named
    assert not rule.ports((ContainerPort("http", 80, "TCP"), ContainerPort("", 80, "TCP")))


def test_the_edges_of_ports():
    for entry, first, last in (
        ("{port: 65535}", 65535, 65535),
        ("{port: 1, endPort: 65535}", 1, 65535),
        ("{port: 65534, endPort: 65535}", 65534, 65535),
    ):
        [rule] = policy(f"  ingress: [{{ports: [{entry}]}}]").ingress or ()
        assert rule.ports(()) == ports_of("TCP", first, last)
