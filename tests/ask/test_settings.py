"""`ask settings`."""

from __future__ import annotations

import pytest

from tests.static_pod_maker import APISERVER, ETCD, manifest, with_flags, with_mount
from trainer.ask.settings import ask_settings, shown
from trainer.errors import UsageError

POLICY = "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Metadata}]\n"


def test_a_table_with_the_deciding_lines() -> None:
    reply = ask_settings([manifest(APISERVER, "api.yaml"), manifest(ETCD)], {})
    assert (reply.question, reply.answer) == ("settings of kube-apiserver, etcd", "would start")
    assert ("kube-apiserver", "authorization-mode", "Node, RBAC", "api.yaml:17:5") in reply.rows
    assert ("kube-apiserver", "profiling", "true", "default") in reply.rows
    assert ("kube-apiserver", "admission-plugins", "defaults, NodeRestriction", "api.yaml:19:5") in reply.rows
    assert ("etcd", "client-certificates", "true", "pod.yaml:13:5") in reply.rows
    assert [one["component"] for one in reply.data["components"]] == ["kube-apiserver", "etcd"]
    every = ask_settings([manifest(ETCD)], {}, every=True)
    assert len(every.rows) > 80


def test_files_are_found_by_their_last_name() -> None:
    text = with_mount(with_flags(APISERVER, "--audit-policy-file=/etc/audit/policy.yaml"), "/etc/audit")
    assert ask_settings([manifest(text)], {"x/policy.yaml": POLICY}).answer == "would start"
    reply = ask_settings([manifest(text)], {"x/policy.yaml": POLICY.replace("Metadata", "M")})
    assert reply.answer == "kube-apiserver would not start"
    assert reply.reasons[0].location is not None
    assert reply.reasons[0].location.file == "x/policy.yaml"


def test_kubelet() -> None:
    text = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nreadOnlyPort: 10255\n"
    reply = ask_settings([manifest(text, "config.yaml")], {})
    assert ("kubelet", "readOnlyPort", "10255", "config.yaml:3:1") in reply.rows
    assert ("kubelet", "authorization.mode", "Webhook", "default") in reply.rows


def test_nothing_to_ask_about() -> None:
    with pytest.raises(UsageError):
        ask_settings([manifest("apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n")], {})


def test_values() -> None:
    assert [shown(value) for value in (None, (), False, 0, 1.5, ("a", "b"), {"a": "b"}, "")] == [
        "-",
        "-",
        "false",
        "0",
        "1.5",
        "a, b",
        "a=b",
        "-",
    ]
