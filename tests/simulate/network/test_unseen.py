"""Tests of `simulate.network.unseen`: Pods that don't exist yet, as policies and names can tell them apart."""

from __future__ import annotations

from tests.table import each_row
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


@each_row(
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


def test_a_pod_without_a_port_that_policies_name_represents_only_itself():
    rules = "  - ports: [{port: nosuch}]"
    assert titles(rules) == [
        "a new Pod without labels in Namespace shop",
        "a new Pod with app=db in Namespace shop",
    ]
    assert titles("  - ports: [{port: 80}]") == []
    [bare, twin] = found(rules, PodSet("shop", labels=(("app", "db"),))).pods
    assert [port.name for port in bare.declared] == ["nosuch"]
    assert [port.name for port in twin.declared] == ["sql", "nosuch"]


def test_peers_and_port_names_of_egress_count_too():
    egress = (
        HEAD.replace("ingress", "egress")
        + "  - {to: [{podSelector: {matchLabels: {x: z}}}], ports: [{port: q}]}"
    )
    unseen = unseen_pods([network_of(WORLD + egress)], [])
    assert "a new Pod with x=z in Namespace shop" in [end.title for end in unseen.pods]
    assert {port.name for end in unseen.pods for port in end.declared} == {"q"}


def test_pods_of_the_host_network_represent_nobody():
    host = WORLD.replace("{containers: [{name: c}]}", "{hostNetwork: true, containers: [{name: c}]}")
    assert [end.title for end in unseen_pods([network_of(host + HEAD + "    []")], []).pods] == [
        "a new Pod without labels in Namespace shop"
    ]


def test_they_are_marked_and_stand_in_the_pod_network():
    end = found("  - from: [{podSelector: {matchLabels: {x: z}}}]").pods[0]
    assert end.unseen
    assert str(end.addresses[0]).startswith("10.244.")
    assert end.pod is not None
    assert (end.pod.namespace, end.pod.labels) == ("shop", {"x": "z"})


def test_names_in_any_namespace_and_in_one_without_an_object():
    shown = titles("    []", PodSet("*", labels=(("run", "x"),)), PodSet("void"))
    assert [title.removeprefix("a new Pod ") for title in shown] == [
        "with run=x in Namespace shop",
        "with app=db, run=x in Namespace shop",
        "without labels in Namespace void",
        "with run=x in Namespace void",
    ]


def test_what_names_stand_for_splits_by_the_labels_of_namespaces_too():
    rules = "  - from: [{namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, values: [q]}]}}]"
    like = (PodSet("", namespace_labels=(("team", "b"),)), PodSet("", namespace_labels=(("env", "p"),)))
    assert not any("team=b" in title for title in titles(rules))
    shown = titles(rules, likes=like)
    assert "a new Pod without labels in another Namespace with team=b" in shown
    assert not any("env=p" in title for title in shown)


def test_namespaces_of_the_world_are_no_strangers():
    rules = "  - from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}}]"
    assert set(found(rules).namespaces) == {"another-namespace"}
    assert not any("another" not in title and "Namespace shop" not in title for title in titles(rules))


def test_the_names_and_labels_of_namespaces_that_the_world_lacks():
    peer = "{namespaceSelector: {matchLabels: {team: b, kubernetes.io/metadata.name: night}}}"
    unseen = found(f"  - from: [{peer}]")
    assert unseen.namespaces == {
        "another-namespace": {"kubernetes.io/metadata.name": "another-namespace"},
        "night": {"kubernetes.io/metadata.name": "night"},
        "another-namespace-2": {"team": "b", "kubernetes.io/metadata.name": "another-namespace-2"},
        "night 2": {"team": "b", "kubernetes.io/metadata.name": "night"},
    }
    assert "a new Pod without labels in Namespace night with team=b" in [end.title for end in unseen.pods]


def test_another_value_is_one_that_no_selector_mentions():
    peers = (
        "{podSelector: {matchExpressions: [{key: app, operator: Exists}]}}, "
        "{podSelector: {matchExpressions: [{key: app, operator: In, values: [other, other, db]}]}}"
    )
    assert titles(f"  - from: [{peers}]") == [
        "a new Pod with app=db in Namespace shop",
        "a new Pod with app=other in Namespace shop",
        "a new Pod with app=other-other in Namespace shop",
    ]


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
    assert len(unseen.pods) == MOST_UNSEEN == 100
    assert len(unseen.namespaces) == 128


def test_where_there_are_too_many_each_selector_is_met_and_missed():
    long = ", ".join(f"{{key: k{n}, operator: In, values: [a, b, c]}}" for n in range(5))
    peer = f"{{podSelector: {{matchExpressions: [{long}, {{key: x, operator: NotIn, values: [z]}}]}}}}"
    shown = [title.removeprefix("a new Pod ") for title in titles(f"  - from: [{peer}]")]
    assert shown == [
        "with k0=a, k1=a, k2=a, k3=a, k4=a in Namespace shop",
        *["with app=db, k0=a, k1=a, k2=a, k3=a, k4=a in Namespace shop"] * 2,
    ]


def test_names_count_by_labels_that_policies_mention():
    rules = (
        "  - from: [{namespaceSelector: {matchLabels: {team: b}}, podSelector: {matchLabels: {app: web}}}]"
    )
    plain = titles(rules)
    by_pod = titles(rules, likes=(PodSet("shop", labels=(("app", "cache"),)),))
    assert "a new Pod with app=cache in Namespace shop" in {*by_pod} - {*plain}
    by_space = titles(rules, likes=(PodSet("", namespace_labels=(("team", "z"),)),))
    assert "a new Pod without labels in another Namespace with team=z" in {*by_space} - {*plain}


def test_a_pod_on_the_host_network_represents_no_other():
    host = """---
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: shop, labels: {app: web}}
spec: {hostNetwork: true, containers: [{name: c}]}
"""
    network = network_of(WORLD + host + HEAD + "  - from: [{podSelector: {matchLabels: {app: web}}}]")
    assert "a new Pod with app=web in Namespace shop" in [
        end.title for end in unseen_pods([network], []).pods
    ]


def test_who_is_like_nobody_has_nobodys_ports():
    """A Pod lends its ports only to those with the same name."""
    web = """---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {tier: x}}
spec: {containers: [{name: c, ports: [{name: http, containerPort: 8080}]}]}
"""
    rules = "  - ports: [{port: http}]\n    from: [{podSelector: {matchLabels: {x: z}}}]"
    names = [PodSet("shop", labels=(("app", "db"),))]
    unseen = unseen_pods([network_of(WORLD + web + HEAD + rules)], names)
    by_title = {end.title: end.declared for end in unseen.pods}
    assert [(port.name, port.number) for port in by_title["a new Pod with x=z in Namespace shop"]] == [
        ("http", 1)
    ]


def test_namespaces_that_are_not_there_have_names_of_their_own():
    peer = "{namespaceSelector: {matchLabels: {team: b, kubernetes.io/metadata.name: %s}}}"
    other = {"kubernetes.io/metadata.name": "another-namespace"}
    second = {"team": "b", "kubernetes.io/metadata.name": "another-namespace-2"}
    assert found(f"  - from: [{peer % 'shop'}]").namespaces == {
        "another-namespace": other,
        "another-namespace-2": second,
    }
    assert found(f"  - from: [{peer % 'night'}]").namespaces == {
        "another-namespace": other,
        "another-namespace-2": second,
        "night": {"kubernetes.io/metadata.name": "night"},
        "night 2": {"team": "b", "kubernetes.io/metadata.name": "night"},
    }


def test_another_value_is_one_that_nobody_mentions():
    peer = "{podSelector: {matchExpressions: [%s, {key: app, operator: Exists}]}}"
    values = "{key: app, operator: NotIn, values: [other, other-other]}"
    assert "a new Pod with app=other-other-other in Namespace shop" in titles(f"  - from: [{peer % values}]")


def test_of_too_many_labels_single_ones_and_pairs_are_combined():
    peers = ", ".join(f"{{podSelector: {{matchLabels: {{k{number}: v}}}}}}" for number in range(10))
    unseen = found(f"  - from: [{peers}]")
    labels = {tuple(end.pod.labels) for end in unseen.pods if end.pod and end.pod.namespace == "shop"}
    # Without any, each alone, and each two of the 11 labels; the world has a Pod without, and one with app=db.
    assert len(labels) == 11 + 11 * 10 // 2 - 1
    assert max(map(len, labels)) == 2
