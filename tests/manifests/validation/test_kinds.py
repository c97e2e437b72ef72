"""Tests of `manifests.validation.kinds`."""

from __future__ import annotations

from tests.table import each_row
from trainer.manifests.model import Document, Manifest
from trainer.manifests.validation.collect import At
from trainer.manifests.validation.kinds import KINDS, kind_of, rule_of
from trainer.manifests.validation.meta import object_meta
from trainer.manifests.validation.names import dns_label, dns_label_1035, dns_subdomain, path_segment
from trainer.verdict import Problem
from trainer.versions import DEFAULT, Version


@each_row("kind", sorted(KINDS))
def test_every_rule_is_there(kind: tuple[str, str]) -> None:
    entry = KINDS[kind]
    assert (rule_of(entry) is None) == (entry.rule == "")


def test_an_unknown_kind_has_its_metadata_checked() -> None:
    kind = kind_of("example.com", "Widget")
    assert (kind.meta, kind.name_rule) == (True, dns_subdomain)
    assert rule_of(kind) is None


@each_row(
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


@each_row(
    ("group", "kind", "known"),
    [
        ("", "Pod", True),
        ("rbac.authorization.k8s.io", "Role", True),
        ("coordination.k8s.io", "Lease", False),
        ("policy", "PodDisruptionBudget", False),
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy", False),
        ("example.com", "Widget", False),
    ],
)
def test_which_kinds_take_only_known_finalizers_without_a_domain(group: str, kind: str, known: bool) -> None:
    """`ValidateObjectMeta` of pkg/apis/core/validation is stricter than that of apimachinery (v1.36)."""
    assert kind_of(group, kind).known_finalizers is known
    data = {"apiVersion": f"{group}/v1", "kind": kind, "metadata": {"name": "a", "finalizers": ["mine"]}}
    problems: list[Problem] = []
    meta = At(Manifest(data, Document(data, "a.yaml", 1, 1, {})), DEFAULT, ("metadata",), problems)
    object_meta(meta, data["metadata"], path_segment, known_finalizers=known)
    assert len(problems) == known


def test_names_of_services_are_relaxed_from_1_36_on() -> None:
    assert kind_of("", "Service").named(Version(1, 35)) is dns_label_1035
    assert kind_of("", "Service").named(Version(1, 36)) is dns_label
    assert kind_of("", "Namespace").named(Version(1, 36)) is dns_label
