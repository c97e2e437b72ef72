"""What a cluster makes by itself: updated for a card, and restored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cluster.fake_api import Fake
from tests.table import each_row
from trainer.cluster.adopt import adopt, is_adopted, is_made_by_cluster, restore
from trainer.cluster.apply import live_of
from trainer.cluster.client import Cluster
from trainer.cluster.gate import Consent
from trainer.cluster.labels import BEFORE

Open = Callable[..., Cluster]
ACCOUNT = {
    "apiVersion": "v1",
    "kind": "ServiceAccount",
    "metadata": {"name": "default", "namespace": "default"},
}
LABEL = {"kubernetes.io/bootstrapping": "rbac-defaults"}


@each_row(
    ("kind", "metadata", "made"),
    [
        ("ServiceAccount", {"name": "default"}, True),
        ("ServiceAccount", {"name": "bot"}, False),
        ("ConfigMap", {"name": "kube-root-ca.crt"}, True),
        ("ConfigMap", {"name": "default"}, False),
        ("Namespace", {"name": "kube-system"}, True),
        ("Namespace", {"name": "sun"}, False),
        ("ClusterRole", {"name": "view", "labels": LABEL}, True),
        ("RoleBinding", {"name": "system:x", "labels": LABEL}, True),
        ("ClusterRole", {"name": "view"}, False),
    ],
)
def test_what_a_cluster_makes(kind: str, metadata: dict[str, Any], made: bool) -> None:
    assert is_made_by_cluster({"kind": kind, "metadata": metadata}) is made


def test_adopted_and_restored(fake: Fake, open_cluster: Open) -> None:
    cluster = open_cluster(Consent(write=True))
    old = {**ACCOUNT, "metadata": {**ACCOUNT["metadata"], "labels": {"a": "b"}}, "secrets": [{"name": "s"}]}
    fake.store._put(old)
    live = live_of(cluster, ACCOUNT)
    assert live is not None
    assert not is_adopted(live)
    wanted = {
        **ACCOUNT,
        "automountServiceAccountToken": False,
        "metadata": {**ACCOUNT["metadata"], "labels": {"c": "d"}},
    }
    adopt(cluster, live, wanted, keep=True)
    changed = fake.store.get("v1", "ServiceAccount", "default", "default")
    assert (changed["automountServiceAccountToken"], changed["secrets"]) == (False, [{"name": "s"}])
    assert changed["metadata"]["labels"] == {"a": "b", "c": "d"}
    assert changed["metadata"]["uid"] == live["metadata"]["uid"]
    assert is_adopted(changed)
    restore(cluster, changed)
    back = fake.store.get("v1", "ServiceAccount", "default", "default")
    assert back["metadata"]["labels"] == {"a": "b"}
    assert back["secrets"] == [{"name": "s"}]
    assert "automountServiceAccountToken" not in back
    assert not is_adopted(back)


@pytest.mark.parametrize("text", ["", "{", "[]"])
def test_without_a_word_of_before_nothing_is_restored(fake: Fake, open_cluster: Open, text: str) -> None:
    cluster = open_cluster(Consent(write=True))
    restore(cluster, {**ACCOUNT, "metadata": {**ACCOUNT["metadata"], "annotations": {BEFORE: text}}})
    assert fake.writes() == []
