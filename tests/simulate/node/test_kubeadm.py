"""Tests of `simulate.node.kubeadm`: the rules of `EnforceVersionPolicies`, v1.35."""

from __future__ import annotations

import pytest

from tests.simulate.node.sample import NEW, run, said
from tests.table import each_row
from trainer.errors import NotJudged

READY = f"apt-get update; apt-get install -y --allow-change-held-packages kubeadm={NEW}\n"
NEWEST = READY.replace(NEW, "1.36.0-1.1")


@each_row(
    ("text", "version"),
    [
        ("kubeadm upgrade apply -y v1.34.3", "v1.34.3"),
        ("kubeadm upgrade apply -y v1.35.1", "v1.34.3"),
        (f"{READY}kubeadm upgrade apply -y v1.35.1", "v1.35.1"),
        (f"{READY}kubeadm upgrade apply 1.35.1 --yes", "v1.35.1"),
        (f"{READY}kubeadm upgrade apply 1.35.1 --yes --ignore-preflight-errors=Swap,NumCPU", "v1.35.1"),
        (f"{READY}kubeadm upgrade apply v1.35.1", "v1.34.3"),
        (f"{READY}yes | kubeadm upgrade apply v1.35.1", "v1.35.1"),
        (f"{READY}echo | kubeadm upgrade apply v1.35.1", "v1.34.3"),
        (f"{READY}kubeadm upgrade apply -y v1.35.2", "v1.34.3"),
        (f"{READY}kubeadm upgrade apply -f v1.35.2", "v1.35.2"),
        (f"{READY}kubeadm upgrade apply -y v1.36.0", "v1.34.3"),
        (f"{READY}kubeadm upgrade apply -y v1.34.9", "v1.34.3"),
        (f"{NEWEST}kubeadm upgrade apply -y v1.36.0", "v1.34.3"),
        (f"{NEWEST}kubeadm upgrade apply -f v1.36.0", "v1.34.3"),
        (f"{READY}kubeadm upgrade apply -y v1.35.1 --dry-run", "v1.34.3"),
        (f"{READY}kubeadm upgrade apply -y", "v1.34.3"),
        (f"{READY}kubeadm upgrade apply -y v1.35.1 --etcd-upgrade=false", "v1.35.1"),
    ],
)
def test_apply(text, version):
    assert run(text).after.version == version


def test_a_worker_has_no_client():
    assert said("kubeadm upgrade apply -y v1.34.3", "w1").code == 1
    assert said("kubeadm upgrade plan", "w1").code == 1


def test_node_writes_the_configuration_of_the_kubelet():
    both = f"{READY}kubeadm upgrade apply -y v1.35.1\n"
    assert run(both).after.hosts["cp"].configured == "v1.35.1"
    assert run(both).after.hosts["w1"].configured == "v1.34.3"
    assert run(f"{both}ssh w1 kubeadm upgrade node").after.hosts["w1"].configured == "v1.34.3"
    ready = READY.strip().replace("\n", ";")
    assert run(f"{both}ssh w1 '{ready}; kubeadm upgrade node'").after.hosts["w1"].configured == "v1.35.1"


def test_what_it_prints():
    assert said("kubeadm version -o short").out == "v1.34.3\n"
    assert "kubeadm upgrade apply v1.35.1" in (
        said(f"{{ {READY}}} > /dev/null; kubeadm upgrade plan | grep apply").out or ""
    )


@each_row(
    "text",
    ["kubeadm reset -f", "kubeadm upgrade apply -y stable", "kubeadm upgrade apply -y v1.34.3 --config x"],
)
def test_what_is_outside(text):
    with pytest.raises(NotJudged):
        run(text)


def test_what_only_prints():
    assert said("kubelet --version").out == "Kubernetes v1.34.3\n"
    text = "apt-get update >/dev/null; apt-get install -y --allow-change-held-packages kubelet=1.35.1-1.1 >/dev/null; kubelet --version"
    assert said(text).out == "Kubernetes v1.35.1\n"
    assert said("kubeadm config images pull --kubernetes-version v1.35.1").code == 0
    assert said("kubectl get node w1 -o jsonpath='{.status.nodeInfo.kubeletVersion}'").code == 0
    assert said("depmod -a; update-initramfs -u").code == 0
