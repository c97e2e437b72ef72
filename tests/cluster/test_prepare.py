"""Preparing: tried before it is done, done once, undone where a step fails."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cluster.clock import stop_the_clock
from tests.cluster.fake_api import Fake
from tests.cluster.fake_store import Store
from tests.samples import first_of
from trainer.cluster.client import Cluster
from trainer.cluster.gate import Consent
from trainer.cluster.last_applied import last_applied
from trainer.cluster.prepare import plan, prepare
from trainer.cluster.reset import find_ours, reset
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
    return tuple(step.title for step in prepare(cluster, "card", steps, DEFAULT, suffix=suffix))


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


def test_nodes_are_left_out(fake: Fake, open_cluster: Open) -> None:
    cluster = open_cluster(Consent(write=True))
    node = "---\napiVersion: v1\nkind: Node\nmetadata: {name: node01}\n"
    for suffix in (NO_SUFFIX, Suffix.of("anna", ["sun"])):
        titles = prepared(cluster, GIVEN + node, suffix)
        assert "Namespace sun" in {title.removesuffix("-anna") for title in titles}
        assert not any("Node" in title for title in titles)
    given, _ = given_manifests(GIVEN + node, DEFAULT)
    assert {one.title: one.fate for one in plan(cluster, "card", given, DEFAULT)}["Node node01"] == "left out"


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
    with pytest.raises(ClusterError, match="could not undo: Namespace sun") as caught:
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


ACCOUNT = """\
apiVersion: v1
kind: Namespace
metadata: {name: sun}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: default, namespace: sun}
automountServiceAccountToken: false
---
apiVersion: v1
kind: ConfigMap
metadata: {name: kube-root-ca.crt, namespace: sun}
data: {ca.crt: x}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: sun}
spec:
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec: {containers: [{name: c, image: busybox}]}
"""
TITLES = {
    "Namespace sun",
    "ServiceAccount sun/default",
    "ConfigMap sun/kube-root-ca.crt",
    "Deployment sun/web",
}


@pytest.mark.parametrize("lag", first_of([0, 5, 13, *range(1, 5), *range(6, 13)], 3))
def test_what_the_controllers_make_at_any_moment(fake: Fake, open_cluster: Open, lag: int) -> None:
    fake.store = Store(lag=lag)
    assert set(prepared(open_cluster(Consent(write=True)), ACCOUNT)) == TITLES
    account = fake.store.get("v1", "ServiceAccount", "sun", "default")
    assert account["automountServiceAccountToken"] is False
    assert fake.store.get("v1", "ConfigMap", "sun", "kube-root-ca.crt")["data"] == {"ca.crt": "x"}


def test_a_given_account_without_controllers(
    fake: Fake, open_cluster: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainer.cluster.prepare.ACCOUNT_SECONDS", 0)
    fake.store = Store(nodes=0, runs=False, controllers=False)
    assert set(prepared(open_cluster(Consent(write=True)), ACCOUNT)) == TITLES
    account = fake.store.get("v1", "ServiceAccount", "sun", "default")
    assert account["automountServiceAccountToken"] is False


ELSEWHERE = """\
apiVersion: v1
kind: ServiceAccount
metadata: {name: default, namespace: default}
automountServiceAccountToken: false
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: default}
data: {a: b}
"""


def test_what_a_cluster_made_is_planned_updated_and_only_restored(fake: Fake, open_cluster: Open) -> None:
    cluster = open_cluster(Consent(write=True))
    manifests, _ = given_manifests(ELSEWHERE, DEFAULT)
    steps = plan(cluster, "card", manifests, DEFAULT)
    assert [(step.title, step.fate) for step in steps] == [
        ("ServiceAccount default/default", "update"),
        ("ConfigMap default/settings", "create"),
    ]
    uid = fake.store.get("v1", "ServiceAccount", "default", "default")["metadata"]["uid"]
    done = prepare(cluster, "card", steps, DEFAULT)
    assert [step.fate for step in done] == ["update", "create"]
    assert prepared(cluster, ELSEWHERE) == ()
    doomed = find_ours(cluster, "card", manifests)
    assert [(one.title, one.restored) for one in doomed] == [
        ("ServiceAccount default/default", True),
        ("ConfigMap default/settings", False),
    ]
    reset(cluster, doomed)
    account = fake.store.get("v1", "ServiceAccount", "default", "default")
    assert account["metadata"]["uid"] == uid
    assert "automountServiceAccountToken" not in account
    assert ours(fake) == set()


def test_what_was_updated_is_restored_if_a_step_fails(fake: Fake, open_cluster: Open) -> None:
    cluster = open_cluster(Consent(write=True))
    fake.break_with("500", method="POST", path="/configmaps", after=1)
    with pytest.raises(ClusterError):
        prepared(cluster, ELSEWHERE)
    account = fake.store.get("v1", "ServiceAccount", "default", "default")
    assert "automountServiceAccountToken" not in account
    assert ours(fake) == set()
    assert not [seen for seen in fake.writes() if seen.method == "DELETE"]


def test_what_somebody_makes_meanwhile_is_not_overwritten(fake: Fake, open_cluster: Open) -> None:
    cluster = open_cluster(Consent(write=True))
    manifests, _ = given_manifests(ELSEWHERE, DEFAULT)
    steps = plan(cluster, "card", manifests, DEFAULT)
    theirs = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"a": "c"}}
    fake.apply([theirs])
    with pytest.raises(ClusterError, match="differs from what the card gives"):
        prepare(cluster, "card", steps, DEFAULT)
    assert fake.store.get("v1", "ConfigMap", "default", "settings")["data"] == {"a": "c"}
    assert ours(fake) == set()
    fake.apply([{**theirs, "data": {"a": "b"}}])
    assert [step.title for step in prepare(cluster, "card", steps, DEFAULT)] == [
        "ServiceAccount default/default"
    ]


def test_the_learners_apply_removes_what_the_answer_no_longer_says(fake: Fake, open_cluster: Open) -> None:
    given = ACCOUNT + "---\n" + GIVEN.split("---\n")[2].replace("{a: b}", "{a: b, c: d}")
    prepared(open_cluster(Consent(write=True)), given)
    answer = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"a": "b"}}
    assert fake.apply([answer]) == []
    stored = fake.store.get("v1", "ConfigMap", "default", "settings")
    assert stored["data"] == {"a": "b"}
    assert stored["metadata"]["labels"] == {"cks-trainer/card": "card"}


def test_a_given_object_that_was_fetched(fake: Fake, open_cluster: Open) -> None:
    fetched = GIVEN.replace("{name: settings,", "{name: settings, uid: x, resourceVersion: '7',")
    assert "ConfigMap default/settings" in prepared(open_cluster(Consent(write=True)), fetched)


@pytest.mark.parametrize("lag", [0, 3])
def test_what_is_applied_is_what_the_author_wrote(fake: Fake, open_cluster: Open, lag: int) -> None:
    """Defaults in the annotation would make the learner's `kubectl apply` remove them, and a Pod can't change."""
    fake.store = Store(lag=lag)
    text = """\
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Namespace, metadata: {name: sun}}
- apiVersion: v1
  kind: Pod
  metadata: {name: db, namespace: sun}
  spec: {containers: [{name: c, image: busybox}]}
