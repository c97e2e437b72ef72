"""Whether a node takes a Pod."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.errors import NotJudged
from trainer.manifests.model import Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.simulate.scheduling.placement import Misfit, misfit, takes
from trainer.simulate.workloads import pod_template

NODES = """\
kind: Node
apiVersion: v1
metadata: {name: cp, labels: {zone: a}}
spec: {taints: [{key: node-role.kubernetes.io/control-plane, effect: NoSchedule}]}
---
kind: Node
apiVersion: v1
metadata: {name: worker, labels: {zone: b, disk: ssd}}
spec: {taints: [{key: soft, effect: PreferNoSchedule}]}
---
kind: Node
apiVersion: v1
metadata: {name: old, labels: {zone: c}}
spec: {unschedulable: true}
"""
AFFINITY = (
    "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [%s]}}}"
)


def of(spec: str, nodes: str = NODES) -> Misfit | None:
    document = parse(f"kind: Pod\nmetadata: {{name: a}}\nspec:\n  {spec}\n".encode(), "a.yaml").documents[0]
    pod = pod_template(Manifest(document.value, document))
    assert pod is not None
    return misfit(pod, manifests_of(parse(nodes.encode(), "n.yaml").documents)[0])


@each_row(
    "spec",
    [
        "containers: []",
        "nodeName: cp",
        "nodeName: old",
        "nodeSelector: {disk: ssd, zone: b}",
        "{nodeSelector: {zone: a}, tolerations: [{key: node-role.kubernetes.io/control-plane, operator: Exists}]}",
        "{nodeSelector: {zone: a}, tolerations: [{operator: Exists, effect: NoSchedule}]}",
        "{nodeSelector: {zone: c}, tolerations: [{operator: Exists}]}",
        AFFINITY % "{matchExpressions: [{key: zone, operator: In, values: [b, z]}]}",
        AFFINITY % "{matchFields: [{key: metadata.name, operator: In, values: [worker]}]}",
    ],
)
def test_a_node_takes_it(spec: str) -> None:
    assert of(spec) is None


@each_row(
    ("spec", "message", "field"),
    [
        ("nodeName: gone", "The cluster has no node of this name.", "nodeName"),
        ("nodeSelector: {disk: hdd}", "No node has these labels.", "nodeSelector"),
        ("nodeSelector: {zone: a}", "The Pod doesn't tolerate the taints of the nodes.", "tolerations"),
        ("nodeSelector: {zone: c}", "The Pod doesn't tolerate the taints of the nodes.", "tolerations"),
        (
            "{nodeSelector: {zone: a}, tolerations: [{key: node-role.kubernetes.io/control-plane, value: x}]}",
            "The Pod doesn't tolerate the taints of the nodes.",
            "tolerations",
        ),
        (
            AFFINITY % "{matchExpressions: [{key: zone, operator: In, values: [z]}]}",
            "No node has the labels that the affinity requires.",
            "affinity",
        ),
        ("schedulerName: mine", "No scheduler is named mine.", "schedulerName"),
        ("os: {name: windows}", "The nodes run Linux.", "os"),
    ],
)
def test_no_node_takes_it(spec: str, message: str, field: str) -> None:
    found = of(spec)
    assert found is not None
    assert (found.message, found.path[1]) == (message, field)


@each_row(
    ("spec", "message"),
    [
        ("nodeSelector: {disk: ssd}", "No node has the label disk=ssd."),
        ("nodeSelector: {example.com/disk: ssd}", "No node has the label example.com/disk=ssd."),
        ("nodeSelector: {kubernetes.io/os: windows}", "No node has the label kubernetes.io/os=windows."),
        ("schedulerName: mine", "No scheduler is named mine."),
        (
            AFFINITY % "{matchExpressions: [{key: disk, operator: Exists}]}",
            "No node has the labels that the affinity requires.",
        ),
    ],
)
def test_labels_that_nobody_set(spec: str, message: str) -> None:
    found = of(spec, "")
    assert found is not None
    assert found.message == message


@each_row(
    "spec",
    [
        "nodeName: node01",
        "nodeSelector: {kubernetes.io/hostname: node01}",
        "nodeSelector: {topology.kubernetes.io/zone: a}",
        AFFINITY % "{matchExpressions: [{key: disk, operator: NotIn, values: [hdd]}]}",
        AFFINITY % "{matchExpressions: [{key: disk, operator: Exists}]}, {matchExpressions: []}",
    ],
)
def test_what_only_unknown_nodes_can_tell(spec: str) -> None:
    with pytest.raises(NotJudged, match="because the nodes aren't known"):
        of(spec, "")


@each_row("spec", ["containers: []", "nodeSelector: {kubernetes.io/os: linux}", "os: {name: linux}"])
def test_every_cluster_has_a_linux_node(spec: str) -> None:
    assert of(spec, "") is None


@each_row(
    ("kind", "spec", "taken"),
    [
        ("DaemonSet", "{}", True),
        ("Deployment", "{}", False),
        ("DaemonSet", "{nodeName: old}", True),
        ("DaemonSet", "{nodeSelector: {kubernetes.io/hostname: old}}", True),
        ("DaemonSet", "{nodeSelector: {kubernetes.io/hostname: other}}", False),
    ],
)
def test_daemons_run_on_cordoned_nodes(kind: str, spec: str, taken: bool) -> None:
    node = manifests_of(parse(NODES.encode(), "n.yaml").documents)[0][2]
    text = f"kind: {kind}\nspec: {{template: {{spec: {spec}}}}}\n"
    document = parse(text.encode(), "a.yaml").documents[0]
    pod = pod_template(Manifest(document.value, document))
    assert pod is not None
    assert takes(node, pod) is taken


def test_a_named_node_keeps_its_taints_for_daemons() -> None:
    """Their controller asks about taints, whatever `nodeName` says; nobody asks for other Pods."""
    node = manifests_of(parse(NODES.encode(), "n.yaml").documents)[0][0]
    for kind, taken in (("DaemonSet", False), ("Deployment", True)):
        text = f"kind: {kind}\nspec: {{template: {{spec: {{nodeName: cp}}}}}}\n"
        document = parse(text.encode(), "a.yaml").documents[0]
        pod = pod_template(Manifest(document.value, document))
        assert pod is not None
        assert takes(node, pod) is taken
