"""Tests of `simulate.network.unseen`: Pods that don't exist yet, as policies and names can tell them apart."""

from __future__ import annotations

import pytest

from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.names import PodSet
from trainer.simulate.network.flows import Network
from trainer.simulate.network.unseen import MOST_UNSEEN, Unseen, unseen_pods

WORLD = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: a}}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {containers: [{name: c, ports: [{name: sql, containerPort: 5432}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: bare, namespace: shop}
spec: {containers: [{name: c}]}
"""
HEAD = """---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: np, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress:
"""


def network_of(text: str) -> Network:
    return Network(Manifest(one.value, one) for one in parse(text.encode(), "w.yaml").documents)


def found(rules: str, *names: PodSet, likes: tuple[PodSet, ...] = ()) -> Unseen:
    return unseen_pods([network_of(WORLD + HEAD + rules)], names, likes)


def titles(rules: str, *names: PodSet, likes: tuple[PodSet, ...] = ()) -> list[str]:
    return [end.title for end in found(rules, *names, likes=likes).pods]


@pytest.mark.parametrize(
    ("peer", "expected"),
    [
        ("{podSelector: {matchLabels: {app: web}}}", ["with app=web in Namespace shop"]),
        (
            "{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [web, bare]}]}}",
            ["with app=db in Namespace shop", "with app=web in Namespace shop"],
        ),
        (
            "{podSelector: {matchExpressions: [{key: app, operator: Exists}, {key: x, operator: DoesNotExist}]}}",
            [
                "with app=db in Namespace shop",
                "with app=other in Namespace shop",
                "with app=db, x=other in Namespace shop",
            ],
        ),
        (
            "{namespaceSelector: {matchLabels: {team: b}}}",
            ["without labels in another Namespace with team=b"],
        ),
        (
            "{namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, values: [a, b]}]}}",
            ["without labels in another Namespace"],
        ),
        (
            "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}",
            ["without labels in Namespace kube-system"],
        ),
        (
            "{namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}",
            ["with app=web in Namespace shop"],
        ),
        ("{ipBlock: {cidr: 10.0.0.0/8}}", []),
    ],
)
def test_one_pod_for_each_way_in_which_a_peer_tells_pods_apart(peer, expected):
    shown = [title.removeprefix("a new Pod ") for title in titles(f"  - from: [{peer}]")]
    assert [
        one for one in shown if one != "without labels in another Namespace" or one in expected
    ] == expected


def test_pods_of_the_world_stand_for_themselves():
    assert titles("    []") == []
    assert "a new Pod without labels in Namespace shop" not in titles("    []", PodSet("shop"))


def test_names_of_the_card_split_pods_too():
    rules = "  - from: [{podSelector: {}}]"
    shown = titles(
        rules, PodSet("shop", labels=(("run", "x"),)), PodSet("", namespace_labels=(("env", "p"),))
    )
    assert "a new Pod with run=x in Namespace shop" in shown
    assert "a new Pod without labels in another Namespace with env=p" in shown


def test_what_a_name_stands_for_splits_only_what_policies_mention():
    like = (PodSet("shop", labels=(("app", "db"),)), PodSet("shop", labels=(("run", "x"),)))
    assert not [title for title in titles("  - from: [{podSelector: {}}]", likes=like) if "run=x" in title]


def test_two_of_a_kind_where_a_policy_lets_the_kind_reach_itself():
    mine = "a new Pod with app=db in Namespace shop"
    assert titles("  - from: [{podSelector: {matchLabels: {app: db}}}]").count(mine) == 1
    assert titles("  - from: [{podSelector: {matchLabels: {app: web}}}]").count(mine) == 0
    other = HEAD.replace("app: db", "app: web").replace("name: np", "name: two")
    both = "    []\n" + other + "  - from: [{podSelector: {matchLabels: {app: web}}}]"
    assert titles(both).count("a new Pod with app=web in Namespace shop") == 2


def test_their_ports_are_those_of_a_pod_with_the_same_name_and_all_that_policies_name():
    rules = "  - ports: [{port: sql}, {port: nosuch, protocol: UDP}]\n    from: [{podSelector: {matchLabels: {x: z}}}]"
    by_title = {end.title: end.declared for end in found(rules, PodSet("shop", labels=(("app", "db"),))).pods}
    [twin] = [declared for title, declared in by_title.items() if "app=db, x=z" in title]
    assert [(port.name, port.number, port.protocol) for port in twin] == [
        ("sql", 5432, "TCP"),
        ("nosuch", 1, "UDP"),
    ]
    stranger = by_title["a new Pod with x=z in Namespace shop"]
    assert [(port.name, port.number) for port in stranger] == [("sql", 1), ("nosuch", 1)]


def test_the_namespaces_that_only_they_have():
    peer = "{namespaceSelector: {matchLabels: {team: b, kubernetes.io/metadata.name: night}}}"
    unseen = found(f"  - from: [{peer}]")
    labels = [
        unseen.namespaces[end.pod.namespace] for end in unseen.pods if end.pod.namespace in unseen.namespaces
    ]
    assert {"team": "b", "kubernetes.io/metadata.name": "night"} in labels
    assert "shop" not in unseen.namespaces


def test_addresses_are_distinct_and_no_pods():
    unseen = found(
        "  - from: [{podSelector: {matchLabels: {a: b, c: d}}}, {podSelector: {matchLabels: {e: f}}}]"
    )
    addresses = [end.addresses[0] for end in unseen.pods]
    assert len(addresses) > 1
    assert len(set(addresses)) == len(addresses)
    assert not set(addresses) & network_of(WORLD).taken()


def test_of_many_labels_those_of_one_and_of_two_selectors_are_combined():
    peers = ", ".join(
        f"{{podSelector: {{matchLabels: {{a{n}: x}}, matchExpressions: [{{key: b{n}, operator: Exists}}]}}}}"
        for n in range(7)
    )
    shown = titles(f"  - from: [{peers}]")
    assert len(shown) <= MOST_UNSEEN
    assert {
        "a new Pod with a6=x, b6=other in Namespace shop",
        "a new Pod with app=db, a6=x, b6=other in Namespace shop",
        "a new Pod with a0=x, b0=other, a6=x, b6=other in Namespace shop",
    } <= set(shown)


def test_a_list_of_many_values_is_tried_with_some_of_them():
    values = ", ".join(f"v{n}" for n in range(2000))
    peer = f"{{podSelector: {{matchExpressions: [{{key: run, operator: In, values: [{values}]}}]}}}}"
    assert "a new Pod with run=v0 in Namespace shop" in titles(f"  - from: [{peer}]")


def test_hostile_policies_make_few_pods():
    policies = "".join(
        HEAD.replace("name: np", f"name: p{n}").replace("app: db", f"k{n}: v")
        + f"  - from: [{{namespaceSelector: {{matchLabels: {{n{n}: v, kubernetes.io/metadata.name: x{n}}}}}, "
        + f"podSelector: {{matchLabels: {{l{n}: v}}}}}}]\n"
        for n in range(300)
    )
    unseen = unseen_pods([network_of(WORLD + policies)], [])
    assert len(unseen.pods) == MOST_UNSEEN
