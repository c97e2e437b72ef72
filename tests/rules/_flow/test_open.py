"""What a learner reads where a flow is open that should be closed."""

from __future__ import annotations

from tests.table import each_row
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.rules._flow.open import why_open
from trainer.simulate.network.flows import Network
from trainer.simulate.network.ports import NONE, ports_of
from trainer.simulate.world import Refused, World
from trainer.verdict import Reason

GIVEN = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: a}}
---
apiVersion: v1
kind: Pod
metadata: {name: backend, namespace: shop, labels: {app: backend}}
spec: {containers: [{name: c}]}
---
apiVersion: v1
kind: Pod
metadata: {name: guest, namespace: shop, labels: {app: guest}}
spec: {containers: [{name: c}]}
"""
HEAD = """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: np, namespace: shop}
spec:
  podSelector: {matchLabels: {app: backend}}
  ingress:
"""


def manifests(text: str) -> list[Manifest]:
    return [Manifest(document.value, document) for document in parse(text.encode(), "p.yaml").documents]


def reasons(answer: str, asked: int = 0, source: str = "shop/guest", refused: str = "") -> list[Reason]:
    given, handed_in = manifests(GIVEN), manifests(answer)
    lost = tuple(Refused(one, ()) for one in manifests(refused))
    world = World((*given, *handed_in), tuple(given), tuple(handed_in), refused=lost)
    network = Network(world.objects)
    ends = {end.title: end for end in network.pods}
    flow = network.flow(ends.get(source) or network.address(source), ends["shop/backend"], "TCP", 81)
    assert flow.allowed
    return why_open(world, network, flow, ports_of("TCP", asked, asked) if asked else NONE)


def told(answer: str, asked: int = 0, source: str = "shop/guest") -> tuple[int, str]:
    [reason] = reasons(answer, asked, source)
    return reason.location.line if reason.location else 0, reason.message


@each_row(
    ("rule", "line", "message"),
    [
        (
            "  - {}",
            7,
            "This ingress rule has neither `from` nor `ports`: it allows everything. "
            "Rules are additive: no other rule narrows it.",
        ),
        (
            "  - ports: [{port: 81}]",
            7,
            "This ingress rule has no `from` (or an empty one): it applies to every peer. List the peers in `from`.",
        ),
        (
            "  - from:\n    - podSelector: {}",
            8,
            "This entry of `from` covers every Pod in Namespace shop, including shop/guest (app=guest).",
        ),
        (
            "  - from:\n    - namespaceSelector: {}\n    - podSelector: {matchLabels: {app: web}}",
            8,
            "This entry of `from` covers every Pod in every namespace (`namespaceSelector: {}`), "
            "including shop/guest (app=guest).",
        ),
        (
            "  - from:\n    - namespaceSelector: {matchLabels: {team: a}}\n    - podSelector: {matchLabels: {app: web}}",
            9,
            "Line 9 starts a second entry of `from`: its selector alone is enough (OR). To require namespace "
            "and labels together, put both selectors into one entry (AND).",
        ),
        (
            "  - from:\n    - podSelector: {matchLabels: {app: guest}}\n    - namespaceSelector: {matchLabels: {team: b}}",
            9,
            "Line 9 starts a second entry of `from`: its selector alone is enough (OR). To require namespace "
            "and labels together, put both selectors into one entry (AND).",
        ),
    ],
)
def test_the_entry_that_lets_it_through(rule, line, message):
    assert told(HEAD + rule) == (line, message)


def test_an_address_block():
    rule = "  - from:\n    - ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}"
    assert told(HEAD + rule, source="203.0.113.7") == (
        8,
        "This entry of `from` covers 0.0.0.0/0 except 10.0.0.0/8, including 203.0.113.7.",
    )


def test_a_port_too_much():
    peer = "  - from: [{podSelector: {matchLabels: {app: guest}}}]\n"
    assert told(HEAD + peer, asked=80) == (
        7,
        "This ingress rule has no `ports`, so it opens every port. List only the required ports.",
    )
    ports = "    ports:\n    - {port: 80}\n    - {port: 81, endPort: 90}\n"
    assert told(HEAD + peer + ports, asked=80) == (
        10,
        "This entry of `ports` opens TCP 81-90, more than the task requires.",
    )


def test_a_rule_for_other_peers_names_its_peers_and_not_its_ports() -> None:
    own = "  - {from: [{podSelector: {matchLabels: {app: guest}}}], ports: [{port: 80}]}\n"
    for other, line, words in (
        ("  - ports: [{port: 81}]\n", 8, "has no `from`"),
        ("  - {from: [{podSelector: {}}], ports: [{port: 81}]}\n", 8, "covers every Pod"),
    ):
        where, message = told(HEAD + own + other, asked=80)
        assert (where, words in message) == (line, True), message
        assert told(HEAD + other, asked=80)[1] == (
            "This entry of `ports` opens TCP 81, more than the task requires."
        )


def test_no_policy_at_all_and_a_refused_one():
    assert told("") == (0, "No NetworkPolicy applies to traffic into shop/backend, so all of it is allowed.")
    [reason] = reasons("", refused=HEAD + "  - {}")
    assert reason.message.endswith("so all of it is allowed: NetworkPolicy shop/np is refused.")


def test_a_policy_that_misses_the_pod():
    assert told(HEAD.replace("app: backend", "app: backnd") + "  - {}") == (
        5,
        "No NetworkPolicy applies to traffic into shop/backend, so all of it is allowed: the podSelector of "
        "NetworkPolicy shop/np (app=backnd) selects no Pod at all, and shop/backend has app=backend.",
    )


def test_the_answers_policy_is_told_before_a_given_one():
    given = manifests(GIVEN + "---\n" + HEAD + "  - {}\n")
    answer = manifests(HEAD.replace("name: np", "name: mine") + "  - ports: [{port: 81}]\n")
    world = World((*given, *answer), tuple(given), tuple(answer))
    network = Network(world.objects)
    flow = network.flow(network.pods[1], network.pods[0], "TCP", 81)
    [reason] = why_open(world, network, flow, NONE)
    assert "no `from`" in reason.message


def test_a_policy_that_was_to_replace_this_one_but_is_refused():
    given = manifests(GIVEN + "---\n" + HEAD + "  - {}\n")
    world = World(tuple(given), tuple(given), refused=(Refused(manifests(HEAD)[0], ()),))
    network = Network(world.objects)
    flow = network.flow(network.pods[1], network.pods[0], "TCP", 81)
    [reason] = why_open(world, network, flow, NONE)
    assert reason.message == (
        "The answer's NetworkPolicy shop/np is refused, so the existing one still applies."
    )


def test_with_a_focus_only_that_end_is_told():
    egress = (
        HEAD.replace("name: np", "name: out")
        .replace("app: backend", "app: guest")
        .replace("  ingress", "  egress")
    )
    given, answer = manifests(GIVEN), manifests(HEAD + "  - {}\n---\n" + egress + "  - {}\n")
    world = World((*given, *answer), tuple(given), tuple(answer))
    network = Network(world.objects)
    flow = network.flow(network.pods[1], network.pods[0], "TCP", 81)
    both = [reason.location.path for reason in why_open(world, network, flow, NONE) if reason.location]
    assert both == ["spec.ingress[0]", "spec.egress[0]"]
    [reason] = why_open(world, network, flow, NONE, "egress")
    assert reason.location is not None
    assert reason.location.path == "spec.egress[0]"


def test_a_policy_of_the_same_name_in_another_namespace_replaces_nothing():
    given = manifests(GIVEN + "---\n" + HEAD + "  - {}\n")
    answer = manifests(HEAD.replace("namespace: shop", "namespace: moon"))
    world = World((*given, *answer), tuple(given), tuple(answer))
    network = Network(world.objects)
    flow = network.flow(network.pods[1], network.pods[0], "TCP", 81)
    [reason] = why_open(world, network, flow, NONE)
    assert reason.message == (
        "NetworkPolicy shop/np still applies: the answer's NetworkPolicy np is in Namespace moon."
    )
    assert reason.location is not None
    assert reason.location.path == "metadata.namespace"
