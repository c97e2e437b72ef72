"""Live checks of running Pods: what passes, what is the learner's mistake, what a cluster can't show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cluster.clock import stop_the_clock
from tests.cluster.fake_api import Fake
from tests.cluster.helpers import pod, ran, said
from trainer.cluster.client import Cluster
from trainer.cluster.faults import Refused
from trainer.cluster.gate import Consent
from trainer.cluster.live_checks import run_check
from trainer.cluster.live_spec import live_checks_of
from trainer.verdict import Status

Open = Callable[..., Cluster]


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
    fake.apply([pod()])
    fake.store.get("v1", "Pod", "default", "a")["status"] = {"phase": "Failed", "reason": "Evicted"}
    over = ran(open_cluster(Consent(exec=True)), exec=TOUCH, outcome="fails")
    assert (over.outcome.status, over.want) == (Status.SKIPPED, True)


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


def pair(**spec: Any) -> dict[str, Any]:
    """A Pod with two containers: only the first has a read-only root filesystem."""
    data = pod()
    second = {"name": "side", "image": "busybox"}
    return {**data, "spec": {"containers": [*data["spec"]["containers"], second], **spec}}


def test_without_a_name_the_first_container_is_meant(fake: Fake, open_cluster: Open) -> None:
    fake.apply([pair()])
    cluster = open_cluster(Consent(exec=True))
    assert ran(cluster, exec=TOUCH, outcome="fails").outcome.status is Status.PASS
    assert ran(cluster, exec={**TOUCH, "container": "side"}, outcome="succeeds").outcome.status is Status.PASS
    assert ran(cluster, log={"pod": "a"}, contains="started").outcome.status is Status.PASS
    assert [dict(one.query).get("container") for one in fake.execs()] == ["c", "side"]


def test_the_container_that_kubectl_means(fake: Fake, open_cluster: Open) -> None:
    data = pair()
    data["metadata"]["annotations"] = {"kubectl.kubernetes.io/default-container": "side"}
    fake.apply([data])
    cluster = open_cluster(Consent(exec=True))
    assert ran(cluster, exec=TOUCH, outcome="succeeds").outcome.status is Status.PASS
    live = fake.store.get("v1", "Pod", "default", "a")
    live["metadata"]["annotations"]["kubectl.kubernetes.io/default-container"] = "gone"
    found = ran(cluster, exec=TOUCH, outcome="succeeds")
    assert found.outcome.status is Status.FAIL
    assert "has no container of its annotation" in said(found)


@pytest.mark.parametrize("check", [{"exec": {**TOUCH, "container": "reporter"}, "outcome": "succeeds"},
                                   {"log": {"pod": "a", "container": "reporter"}, "contains": "x"}])  # fmt: skip
def test_a_container_that_the_answer_lacks_is_its_mistake(
    fake: Fake, open_cluster: Open, check: dict[str, Any]
) -> None:
    fake.apply([pair()])
    found = ran(open_cluster(Consent(exec=True)), **check)
    assert found.outcome.status is Status.FAIL
    assert said(found) == "Pod default/a has no container reporter."
    assert found.outcome.evidence == ("Its containers: c, side",)


def waiting(reason: str, message: str = "") -> dict[str, Any]:
    status = {"name": "c", "state": {"waiting": {"reason": reason, "message": message}}}
    return {"phase": "Pending", "containerStatuses": [status]}


@pytest.mark.parametrize(
    ("status", "failed"),
    [
        (waiting("CrashLoopBackOff", "back-off 10s"), True),
        (waiting("CreateContainerConfigError", 'secret "db" not found'), True),
        (waiting("ErrImagePull", "docker.io/library/busybox:latest: not found"), True),
        (waiting("ErrImagePull", "dial tcp 1.2.3.4:443: i/o timeout"), False),
        (waiting("CreateContainerError", "apparmor profile not found k8s-x"), False),
        ({"phase": "Failed", "message": "exit 1"}, True),
        ({"phase": "Succeeded"}, True),
        ({"phase": "Failed", "reason": "Evicted"}, False),
        ({"phase": "Running", "containerStatuses": [{"name": "c", "state": {"terminated": {"exitCode": 3}}}]}, True),
    ],
)  # fmt: skip
def test_whose_fault_it_is_that_no_command_runs(
    fake: Fake, open_cluster: Open, monkeypatch: pytest.MonkeyPatch, status: dict[str, Any], failed: bool
) -> None:
    stop_the_clock(monkeypatch, fake)
    fake.apply([pod()])
    fake.store.get("v1", "Pod", "default", "a")["status"] = status
    check = live_checks_of([{"id": "one", "says": "It", "exec": TOUCH, "outcome": "fails"}], "card")[0]
    found = run_check(open_cluster(Consent(exec=True)), check, named=lambda _: False)
    expected = (Status.FAIL, False) if failed else (Status.SKIPPED, True)
    assert (found.outcome.status, found.want) == expected
    assert fake.execs() == []


def test_an_image_that_the_card_names_is_the_clusters_matter(fake: Fake, open_cluster: Open) -> None:
    fake.apply([pod()])
    fake.store.get("v1", "Pod", "default", "a")["status"] = waiting("ErrImagePull", "busybox: not found")
    check = live_checks_of([{"id": "one", "says": "It", "ready": {"pod": "a"}}], "card")[0]
    found = run_check(open_cluster(), check, named=lambda image: image == "busybox")
    assert (found.outcome.status, found.want) == (Status.SKIPPED, True)


def test_pods_that_cannot_be_created(fake: Fake, open_cluster: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch, fake)
    template = {"metadata": {"labels": {"a": "b"}}, "spec": pod()["spec"]}
    deployment = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "d", "namespace": "default"},
                  "spec": {"selector": {"matchLabels": {"a": "b"}}, "template": template}}  # fmt: skip
    fake.store.runs = False
    fake.apply([deployment])
    live = fake.store.get("apps/v1", "Deployment", "default", "d")
    cluster = open_cluster(Consent(exec=True))
    exec_ = {"deployment": "d", "command": ["true"]}
    for message, status in (
        ('pods "d-1" is forbidden: violates PodSecurity "restricted:latest"', Status.FAIL),
        ("Internal error occurred: failed calling webhook", Status.SKIPPED),
    ):
        live["status"] = {"conditions": [{"type": "ReplicaFailure", "status": "True", "message": message}]}
        for found in (
            ran(cluster, exec=exec_, outcome="succeeds"),
            ran(cluster, ready={"deployment": "d"}),
        ):
            assert found.outcome.status is status
            assert message in said(found)


def test_a_missing_volume_is_told_by_an_event(
    fake: Fake, open_cluster: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_the_clock(monkeypatch, fake)
    fake.apply([pod()])
    live = fake.store.get("v1", "Pod", "default", "a")
    live["status"] = waiting("ContainerCreating")
    about = {"kind": "Pod", "name": "a", "uid": live["metadata"]["uid"]}
    for message, status in (('secret "db" not found', Status.FAIL), ("timed out", Status.SKIPPED)):
        fake.store._put({"apiVersion": "v1", "kind": "Event", "metadata": {"name": "e", "namespace": "default"},
                         "involvedObject": about, "reason": "FailedMount", "message": message})  # fmt: skip
        found = ran(open_cluster(), ready={"pod": "a"})
        assert found.outcome.status is status
        assert message in said(found)


@pytest.mark.parametrize(
    ("status", "said_by_server", "outcome"),
    [
        (404, 'pods "a" not found', Status.FAIL),
        (500, 'unable to upgrade connection: container not found ("c")', Status.FAIL),
        (403, "ValidatingAdmissionPolicy 'x' with binding 'x' denied request", Status.SKIPPED),
        (400, "pod a does not have a host assigned", Status.SKIPPED),
        (403, 'pods "a" is forbidden: User "me" cannot create resource "pods/exec" in API group ""', None),
        (401, "Unauthorized", None),
        (429, "too many requests", None),
        (500, "error dialing backend: dial tcp: connection refused", None),
        (503, "unavailable", None),
    ],
)
def test_what_the_server_answers_to_exec(
    fake: Fake,
    open_cluster: Open,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    said_by_server: str,
    outcome: Status | None,
) -> None:
    fake.apply([pod()])

    def refuse(*_: object) -> None:
        raise Refused("no", status=status, said=said_by_server)

    monkeypatch.setattr("trainer.cluster.live_pods.run_command", refuse)
    cluster = open_cluster(Consent(exec=True))
    if outcome is None:
        with pytest.raises(Refused):
            ran(cluster, exec=TOUCH, outcome="fails")
    else:
        assert ran(cluster, exec=TOUCH, outcome="fails").outcome.status is outcome
