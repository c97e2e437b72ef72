"""Tests of `rules.network_flow`: which flows network policies allow and deny."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import pictures
from tests.cards import CATALOGUE, solutions_of
from tests.table import each_row
from trainer.errors import UsageError
from trainer.grading.grade import grade
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.rules import network_flow
from trainer.rules.network_flow import Params
from trainer.simulate.network.flows import Network
from trainer.simulate.world import World
from trainer.verdict import Outcome, Status


def pod(namespace: str, name: str, labels: str, ports: str = "[]") -> str:
    return (
        f"---\napiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: {namespace}, labels: {labels}}}\n"
        f"spec: {{containers: [{{name: c, image: i, ports: {ports}}}]}}\n"
    )


GIVEN = "".join(
    [
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {team: a}}\n",
        "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: other, labels: {team: b}}\n",
        pod("shop", "backend", "{app: backend}", "[{name: http, containerPort: 8080}]"),
        pod("shop", "frontend", "{app: frontend}"),
        pod("shop", "guest", "{app: guest}"),
        pod("other", "frontend", "{app: frontend}"),
        pod("other", "bare", "{}"),
        "---\napiVersion: v1\nkind: Service\nmetadata: {name: backend, namespace: shop}\n"
        "spec: {clusterIP: 10.96.0.9, selector: {app: backend}, ports: [{port: 80, targetPort: http}]}\n",
    ]
)
HEAD = """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: np, namespace: shop}
spec:
  podSelector: {matchLabels: {app: backend}}
  policyTypes: [Ingress]
"""
GOOD = (
    HEAD
    + """  ingress:
  - from:
    - podSelector: {matchLabels: {app: frontend}}
    ports: [{port: 8080}]
