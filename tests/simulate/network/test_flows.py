"""The engine against a slow, independent reading of the network-policies page, and by examples."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.errors import UsageError
from trainer.manifests.model import Document, Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.network.addresses import parse_cidr
from trainer.simulate.network.flows import Endpoint, Network, maybe_allowed
from trainer.simulate.network.matrix import matrix

# ---------------------------------------------------------------- the naive reading


def naive_labels(selector: dict[str, Any], labels: dict[str, str]) -> bool:
    ok = all(labels.get(k) == v for k, v in selector.get("matchLabels", {}).items())
    for need in selector.get("matchExpressions", []):
        value = labels.get(need["key"])
        ok &= {
            "In": value in need.get("values", []),
            "NotIn": value not in need.get("values", []),
            "Exists": value is not None,
            "DoesNotExist": value is None,
        }[need["operator"]]
    return ok


def naive_ports(rule: dict[str, Any], pod: dict[str, Any] | None, protocol: str, port: int) -> bool:
    if not rule.get("ports"):
        return True
    for entry in rule["ports"]:
        if entry.get("protocol", "TCP") != protocol:
            continue
        wanted = entry.get("port")
        if wanted is None:
            return True
        if isinstance(wanted, str):
            declared = pod["spec"]["containers"][0]["ports"] if pod else []
            for mine in declared:
                if (mine.get("name"), mine.get("protocol", "TCP"), mine["containerPort"]) == (
                    wanted,
                    protocol,
                    port,
                ):
                    return True
        elif wanted <= port <= entry.get("endPort", wanted):
            return True
    return False


class Naive:
    def __init__(self, data: list[dict[str, Any]]) -> None:
        self.spaces = {
            o["metadata"]["name"]: o["metadata"].get("labels", {}) for o in data if o["kind"] == "Namespace"
        }
        self.policies = [o for o in data if o["kind"] == "NetworkPolicy"]

    def host(self, end: Any) -> bool:
        return isinstance(end, str) or bool(end["spec"].get("hostNetwork"))

    def ip(self, end: Any) -> str:
        return end if isinstance(end, str) else end["status"]["podIP"]

    def peer(self, policy: dict[str, Any], peer: dict[str, Any], end: Any) -> bool:
        if "ipBlock" in peer:
            block, ip = peer["ipBlock"], ipaddress.ip_address(self.ip(end))
            inside = ip in ipaddress.ip_network(block["cidr"])
            return inside and not any(ip in ipaddress.ip_network(hole) for hole in block.get("except", []))
        if self.host(end):
            return False
        space = end["metadata"]["namespace"]
        if "namespaceSelector" in peer:
            labels = self.spaces.get(space, {}) | {"kubernetes.io/metadata.name": space}
            if not naive_labels(peer["namespaceSelector"], labels):
                return False
        elif space != policy["metadata"]["namespace"]:
            return False
        return "podSelector" not in peer or naive_labels(peer["podSelector"], end["metadata"]["labels"])

    def side(self, way: str, near: Any, far: Any, target: Any, protocol: str, port: int) -> bool:
        if self.host(near):
            return True
        verdicts = []
        for policy in self.policies:
            spec = policy["spec"]
            types = spec.get("policyTypes") or (["Ingress", "Egress"] if spec.get("egress") else ["Ingress"])
            if (
                way.capitalize() not in types
                or policy["metadata"]["namespace"] != near["metadata"]["namespace"]
            ):
                continue
            if not naive_labels(spec.get("podSelector", {}), near["metadata"]["labels"]):
                continue
            field = "from" if way == "ingress" else "to"
            resolved = None if self.host(target) else target
            verdicts.append(
                any(
                    (not rule.get(field) or any(self.peer(policy, peer, far) for peer in rule[field]))
                    and naive_ports(rule, resolved, protocol, port)
                    for rule in spec.get(way) or []
                )
            )
        return not verdicts or any(verdicts)

    def allowed(self, source: Any, target: Any, protocol: str, port: int) -> bool:
        if source is target:
            return True
        if not isinstance(source, str) and not isinstance(target, str):
            nodes = {end["spec"].get("nodeName") for end in (source, target)}
            if len(nodes) == 1 and None not in nodes and (self.host(source) or self.host(target)):
                return True
        return self.side("egress", source, target, target, protocol, port) and self.side(
            "ingress", target, source, target, protocol, port
        )


# ---------------------------------------------------------------- worlds

SPACES, KEYS, VALUES = ["a", "b"], ["app", "tier"], ["x", "y"]
LABELS = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES), max_size=2)
EXPRESSION = st.builds(
    lambda key, operator, values: (
        {"key": key, "operator": operator} | ({"values": values} if operator in ("In", "NotIn") else {})
    ),
    st.sampled_from(KEYS),
    st.sampled_from(["In", "NotIn", "Exists", "DoesNotExist"]),
    st.lists(st.sampled_from(VALUES), min_size=1, max_size=2),
)
SELECTOR = st.fixed_dictionaries(
    {}, optional={"matchLabels": LABELS, "matchExpressions": st.lists(EXPRESSION, max_size=2)}
)
SPACE_SELECTOR = st.one_of(
    SELECTOR, st.sampled_from(SPACES).map(lambda n: {"matchLabels": {"kubernetes.io/metadata.name": n}})
)
BLOCK = st.sampled_from(
    [
        {"cidr": "0.0.0.0/0"},
        {"cidr": "10.0.0.0/8", "except": ["10.0.0.2/32"]},
        {"cidr": "10.0.0.0/30"},
        {"cidr": "192.168.0.0/16"},
        {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8", "203.0.113.0/24"]},
        {"cidr": "::/0"},
    ]
)
PEER = st.one_of(
    SELECTOR.map(lambda s: {"podSelector": s}),
    SPACE_SELECTOR.map(lambda s: {"namespaceSelector": s}),
    st.builds(lambda p, n: {"podSelector": p, "namespaceSelector": n}, SELECTOR, SPACE_SELECTOR),
    BLOCK.map(lambda b: {"ipBlock": b}),
)
PORT = st.sampled_from(
    [
        {},
        {"port": 80},
        {"port": 80, "protocol": "UDP"},
        {"protocol": "SCTP"},
        {"port": "http"},
        {"port": "http", "protocol": "UDP"},
        {"port": 79, "endPort": 81},
    ]
)


def rules(field: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    rule = st.fixed_dictionaries(
        {}, optional={field: st.lists(PEER, max_size=2), "ports": st.lists(PORT, max_size=2)}
    )
    return st.lists(rule, max_size=2)


POLICY = st.builds(
    lambda space, spec: {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "p", "namespace": space},
        "spec": spec,
    },
    st.sampled_from(SPACES),
    st.fixed_dictionaries(
        {},
        optional={
            "podSelector": SELECTOR,
            "ingress": rules("from"),
            "egress": rules("to"),
            "policyTypes": st.lists(st.sampled_from(["Ingress", "Egress"]), unique=True),
        },
    ),
)
CONTAINER_PORTS = st.lists(
    st.sampled_from(
        [
            {"name": "http", "containerPort": 80},
            {"name": "http", "containerPort": 81, "protocol": "UDP"},
            {"name": "web", "containerPort": 80, "protocol": "SCTP"},
        ]
    ),
    max_size=2,
    unique_by=lambda port: port["containerPort"],
)


@st.composite
def worlds(draw: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": draw(LABELS)}}
        for name in SPACES
    ]
    for number in range(draw(st.integers(2, 4))):
        host, node = draw(st.booleans()) and number > 1, draw(st.sampled_from([None, "n1", "n2"]))
        spec: dict[str, Any] = {"containers": [{"name": "c", "image": "i", "ports": draw(CONTAINER_PORTS)}]}
        ip = f"10.0.0.{number + 1}"
        if host:
            spec["hostNetwork"] = True
        if node:
            spec["nodeName"] = node
            ip = f"192.168.0.{node[1]}" if host else ip
        metadata = {"name": f"p{number}", "namespace": draw(st.sampled_from(SPACES)), "labels": draw(LABELS)}
        found.append(
            {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec, "status": {"podIP": ip}}
        )
    for n in (1, 2):
        address = {"type": "InternalIP", "address": f"192.168.0.{n}"}
        found.append(
            {
                "apiVersion": "v1",
                "kind": "Node",
                "metadata": {"name": f"n{n}"},
                "status": {"addresses": [address]},
            }
        )
    return found + draw(st.lists(POLICY, min_size=1, max_size=3))


def manifests(data: list[dict[str, Any]]) -> list[Manifest]:
    return [Manifest(item, Document(item, "world.yaml", 1, 1, {})) for item in data]


PROBES = [("TCP", 80), ("TCP", 81), ("TCP", 82), ("UDP", 80), ("UDP", 81), ("SCTP", 80), ("TCP", 1)]
OUTSIDE = ["203.0.113.9", "8.8.8.8", "10.9.9.9"]


@given(worlds())
def test_every_flow_as_the_naive_reading_has_it(data):
    naive, network = Naive(data), Network(manifests(data))
    ends: list[tuple[Any, Endpoint]] = []
    for item in data:
        if item["kind"] == "Pod":
            title = f"{item['metadata']['namespace']}/{item['metadata']['name']}"
            ends.append((item, next(pod for pod in network.pods if pod.title == title)))
    ends += [(text, network.address(text)) for text in OUTSIDE]
    found = matrix(network, [endpoint for _, endpoint in ends])
    for i, (source, source_end) in enumerate(ends):
        for j, (target, target_end) in enumerate(ends):
            ports = network.ports(source_end, target_end)
            assert found.cells[i][j] == ports
            for protocol, port in PROBES:
                expected = naive.allowed(source, target, protocol, port)
                assert ports.has(protocol, port) == expected, (source, target, protocol, port)
                flow = network.flow(source_end, target_end, protocol, port)
                assert flow.allowed == expected
                assert flow.reason


# ---------------------------------------------------------------- examples

WORLD = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: a}}
---
apiVersion: v1
kind: Namespace
metadata: {name: moon, labels: {team: b}}
---
apiVersion: v1
kind: Pod
metadata: {name: backend, namespace: shop, labels: {app: backend}}
spec:
  nodeName: n1
  containers: [{name: c, image: i, ports: [{name: http, containerPort: 8080}]}]
status: {podIP: 10.244.1.1}
---
apiVersion: v1
kind: Pod
metadata: {name: frontend, namespace: shop, labels: {app: frontend}}
spec: {containers: [{name: c, image: i}]}
status: {podIP: 10.244.1.2}
---
apiVersion: v1
kind: Pod
metadata: {name: frontend, namespace: moon, labels: {app: frontend}}
spec: {containers: [{name: c, image: i}]}
status: {podIP: 10.244.1.3}
---
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: moon, labels: {app: frontend}}
spec: {nodeName: n1, hostNetwork: true, containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Pod
metadata: {name: far-agent, namespace: moon, labels: {app: frontend}}
spec: {nodeName: n2, hostNetwork: true, containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Node
metadata: {name: n1}
status: {addresses: [{type: InternalIP, address: 192.168.1.1}, {type: Hostname, address: n1}]}
---
apiVersion: v1
kind: Node
metadata: {name: n2}
status: {addresses: [{type: InternalIP, address: 192.168.1.2}]}
"""

