"""Each type of live check: what passes, what fails, what a cluster can't show."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cluster.clock import stop_the_clock
from tests.cluster.fake_api import Fake
from tests.cluster.helpers import pod, ran, said
from trainer.cluster.client import Cluster
from trainer.verdict import Status

Open = Callable[..., Cluster]


def test_access(fake: Fake, open_cluster: Open) -> None:
    fake.apply([
        {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "r", "namespace": "default"},
         "rules": [{"apiGroups": [""], "resources": ["pods/log"], "verbs": ["get"]}]},
        {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "b", "namespace": "default"},
         "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "r"},
         "subjects": [{"kind": "Group", "apiGroup": "rbac.authorization.k8s.io", "name": "system:serviceaccounts:default"}]},
    ])  # fmt: skip
    asked = {"do": "get pods/log", "namespace": "default", "as": "sa:default/x"}
    cluster = open_cluster()
    assert ran(cluster, access=asked, outcome="allowed").outcome.status is Status.PASS
    assert said(ran(cluster, access=asked, outcome="denied")).endswith(
        "get pods/log in default is allowed, but must be denied."
    )
    assert ran(cluster, access={**asked, "as": "user:jane"}, outcome="denied").outcome.status is Status.PASS


def test_samples_are_tried_and_never_created(fake: Fake, open_cluster: Open) -> None:
    bad = pod("sample")
    bad["spec"]["serviceAccountName"] = "ghost"
    cluster = open_cluster()
    assert ran(cluster, sample=pod("sample"), outcome="admitted").outcome.status is Status.PASS
    assert ran(cluster, sample=bad, outcome="denied").outcome.status is Status.PASS
    assert ran(cluster, sample=bad, outcome="denied", contains="PodSecurity").outcome.status is Status.FAIL
    assert ran(cluster, sample=bad, outcome="admitted").outcome.status is Status.FAIL
    assert ran(cluster, sample=pod("sample"), outcome="denied").outcome.status is Status.FAIL
    assert fake.writes() == []


def test_events_and_logs(fake: Fake, open_cluster: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch, fake)
    fake.apply([pod()])
    fake.store._put({"apiVersion": "v1", "kind": "Event", "metadata": {"name": "e", "namespace": "default"},
                     "involvedObject": {"kind": "Pod", "name": "a"}, "reason": "Started", "message": "Started it"})  # fmt: skip
    cluster = open_cluster()
    about = {"kind": "Pod", "name": "a", "reason": "Started"}
    assert ran(cluster, event=about).outcome.status is Status.PASS
    assert "No event Killed" in said(ran(cluster, event={**about, "reason": "Killed"}))
    assert ran(cluster, log={"pod": "a"}, contains="started").outcome.status is Status.PASS
    assert ran(cluster, log={"pod": "a"}, contains="ended").outcome.status is Status.FAIL