"""
)
ONLY_FRONTEND = """
allow:
- {from: shop/app=frontend, to: shop/app=backend, port: 8080}
deny:
- {from: "*/*", to: shop/app=backend}
- {from: outside, to: shop/app=backend}
rest: unchanged
"""


def manifests(text: str, file: str) -> tuple[Manifest, ...]:
    return tuple(Manifest(document.value, document) for document in parse(text.encode(), file).documents)


def params(text: str) -> Params:
    return msgspec.convert(parse(text.encode(), "card.yaml").documents[0].value, Params)


def judged(answer: str, check: str = ONLY_FRONTEND, given: str = GIVEN) -> Outcome:
    before, handed_in = manifests(given, "given.yaml"), manifests(answer, "policy.yaml")
    names = {(one.kind, one.namespace, one.name) for one in handed_in}
    kept = [one for one in before if (one.kind, one.namespace, one.name) not in names]
    return pictures.judged(network_flow, World((*kept, *handed_in), before, handed_in), params(check))


def places(outcome: Outcome) -> list[tuple[int, str]]:
    return [(one.location.line, one.location.path) if one.location else (0, "") for one in outcome.reasons]


@each_row(
    "answer",
    [
        GOOD,
        GOOD.replace(
            "{matchLabels: {app: frontend}}",
            "{matchExpressions: [{key: app, operator: In, values: [frontend]}]}",
        ),
        GOOD.replace("{port: 8080}", "{port: 8080, protocol: TCP}"),
        GOOD.replace("{port: 8080}", "{port: http}"),
        GOOD.replace("  policyTypes: [Ingress]\n", ""),
        GOOD.replace(
            "- podSelector",
            "- namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}\n      podSelector",
        ),
        GOOD + HEAD.replace("apiVersion", "---\napiVersion", 1).replace("name: np", "name: deny"),
    ],
)
def test_right_answers_in_any_form_pass(answer):
    assert judged(answer) == Outcome(Status.PASS)


@each_row(
    ("answer", "place", "evidence"),
    [
        (
            GOOD.replace("    ports", "    - namespaceSelector: {}\n    ports"),
            (10, "spec.ingress[0].from[1]"),
            "other/bare reaches shop/backend on TCP 8080.",
        ),
        (GOOD + "  - {}\n", (11, "spec.ingress[1]"), "other/bare reaches shop/backend on every port."),
        (
            GOOD.replace("    ports: [{port: 8080}]\n", ""),
            (8, "spec.ingress[0]"),
            "shop/frontend reaches shop/backend on every other port.",
        ),
        (
            GOOD.replace("{port: 8080}", "{port: 8080, endPort: 8081}"),
            (10, "spec.ingress[0].ports[0]"),
            "shop/frontend reaches shop/backend on TCP 8081.",
        ),
        (
            GOOD.replace("{port: 8080}", "{port: 8080, protocol: UDP}"),
            (10, "spec.ingress[0].ports[0]"),
            "shop/frontend doesn't reach shop/backend on TCP 8080.",
        ),
        (
            GOOD.replace("namespace: shop", "namespace: other"),
            (3, "metadata.namespace"),
            "other/bare reaches shop/backend on every port.",
        ),
        (
            GOOD.replace("[Ingress]", "[Ingress, Egress]"),
            (6, "spec.policyTypes"),
            "shop/backend no longer reaches other/bare on any port.",
        ),
        (
            GOOD.replace("{matchLabels: {app: backend}}", "{}"),
            (5, "spec.podSelector"),
            "other/bare no longer reaches shop/frontend on any port.",
        ),
    ],
)
def test_wrong_answers_fail_with_the_line_and_the_flow(answer, place, evidence):
    outcome = judged(answer)
    assert outcome.status is Status.FAIL
    assert place in places(outcome)
    assert evidence in outcome.evidence


def test_no_answer_fails_without_a_line():
    outcome = judged("{apiVersion: v1, kind: ConfigMap, metadata: {name: x, namespace: shop}}")
    assert places(outcome) == [(0, "")]
    assert outcome.reasons[0].message == (
        "No NetworkPolicy applies to traffic into shop/backend, so all of it is allowed."
    )


def test_the_rest_unchanged_also_means_other_namespaces():
    extra = HEAD.replace("namespace: shop", "namespace: other").replace("{matchLabels: {app: backend}}", "{}")
    outcome = judged(GOOD + "---\n" + extra)
    assert outcome.evidence[0] == "other/bare no longer reaches other/frontend on any port."


def test_flows_that_become_open_are_changes_too():
    given = GIVEN + "---\n" + GOOD
    wider = GOOD.replace("{port: 8080}", "{port: 8080}, {port: 9}")
    outcome = judged(wider, "rest: unchanged", given)
    assert outcome.evidence == ("shop/frontend now reaches shop/backend on TCP 9.",)
    assert judged(
        wider, "rest: ignored\nallow: [{from: shop/frontend, to: shop/backend, port: 9}]", given
    ) == Outcome(Status.PASS)


def test_ignored_flows_are_another_checks_matter():
    mine = "ignore: [{from: shop/app=frontend, to: shop/backend, port: 8080}]"
    check = "{deny: [{from: '*/*', to: shop/app=backend}], " + mine + "}"
    assert judged(GOOD, check) == Outcome(Status.PASS)
    assert judged(HEAD, check) == Outcome(Status.PASS)
    both = "{rest: unchanged, ignore: [{from: '*/*', to: shop/backend}, {from: outside, to: shop/backend}]}"
    assert judged(HEAD, both) == (Outcome(Status.PASS))
    assert judged(HEAD, "{rest: unchanged, ignore: [{from: '*/*', to: shop/backend}]}").evidence == (
        "203.0.113.7 no longer reaches shop/backend on any port.",
    )


class TestNobodyElse:
    """What the world doesn't have counts, too."""

    MORE = "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: more, namespace: shop}\n"
    PEER = GOOD.replace("    ports", "    - PEER\n    ports")

    @each_row(
        ("peer", "evidence"),
        [
            ("podSelector: {matchLabels: {app: new}}", "A new Pod with app=new in Namespace shop"),
            (
                "podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [guest, backend, x]}]}",
                "A new Pod without labels in Namespace shop",
            ),
            (
                "podSelector: {matchExpressions: [{key: app, operator: DoesNotExist}]}",
                "A new Pod without labels in Namespace shop",
            ),
            (
                "namespaceSelector: {matchLabels: {team: c}}",
                "A new Pod without labels in another Namespace with team=c",
            ),
            (
                "namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, values: [a, b]}]}",
                "A new Pod without labels in another Namespace",
            ),
            (
                "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}",
                "A new Pod without labels in Namespace kube-system",
            ),
            ("ipBlock: {cidr: 192.0.2.9/32}", "192.0.2.9"),
            ("ipBlock: {cidr: 192.0.2.0/24, except: [192.0.2.0/25]}", "192.0.2.128"),
            ("ipBlock: {cidr: '2001:db8::/64'}", "2001:db8::"),
        ],
    )
    def test_an_opening_for_what_the_world_lacks(self, peer, evidence):
        outcome = judged(self.PEER.replace("PEER", peer), ONLY_FRONTEND)
        assert outcome.status is Status.FAIL
        assert places(outcome) == [(10, "spec.ingress[0].from[1]")]
        assert f"{evidence} reaches shop/backend on TCP 8080." in outcome.evidence

    @each_row("number", ["8081", "8079", "65535", "1", "9000, endPort: 9001"])
    @each_row("protocol", ["TCP", "UDP", "SCTP"])
    def test_another_port(self, number, protocol):
        wider = GOOD.replace("{port: 8080}", f"{{port: 8080}}, {{port: {number}, protocol: {protocol}}}")
        assert places(judged(wider)) == [(10, "spec.ingress[0].ports[1]")]

    def test_a_port_name_that_no_pod_declares_yet(self):
        named = judged(GOOD.replace("{port: 8080}", "{port: 8080}, {port: admin}"))
        assert places(named) == [(10, "spec.ingress[0].ports[1]")]
        assert (
            "shop/frontend reaches a new Pod with app=backend in Namespace shop on TCP 1." in named.evidence
        )
        assert judged(GOOD.replace("{port: 8080}", "{port: http}")) == Outcome(Status.PASS)

    def test_a_pod_and_its_twin(self):
        twin = self.MORE + (
            "spec:\n  podSelector: {matchLabels: {app: backend}}\n  ingress:\n"
            "  - from: [{podSelector: {matchLabels: {app: backend}}}]\n"
        )
        assert (
            "shop/backend reaches a new Pod with app=backend in Namespace shop on every port."
            in judged(GOOD + twin).evidence
        )

    def test_what_the_answer_narrows_is_lost(self):
        narrow = GOOD.replace("{app: frontend}", "{app: frontend, tier: web}")
        given = GIVEN.replace("{app: frontend}", "{app: frontend, tier: web}")
        check = "allow: [{from: shop/app=frontend, to: shop/app=backend, port: 8080}]"
        assert judged(narrow, check, given).evidence == (
            "A new Pod with app=frontend in Namespace shop doesn't reach shop/backend on TCP 8080.",
        )
        assert judged(
            narrow, check.replace("shop/app=frontend", "'shop/app=frontend,tier=web'"), given
        ) == Outcome(Status.PASS)
        selector = GOOD.replace("{matchLabels: {app: backend}}", "{matchLabels: {app: backend, v: '1'}}")
        given = GIVEN.replace("{app: backend}", "{app: backend, v: '1'}", 1)
        deny = "deny: [{from: '*/*', to: shop/app=backend}]\nignore: [{from: shop/app=frontend, to: shop/app=backend}]"
        assert judged(GOOD, deny, given) == Outcome(Status.PASS)
        assert (
            "other/bare reaches a new Pod with app=backend in Namespace shop on every port."
            in judged(selector, deny, given).evidence
        )

    def test_namespaces_by_their_labels(self):
        check = "allow: [{from: team=b/*, to: shop/app=backend, port: 8080}]"
        by_label = GOOD.replace(
            "podSelector: {matchLabels: {app: frontend}}", "namespaceSelector: {matchLabels: {team: b}}"
        )
        by_name = by_label.replace("{team: b}", "{kubernetes.io/metadata.name: other}")
        assert judged(by_label, check) == Outcome(Status.PASS)
        outcome = judged(by_name, check)
        assert outcome.evidence == (
            "A new Pod without labels in another Namespace with team=b doesn't reach shop/backend on TCP 8080.",
        )
        assert outcome.reasons[0].message == (
            "`from` of this ingress rule doesn't cover a new Pod without labels in another Namespace with team=b: "
            "the namespaceSelector is kubernetes.io/metadata.name=other, its Namespace has team=b."
        )

    def test_a_name_stands_for_its_labels(self):
        deny = "deny: [{from: '*/*', to: shop/app=backend}]\nignore: [{from: WHO, to: shop/app=backend}]"
        by_label = GOOD.replace(
            "- podSelector", "- namespaceSelector: {matchLabels: {team: b}}\n      podSelector"
        )
        assert judged(GOOD, deny.replace("WHO", "shop/frontend")) == Outcome(Status.PASS)
        by_name = by_label.replace("team: b", "kubernetes.io/metadata.name: other")
        assert judged(by_name, deny.replace("WHO", "other/frontend")) == Outcome(Status.PASS)
        assert judged(by_name, deny.replace("WHO", "other/app=frontend")) == Outcome(Status.PASS)
        assert judged(by_label, deny.replace("WHO", "team=b/app=frontend")) == Outcome(Status.PASS)
        for who in ("other/frontend", "other/app=frontend", "other/*"):
            assert judged(by_label, deny.replace("WHO", who)).evidence == (
                "A new Pod with app=frontend in another Namespace with team=b reaches shop/backend on TCP 8080.",
            )
        widened = GOOD.replace(
            "{matchLabels: {app: frontend}}", "{matchExpressions: [{key: app, operator: Exists}]}"
        )
        assert judged(widened, deny.replace("WHO", "shop/frontend")).status is Status.FAIL

    def test_the_direction_that_must_forbid(self):
        egress = HEAD.replace("[Ingress]", "[Ingress, Egress]") + "  egress: [{to: [{podSelector: {}}]}]\n"
        shut = self.MORE + "spec: {podSelector: {}}\n"
        check = "deny: [{from: shop/app=backend, to: '*/*'BY}]"
        assert judged(egress + shut, check.replace("BY", "")) == Outcome(Status.PASS)
        outcome = judged(egress + shut, check.replace("BY", ", by: egress"))
        assert places(outcome) == [(7, "spec.egress[0].to[0]")]
        assert outcome.evidence[0] == "Egress from shop/backend to shop/frontend is allowed on every port."
        assert judged(GOOD, "deny: [{from: '*/*', to: shop/app=guest, by: ingress}]").status is Status.FAIL
        with pytest.raises(msgspec.ValidationError, match="by belongs to rows of deny"):
            params("allow: [{from: a/b, to: c/d, by: egress}]")