POLICY_HEAD = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: backend, namespace: shop}
spec:
  podSelector: {matchLabels: {app: backend}}
"""


def network_of(*texts: str) -> Network:
    found = []
    for number, text in enumerate(texts):
        parsed = parse(text.encode(), f"file-{number}.yaml")
        found += [Manifest(document.value, document) for document in parsed.documents]
    return Network(found)


def end(network: Network, title: str) -> Endpoint:
    return next((end for end in network.endpoints if end.title == title), None) or network.address(title)


def ports(network: Network, source: str, target: str = "shop/backend") -> str:
    return str(network.ports(end(network, source), end(network, target)))


@each_row(
    ("rule", "expected"),
    [
        # (shop/frontend, moon/frontend, an outside address) to shop/backend
        ("", ("no port", "no port", "no port")),
        ("  ingress: []", ("no port", "no port", "no port")),
        ("  ingress: null", ("no port", "no port", "no port")),
        ("  ingress: [{}]", ("every port", "every port", "every port")),
        ("  ingress: [null]", ("every port", "every port", "every port")),
        ("  ingress: [{from: []}]", ("every port", "every port", "every port")),
        ("  ingress: [{from: null, ports: []}]", ("every port", "every port", "every port")),
        ("  ingress: [{from: [{}]}]", ("no port", "no port", "no port")),
        ("  ingress: [{ports: [{port: 8080}]}]", ("TCP 8080", "TCP 8080", "TCP 8080")),
        ("  ingress: [{ports: [{}]}]", ("every TCP port",) * 3),
        ("  ingress: [{ports: [{protocol: UDP}]}]", ("every UDP port",) * 3),
        ("  ingress: [{ports: [{port: http}]}]", ("TCP 8080",) * 3),
        ("  ingress: [{ports: [{port: http, protocol: UDP}]}]", ("no port",) * 3),
        ("  ingress: [{ports: [{port: 80, endPort: 90}]}]", ("TCP 80-90",) * 3),
        ("  ingress: [{ports: [{port: 90, endPort: 80}]}]", ("no port",) * 3),
        ("  ingress: [{ports: [{port: '8080'}]}]", ("no port",) * 3),
        ("  ingress: [{ports: [{port: 8080, protocol: tcp}]}]", ("no port",) * 3),
        ("  ingress: [{from: [{podSelector: {}}]}]", ("every port", "no port", "no port")),
        ("  ingress: [{from: [{namespaceSelector: {}}]}]", ("every port", "every port", "no port")),
        (
            "  ingress: [{from: [{namespaceSelector: {matchLabels: {team: b}},\n"
            "    podSelector: {matchLabels: {app: nobody}}}]}]",
            ("no port",) * 3,
        ),
        (
            "  ingress: [{from: [{namespaceSelector: {matchLabels: {team: b}}}, {podSelector: {}}]}]",
            ("every port", "every port", "no port"),
        ),
        (
            "  ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: moon}}}]}]",
            ("no port", "every port", "no port"),
        ),
        (
            "  ingress: [{from: [{podSelector: null, namespaceSelector: {}}]}]",
            ("every port", "every port", "no port"),
        ),
        ("  ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]", ("every port",) * 3),
        (
            "  ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}]",
            ("no port", "no port", "every port"),
        ),
        ("  ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}, podSelector: {}}]}]", ("no port",) * 3),
        ("  policyTypes: [Egress]\n  ingress: []", ("every port",) * 3),
        ("  policyTypes: []", ("no port",) * 3),
        ("  egress: [{}]", ("no port",) * 3),
    ],
)
def test_one_policy_for_the_backend(rule, expected):
    network = network_of(WORLD, POLICY_HEAD + rule)
    found = tuple(ports(network, source) for source in ("shop/frontend", "moon/frontend", "203.0.113.9"))
    assert found == expected


def test_one_way_only_the_policies_of_one_end_count():
    network = network_of(WORLD, POLICY_HEAD + "  ingress: [{ports: [{port: 80}]}]")
    source, target = end(network, "moon/frontend"), end(network, "shop/backend")
    assert str(network.one_way("ingress", source, target)) == "TCP 80"
    assert str(network.one_way("egress", source, target)) == "every port"
    assert str(network.one_way("egress", target, target)) == "every port"
    shut = network_of(WORLD, POLICY_HEAD + "  policyTypes: [Egress]\n  egress: [{ports: [{port: 53}]}]")
    source, target = end(shut, "shop/backend"), end(shut, "moon/frontend")
    assert str(shut.one_way("egress", source, target)) == "TCP 53"
    assert str(shut.one_way("ingress", source, target)) == "every port"


def test_more_namespaces_for_what_the_world_lacks():
    network = network_of(WORLD)
    assert {"shop", "moon"} <= set(network.namespaces)
    more = network.with_namespaces({"night": {"team": "n"}})
    assert more.namespace_labels("night") == {"team": "n"}
    assert network.namespace_labels("night") == {"kubernetes.io/metadata.name": "night"}
    assert more.namespace_labels("moon") == network.namespace_labels("moon")


def test_without_policies_everything_is_allowed():
    network = network_of(WORLD)
    assert ports(network, "203.0.113.9") == "every port"
    flow = network.flow(end(network, "moon/frontend"), end(network, "shop/backend"), "TCP", 80)
    assert flow.reason == (
        "no policy applies to egress of moon/frontend; no policy applies to ingress of shop/backend"
    )
    assert flow.location is None


def test_policies_add_up_and_each_other_direction_stays_open():
    second = POLICY_HEAD.replace("name: backend,", "name: more,") + "  ingress: [{ports: [{port: 53}]}]"
    network = network_of(WORLD, POLICY_HEAD + "  ingress: [{ports: [{port: 80}]}]", second)
    assert ports(network, "moon/frontend") == "TCP 53, 80"
    assert ports(network, "shop/backend", "moon/frontend") == "every port"


def test_a_rule_for_udp_isolates_tcp_too():
    network = network_of(WORLD, POLICY_HEAD + "  ingress: [{ports: [{port: 53, protocol: UDP}]}]")
    assert ports(network, "shop/frontend") == "UDP 53"


def test_both_ends_must_agree():
    egress = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: out, namespace: shop}
spec:
  podSelector: {matchLabels: {app: frontend}}
  policyTypes: [Egress]
  egress: [{to: [{podSelector: {matchLabels: {app: backend}}}], ports: [{port: 1, endPort: 8080}]}]
"""
    network = network_of(WORLD, POLICY_HEAD + "  ingress: [{ports: [{port: 8080, endPort: 9000}]}]", egress)
    assert ports(network, "shop/frontend") == "TCP 8080"
    flow = network.flow(end(network, "shop/frontend"), end(network, "shop/backend"), "TCP", 9000)
    assert not flow.allowed
    assert flow.reason == "egress of shop/frontend: NetworkPolicy shop/out allows nothing that matches"
    assert str(flow.location) == "file-2.yaml:6:3"


