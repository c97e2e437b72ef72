"""Tests of `cluster.client`: a connection to one context."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.clock import stop_the_clock
from tests.cluster.fake_api import Fake
from tests.cluster.fake_store import Store
from tests.cluster.helpers import certificate
from tests.patience import HANGS
from trainer.cluster.client import Cluster, KindMissing
from trainer.cluster.faults import Interrupted, Refused, Unreachable
from trainer.cluster.gate import Consent
from trainer.cluster.guard import LooksLikeProduction
from trainer.errors import ClusterError, UsageError

Open = Callable[..., Cluster]
POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "a", "namespace": "default"},
    "spec": {"containers": [{"name": "c", "image": "busybox"}]},
}


def test_reads_and_finds_kinds(fake: Fake, open_cluster: Open) -> None:
    fake.apply([POD])
    cluster = open_cluster()
    assert cluster.version() == "v1.36.2"
    found = cluster.get("v1", "Pod", "a", "default")
    assert found is not None
    assert found["status"]["phase"] == "Running"
    assert cluster.get("v1", "Pod", "b", "default") is None
    assert [one["kind"] for one in cluster.list("v1", "Pod", "default")] == ["Pod"]
    assert cluster.kind("rbac.authorization.k8s.io/v1", "ClusterRole").namespaced is False
    assert cluster.log_text("a", "default") == "started\n"


def test_lists_page_by_page(fake: Fake, open_cluster: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trainer.cluster.client._PAGE", 2)
    fake.apply(
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"c{n}", "namespace": "default"}}
        for n in range(5)
    )
    names = [one["metadata"]["name"] for one in open_cluster().list("v1", "ConfigMap", "default")]
    assert names == ["c0", "c1", "c2", "c3", "c4", "kube-root-ca.crt"]


def test_names_cannot_lead_elsewhere(fake: Fake, open_cluster: Open) -> None:
    cluster = open_cluster()
    before = len(fake.log)
    for name in ("..", "a/../b", "a/exec", "%2e%2e"):
        with (
            pytest.raises(ClusterError, match="never makes this call")
            if name != "%2e%2e"
            else pytest.raises(AssertionError)
        ):
            cluster.get("v1", "Pod", name, "default")
            raise AssertionError
    assert [seen.path for seen in fake.log[before:]] == ["/api/v1/namespaces/default/pods/%252e%252e"]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("hang", f"did not answer within {HANGS:g} s"),
        ("401", "rejects your credentials"),
        ("403", "user me is not allowed to list pods in Namespace sun"),
        ("409", "already exists, or was changed"),
        ("429", "too many requests"),
        ("500", "an internal error"),
        ("drop", "dropped the connection"),
        ("garbage", "is not a Kubernetes API server"),
        ("redirect", "doesn't follow redirects"),
    ],
)
def test_every_fault_is_told_in_words_and_in_time(
    fake: Fake, open_cluster: Open, monkeypatch: pytest.MonkeyPatch, kind: str, words: str
) -> None:
    stop_the_clock(monkeypatch, fake)
    fake.break_with(kind)
    with pytest.raises(ClusterError, match=words):
        open_cluster()
    assert len(fake.log) == 1, "nothing is tried again behind our back"


def test_nobody_there(tmp_path: Path, open_cluster: Open) -> None:
    with Fake() as gone:
        gone.kubeconfig(tmp_path)
    with pytest.raises(Unreachable, match=r"cannot reach .*: connection refused"):
        open_cluster()


@pytest.mark.parametrize(
    ("expired", "known", "words"),
    [
        (True, True, "its certificate has expired"),
        (False, False, "a CA that your kubeconfig doesn't name"),
    ],
)
def test_certificates_that_do_not_hold(
    tmp_path: Path, open_cluster: Open, expired: bool, known: bool, words: str
) -> None:
    pair = certificate(expired=expired)
    with Fake(certificate=pair, folder=tmp_path) as fake:
        fake.kubeconfig(tmp_path, authority=pair[0] if known else certificate()[0])
        with pytest.raises(Unreachable, match=words):
            open_cluster()
        assert fake.log == []


def test_https_works_and_leaves_no_file(
    tmp_path: Path, open_cluster: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temp"))
    (tmp_path / "temp").mkdir()
    pair = certificate()
    with Fake(certificate=pair, folder=tmp_path) as fake:
        fake.kubeconfig(tmp_path, authority=pair[0])
        with open_cluster() as cluster:
            assert cluster.version() == "v1.36.2"
            stored = [path.read_bytes() for path in (tmp_path / "temp").rglob("*") if path.is_file()]
            assert stored == [] or sys.platform != "linux"
        assert list((tmp_path / "temp").iterdir()) == []


def test_cancelling_a_call_that_hangs(fake: Fake, open_cluster: Open) -> None:
    cancelled = threading.Event()
    cluster = open_cluster(cancelled=cancelled.is_set)
    fake.break_with("hang")
    fake.on_hang = cancelled.set
    with pytest.raises(Interrupted):
        cluster.list("v1", "Pod", "default")


def test_the_current_context_is_never_used_by_itself(fake: Fake, tmp_path: Path) -> None:
    kubeconfig = fake.kubeconfig(tmp_path, current="practice")
    with pytest.raises(ClusterError, match="no context is named"):
        Cluster.open("", environ={"KUBECONFIG": str(kubeconfig)})
    assert fake.log == []


def test_production_is_found_out_before_and_after_contact(
    fake: Fake, tmp_path: Path, open_cluster: Open
) -> None:
    kubeconfig = fake.kubeconfig(tmp_path, name="my-prod")
    with pytest.raises(LooksLikeProduction, match="matches"):
        Cluster.open("my-prod", environ={"KUBECONFIG": str(kubeconfig)})
    assert fake.log == []
    fake.kubeconfig(tmp_path)
    fake.store = Store(nodes=9)
    with pytest.raises(LooksLikeProduction, match="9 nodes"):
        open_cluster()
    open_cluster(Consent(typed="practice"))
    assert {seen.method for seen in fake.log} == {"GET"}


def test_a_plugin_runs_only_when_allowed(fake: Fake, tmp_path: Path) -> None:
    kubeconfig = fake.kubeconfig(tmp_path)
    proof = tmp_path / "ran"
    config: Any = json.loads(kubeconfig.read_text())
    credential = '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"admin-token"}}'
    config["users"][0]["user"] = {"exec": {
        "apiVersion": "client.authentication.k8s.io/v1", "command": "sh", "args": ["-c", f"touch {proof}; echo '{credential}'"],
        "interactiveMode": "Never"}}  # fmt: skip
    kubeconfig.write_text(json.dumps(config))
    with pytest.raises(UsageError, match=r"runs a program.*--allow-exec-plugins"):
        Cluster.open("practice", environ={"KUBECONFIG": str(kubeconfig)})
    assert not proof.exists()
    assert fake.log == []
    with Cluster.open("practice", Consent(plugins=True), environ={"KUBECONFIG": str(kubeconfig)}) as cluster:
        assert cluster.version() == "v1.36.2"
    assert proof.exists()
    config["users"][0]["user"]["exec"]["args"] = ["-c", "sleep 20"]
    kubeconfig.write_text(json.dumps(config))
    with pytest.raises(ClusterError, match=r"did not answer within 0.3 s"):
        Cluster.open("practice", Consent(plugins=True), environ={"KUBECONFIG": str(kubeconfig)}, seconds=0.3)
    config["users"][0]["user"]["exec"]["args"] = ["-c", "exit 1"]
    kubeconfig.write_text(json.dumps(config))
    with pytest.raises(ClusterError, match="gave no credentials"):
        Cluster.open("practice", Consent(plugins=True), environ={"KUBECONFIG": str(kubeconfig)})


def test_a_kind_that_the_cluster_does_not_serve(fake: Fake, open_cluster: Open) -> None:
    cluster = open_cluster()
    for api_version, kind in (("kyverno.io/v1", "Policy"), ("v1", "Podd")):
        with pytest.raises(KindMissing, match="CustomResourceDefinition"):
            cluster.list(api_version, kind, "sun")


def test_forbidden_says_which_permission_is_missing(fake: Fake, tmp_path: Path, open_cluster: Open) -> None:
    fake.kubeconfig(tmp_path, token="nobody-token")
    cluster = open_cluster()
    assert cluster.try_list("v1", "Node") is None
    with pytest.raises(Refused) as caught:
        cluster.list("apps/v1", "Deployment", "default")
    assert "user nobody is not allowed to list deployments.apps in Namespace default" in caught.value.message
    assert "ask for a role with the permission" in caught.value.remedy


def test_writes_and_exec_do_not_leave_without_consent(fake: Fake, open_cluster: Open) -> None:
    cluster = open_cluster()
    for attempt in (lambda: cluster.create(POD), lambda: cluster.delete(POD)):
        with pytest.raises(ClusterError, match="not confirmed"):
            attempt()
    cluster.create(POD, dry=True)
    assert (fake.writes(), fake.execs()) == ([], [])
    assert cluster.get("v1", "Pod", "a", "default") is None


def test_deletes_exactly_the_object_that_was_seen(fake: Fake, open_cluster: Open) -> None:
    cluster = open_cluster(Consent(write=True))
    cluster.create(POD)
    seen = cluster.get("v1", "Pod", "a", "default")
    assert seen is not None
    cluster.delete(seen)
    cluster.delete(seen)
    assert cluster.get("v1", "Pod", "a", "default") is None
    cluster.create(POD)
    cluster.delete(seen)
    assert cluster.get("v1", "Pod", "a", "default") is not None


def test_access_reviews(fake: Fake, open_cluster: Open) -> None:
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SubjectAccessReview",
        "spec": {
            "user": "jane",
            "resourceAttributes": {"verb": "get", "resource": "pods", "namespace": "default"},
        },
    }
    assert open_cluster().review(review)["allowed"] is False
