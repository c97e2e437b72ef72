"""Live objects in the form that answers have."""

from __future__ import annotations

from collections.abc import Callable

from tests.cluster.fake_api import Fake
from tests.cluster.helpers import objects_in
from trainer.cluster.client import Cluster
from trainer.cluster.read_live import Ref, Wanted, live_manifest, read_live
from trainer.cluster.suffix import Suffix
from trainer.manifests.admit import admit
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.versions import DEFAULT

Open = Callable[..., Cluster]
TEXT = """\
apiVersion: v1
kind: Namespace
metadata: {name: sun, labels: {team: a}}
---
apiVersion: v1
kind: Pod
metadata: {name: a, namespace: sun}
spec:
  tolerations: [{key: mine, operator: Exists}]
  containers: [{name: c, image: busybox, volumeMounts: [{name: t, mountPath: /t}]}]
  volumes: [{name: t, emptyDir: {}}]
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: sun}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: sun}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: sun}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, image: nginx}]}
"""
KINDS = frozenset(
    [("v1", kind) for kind in ("Pod", "PersistentVolumeClaim", "Service", "ServiceAccount", "ConfigMap")]
    + [("apps/v1", "Deployment"), ("apps/v1", "ReplicaSet"), ("kyverno.io/v1", "Policy")]
)


def test_what_the_cluster_adds_is_ignored(fake: Fake, open_cluster: Open) -> None:
    assert fake.apply(objects_in(TEXT.encode())) == []
    wanted = Wanted(KINDS, frozenset(["sun"]), frozenset([Ref("v1", "Namespace", "", "sun")]))
    live = read_live(open_cluster(), wanted, kubernetes=DEFAULT)
    written = [admit(one, DEFAULT).manifest for one in manifests_of(parse(TEXT.encode(), "x").documents)[0]]
    assert {one.title: one.data for one in live} == {one.title: one.data for one in written if one}
    assert {(str(one.where("spec")), one.where("spec").line) for one in live} == {("cluster", 0)}


def test_the_default_account_counts_where_the_files_speak_of_it(fake: Fake, open_cluster: Open) -> None:
    assert fake.apply(objects_in(TEXT.encode())) == []
    wanted = Wanted(frozenset([("v1", "ServiceAccount")]), frozenset(["sun"]), frozenset())
    cluster = open_cluster()
    assert read_live(cluster, wanted, kubernetes=DEFAULT) == ()
    text = b"apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default, namespace: sun}\n"
    expected = manifests_of(parse(text, "x").documents)[0]
    live = read_live(cluster, wanted, kubernetes=DEFAULT, expected=expected)
    assert [one.title for one in live] == ["ServiceAccount sun/default"]


def test_elsewhere_only_what_is_named_is_read(fake: Fake, open_cluster: Open) -> None:
    fake.apply(objects_in(TEXT.encode()))
    wanted = Wanted(
        KINDS, frozenset(), frozenset([Ref("v1", "Pod", "sun", "a"), Ref("v1", "Pod", "sun", "b")])
    )
    before = len(fake.log)
    assert [one.title for one in read_live(open_cluster(), wanted, kubernetes=DEFAULT)] == ["Pod sun/a"]
    listed = [seen.path for seen in fake.log[before:] if seen.path.endswith(("pods", "services"))]
    assert listed == []


def test_names_are_the_cards_again(fake: Fake, open_cluster: Open) -> None:
    suffix = Suffix.of("alice", ["sun"])
    fake.apply(suffix.forth(one) for one in objects_in(TEXT.encode()))
    wanted = Wanted(KINDS, frozenset(["sun"]), frozenset([Ref("v1", "Namespace", "", "sun")]))
    live = read_live(open_cluster(), wanted, kubernetes=DEFAULT, suffix=suffix)
    assert {"Namespace sun", "Pod sun/a"} <= {one.title for one in live}


def test_what_is_being_deleted_is_gone(fake: Fake, open_cluster: Open) -> None:
    fake.apply(objects_in(TEXT.encode()))
    fake.store.get("v1", "Pod", "sun", "a")["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    wanted = Wanted(frozenset([("v1", "Pod")]), frozenset(["sun"]), frozenset())
    assert read_live(open_cluster(), wanted, kubernetes=DEFAULT) == ()


def test_what_was_written_stays() -> None:
    headless = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a", "namespace": "x"},
                "spec": {"clusterIP": "None", "ports": [{"port": 80}]}}  # fmt: skip
    assert live_manifest(headless, DEFAULT).get("spec", "clusterIP") == "None"
    claim = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "a", "namespace": "x"},
             "spec": {"storageClassName": "fast", "accessModes": ["ReadWriteOnce"]}}  # fmt: skip
    written = live_manifest({**claim, "spec": dict(claim["spec"])}, DEFAULT)
    assert written.get("spec", "storageClassName") is None
