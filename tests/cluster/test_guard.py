"""Tests of `cluster.guard`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.table import each_row
from trainer.cluster.guard import Limits, LooksLikeProduction, check_names, check_size
from trainer.cluster.kubeconfig import Context

PRACTICE = Context("kind-lab", "kind-lab", "me", "default", "https://127.0.0.1:6443")


def namespaces(*names: str, labels: dict[str, str] | None = None) -> list[dict[str, Any]]:
    return [{"metadata": {"name": name, "labels": labels or {}}} for name in names]


def test_a_practice_cluster_passes() -> None:
    check_names(PRACTICE, "", Limits())
    check_size("kind-lab", "", Limits(), nodes=3, namespaces=namespaces("default", "kube-system", "sun"))
    assert Limits().nodes == 5


@each_row(
    ("context", "what"),
    [
        (Context("eks-PROD-1", "c", "u", "d", "https://x"), "its name"),
        (Context("lab", "shop-production", "u", "d", "https://x"), "its cluster"),
        (Context("lab", "c", "u", "d", "https://api.prd.example"), "its server"),
    ],
)
def test_telling_names_have_to_be_typed(context: Context, what: str) -> None:
    with pytest.raises(LooksLikeProduction, match=what) as caught:
        check_names(context, "", Limits())
    assert f"--confirm-context {context.name}" in str(caught.value)
    check_names(context, context.name, Limits())
    with pytest.raises(LooksLikeProduction):
        check_names(context, "another", Limits())


def test_patterns_can_be_set() -> None:
    check_names(Context("prod", "c", "u", "d", "s"), "", Limits(patterns=("*live*",)))
    with pytest.raises(LooksLikeProduction, match="live"):
        check_names(Context("shop-live", "c", "u", "d", "s"), "", Limits(patterns=("*live*",)))


def test_size_is_telling() -> None:
    with pytest.raises(LooksLikeProduction, match="it has 6 nodes, more than 5"):
        check_size("lab", "", Limits(), nodes=6, namespaces=[])
    check_size("lab", "lab", Limits(), nodes=600, namespaces=[])
    check_size("lab", "", Limits(), nodes=None, namespaces=None)


def test_our_own_namespaces_and_the_systems_do_not_count() -> None:
    many = [f"team-{number}" for number in range(16)]
    with pytest.raises(LooksLikeProduction, match="16 unrelated namespaces"):
        check_size("lab", "", Limits(), nodes=1, namespaces=namespaces(*many, "kube-system", "default"))
    check_size(
        "lab", "", Limits(), nodes=1, namespaces=namespaces(*many, labels={"cks-trainer/card": "pod-ro"})
    )