class TestNetworks:
    OUT = HEAD.replace("[Ingress]", "[Egress]") + "  egress: [{to: [BLOCKS]}]\n"
    CHECK = (
        "allow: [{from: shop/app=backend, to: 'ip:NET'}]\n"
        "deny: [{from: shop/app=backend, to: outside}, {from: shop/app=backend, to: '*/*'}]"
    )

    @each_row(
        ("named", "blocks", "evidence"),
        [
            ("203.0.113.0/24", ["203.0.113.0/24"], None),
            ("203.0.113.0/24", ["203.0.113.0/25", "203.0.113.128/25"], None),
            ("203.0.113.7", ["203.0.113.7/32"], None),
            ("203.0.113.0/24", ["203.0.113.0/25"], "shop/backend doesn't reach 203.0.113.128 on any port."),
            ("203.0.113.0/24", ["203.0.112.0/23"], "shop/backend reaches 203.0.112.0 on every port."),
            ("203.0.113.7", ["203.0.113.6/31"], "shop/backend reaches 203.0.113.6 on every port."),
            ("203.0.113.7", ["203.0.0.0/16"], "shop/backend reaches 203.0.0.0 on every port."),
            ("203.0.113.7", ["128.0.0.0/1"], "shop/backend reaches 198.51.100.7 on every port."),
            (
                "203.0.113.0/24",
                ["203.0.113.0/24", "2001:db8::/64"],
                "shop/backend reaches 2001:db8:: on every port.",
            ),
        ],
    )
    def test_allowed_and_nothing_else(self, named, blocks, evidence):
        written = ", ".join(f"{{ipBlock: {{cidr: '{block}'}}}}" for block in blocks)
        outcome = judged(self.OUT.replace("BLOCKS", written), self.CHECK.replace("NET", named))
        assert outcome.evidence[:1] == ((evidence,) if evidence else ())
        assert (outcome.status is Status.PASS) == (evidence is None)

    def test_denied_and_ignored(self):
        block = self.OUT.replace("BLOCKS", "{ipBlock: {cidr: 203.0.112.0/23, except: [203.0.113.0/25]}}")
        deny = "deny: [{from: shop/app=backend, to: 'ip:NET'}]"
        assert judged(block, deny.replace("NET", "203.0.113.0/25")) == Outcome(Status.PASS)
        assert judged(block, deny.replace("NET", "203.0.113.0/24")).evidence == (
            "shop/backend reaches 203.0.113.128 on every port.",
        )
        ignore = (
            "deny: [{from: shop/app=backend, to: outside}]\nignore: [{from: shop/app=backend, to: 'ip:NET'}]"
        )
        assert judged(block, ignore.replace("NET", "203.0.112.0/23")) == Outcome(Status.PASS)
        assert judged(block, ignore.replace("NET", "203.0.112.0/24")).status is Status.FAIL

    def test_a_family_that_no_pod_has_cannot_be_lost(self):
        both = "{ipBlock: {cidr: 0.0.0.0/0}}, {ipBlock: {cidr: '::/0', except: ['fd00:ec2::254/128']}}"
        assert judged(self.OUT.replace("BLOCKS", both), "rest: unchanged") == Outcome(Status.PASS)

    def test_a_network_without_any_address_is_a_mistake_of_the_card(self):
        with pytest.raises(UsageError, match=r"nothing in this card's world matches ip:127\.0\.0\.0/8"):
            judged(GOOD, "deny: [{from: shop/guest, to: 'ip:127.0.0.0/8'}]")


