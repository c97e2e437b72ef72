"""Tests of `rules._flow.words`: ends, entries and ports of policies in a learner's words."""

from __future__ import annotations

from tests.table import each_row
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.rules._flow.words import end_words, entry_words, opening, peer_words, sample_port, selector_words
from trainer.simulate.labels import label_selector
from trainer.simulate.network.flows import Endpoint, Network
from trainer.simulate.network.ports import ALL, PortSet, ports_of

WORLD = """
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: sun, labels: {app: db}}
spec: {containers: [{name: c, ports: [{name: sql, containerPort: 5432}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: sun}
spec: {hostNetwork: true}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: np, namespace: sun}
spec: {ingress: [{from: [PEER], ports: [{port: sql}, {port: 9, protocol: UDP}]}]}
"""


def network(peer: str = "{podSelector: {}}") -> Network:
    text = WORLD.replace("PEER", peer)
    return Network(
        Manifest(document.value, document) for document in parse(text.encode(), "w.yaml").documents
    )


@each_row(
    ("peer", "words"),
    [
        ("{podSelector: {}}", "every Pod in Namespace sun"),
        ("{podSelector: {matchLabels: {a: b}}}", "Pods with a=b in Namespace sun"),
        ("{namespaceSelector: {}}", "every Pod in every namespace (`namespaceSelector: {}`)"),
        (
            "{namespaceSelector: {matchLabels: {t: x}}, podSelector: {matchLabels: {a: b}}}",
            "Pods with a=b in namespaces with t=x",
        ),
        (
            "{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16, 10.2.0.0/16]}}",
            "10.0.0.0/8 except 10.1.0.0/16, 10.2.0.0/16",
        ),
        ("{}", "nothing"),
    ],
)
def test_whom_an_entry_covers(peer, words):
    policy = network(peer).policies[0]
    assert policy.ingress is not None
    rule = policy.ingress[0]
    assert peer_words(policy, rule, (rule.peers or ())[0]) == words


def test_ends_selectors_and_ports():
    world = network()
    agent, db = world.pods
    assert end_words(db) == "sun/db (app=db)"
    assert end_words(agent) == "sun/agent (on the host network)"
    assert end_words(world.address("8.8.8.8")) == "8.8.8.8"
    new = Endpoint("a new Pod without labels in Namespace sun", (), db.pod, unseen=True)
    assert end_words(new) == "a new Pod without labels in Namespace sun"
    assert opening(new) == "A new Pod without labels in Namespace sun"
    assert opening(db) == "sun/db"
    assert selector_words(label_selector({})) == "empty"
    assert selector_words(label_selector({"matchExpressions": [{}]})) == "an expression needs a key"
    rule = (world.policies[0].ingress or ())[0]
    assert [entry_words(entry, db) for entry in rule.entries or ()] == ["port name sql (TCP 5432)", "UDP 9"]


@each_row(
    ("ports", "expected"),
    [
        (ALL, ("TCP", 5432)),
        (ports_of("TCP", 1, 1000), ("TCP", 80)),
        (ports_of("UDP", 1, 60), ("UDP", 53)),
        (PortSet((("SCTP", 7, 9), ("TCP", 9000, 9001))), ("TCP", 9000)),
    ],
)
def test_the_port_to_tell_about(ports, expected):
    assert sample_port(ports, network().pods[1]) == expected
