"""Policies of Cilium: what they allow, deny and isolate.

The cases take up the ideas of pkg/policy/repository_test.go, pkg/policy/rule_test.go and
pkg/k8s/apis/cilium.io/utils/utils_test.go of cilium/cilium (v1.18), and the table on
https://docs.cilium.io/en/stable/security/policy/deny/. Every answer for a pair is compared with the matrix.
"""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.errors import NotJudged
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.network.authentication import authenticated_ports
from trainer.simulate.network.cilium import cilium_policies, entity_covers, is_cilium_policy
from trainer.simulate.network.flows import Endpoint, Network
from trainer.simulate.network.matrix import matrix


def pod(name: str, labels: str, more: str = "") -> str:
    namespace, _, own = name.partition("/")
    return (
        f"---\napiVersion: v1\nkind: Pod\nmetadata: {{name: {own}, namespace: {namespace}, labels: {labels}}}\n"
        f"spec: {{{more}containers: [{{name: c, ports: [{{name: http, containerPort: 8080}}]}}]}}\n"
    )


WORLD = (
    "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {team: a}}\n"
    "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: other, labels: {team: b}}\n"
    "---\napiVersion: v1\nkind: Node\nmetadata: {name: cp, labels: {node-role.kubernetes.io/control-plane: ''}}\n"
    "---\napiVersion: v1\nkind: Node\nmetadata: {name: n1}\n"
    + pod("shop/api", "{app: api}", "nodeName: n1, ")
    + pod("shop/web", "{app: web}")
    + pod("other/web", "{app: web}")
    + pod("shop/host", "{app: agent}", "hostNetwork: true, nodeName: cp, ")
)
WEB, OTHER, HOST, OUTSIDE, CONTROL = "shop/web", "other/web", "shop/host", "203.0.113.7", "node cp"


def rule(spec: str, kind: str = "CiliumNetworkPolicy", name: str = "p") -> str:
    meta = f"{{name: {name}}}" if "Cluster" in kind else f"{{name: {name}, namespace: shop}}"
    return f"---\napiVersion: cilium.io/v2\nkind: {kind}\nmetadata: {meta}\nspec: {spec}\n"


API = "endpointSelector: {matchLabels: {app: api}}"


def api(fields: str, **more: str) -> str:
    return rule(f"{{{API}, {fields}}}", **more)


def network(text: str) -> Network:
    parsed = parse(text.encode(), "w.yaml")
    return Network(Manifest(document.value, document) for document in parsed.documents)


def end(world: Network, name: str) -> Endpoint:
    if name[0].isdigit():
        return world.address(name)
    return next(one for one in world.endpoints if one.title == name)


def ports(text: str, source: str, target: str = "shop/api") -> str:
    """The ports of a pair, which the matrix must agree with."""
    world = network(WORLD + text)
    ends = [*world.endpoints, world.address("203.0.113.7"), world.address("169.254.169.254")]
    if source[0].isdigit() or target[0].isdigit():
        ends += [world.address(name) for name in (source, target) if name[0].isdigit()]
    one, other = end(world, source), end(world, target)
    found = world.ports(one, other)
    cells = matrix(world, [*ends, one, other])
    for sender, receiver, cell in cells.pairs():
        if sender.title != receiver.title:
            assert cell == world.ports(sender, receiver), (sender.title, receiver.title)
    return str(found)


EVERY, NO = "every port", "no port"
TEAM_A = "{k8s:io.cilium.k8s.namespace.labels.team: a}"


