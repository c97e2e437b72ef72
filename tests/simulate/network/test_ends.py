"""Tests of `simulate.network.ends`: flows by name."""

from __future__ import annotations

import msgspec
import pytest

from tests.table import each_row
from trainer.errors import UsageError
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.names import Outside, PodSet
from trainer.simulate.network.addresses import Address, Span
from trainer.simulate.network.ends import Ends, Row, covered, likes, named_spans, pod_sets
from trainer.simulate.network.flows import Endpoint, Network
from trainer.simulate.network.pods import Pod
from trainer.simulate.network.ports import port_set

WORLD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {replicas: 2, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c}]}}}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: sun, labels: {app: db, tier: a}}
spec: {containers: [{name: c, ports: [{name: sql, containerPort: 5432}]}]}
status: {podIP: 10.1.1.1}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: sun}
spec: {clusterIP: 10.96.0.5, selector: {app: db}, ports: [{port: 80, targetPort: sql}]}
---
apiVersion: v1
kind: Service
metadata: {name: headless, namespace: sun}
spec: {clusterIP: None, selector: {app: db}}
"""


def ends() -> Ends:
    found = [Manifest(document.value, document) for document in parse(WORLD.encode(), "w.yaml").documents]
    return Ends(Network(found), [Address(4, 0x01020304)])


def row(**fields: object) -> Row:
    return msgspec.convert({"from": "*/*", "to": "*/*"} | fields, Row)


@each_row(
    ("text", "titles"),
    [
        ("shop/web", ["shop/web-1", "shop/web-2"]),
        ("shop/web-2", ["shop/web-2"]),
        ("shop/app=web", ["shop/web-1", "shop/web-2"]),
        ("sun/app=db,tier=a", ["sun/db"]),
        ("sun/app=db,tier=b", []),
        ("*/app=db", ["sun/db"]),
        ("sun/*", ["sun/db"]),
        ("*/*", ["shop/web-1", "shop/web-2", "sun/db"]),
        ("shop/db", []),
        ("sun/web", []),
        ("outside", ["1.2.3.4"]),
        ("ip:10.1.1.1", ["sun/db"]),
        ("ip:8.8.8.8", ["8.8.8.8"]),
    ],
)
def test_whom_a_name_means(text, titles):
    assert [end.title for end in ends().named(text)] == titles


WITH_NAMESPACE = (
    WORLD
    + """
