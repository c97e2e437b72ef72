"""Each type of live check: what passes, what fails, what a cluster can't show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cluster.clock import stop_the_clock
from tests.cluster.fake_api import Fake
from trainer.cluster.client import Cluster
from trainer.cluster.faults import Refused
from trainer.cluster.gate import Consent
from trainer.cluster.live_checks import Finding, poll, run_check
from trainer.cluster.live_spec import live_checks_of
from trainer.verdict import Status

Open = Callable[..., Cluster]


def pod(name: str = "a", *, read_only: bool = True) -> dict[str, Any]:
    container = {"name": "c", "image": "busybox", "securityContext": {"readOnlyRootFilesystem": read_only}}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "default"},
            "spec": {"containers": [container]}}  # fmt: skip


def ran(cluster: Cluster, **fields: Any) -> Finding:
    fields = {"id": "one", "says": "It holds", "within": 1, **fields}
    return run_check(cluster, live_checks_of([fields], "card")[0])


def said(finding: Finding) -> str:
    return " ".join(reason.message for reason in finding.outcome.reasons)


TOUCH = {"pod": "a", "command": ["touch", "/probe"]}


def test_exec(fake: Fake, open_cluster: Open) -> None:
    fake.apply([pod()])
    cluster = open_cluster(Consent(exec=True))
    assert ran(cluster, exec=TOUCH, outcome="fails").outcome.status is Status.PASS
    works = ran(cluster, exec=TOUCH, outcome="succeeds")
    assert works.outcome.status is Status.FAIL
    assert works.outcome.evidence == (
        "`touch /probe` in Pod default/a: exit code 1, touch: /probe: Read-only file system",
    )
    assert ran(cluster, exec=TOUCH, outcome="fails", contains="Permission").outcome.status is Status.FAIL


def test_a_command_that_fails_for_want_of_its_program_proves_nothing(fake: Fake, open_cluster: Open) -> None:
    fake.apply([pod()])
    cluster = open_cluster(Consent(exec=True))
    shell = {"pod": "a", "command": ["/bin/bash", "-c", "true"]}
    assert ran(cluster, exec=shell, outcome="fails").outcome.status is Status.ERROR
    assert ran(cluster, exec=shell, outcome="not-found").outcome.status is Status.PASS
    assert (
        ran(cluster, exec={"pod": "a", "command": ["true"]}, outcome="not-found").outcome.status
        is Status.FAIL
    )


def test_exec_is_skipped_where_it_cannot_be(fake: Fake, open_cluster: Open) -> None:
    unconfirmed = ran(open_cluster(), exec=TOUCH, outcome="fails")
    assert (unconfirmed.outcome.status, unconfirmed.want) == (Status.SKIPPED, True)
    assert "--allow-exec" in said(unconfirmed)
    absent = ran(open_cluster(Consent(exec=True)), exec=TOUCH, outcome="fails")
    assert (absent.outcome.status, absent.want) == (Status.SKIPPED, False)
    assert "needs Pod default/a, which doesn't exist in the cluster" in said(absent)
    fake.apply([pod()])
    fake.store.get("v1", "Pod", "default", "a")["status"] = {"phase": "Failed"}
    over = ran(open_cluster(Consent(exec=True)), exec=TOUCH, outcome="fails")
    assert (over.outcome.status, over.want) == (Status.SKIPPED, False)


def test_ready(fake: Fake, open_cluster: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch, fake)
    cluster = open_cluster()
    assert said(ran(cluster, ready={"pod": "a"})) == "Pod default/a doesn't exist in the cluster."
    fake.apply([pod()])
    assert ran(cluster, ready={"pod": "a"}).outcome.status is Status.PASS
    status = fake.store.get("v1", "Pod", "default", "a")["status"]
    status["conditions"] = []
    assert (
        said(ran(cluster, ready={"pod": "a"}))
        == "Pod default/a is not ready after 1 s: it runs but isn't ready."
    )
    status["containerStatuses"] = [{"state": {"waiting": {"reason": "ErrImagePull"}}}]
    pulling = ran(cluster, ready={"pod": "a"})
    assert (pulling.outcome.status, pulling.want) == (Status.SKIPPED, True)
    missing = ran(cluster, ready={"deployment": "d"})
    assert said(missing) == "Deployment default/d doesn't exist in the cluster."


def test_a_cluster_without_nodes_shows_nothing_that_runs(fake: Fake, open_cluster: Open) -> None:
    fake.apply([pod()])
    del fake.store.objects[("v1", "Node", "", "fake-node")]
    found = ran(open_cluster(), ready={"pod": "a"}, within=600)
    assert (found.outcome.status, found.want) == (Status.SKIPPED, True)
    assert "no node" in said(found)


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


def test_polling_bears_a_busy_server_until_the_time_is_over(
    fake: Fake, open_cluster: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_the_clock(monkeypatch, fake)
    cluster = open_cluster()
    looks: list[int] = []

    def look() -> str | None:
        looks.append(1)
        if len(looks) < 3:
            raise Refused("busy", status=429)
        return "there"

    assert poll(cluster, look, 60, lambda _: None, "waiting") == "there"

    def busy() -> str | None:
        raise Refused("busy", status=500)

    with pytest.raises(Refused, match="busy"):
        poll(cluster, busy, 0, lambda _: None, "waiting")