@each_row(
    ("fields", "open_to"),
    [
        ("ingress: []", {WEB, OTHER, HOST, OUTSIDE, CONTROL}),
        ("ingress: [{}]", set()),
        ("ingress: [{fromEndpoints: []}]", set()),
        ("ingress: [{fromEndpoints: [], toPorts: [{ports: [{port: '0'}]}]}]", set()),
        ("ingress: [{fromEndpoints: [{}]}]", {WEB}),
        ("ingress: [{fromEndpoints: [{matchLabels: {app: web}}]}]", {WEB}),
        ("ingress: [{fromEndpoints: [{matchLabels: {'k8s:app': web}}]}]", {WEB}),
        ("ingress: [{fromEndpoints: [{matchLabels: {'any:app': web}}]}]", {WEB}),
        ("ingress: [{fromEndpoints: [{matchLabels: {'k8s:io.kubernetes.pod.namespace': other}}]}]", {OTHER}),
        ("ingress: [{fromEndpoints: [{matchLabels: {io.kubernetes.pod.namespace: other, app: web}}]}]", {OTHER}),
        ("ingress: [{fromEndpoints: [{matchLabels: {io.kubernetes.pod.namespace: other, app: x}}]}]", set()),
        ("ingress: [{fromEndpoints: [{matchLabels: {io.kubernetes.pod.namespace: other}}, {matchLabels: {app: web}}]}]", {OTHER, WEB}),
        ("ingress: [{fromEndpoints: [{matchExpressions: [{key: 'k8s:io.kubernetes.pod.namespace', operator: Exists}]}]}]", {WEB, OTHER}),
        (f"ingress: [{{fromEndpoints: [{{matchLabels: {TEAM_A}}}]}}]", {WEB}),
        ("ingress: [{fromEndpoints: [{matchLabels: {'reserved:host': ''}}]}]", set()),
        ("ingress: [{fromEntities: [all]}]", {WEB, OTHER, HOST, OUTSIDE, CONTROL}),
        ("ingress: [{fromEntities: [cluster]}]", {WEB, OTHER, HOST, CONTROL}),
        ("ingress: [{fromEntities: [world]}]", {OUTSIDE}),
        ("ingress: [{fromEntities: [world-ipv4]}]", {OUTSIDE}),
        ("ingress: [{fromEntities: [world-ipv6, none, health]}]", set()),
        ("ingress: [{fromEntities: [host]}]", set()),
        ("ingress: [{fromEntities: [remote-node]}]", {HOST, CONTROL}),
        ("ingress: [{fromEntities: [kube-apiserver]}]", {HOST, CONTROL}),
        ("ingress: [{fromCIDR: [0.0.0.0/0]}]", {OUTSIDE}),
        ("ingress: [{fromCIDRSet: [{cidr: 0.0.0.0/0, except: [203.0.113.0/24]}]}]", set()),
        ("ingress: [{fromCIDRSet: [{cidr: 203.0.113.0/24}]}]", {OUTSIDE}),
        ("ingressDeny: [{}]", set()),
        ("ingressDeny: [{fromEndpoints: [{}]}]", set()),
        ("ingressDeny: [{fromEndpoints: [{}]}], enableDefaultDeny: {ingress: false}", {OTHER, HOST, OUTSIDE, CONTROL}),
        ("ingressDeny: [{fromEndpoints: [{}]}], ingress: [{fromEntities: [all]}]", {OTHER, HOST, OUTSIDE, CONTROL}),
        ("ingress: [{fromEndpoints: [{}]}], enableDefaultDeny: {ingress: false}", {WEB, OTHER, HOST, OUTSIDE, CONTROL}),
        ("enableDefaultDeny: {ingress: true}", set()),
        ("egress: [{}]", {WEB, OTHER, HOST, OUTSIDE, CONTROL}),
        ("ingress: [{icmps: [{fields: [{type: 8}]}]}]", set()),
        ("ingress: [{authentication: {mode: required}, fromEntities: [all]}]", {WEB, OTHER}),
        ("ingress: [{authentication: {mode: test-always-fail}, fromEndpoints: [{}]}, {fromEntities: [all]}]", {OTHER, HOST, OUTSIDE, CONTROL}),
    ],
)  # fmt: skip
def test_who_gets_in(fields: str, open_to: set[str]) -> None:
    found = {name: ports(api(fields), name) for name in (WEB, OTHER, HOST, OUTSIDE, CONTROL)}
    assert set(found.values()) <= {EVERY, NO}
    assert {name for name, text in found.items() if text == EVERY} == open_to


@each_row(
    ("fields", "text"),
    [
        ("ingress: [{toPorts: [{ports: [{port: '80'}]}]}]", "TCP 80; UDP 80; SCTP 80"),
        ("ingress: [{toPorts: [{ports: [{port: '80', protocol: ANY}]}]}]", "TCP 80; UDP 80; SCTP 80"),
        ("ingress: [{toPorts: [{ports: [{port: '80', protocol: TCP, endPort: 90}]}]}]", "TCP 80-90"),
        ("ingress: [{toPorts: [{ports: [{port: '80', protocol: TCP, endPort: 70}]}]}]", "TCP 80"),
        ("ingress: [{toPorts: [{ports: [{port: '0', protocol: UDP}]}]}]", "every UDP port"),
        ("ingress: [{toPorts: [{ports: [{port: HTTP, protocol: TCP}]}]}]", "TCP 8080"),
        ("ingress: [{toPorts: [{ports: [{port: http}]}]}]", "TCP 8080"),
        ("ingress: [{toPorts: [{ports: [{port: http, protocol: UDP}]}]}]", NO),
        ("ingress: [{toPorts: [{}]}]", EVERY),
        ("ingress: [{toPorts: [{ports: [{port: '1', protocol: TCP}]}, {ports: [{port: '2', protocol: TCP}]}]}]", "TCP 1-2"),
        ("ingress: [{toPorts: [{ports: [{port: '8', protocol: ICMP}]}]}]", NO),
        ("ingress: [{fromEntities: [all]}], ingressDeny: [{toPorts: [{ports: [{port: '80'}]}]}]", "TCP 1-79, 81-65535; UDP 1-79, 81-65535; SCTP 1-79, 81-65535"),
        ("ingress: [{toPorts: [{ports: [{port: '80', protocol: TCP}]}]}], ingressDeny: [{fromEndpoints: [{}]}]", NO),
    ],
)  # fmt: skip
def test_ports(fields: str, text: str) -> None:
    assert ports(api(fields), WEB) == text


