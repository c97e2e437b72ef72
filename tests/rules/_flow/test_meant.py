"""Policies that miss the pod that they seem to be meant for."""

from __future__ import annotations

from tests.table import each_row
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.rules._flow.meant import meant_policies, selected
from trainer.simulate.network.flows import Network
from trainer.simulate.world import World

GIVEN = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: c}]}
---
apiVersion: v1
kind: Pod
metadata: {name: bare, namespace: shop}
spec: {containers: [{name: c}]}
"""


def policy(selector: str, rest: str = "", namespace: str = "shop") -> str:
    return (
        f"---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: np, namespace: {namespace}}}\n"
        f"spec: {{podSelector: {selector}{rest}}}\n"
    )


def manifests(text: str) -> list[Manifest]:
    return [Manifest(document.value, document) for document in parse(text.encode(), "p.yaml").documents]


def slips(answer: str, title: str = "shop/web", given: str = "") -> list[tuple[str, bool, str]]:
    before, handed_in = manifests(GIVEN + given), manifests(answer)
    world = World((*before, *handed_in), tuple(before), tuple(handed_in))
    network = Network(world.objects)
    end = next((end for end in network.pods if end.title == title), None) or network.address(title)
    found = meant_policies(world, network, end, "ingress")
    return [(slip.fact, slip.sure, slip.location.path) for slip in found]


@each_row(
    ("answer", "expected"),
    [
        (policy("{matchLabels: {app: web}}"), []),
        (
            policy("{matchLabels: {app: wbe}}"),
            [
                (
                    "the podSelector of NetworkPolicy shop/np (app=wbe) selects no Pod at all, and shop/web has app=web",
                    True,
                    "spec.podSelector",
                )
            ],
        ),
        (
            policy("{matchExpressions: [{key: app, operator: DoesNotExist}]}"),
            [
                (
                    "the podSelector of NetworkPolicy shop/np (!app) selects only other Pods, and shop/web has app=web",
                    False,
                    "spec.podSelector",
                )
            ],
        ),
        (
            policy("{}", ", policyTypes: [Egress]"),
            [
                (
                    "NetworkPolicy shop/np selects it, but its `policyTypes` omit Ingress",
                    True,
                    "spec.policyTypes",
                )
            ],
        ),
        (
            policy("{matchLabels: {app: web}}", namespace="moon"),
            [
                (
                    "NetworkPolicy moon/np selects only Pods of its own Namespace moon",
                    True,
                    "metadata.namespace",
                )
            ],
        ),
        (policy("{matchLabels: {app: db}}", namespace="moon"), []),
        (policy("{matchLabels: {app: wbe}}", ", policyTypes: [Egress]"), []),
    ],
)
def test_slips(answer, expected):
    assert slips(answer) == expected


def test_only_policies_of_the_answer_are_suspected_and_only_for_pods():
    assert slips("", given=policy("{matchLabels: {app: wbe}}")) == []
    assert slips(policy("{matchLabels: {app: wbe}}"), title="8.8.8.8") == []
    network = Network(manifests(GIVEN + policy("{}")))
    assert [end.title for end in selected(network, network.policies[0])] == ["shop/bare", "shop/web"]