- {apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {a: b}}
"""
    cluster = open_cluster(Consent(write=True))
    assert set(prepared(cluster, text)) == {"Namespace sun", "Pod sun/db", "Secret default/s"}
    pod = last_applied(fake.store.get("v1", "Pod", "sun", "db"))
    assert pod["spec"] == {"containers": [{"name": "c", "image": "busybox"}]}
    assert set(last_applied(fake.store.get("v1", "Namespace", "", "sun"))["metadata"]) == {
        "annotations",
        "name",
    }
    secret = last_applied(fake.store.get("v1", "Secret", "default", "s"))
    assert (secret["stringData"], secret["metadata"]["namespace"]) == ({"a": "b"}, "default")
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "db", "namespace": "sun"},
           "spec": {"containers": [{"name": "c", "image": "busybox:2"}]}}  # fmt: skip
    assert fake.apply([pod]) == []
    assert prepared(cluster, text) == ()


def test_what_the_cluster_made_as_the_card_gives_it_is_restored_too(fake: Fake, open_cluster: Open) -> None:
    given = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default, namespace: default}\n"
    cluster = open_cluster(Consent(write=True))
    assert prepared(cluster, given) == ("ServiceAccount default/default",)
    assert prepared(cluster, given) == ()
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default"}}
    assert fake.apply([account | {"automountServiceAccountToken": False}]) == []
    reset(cluster, find_ours(cluster, "card", given_manifests(given, DEFAULT)[0]))
    live = fake.store.get("v1", "ServiceAccount", "default", "default")
    assert "automountServiceAccountToken" not in live
    assert ours(fake) == set()


def test_namespaces_of_the_cluster(fake: Fake, open_cluster: Open) -> None:
    plain = "apiVersion: v1\nkind: Namespace\nmetadata: {name: default}\n"
    cluster = open_cluster(Consent(write=True))
    assert prepared(cluster, plain) == ()
    given = plain.replace("default}", "default, labels: {env: prod}}")
    assert prepared(cluster, given) == ("Namespace default",)
    (found,) = find_ours(cluster, "card", given_manifests(given, DEFAULT)[0])
    assert (found.restored, found.inside) == (True, ())
    reset(cluster, [found])
    labels = fake.store.get("v1", "Namespace", "", "default")["metadata"]["labels"]
    assert labels == {"kubernetes.io/metadata.name": "default"}