META = "169.254.169.254"
DENY = "egressDeny: [{toCIDR: [169.254.169.254/32]}]"


@each_row(
    ("fields", "meta", "outside", "web"),
    [
        (DENY, NO, NO, NO),
        (f"{DENY}, egress: [{{toEntities: [all]}}]", NO, EVERY, EVERY),
        (f"{DENY}, egress: [{{toEntities: [world, cluster]}}]", NO, EVERY, EVERY),
        (f"{DENY}, egress: [{{toEntities: [world]}}]", NO, EVERY, NO),
        (f"{DENY}, enableDefaultDeny: {{egress: false}}", NO, EVERY, EVERY),
        ("egressDeny: [{toEntities: [world]}], enableDefaultDeny: {egress: false}", NO, NO, EVERY),
        ("egress: [{toCIDRSet: [{cidr: 0.0.0.0/0, except: [169.254.169.254/32]}]}, {toEntities: [cluster]}]", NO, EVERY, EVERY),
        ("egress: [{toCIDRSet: [{cidr: 0.0.0.0/0, except: [169.254.169.254/32]}]}]", NO, EVERY, NO),
        ("egressDeny: [{toCIDR: [0.0.0.0/0]}], egress: [{toEntities: [all]}]", NO, NO, EVERY),
    ],
)  # fmt: skip
def test_who_can_be_reached(fields: str, meta: str, outside: str, web: str) -> None:
    text = api(fields)
    assert ports(text, "shop/api", META) == meta
    assert ports(text, "shop/api", OUTSIDE) == outside
    assert ports(text, "shop/api", WEB) == web
    assert ports(text, WEB, META) == EVERY


def test_policies_add_up_and_a_denial_wins_over_all_of_them() -> None:
    plain = (
        "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: np, namespace: shop}\n"
        "spec: {podSelector: {matchLabels: {app: api}}, ingress: [{from: [{namespaceSelector: {}}, {ipBlock: {cidr: 0.0.0.0/0}}]}]}\n"
    )
    more = api("ingress: [{fromEntities: [remote-node]}]")
    assert ports(plain + more, OTHER) == EVERY  # by the NetworkPolicy
    assert ports(plain + more, CONTROL) == EVERY  # by Cilium's policy; an ipBlock covers no nodes here
    assert ports(plain, CONTROL) == EVERY
    assert ports(plain + api("ingress: [{}]"), CONTROL) == NO
    deny = api("ingressDeny: [{fromEndpoints: [{matchLabels: {io.kubernetes.pod.namespace: other}}]}]")
    assert ports(plain + deny, OTHER) == NO
    assert ports(plain + deny, WEB) == EVERY


def test_clusterwide_policies() -> None:
    kind = "CiliumClusterwideNetworkPolicy"
    everywhere = rule("{endpointSelector: {}, ingress: [{fromEndpoints: [{}]}]}", kind)
    assert ports(everywhere, OTHER) == EVERY
    assert ports(everywhere, OUTSIDE) == NO
    assert ports(everywhere, OUTSIDE, OTHER) == NO
    one = rule("{endpointSelector: {matchLabels: {io.kubernetes.pod.namespace: other}}, ingress: [{}]}", kind)
    assert ports(one, WEB, OTHER) == NO
    assert ports(one, WEB) == EVERY
    team = rule(f"{{endpointSelector: {{matchLabels: {TEAM_A}}}, ingress: [{{}}]}}", kind)
    assert (ports(team, OTHER), ports(team, WEB, OTHER)) == (NO, EVERY)


def test_a_policy_never_selects_pods_of_another_namespace() -> None:
    spec = "{endpointSelector: {matchLabels: {'k8s:io.kubernetes.pod.namespace': other}}, ingress: [{}]}"
    assert ports(rule(spec), WEB, OTHER) == EVERY
    assert ports(rule(spec), OTHER) == NO  # Cilium puts the policy's own namespace there