def test_a_pod_reaches_itself_whatever_policies_say():
    network = network_of(WORLD, POLICY_HEAD)
    flow = network.flow(end(network, "shop/backend"), end(network, "shop/backend"), "TCP", 80)
    assert (flow.allowed, flow.reason) == (True, "shop/backend always reaches itself")


def test_named_ports_of_egress_are_looked_up_on_the_destination():
    egress = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: out, namespace: moon}
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress: [{ports: [{port: http}]}]
"""
    network = network_of(WORLD, egress)
    assert ports(network, "moon/frontend") == "TCP 8080"
    assert ports(network, "moon/frontend", "shop/frontend") == "no port"
    assert ports(network, "moon/frontend", "203.0.113.9") == "no port"


class TestHostNetwork:
    FROM_FRONTENDS = "  ingress: [{from: [{namespaceSelector: {}, podSelector: {}}]}]"

    def test_selectors_do_not_pick_pods_on_the_host_network(self):
        network = network_of(WORLD, POLICY_HEAD + self.FROM_FRONTENDS)
        assert ports(network, "moon/frontend") == "every port"
        assert ports(network, "moon/far-agent") == "no port"

    def test_an_ip_block_with_the_address_of_the_node_does(self):
        network = network_of(WORLD, POLICY_HEAD + "  ingress: [{from: [{ipBlock: {cidr: 192.168.1.2/32}}]}]")
        assert ports(network, "moon/far-agent") == "every port"
        assert ports(network, "node n2") == "every port"

    def test_the_own_node_is_always_let_in(self):
        network = network_of(WORLD, POLICY_HEAD)
        assert ports(network, "moon/agent") == "every port"
        assert ports(network, "node n1") == "every port"
        assert ports(network, "node n2") == "no port"
        flow = network.flow(end(network, "node n1"), end(network, "shop/backend"), "TCP", 80)
        assert flow.reason == "traffic between a Pod and its own node is always allowed"

    def test_policies_do_not_govern_them(self):
        text = POLICY_HEAD.replace("shop", "moon").replace("{matchLabels: {app: backend}}", "{}")
        network = network_of(WORLD, text)
        assert ports(network, "shop/backend", "moon/far-agent") == "every port"
        assert ports(network, "shop/backend", "moon/frontend") == "no port"


def test_the_line_that_allows():
    text = POLICY_HEAD + (
        "  ingress:\n"
        "  - from:\n"
        "    - ipBlock: {cidr: 203.0.113.0/24}\n"
        "  - from:\n"
        "    - namespaceSelector: {matchLabels: {team: nobody}}\n"
        "    - podSelector: {matchLabels: {app: frontend}}\n"
        "    ports:\n"
        "    - port: 53\n"
        "    - port: 8080\n"
        "  - ports:\n"
        "    - port: 9090\n"
        "  - {}\n"
    )
    network = network_of(WORLD, text)
    source, target = end(network, "shop/frontend"), end(network, "shop/backend")
    flow = network.flow(source, target, "TCP", 8080)
    assert str(flow) == "shop/frontend reaches shop/backend on TCP 8080"
    assert flow.reason == (
        "no policy applies to egress of shop/frontend; ingress of shop/backend: "
        "allowed by ingress rule 2 of NetworkPolicy shop/backend, entry 2 of `from`"
    )
    assert flow.location is not None
    assert (flow.location.line, flow.location.path) == (12, "spec.ingress[1].from[1]")
    assert [(grant.rule.index, grant.peer, grant.port) for grant in flow.ingress.grants] == [
        (1, 1, 1),
        (3, None, None),
    ]
    by_port = network.flow(source, target, "TCP", 9090).location
    assert by_port is not None
    assert by_port.path == "spec.ingress[2].ports[0]"
    by_rule = network.flow(source, target, "UDP", 9).location
    assert by_rule is not None
    assert (by_rule.line, by_rule.path) == (18, "spec.ingress[3]")


class TestTwoFamilies:
    PODS = """