class TestRestDenied:
    CHECK = (
        "{allow: [{from: shop/app=frontend, to: shop/app=backend, port: 8080}], rest: denied, within: [shop]}"
    )
    DENY_ALL = """---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
"""
    OUT = """---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: out, namespace: shop}
spec:
  podSelector: {matchLabels: {app: frontend}}
  policyTypes: [Egress]
  egress: [{to: [{podSelector: {matchLabels: {app: backend}}}], ports: [{port: 8080}]}]
"""

    def test_within_namespaces(self):
        assert judged(GOOD + self.DENY_ALL + self.OUT, self.CHECK) == Outcome(Status.PASS)
        outcome = judged(GOOD + self.DENY_ALL + self.OUT.replace("8080", "8080, endPort: 9000"), self.CHECK)
        assert outcome == Outcome(Status.PASS)  # the backend lets 8080 in alone
        outcome = judged(GOOD + self.OUT, self.CHECK)
        assert "shop/backend reaches other/bare on every port." in outcome.evidence

    def test_beyond_them_nothing_may_change(self):
        beyond = self.DENY_ALL.replace("namespace: shop", "namespace: other")
        outcome = judged(GOOD + self.DENY_ALL + self.OUT + beyond, self.CHECK)
        assert outcome.evidence == (
            "other/bare no longer reaches other/frontend on any port.",
            "other/bare no longer reaches 203.0.113.7 on any port.",
            "other/frontend no longer reaches other/bare on any port.",
            "other/frontend no longer reaches 203.0.113.7 on any port.",
            "203.0.113.7 no longer reaches other/bare on any port.",
            "5 more flows are wrong in the same way.",
        )

    def test_everywhere(self):
        outcome = judged(GOOD + self.DENY_ALL + self.OUT, self.CHECK.replace(", within: [shop]", ""))
        assert outcome.status is Status.FAIL


