"""Tests of `manifests.validation.kinds`."""

from __future__ import annotations

import pytest

from trainer.manifests.validation.kinds import KINDS, kind_of, rule_of
from trainer.manifests.validation.names import dns_label, dns_label_1035, dns_subdomain
from trainer.versions import DEFAULT, Version


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_rule_is_there(kind: tuple[str, str]) -> None:
    entry = KINDS[kind]
    assert (rule_of(entry) is None) == (entry.rule == "")


def test_an_unknown_kind_has_its_metadata_checked() -> None:
    kind = kind_of("example.com", "Widget")
    assert (kind.meta, kind.name_rule) == (True, dns_subdomain)
    assert rule_of(kind) is None


@pytest.mark.parametrize(
    ("group", "kind"),
    [
        ("", "Config"),
        ("apiserver.config.k8s.io", "EncryptionConfiguration"),
        ("kubelet.config.k8s.io", "KubeletConfiguration"),
        ("kubeadm.k8s.io", "ClusterConfiguration"),
        ("audit.k8s.io", "Event"),
    ],
)
def test_configuration_files_have_no_name(group: str, kind: str) -> None:
    assert not kind_of(group, kind).meta


def test_a_budget_has_any_name_that_a_path_can_have() -> None:
    """`ValidatePodDisruptionBudget` (pkg/apis/policy, v1.36) has no rule for names."""
    named = kind_of("policy", "PodDisruptionBudget").named(DEFAULT)
    assert (named("-A"), named("a/b") != "") == ("", True)


def test_names_of_services_are_relaxed_from_1_36_on() -> None:
    assert kind_of("", "Service").named(Version(1, 35)) is dns_label_1035
    assert kind_of("", "Service").named(Version(1, 36)) is dns_label
    assert kind_of("", "Namespace").named(Version(1, 36)) is dns_label