apiVersion: v1
kind: Pod
metadata: {name: dual, namespace: shop}
spec: {containers: [{name: c, image: i}]}
status: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}, {ip: 2001:db8::1}]}
---
apiVersion: v1
kind: Pod
metadata: {name: backend, namespace: shop, labels: {app: backend}}
spec: {containers: [{name: c, image: i}]}
status: {podIP: 10.0.0.2, podIPs: [{ip: 10.0.0.2}, {ip: 2001:db8::2}]}
"""
    OUT = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: out, namespace: shop}
spec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}
"""

    def test_one_family_is_enough(self):
        rule = "  ingress: [{from: [{ipBlock: {cidr: 2001:db8::/64}}]}]"
        network = network_of(self.PODS, POLICY_HEAD + rule)
        assert ports(network, "shop/dual") == "every port"
        assert network.flow(end(network, "shop/dual"), end(network, "shop/backend"), "TCP", 1).allowed
        assert str(matrix(network).cells[1][0]) == "every port"

    def test_but_it_must_be_the_same_at_both_ends(self):
        rule = "  ingress: [{from: [{ipBlock: {cidr: 2001:db8::/64}}]}]"
        network = network_of(self.PODS, POLICY_HEAD + rule, self.OUT)
        assert ports(network, "shop/dual") == "no port"
        found = matrix(network)
        assert [str(cell) for cell in found.cells[1]] == ["no port", "every port"]
        assert not network.flow(end(network, "shop/dual"), end(network, "shop/backend"), "TCP", 1).allowed

    def test_ends_without_a_common_family_are_judged_by_each_other(self):
        network = network_of(WORLD, POLICY_HEAD + "  ingress: [{from: [{ipBlock: {cidr: '::/0'}}]}]")
        assert ports(network, "2001:db8::9") == "every port"
        assert ports(network, "203.0.113.9") == "no port"


