"""Tests of the rule `node-upgrade`."""

from __future__ import annotations

import msgspec
import pytest

from tests.pictures import judging
from tests.rules._node.given import world
from tests.simulate.node.sample import NEW
from tests.table import each_row
from trainer.errors import UsageError
from trainer.rules import node_upgrade
from trainer.rules.node_upgrade import Params
from trainer.verdict import Status

judge = judging(node_upgrade)

WANTED = msgspec.convert(
    {
        "version": "v1.35.1",
        "nodes": {"cp": {"kubelet": "v1.35.1", "configured": "v1.35.1", "scheduling": True}},
        "packages": {"kubectl": NEW},
        "steps": ["skew", "drain"],
        "pods": "running",
    },
    Params,
)
RIGHT = f"""apt-get update
apt-get install -y --allow-change-held-packages kubeadm={NEW}
kubeadm upgrade apply -y v1.35.1
kubectl drain cp --ignore-daemonsets
apt-get install -y --allow-change-held-packages kubelet={NEW} kubectl={NEW}
systemctl restart kubelet
kubectl uncordon cp
"""


def test_right():
    assert judge(world(RIGHT), WANTED).status is Status.PASS


@each_row(
    ("text", "line", "words"),
    [
        (RIGHT.replace("kubeadm upgrade apply", "echo"), 1, "control plane has version v1.34.3"),
        (RIGHT.replace(" -y v1.35.1", " v1.35.1"), 3, 'asks "Are you sure'),
        (
            RIGHT.replace("systemctl restart kubelet", "true"),
            1,
            "The kubelet of cp runs v1.34.3, not v1.35.1.",
        ),
        (RIGHT.replace("kubectl uncordon cp", "true"), 4, "cp takes no new Pods."),
        (RIGHT.replace("kubectl drain cp --ignore-daemonsets", "true"), 6, "Drain a node before"),
        (RIGHT.replace(f" kubectl={NEW}", ""), 1, "Package kubectl has version"),
        (
            RIGHT.replace(
                "kubectl uncordon cp", "kubectl drain w1 w2 --ignore-daemonsets\nkubectl uncordon cp"
            ),
            7,
            "no node takes it",
        ),
    ],
)
def test_wrong(text, line, words):
    outcome = judge(world(text), WANTED)
    assert outcome.status is Status.FAIL
    assert any(
        words in reason.message and reason.location.line == line
        for reason in outcome.reasons
        if reason.location
    )
    assert outcome.evidence
    assert not {reason.message for reason in outcome.reasons} & set(outcome.evidence)


def test_a_newer_kubelet_is_wrong_even_if_the_api_server_follows():
    first, second, apply, *rest = RIGHT.splitlines()
    outcome = judge(world("\n".join([first, second, *rest, apply])), WANTED)
    assert [reason.message for reason in outcome.reasons] == [
        "A kubelet must never be newer than the API server."
    ]
    assert outcome.evidence == ("The kubelet of cp runs v1.35.1, the API server v1.34.3.",)


def test_a_refused_drain_is_the_cause():
    (reason,) = judge(
        world(RIGHT.replace(" --ignore-daemonsets", " --timeout=9s").replace("drain cp", "drain w1 cp")),
        WANTED,
    ).reasons[:1]
    assert "Line 4 fails: error: unable to drain node" in reason.message
    assert reason.location is not None
    assert reason.location.line == 6


def test_a_pod_without_a_controller_is_lost():
    from trainer.rules.node_upgrade import judge as again
    from trainer.simulate.world import World

    node = dict(world("").node)
    node["pods"] = [*node["pods"], {"name": "bare", "node": "cp", "owner": ""}]
    text = RIGHT.replace("--ignore-daemonsets", "--ignore-daemonsets --force")
    outcome = again(World((), texts={"node.sh": text}, node=node), WANTED)
    assert [reason.message for reason in outcome.reasons] == [
        "Pod default/bare is gone: it has no controller that makes it again."
    ]


def test_an_unknown_node_is_a_fault_of_the_card():
    with pytest.raises(UsageError, match="w9"):
        judge(world(RIGHT), msgspec.convert({"nodes": {"w9": {}}}, Params))