def test_what_no_policy_can_forbid_is_no_fault():
    host = (
        "---\napiVersion: v1\nkind: Pod\nmetadata: {name: agent, namespace: shop}\n"
        "spec: {hostNetwork: true, nodeName: n1, containers: [{name: c, image: i}]}\n"
    )
    given = GIVEN.replace("spec: {containers", "spec: {nodeName: n1, containers") + host
    assert judged(GOOD, given=given) == Outcome(Status.PASS)
    other_node = given.replace("hostNetwork: true, nodeName: n1", "hostNetwork: true, nodeName: n2")
    assert judged(GOOD, given=other_node) == Outcome(Status.PASS)
    block = GOOD.replace("    ports", "    - ipBlock: {cidr: 192.168.0.0/16}\n    ports")
    assert "shop/agent reaches shop/backend on TCP 8080." in judged(block, given=other_node).evidence


def test_outside_is_sampled_in_every_piece_that_blocks_cut():
    block = GOOD.replace("    ports", "    - ipBlock: {cidr: 198.51.100.64/32}\n    ports")
    outcome = judged(block)
    assert outcome.evidence == ("198.51.100.64 reaches shop/backend on TCP 8080.",)
    check = "allow: [{from: outside, to: shop/backend, port: 8080}]"
    assert judged(GOOD, check).reasons[0].message == (
        "`from` of this ingress rule doesn't cover 203.0.113.7: selectors match only Pods."
    )


def test_services_lead_to_the_ports_of_their_pods():
    check = "allow: [{from: shop/app=frontend, to: 'service:shop/backend', port: 80}]\n"
    assert judged(GOOD, check) == Outcome(Status.PASS)
    deny = "deny: [{from: shop/guest, to: 'service:shop/backend'}]"
    assert judged(GOOD, deny) == Outcome(Status.PASS)
    assert judged(HEAD + "  ingress: [{}]", deny).evidence == (
        "shop/guest reaches shop/backend on TCP 8080.",
    )


