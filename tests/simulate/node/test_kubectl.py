"""Tests of `simulate.node.kubectl` (kubectl drain, v1.35)."""

from __future__ import annotations

import pytest

from tests.simulate.node.sample import PODS, run, said
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.node.kubectl import evictable

BARE = [*PODS, {"name": "bare", "node": "w1", "owner": ""}]
SCRATCH = [*PODS, {"name": "scratch", "node": "w1", "empty_dir": True}]


def places(text, pods=PODS):
    cluster = run(text, pods=pods).after
    return {pod.name: pod.node for pod in cluster.pods}, cluster.hosts["w1"].cordoned


def test_a_drain_moves_pods_of_controllers():
    pods, cordoned = places("kubectl drain w1 --ignore-daemonsets")
    assert cordoned
    assert pods == {"web-1": "w2", "proxy-1": "w1", "etcd-cp": "cp", "dns-1": "cp"}
    assert places("kubectl drain node/w1 --ignore-daemonsets; kubectl uncordon w1")[1] is False


def test_a_refused_drain_evicts_nothing_but_cordons():
    assert places("kubectl drain w1") == (
        {"web-1": "w1", "proxy-1": "w1", "etcd-cp": "cp", "dns-1": "cp"},
        True,
    )
    assert places("kubectl drain w1 --ignore-daemonsets", BARE)[0]["web-1"] == "w1"
    assert places("kubectl drain w1 --ignore-daemonsets", SCRATCH)[0]["scratch"] == "w1"
    assert (
        places("kubectl drain w1 --ignore-daemonsets --delete-emptydir-data", SCRATCH)[0]["scratch"] == "w2"
    )
    assert "bare" not in places("kubectl drain w1 --ignore-daemonsets --force", BARE)[0]
    assert run("kubectl drain w1 --ignore-daemonsets --force", pods=BARE).after.lost == ["default/bare"]


def test_pods_wait_until_a_node_takes_them():
    assert places("kubectl drain w1 w2 --ignore-daemonsets")[0]["web-1"] == ""
    assert places("kubectl drain w1 w2 --ignore-daemonsets; kubectl uncordon w2")[0]["web-1"] == "w2"
    assert places("kubectl drain cp --ignore-daemonsets")[0] == {
        "web-1": "w1",
        "proxy-1": "w1",
        "etcd-cp": "cp",
        "dns-1": "w1",
    }


def test_what_a_drain_has_to_remove():
    cluster = run("true").after
    assert [pod.name for pod in evictable(cluster, "w1")] == ["web-1"]
    assert [pod.name for pod in evictable(cluster, "cp")] == ["dns-1"]


def test_outputs_and_exit_codes():
    assert said("kubectl get nodes --no-headers | grep -c Ready").out == "3\n"
    assert said("kubectl cordon w1; kubectl get node w1").out.splitlines()[-1].split() == [
        "w1",
        "Ready,SchedulingDisabled",
        "<none>",
        "v1.34.3",
    ]
    assert said("kubectl get pods -n kube-system | grep -c Running").out == "3\n"
    assert said("kubectl version").out == "Client Version: v1.34.3\nServer Version: v1.34.3\n"
    assert said("kubectl wait --for=condition=Ready node/w1 --timeout=60s").code == 0
    assert said("ssh w1 systemctl stop kubelet; kubectl wait --for condition=Ready node w1").code == 1
    assert said("k get nodes").code == 127
    assert said("kubectl cordon none").code == 1
    assert said("kubectl drain none").code == 1
    assert said("kubectl get nodes", "w1").code == 1


@each_row(
    "text",
    [
        "kubectl delete node w1",
        "kubectl drain w1 --pod-selector=a=b",
        "kubectl get nodes -o yaml | grep -q Ready",
        "kubectl get pods -l a=b",
        "kubectl apply -f x",
    ],
)
def test_what_is_outside(text):
    with pytest.raises(NotJudged):
        run(text)


def test_deleted_pods_come_back():
    pods, _ = places("kubectl cordon w1; kubectl delete pods --all")
    assert pods == {"web-1": "w2", "proxy-1": "w1", "etcd-cp": "cp", "dns-1": "cp"}
    assert places("kubectl delete pod -n kube-system proxy-1 dns-1")[0]["dns-1"] == "w1"
    assert run("kubectl delete pod bare", pods=BARE).after.lost == ["default/bare"]
    assert said("kubectl delete pods none").code == 1
    assert said("kubectl delete pods").code == 1
    with pytest.raises(NotJudged):
        said("kubectl delete pods -l app=web")