---
apiVersion: v1
kind: Namespace
metadata: {name: sun, labels: {tier: hot, team: x}}
"""
)
UNSEEN = Pod("new", "sun", {"app": "db"}, None, (Address(4, 0x0A090001),))
STRANGE = Pod("new", "night", {"tier": "a"}, None, (Address(4, 0x0A090002),))


def with_unseen(**namespaces: dict[str, str]) -> Ends:
    documents = parse(WITH_NAMESPACE.encode(), "w.yaml").documents
    network = Network(Manifest(one.value, one) for one in documents).with_namespaces(namespaces)
    outside = [Address(4, 0x0A090000), Address(4, 0x0A0900FF), Address(4, 0x0A090100), Address(6, 1)]
    unseen = [Endpoint("unseen", UNSEEN.addresses, UNSEEN, unseen=True)]
    unseen.append(Endpoint("strange", STRANGE.addresses, STRANGE, unseen=True))
    return Ends(network, outside, unseen)


@each_row(
    ("text", "titles", "meant"),
    [
        ("sun/*", ["sun/db", "unseen"], ["sun/db", "unseen"]),
        ("sun/app=db", ["sun/db", "unseen"], ["sun/db", "unseen"]),
        ("tier=hot/*", ["sun/db", "unseen", "strange"], ["sun/db", "unseen", "strange"]),
        ("tier=hot,team=y/*", [], []),
        ("tier=cold/*", [], []),
        ("sun/db", ["sun/db"], ["sun/db", "unseen"]),
        ("shop/web", ["shop/web-1", "shop/web-2"], ["shop/web-1", "shop/web-2"]),
        ("ip:10.9.0.0/24", ["10.9.0.0", "10.9.0.255"], ["10.9.0.0", "10.9.0.255"]),
        ("ip:10.1.1.0/24", [], []),
    ],
)
def test_names_mean_unseen_pods_by_their_labels_and_stand_for_labels(text, titles, meant):
    found = with_unseen(night={"tier": "hot", "kubernetes.io/metadata.name": "night"})
    assert [end.title for end in found.named(text)] == titles
    assert [end.title for end in found.meant(text)] == meant


def test_an_unseen_pod_alone_is_nobody_to_name():
    found = with_unseen(night={"tier": "hot"})
    assert found.missing([row(**{"from": "night/*", "to": "ip:10.1.1.0/24"})]) == [
        "night/*",
        "ip:10.1.1.0/24",
    ]


def test_an_unseen_pod_is_not_asked_to_be_two_at_once():
    found = with_unseen()
    named = row(**{"from": "sun/*", "to": "sun/app=db"})
    assert [(one.source.title, one.target.title) for one in found.demands(named)] == []
    assert [(one.source.title, one.target.title) for one in found.demands(named, meant=True)] == [
        ("sun/db", "unseen"),
        ("unseen", "sun/db"),
    ]


def test_rows_by_name_ask_for_the_pod_and_mean_those_like_it():
    found = with_unseen()
    named = row(**{"from": "sun/db", "to": "shop/web-1"})
    assert [one.source.title for one in found.demands(named)] == ["sun/db"]
    assert [one.source.title for one in found.demands(named, meant=True)] == ["sun/db", "unseen"]
    assert [one.source.title for one in found.demands(row(**{"from": "sun/new", "to": "shop/web"}))] == []


def test_an_unseen_pod_of_one_kind_is_asked():
    found = with_unseen()
    rows = {
        ("sun/app=db", "shop/app=web"): 4,  # sun/db and the unseen one to both
        ("shop/app=web", "sun/app=db"): 4,
        ("sun/app=db", "sun/app=db"): 2,
        ("sun/app=db", "*/*"): 8,
        ("*/*", "sun/app=db"): 8,
        ("outside", "sun/app=db"): 8,
        ("sun/app=db", "outside"): 8,
    }
    counted = {
        (source, target): len([*found.demands(row(**{"from": source, "to": target}))])
        for source, target in rows
    }
    assert counted == rows


def test_through_a_service_to_unseen_pods():
    found = with_unseen()
    pairs = [
        (one.source.title, one.target.title)
        for one in found.demands(row(**{"from": "shop/web", "to": "service:sun/headless"}))
    ]
    assert pairs == [(f"shop/web-{n}", target) for n in (1, 2) for target in ("sun/db", "unseen")]
    own = found.demands(row(**{"from": "sun/app=db", "to": "service:sun/headless", "port": 53}))
    assert [(one.source.title, one.target.title, str(one.ports)) for one in own] == [
        ("sun/db", "unseen", "no port"),
        ("unseen", "sun/db", "no port"),
    ]


def test_what_rows_name():
    network = with_unseen().network
    rows = [row(**{"from": "sun/app=db", "to": "service:sun/db"}), row(**{"from": "outside", "to": "sun/db"})]
    assert pod_sets(network, rows) == [PodSet("sun", labels=(("app", "db"),)), PodSet("sun", name="db")]
    rows = [row(**{"from": "ip:10.0.0.0/30", "to": "ip:2001:db8::7"})]
    assert named_spans(rows) == [
        Span(4, 0x0A000000, 0x0A000003),
        Span(6, 0x20010DB8 << 96 | 7, 0x20010DB8 << 96 | 7),
    ]


def test_what_a_name_stands_for():
    network = with_unseen().network
    assert [str(one) for one in likes(network, PodSet("sun", name="db"))] == [
        "sun/app=db",
        "sun/tier=a",
    ]
    assert [str(one) for one in likes(network, PodSet("shop", labels=(("app", "web"),)))] == []
    assert [str(one) for one in likes(network, PodSet("*", name="db"))] == ["*/app=db", "*/tier=a"]
    assert [
        str(one) for one in likes(network, PodSet("", name="db", namespace_labels=(("tier", "hot"),)))
    ] == []
    assert likes(network, PodSet("shop", name="db")) == []
    assert likes(network, Outside()) == []


def test_whose_policies_must_forbid_a_flow():
    found = row(**{"from": "shop/web", "to": "sun/db", "by": "egress"})
    assert found.focus == "egress"
    assert {one.by for one in ends().demands(found)} == {"egress"}
    through = row(**{"from": "shop/web", "to": "service:sun/db", "by": "ingress"})
    assert {one.by for one in ends().demands(through)} == {"ingress"}


def test_an_address_is_the_same_end_as_the_outside_sample():
    found = ends()
    assert found.named("ip:1.2.3.4") == found.named("outside")


def test_the_address_of_a_service_is_no_end():
    with pytest.raises(UsageError, match="write service:sun/db"):
        ends().named("ip:10.96.0.5")


@each_row(
    ("fields", "text"),
    [
        ({"port": 80}, "TCP 80"),
        ({"port": "8000-8010", "protocol": "UDP"}, "UDP 8000-8010"),
        ({"port": 53, "protocol": "any"}, "TCP 53; UDP 53; SCTP 53"),
        ({"port": 1}, "TCP 1"),
        ({"port": "1-65535"}, "every TCP port"),
        ({"port": 65535}, "TCP 65535"),
        ({}, "every port"),
        ({"port": "any", "protocol": "TCP"}, "every TCP port"),
    ],
)
def test_ports_of_a_row(fields, text):
    assert str(row(**fields).ports()) == text


@each_row(
    "fields",
    [
        {"port": 0},
        {"port": "http"},
        {"port": "9-8"},
        {"port": 65536},
        {"port": "80-"},
        {"port": "80-x"},
        {"from": "nonsense"},
        {"to": "nonsense"},
        {"to": "service:x"},
    ],
)
def test_rows_that_can_not_be_read_are_refused_when_a_card_is_loaded(fields):
    with pytest.raises(msgspec.ValidationError, match=r"is not a port|doesn't name|names no Service"):
        row(**fields)


def test_pairs_leave_out_loops_and_flows_from_outside_to_outside():
    pairs = [
        (one.source.title, one.target.title)
        for one in ends().demands(row(**{"from": "shop/*", "to": "shop/*"}))
    ]
    assert pairs == [("shop/web-1", "shop/web-2"), ("shop/web-2", "shop/web-1")]
    assert not list(ends().demands(row(**{"from": "outside", "to": "ip:9.9.9.9"})))


@each_row(
    ("target", "port", "text"),
    [
        ("service:sun/db", 80, "TCP 5432"),
        ("service:sun/db", "any", "TCP 5432"),
        ("service:sun/db", 81, "no port"),
        ("service:sun/headless", "any", "every port"),
    ],
)
def test_through_a_service(target, port, text):
    [one] = ends().demands(row(**{"from": "shop/web-1", "to": target, "port": port}))
    assert (one.target.title, str(one.ports)) == ("sun/db", text)


def test_missing_names_are_all_listed_once():
    rows = [row(**{"from": "a/b", "to": "service:sun/x"}), row(**{"from": "a/b", "to": "service:sun/db"})]
    assert ends().missing(rows) == ["a/b", "service:sun/x"]


def test_rows_for_one_pair_add_up():
    found = ends()
    demands = [
        one
        for port in (80, 81)
        for one in found.demands(row(**{"from": "sun/db", "to": "shop/web-1", "port": port}))
    ]
    assert [str(ports) for ports in covered(demands).values()] == ["TCP 80-81"]
    demands += found.demands(row(**{"from": "sun/db", "to": "shop/web-2", "port": 80}))
    assert [str(ports) for ports in covered(demands).values()] == ["TCP 80-81", "TCP 80"]


@each_row(
    ("source", "target", "focus"),
    [
        ("*/*", "sun/db", "ingress"),
        ("outside", "sun/*", "ingress"),
        ("sun/db", "*/*", "egress"),
        ("sun/db", "outside", "egress"),
        ("*/*", "*/*", None),
        ("shop/web", "sun/db", None),
    ],
)
def test_the_direction_that_a_row_is_about(source, target, focus):
    assert row(**{"from": source, "to": target}).focus == focus


def test_a_pod_does_not_call_itself_through_its_service():
    asked = [
        (one.source.title, one.target.title)
        for one in ends().demands(row(**{"from": "*/*", "to": "service:sun/db"}))
    ]
    assert asked == [("shop/web-1", "sun/db"), ("shop/web-2", "sun/db")]


@each_row(
    ("port", "bounds"),
    [("any", (1, 65535)), ("1", (1, 1)), ("65535", (65535, 65535)), ("8000-8010", (8000, 8010))],
)
def test_ports_of_a_row_have_both_bounds(port, bounds):
    assert row(port=port, protocol="TCP").ports() == port_set([("TCP", *bounds)])


def test_addresses_that_rows_name_are_kept_clear():
    rows = [row(**{"from": "sun/db", "to": "ip:10.0.0.0/8"}), row(**{"from": "ip:10.1.1.1", "to": "outside"})]
    assert named_spans(rows) == [Span(4, 0x0A000000, 0x0AFFFFFF), Span(4, 0x0A010101, 0x0A010101)]