def test_who_has_an_address():
    network = network_of(WORLD)
    titles = [network.address(text).title for text in ("10.244.1.2", "192.168.1.2", "8.8.8.8")]
    assert titles == ["shop/frontend", "node n2", "8.8.8.8"]
    with pytest.raises(UsageError, match="not an IP address"):
        network.address("shop")


def test_odd_data_lets_nothing_through_and_never_crashes():
    for rule in (
        "  ingress: 7",
        "  ingress: [{from: 7, ports: x}]",
        "  policyTypes: Ingress",
        "  podSelector: 3",
    ):
        network = network_of(WORLD, POLICY_HEAD + rule)
        assert ports(network, "shop/frontend") in ("every port", "no port")
    network = network_of("apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nspec: 7\n", WORLD)
    assert ports(network, "shop/frontend") == "every port"


def test_spans_and_taken_addresses():
    service = (
        "apiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: shop}\nspec: {clusterIP: 10.96.0.9}\n"
    )
    rule = "  ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}]"
    network = network_of(WORLD, service, POLICY_HEAD + rule)
    assert len(network.spans()) == 2
    taken = {str(address) for address in network.taken()}
    assert {"10.96.0.9", "10.244.1.1", "192.168.1.1"} <= taken


def test_the_ranges_that_policies_name():
    text = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: a}
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
  ingress: [{from: [{podSelector: {}}, {ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}, {}]
  egress: [{to: [{ipBlock: {cidr: 192.168.0.0/16}}]}]
"""
    network = Network(Manifest(one.value, one) for one in parse(text.encode(), "w.yaml").documents)
    assert network.spans() == [parse_cidr(one) for one in ("10.0.0.0/8", "10.1.0.0/16", "192.168.0.0/16")]


PLACES = """
{apiVersion: v1, kind: Pod, metadata: {name: p0, namespace: a}, spec: {containers: [{name: c}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: p1, namespace: a}, spec: {nodeName: n1, containers: [{name: c}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: h0, namespace: a}, spec: {hostNetwork: true, containers: [{name: c}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: h2, namespace: a}, spec: {nodeName: n2, hostNetwork: true, containers: [{name: c}]}}
---
{apiVersion: v1, kind: Node, metadata: {name: n3}, status: {addresses: [{type: InternalIP, address: 192.168.0.3}]}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: a, labels: {team: null}}}
"""


@each_row(
    ("one", "other", "unknown"),
    [
        ("a/h0", "a/p0", "a/p0"),
        ("a/h0", "a/p1", "a/h0"),
        ("a/h2", "a/p0", "a/p0"),
        ("a/h2", "a/p1", ""),
        ("a/p0", "a/p1", ""),
        ("a/h0", "a/h2", ""),
        ("192.168.0.3", "a/p0", "a/p0"),
        ("192.168.0.3", "a/p1", ""),
        ("8.8.8.8", "a/p0", ""),
    ],
)
def test_what_no_policy_could_forbid_on_one_node(one, other, unknown):
    network = Network(Manifest(item.value, item) for item in parse(PLACES.encode(), "w.yaml").documents)
    assert network.namespace_labels("a")["team"] == ""

    def end(name):
        return next((pod for pod in network.pods if pod.title == name), None) or network.address(name)

    for source, target in ((end(one), end(other)), (end(other), end(one))):
        said = maybe_allowed(source, target)
        assert (f"nothing says where {unknown} runs" in said) if unknown else not said