def test_several_rules_in_one_policy() -> None:
    text = (
        "---\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: p, namespace: shop}\n"
        "specs: [{endpointSelector: {matchLabels: {app: api}}, ingress: [{fromEndpoints: [{}]}]}, "
        "{endpointSelector: {matchLabels: {app: web}}, ingress: [{}]}]\n"
    )
    assert ports(text, WEB) == EVERY
    assert ports(text, OTHER) == NO
    assert ports(text, "shop/api", WEB) == NO
    world = network(WORLD + text)
    flow = world.flow(end(world, "shop/api"), end(world, WEB), "TCP", 80)
    assert flow.location
    assert flow.location.path == "specs[1].endpointSelector"


@each_row(
    ("fields", "text"),
    [
        ("ingress: [{authentication: {mode: required}, fromEndpoints: [{}]}]", EVERY),
        ("ingress: [{fromEndpoints: [{}]}]", NO),
        ("ingress: [{authentication: {mode: disabled}, fromEndpoints: [{}]}]", NO),
        ("ingress: [{authentication: {mode: required}, fromEndpoints: [{matchLabels: {app: x}}]}]", NO),
        ("ingress: [{authentication: {mode: required}, fromEndpoints: [{}], toPorts: [{ports: [{port: '80', protocol: TCP}]}]}, {fromEndpoints: [{}]}]", "TCP 80"),
        ("ingress: [{authentication: {mode: required}, fromEndpoints: [{}]}, {fromEndpoints: [{}], toPorts: [{ports: [{port: '80'}]}]}]", EVERY),
    ],
)  # fmt: skip
def test_authentication(fields: str, text: str) -> None:
    world = network(WORLD + api(fields))
    assert str(authenticated_ports(world, end(world, WEB), end(world, "shop/api"))) == text


def test_authentication_on_the_way_out_and_contradictions() -> None:
    out = rule(
        "{endpointSelector: {matchLabels: {app: web}}, egress: [{authentication: {mode: required}, toEntities: [all]}]}"
    )
    world = network(WORLD + out)
    assert str(authenticated_ports(world, end(world, WEB), end(world, "shop/api"))) == EVERY
    both = "ingress: [{authentication: {mode: required}, fromEndpoints: [{}]}, {authentication: {mode: disabled}, fromEndpoints: [{}]}]"
    world = network(WORLD + api(both))
    with pytest.raises(NotJudged, match="require authentication and disable it"):
        authenticated_ports(world, end(world, WEB), end(world, "shop/api"))


def test_a_denied_flow_names_the_rule() -> None:
    world = network(WORLD + api(f"{DENY}, egress: [{{toEntities: [all]}}]"))
    flow = world.flow(end(world, "shop/api"), world.address(META), "TCP", 80)
    assert not flow.allowed
    assert flow.reason == (
        "egress of shop/api: denied by egressDeny rule 1 of CiliumNetworkPolicy shop/p, entry 1 of `toCIDR`"
    )
    assert flow.location
    assert flow.location.path == "spec.egressDeny[0].toCIDR[0]"
    named = network(WORLD + api("ingress: [{fromEndpoints: [{}], toPorts: [{}, {ports: [{port: '80'}]}]}]"))
    grant = named.flow(end(named, WEB), end(named, "shop/api"), "TCP", 80).ingress.grants[0]
    assert grant.policy.where(grant.rule, None, 1).path == "spec.ingress[0].toPorts[1].ports[0]"


@each_row(
    "fields",
    [
        "egress: [{toFQDNs: [{matchName: a.b}]}]",
        "egress: [{toServices: [{k8sService: {serviceName: a}}]}]",
        "ingress: [{fromNodes: [{}]}]",
        "ingress: [{toPorts: [{ports: [{port: '80'}], rules: {http: [{}]}}]}]",
        "ingress: [{fromCIDRSet: [{cidrGroupRef: a}]}]",
        "ingress: [{fromEndpoints: [{matchLabels: {io.cilium.k8s.policy.serviceaccount: a}}]}]",
        "ingress: [{fromEndpoints: [{matchLabels: {'reserved:host': '', app: a}}]}]",
        "nodeSelector: {}, ingress: [{}]",
    ],
)
def test_what_is_not_judged(fields: str) -> None:
    with pytest.raises(NotJudged):
        network(api(fields))


def test_only_policies_of_cilium_count() -> None:
    document = parse(api("ingress: [{}]").encode(), "a").documents[0]
    manifest = Manifest(document.value, document)
    assert is_cilium_policy(manifest)
    assert len(cilium_policies(manifest)) == 1
    other = manifest.with_data({**manifest.data, "apiVersion": "example.org/v1"})
    assert not is_cilium_policy(other)


def test_an_unknown_entity_covers_nothing() -> None:
    assert not entity_covers("init", "pod", local=True, family=4, serves_api=True)
