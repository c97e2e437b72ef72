"""Preparing: tried before it is done, done once, undone where a step fails."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cluster.clock import stop_the_clock
from tests.cluster.fake_api import Fake
from tests.cluster.fake_store import Store
from trainer.cluster.client import Cluster
from trainer.cluster.gate import Consent
from trainer.cluster.prepare import plan, prepare
from trainer.cluster.suffix import NO_SUFFIX, Suffix
from trainer.content.given import given_manifests
from trainer.errors import ClusterError, UsageError
from trainer.versions import DEFAULT

Open = Callable[..., Cluster]
GIVEN = """\
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: sun}
spec: {containers: [{name: c, image: busybox}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: sun}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: default}
data: {a: b}
"""


def prepared(cluster: Cluster, given: str = GIVEN, suffix: Suffix = NO_SUFFIX) -> tuple[str, ...]:
    manifests, problems = given_manifests(given, DEFAULT)
    assert problems == ()
    steps = plan(cluster, "card", manifests, DEFAULT, suffix)
    return prepare(cluster, "card", steps, suffix=suffix)


def ours(fake: Fake) -> set[tuple[str, str]]:
    return {
        (key[1], key[3])
        for key, one in fake.store.objects.items()
        if "cks-trainer/card" in (one["metadata"].get("labels") or {})
    }


def test_namespaces_first_labelled_tried_and_only_once(fake: Fake, open_cluster: Open) -> None:
    cluster = open_cluster(Consent(write=True))
    assert prepared(cluster) == ("Namespace sun", "ConfigMap default/settings", "Pod sun/db")
    assert ours(fake) == {("Namespace", "sun"), ("ConfigMap", "settings"), ("Pod", "db")}
    dry = [seen.path for seen in fake.log if seen.dry]
    assert dry == [
        "/api/v1/namespaces",
        "/api/v1/namespaces/default/configmaps",
        "/api/v1/namespaces/sun/pods",
    ]
    before = len(fake.writes())
    assert prepared(cluster) == ()
    assert len(fake.writes()) == before


def test_without_consent_nothing_is_written(fake: Fake, open_cluster: Open) -> None:
    with pytest.raises(ClusterError, match="not confirmed"):
        prepared(open_cluster())
    assert fake.writes() == []


@pytest.mark.parametrize("fault", ["500", "drop", "403", "hang"])
def test_a_step_that_fails_undoes_the_others(
    fake: Fake, open_cluster: Open, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    cluster = open_cluster(Consent(write=True))
    cluster.kind("v1", "Pod")
    stop_the_clock(monkeypatch, fake)
    fake.break_with(fault, method="POST", path="/sun/pods", after=1)
    with pytest.raises(ClusterError):
        prepared(cluster)
    assert ours(fake) == set()
    assert {seen.path for seen in fake.writes() if seen.method == "DELETE"} == {
        "/api/v1/namespaces/sun",
        "/api/v1/namespaces/default/configmaps/settings",
    }


def test_what_cannot_be_undone_is_named(fake: Fake, open_cluster: Open) -> None:
    cluster = open_cluster(Consent(write=True))
    fake.break_with("500", method="POST", path="/sun/pods")
    fake.faults.append(type(fake.faults[0])("500", "DELETE", "/namespaces/sun"))
    with pytest.raises(ClusterError, match="could not delete again: Namespace sun") as caught:
        prepared(cluster)
    assert "cluster reset card" in caught.value.remedy


def test_a_refused_dry_run_creates_nothing(fake: Fake, open_cluster: Open) -> None:
    fake.break_with("422" if False else "403", method="POST", path="/configmaps")
    with pytest.raises(ClusterError):
        prepared(open_cluster(Consent(write=True)))
    assert [seen for seen in fake.writes() if seen.method == "POST"] == []


def test_what_is_there_and_not_ours_stays(fake: Fake, open_cluster: Open) -> None:
    fake.apply([{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "sun"}}])
    cluster = open_cluster(Consent(write=True))
    assert prepared(cluster) == ("ConfigMap default/settings", "Pod sun/db")
    assert ("Namespace", "sun") not in ours(fake)


def test_what_is_there_and_different_stops_before_anything(fake: Fake, open_cluster: Open) -> None:
    fake.apply(
        [
            {
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "metadata": {"name": "settings", "namespace": "default"},
                "data": {"a": "c"},
            }
        ]
    )
    with pytest.raises(
        ClusterError, match="was not created by cks-trainer, and differs from what the card gives"
    ):
        prepared(open_cluster(Consent(write=True)))
    assert fake.writes() == []


def test_a_server_without_controllers(
    fake: Fake, open_cluster: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainer.cluster.prepare.ACCOUNT_SECONDS", 0)
    fake.store = Store(nodes=0, runs=False, controllers=False)
    created = prepared(open_cluster(Consent(write=True)))
    assert created == (
        "Namespace sun",
        "ServiceAccount sun/default",
        "ConfigMap default/settings",
        "Pod sun/db",
    )


def test_every_workload_waits_for_the_account_of_its_namespace(
    fake: Fake, open_cluster: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainer.cluster.prepare.ACCOUNT_SECONDS", 0)
    fake.store = Store(nodes=0, runs=False, controllers=False)
    given = """\
apiVersion: v1
kind: Namespace
metadata: {name: sun}
---
apiVersion: v1
kind: ReplicationController
metadata: {name: db, namespace: sun}
spec:
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: c, image: busybox}]}
"""
    created = prepared(open_cluster(Consent(write=True)), given)
    assert created == ("Namespace sun", "ServiceAccount sun/default", "ReplicationController sun/db")


def test_a_namespace_that_is_being_deleted(fake: Fake, open_cluster: Open) -> None:
    fake.apply([{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "sun"}}])
    fake.store.terminating.add("sun")
    with pytest.raises(ClusterError, match="the Namespace is being deleted"):
        prepared(open_cluster(Consent(write=True)))
    fake.store.get("v1", "Namespace", "", "sun")["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    with pytest.raises(ClusterError, match="Namespace sun is being deleted"):
        prepared(open_cluster(Consent(write=True)))


def test_learners_beside_each_other(fake: Fake, open_cluster: Open) -> None:
    cluster = open_cluster(Consent(write=True))
    given = GIVEN.split("---\napiVersion: v1\nkind: ConfigMap", maxsplit=1)[0]
    for name in ("alice", "bob"):
        suffix = Suffix.of(name, ["sun"])
        assert prepared(cluster, given, suffix) == (f"Namespace sun-{name}", f"Pod sun-{name}/db")
    shared = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\nrules: []\n"
    with pytest.raises(UsageError, match="cluster-scoped"):
        prepared(cluster, shared, Suffix.of("alice", ["sun"]))