def test_a_pod_that_the_answer_makes_is_judged_too():
    deployment = (
        "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\n"
        "spec: {template: {metadata: {labels: {app: LABEL}}, spec: {containers: [{name: c}]}}}\n"
    )
    check = "allow: [{from: shop/app=web, to: shop/web, port: 1}, {from: shop/web, to: other/bare, port: 80}]\nrest: unchanged"
    assert judged(deployment.replace("LABEL", "web"), check) == Outcome(Status.PASS)
    outcome = judged(deployment.replace("LABEL", "wbe"), check)
    assert [one.message for one in outcome.reasons] == ["No Pod matches shop/app=web."]


def test_a_name_that_means_no_pod_is_a_mistake_of_the_card():
    with pytest.raises(UsageError, match="shop/app=nobody"):
        judged(GOOD, "allow: [{from: shop/app=nobody, to: shop/backend, port: 80}]")
    with pytest.raises(UsageError, match="service:shop/nothing"):
        judged(GOOD, "allow: [{from: shop/guest, to: 'service:shop/nothing', port: 80}]")


@each_row("text", ["{}", "rest: unchanged\nwithin: [shop]", "allow: [{from: x, to: y/z}]"])
def test_parameters_that_make_no_check(text):
    with pytest.raises(msgspec.ValidationError):
        params(text)


PEERS = st.sampled_from(
    [
        "{podSelector: {}}",
        "{podSelector: {matchLabels: {app: frontend}}}",
        "{namespaceSelector: {matchLabels: {team: b}}}",
        "{namespaceSelector: {}, podSelector: {matchLabels: {app: frontend}}}",
        "{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}",
    ]
)
PORTS = st.sampled_from(
    ["{port: 8080}", "{port: http}", "{port: 8080, protocol: UDP}", "{port: 8000, endPort: 8080}"]
)


@given(st.lists(PEERS, max_size=2), st.lists(PORTS, max_size=2), st.sampled_from([8080, 8000, 80]))
def test_verdicts_agree_with_the_engine(peers, ports, port):
    answer = HEAD + f"  ingress: [{{from: [{', '.join(peers)}], ports: [{', '.join(ports)}]}}]\n"
    network = Network(manifests(GIVEN + "---\n" + answer, "all.yaml"))
    ends = {end.title: end for end in network.pods}
    reached = network.flow(ends["other/frontend"], ends["shop/backend"], "TCP", port).allowed
    row = f"[{{from: other/frontend, to: shop/backend, port: {port}}}]"
    assert (judged(answer, f"allow: {row}").status is Status.PASS) == reached
    denied = judged(answer, f"deny: {row}")
    assert (denied.status is Status.FAIL) == reached
    assert bool(denied.reasons) == bool(denied.evidence) == reached


@each_row(
    ("card", "answer", "check", "place"),
    [
        ("np-metadata", "wrong-ports", "rest-unchanged", "spec.egress[0].ports[0]"),
        ("np-metadata", "wrong-second-exception", "rest-unchanged", "spec.egress[0].to[0].ipBlock.except[1]"),
        ("np-metadata", "wrong-whole-link-local", "rest-unchanged", "spec.egress[0].to[0].ipBlock.except[0]"),
        ("np-metadata", "wrong-neighbour", "rest-unchanged", "spec.egress[0].to[0].ipBlock.except[0]"),
        ("np-metadata", "wrong-neighbour", "no-metadata", "spec.egress[0].to[0].ipBlock.except"),
        ("np-metadata", "wrong-allow", "rest-unchanged", "spec.egress[0].to[0]"),
        ("np-metadata", "wrong-ingress", "rest-unchanged", "spec.policyTypes"),
        ("np-db-access", "wrong-egress-rules", "rest-unchanged", "spec.policyTypes"),
        ("np-db-access", "wrong-every-pod", "rest-unchanged", "spec.podSelector"),
        ("np-db-access", "wrong-namespace-label", "nobody-else-in", "spec.ingress[0].from[0]"),
        ("np-and-or", "wrong-selects-all", "rest-unchanged", "spec.podSelector"),
    ],
)
def test_the_first_reason_points_at_the_line_to_change(
    card: str, answer: str, check: str, place: str
) -> None:
    """Stored answers: an exception, ports, a direction or the selector, whichever is the mistake."""
    [wrong] = [one for one in solutions_of(card).wrong if one.name == answer]
    [result] = [one for one in grade(CATALOGUE.get(card), wrong.answer).checks if one.id == check]
    assert result.reasons[0].location is not None
    assert result.reasons[0].location.path == place
