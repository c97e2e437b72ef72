"""What a learner reads where a flow is blocked that should be open."""

from __future__ import annotations

from tests.table import each_row
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.rules._flow.blocked import why_blocked
from trainer.simulate.network.flows import Network
from trainer.simulate.world import World

GIVEN = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: a}}
---
apiVersion: v1
kind: Pod
metadata: {name: dns, namespace: shop, labels: {app: dns}}
spec: {containers: [{name: c, ports: [{name: dns, containerPort: 53, protocol: UDP}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: moon, labels: {app: web}}
spec: {containers: [{name: c}]}
---
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: moon, labels: {app: web}}
spec: {hostNetwork: true, containers: [{name: c}]}
"""
HEAD = """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: np, namespace: shop}
spec:
  podSelector: {matchLabels: {app: dns}}
  ingress:
"""
WEB = "  - from:\n    - {namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}\n"


def manifests(text: str) -> list[Manifest]:
    return [Manifest(document.value, document) for document in parse(text.encode(), "p.yaml").documents]


def told(answer: str, protocol: str = "TCP", source: str = "moon/web") -> list[tuple[int, str]]:
    given, handed_in = manifests(GIVEN), manifests(answer)
    world = World((*given, *handed_in), tuple(given), tuple(handed_in))
    network = Network(world.objects)
    ends = {end.title: end for end in network.pods}
    flow = network.flow(ends.get(source) or network.address(source), ends["shop/dns"], protocol, 53)
    assert not flow.allowed
    found = why_blocked(world, network, flow)
    return [(reason.location.line if reason.location else 0, reason.message) for reason in found]


@each_row(
    ("rule", "protocol", "line", "message"),
    [
        (
            WEB + "    ports:\n    - port: 53",
            "UDP",
            10,
            "This entry opens TCP 53 (without `protocol` a port is TCP), but not UDP 53.",
        ),
        (
            WEB + "    ports:\n    - {port: 53, protocol: UDP}",
            "TCP",
            10,
            "This entry opens UDP 53, but not TCP 53.",
        ),
        (
            WEB + "    ports:\n    - {port: dns}",
            "TCP",
            10,
            "This entry names port dns, but shop/dns declares no TCP port of that name.",
        ),
        (
            WEB + "    ports:\n    - {port: 80}",
            "TCP",
            10,
            "This ingress rule covers moon/web, but opens TCP 80, not TCP 53.",
        ),
        (
            "  - ports:\n    - {port: 80}",
            "TCP",
            8,
            "This ingress rule covers moon/web, but opens TCP 80, not TCP 53.",
        ),
        (
            "  - from:\n    - podSelector: {matchLabels: {app: web}}",
            "TCP",
            8,
            "`from` of this ingress rule doesn't cover moon/web: a podSelector alone selects Pods of the policy's own "
            "Namespace shop.",
        ),
        (
            "  - from:\n    - {namespaceSelector: {matchLabels: {team: moon}}, podSelector: {matchLabels: {app: web}}}",
            "TCP",
            8,
            "`from` of this ingress rule doesn't cover moon/web: the namespaceSelector is team=moon, "
            "Namespace moon has kubernetes.io/metadata.name=moon.",
        ),
        (
            "  - from:\n    - {namespaceSelector: {}, podSelector: {matchLabels: {app: wbe}}}",
            "TCP",
            8,
            "`from` of this ingress rule doesn't cover moon/web: the podSelector is app=wbe, the Pod has app=web.",
        ),
        (
            "  - from:\n    - {ipBlock: {cidr: 8.8.8.8/32}}",
            "TCP",
            8,
            "`from` of this ingress rule doesn't cover moon/web: the Pod's address is in none of its ipBlocks, and "
            "that of a Service doesn't count.",
        ),
        (
            "  - from:\n    - {podSelector: {}}\n    ports:\n    - {port: 1}",
            "TCP",
            6,
            "No ingress rule of NetworkPolicy shop/np covers moon/web, and all other ingress is denied.",
        ),
        (
            "    []",
            "TCP",
            4,
            "NetworkPolicy shop/np governs shop/dns for Ingress, and no ingress rule allows anything.",
        ),
    ],
)
def test_the_nearest_miss(rule, protocol, line, message):
    assert told(HEAD + rule, protocol) == [(line, message)]


def test_ends_that_selectors_do_not_see():
    [(_, agent)] = told(HEAD + WEB, source="moon/agent")
    assert agent.endswith("doesn't cover moon/agent: it is on the host network, which selectors don't match.")
    [(_, address)] = told(HEAD + WEB, source="203.0.113.7")
    assert address.endswith("doesn't cover 203.0.113.7: selectors match only Pods.")
    [(_, block)] = told(HEAD + "  - from:\n    - ipBlock: {cidr: 8.8.8.8/32}", source="203.0.113.7")
    assert block.endswith("doesn't cover 203.0.113.7: its address is in no ipBlock of the rule.")


def test_a_policy_whose_rules_do_not_count():
    deny = HEAD.replace("name: np", "name: deny") + "    []\n"
    ignored = HEAD.replace("  ingress:", "  policyTypes: [Egress]\n  ingress:") + "  - {}\n"
    found = told(deny + "---\n" + ignored)
    assert found[1] == (
        14,
        "NetworkPolicy shop/np selects it, but its `policyTypes` omit Ingress, so its `ingress` rules "
        "have no effect: what it allows doesn't apply here.",
    )


EVERY = (
    HEAD.replace("{matchLabels: {app: dns}}", "{}") + "  - from: [{podSelector: {matchLabels: {app: x}}}]\n"
)


def test_an_empty_pod_selector_closes_others_as_well():
    [(line, message)] = told(EVERY)
    assert (line, message) == (
        5,
        "`podSelector: {}` of NetworkPolicy shop/np selects every Pod of Namespace shop, so shop/dns is closed "
        "as well: no ingress rule lets this through.",
    )


def test_the_rule_of_an_empty_pod_selector_that_misses_the_port_or_the_peer():
    for peers, ports, protocol, words in (
        ("{namespaceSelector: {}}", "{port: 53}", "UDP", "This entry opens TCP 53"),
        ("{namespaceSelector: {}}", "{port: dns}", "TCP", "declares no TCP port of that name"),
        ("{namespaceSelector: {}}", "{port: 54}", "TCP", "closed as well"),
        ("{ipBlock: {cidr: 10.96.0.10/32}}", "{port: 53}", "TCP", "closed as well"),
    ):
        rule = EVERY[: EVERY.index("  ingress")] + f"  ingress:\n  - from: [{peers}]\n    ports: [{ports}]\n"
        assert words in told(rule, protocol)[0][1], told(rule, protocol)


def test_a_given_policy_that_closes_the_pod_as_well():
    rule = "  ingress:\n  - from: [{ipBlock: {cidr: 10.96.0.10/32}}]\n    ports: [{port: 53}]\n"
    every = EVERY[: EVERY.index("  ingress")]
    given = manifests(
        GIVEN + "---\n" + every.replace("name: np", "name: deny") + "  policyTypes: [Ingress]\n"
    )
    answer = manifests(every + rule)
    world = World((*given, *answer), tuple(given), tuple(answer))
    network = Network(world.objects)
    ends = {end.title: end for end in network.pods}
    [reason] = why_blocked(world, network, network.flow(ends["moon/web"], ends["shop/dns"], "TCP", 53))
    assert reason.message.startswith("`from` of this ingress rule doesn't cover moon/web: the Pod's address")


def test_a_policy_that_denies_everything_is_meant_for_every_pod():
    deny = "---\n" + EVERY[: EVERY.index("  ingress")].replace("name: np", "name: deny")
    [(_, message)] = told(HEAD + "  - from: [{podSelector: {matchLabels: {app: x}}}]\n" + deny)
    assert "closed as well" not in message
    [(_, alone)] = told(deny.removeprefix("---\n"))
    assert (
        alone == "NetworkPolicy shop/deny governs shop/dns for Ingress, and no ingress rule allows anything."
    )
