"""`explain`: names of kinds, and the text in the form of `kubectl explain`."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.ask.explain import as_data, ask_explain, explained_lines
from trainer.errors import UsageError
from trainer.versions import DEFAULT


@each_row(
    "words, api_version, kind, path",
    [
        ("pod", "v1", "Pod", ""),
        ("po.spec", "v1", "Pod", "spec"),
        ("Pods.spec.containers[].image", "v1", "Pod", "spec.containers.image"),
        ("netpol.spec.ingress.from", "networking.k8s.io/v1", "NetworkPolicy", "spec.ingress.from"),
        ("deploy", "apps/v1", "Deployment", ""),
        ("hpa", "autoscaling/v2", "HorizontalPodAutoscaler", ""),
        ("events", "v1", "Event", ""),
        (
            "kubeletconfiguration.authorization",
            "kubelet.config.k8s.io/v1beta1",
            "KubeletConfiguration",
            "authorization",
        ),
        ("Policy.rules", "audit.k8s.io/v1", "Policy", "rules"),
    ],
)
def test_a_kind_has_many_names(words: str, api_version: str, kind: str, path: str) -> None:
    shown = ask_explain(words, DEFAULT)
    assert (shown.api_version, shown.kind, ".".join(shown.path)) == (api_version, kind, path)


def test_another_group_is_named() -> None:
    assert ask_explain("Policy", DEFAULT, "kyverno.io/v1").api_version == "kyverno.io/v1"
    with pytest.raises(UsageError, match="no kind 'Pod' in apps/v1"):
        ask_explain("Pod", DEFAULT, "apps/v1")
    with pytest.raises(UsageError) as caught:
        ask_explain("Networkpolici", DEFAULT)
    assert "NetworkPolicy" in caught.value.remedy
    with pytest.raises(UsageError):
        ask_explain("..", DEFAULT)


def test_the_text_is_what_kubectl_prints() -> None:
    lines = list(explained_lines(ask_explain("netpol.spec.policyTypes", DEFAULT)))
    assert lines[:7] == [
        "GROUP:      networking.k8s.io",
        "KIND:       NetworkPolicy",
        "VERSION:    v1",
        "",
        "FIELD: policyTypes <[]string>",
        "  values: Ingress, Egress",
        "",
    ]
    assert lines[7] == "DESCRIPTION:"
    assert lines[8].startswith("    policyTypes is a list of rule types")
    assert max(map(len, explained_lines(ask_explain("pod.spec", DEFAULT), 60))) < 110
    assert "  containers <[]Container> -required-" in list(explained_lines(ask_explain("pod.spec", DEFAULT)))
    assert "    <no description>" in list(explained_lines(ask_explain("Policy", DEFAULT)))


def test_the_data_says_the_same() -> None:
    data = as_data(ask_explain("pod.spec.restartPolicy", DEFAULT))
    assert data["path"] == "spec.restartPolicy"
    assert data["values"] == ["Always", "OnFailure", "Never"]
    assert (data["type"], data["required"], data["fields"]) == ("string", False, [])
