"""The server's refusals, at the learner's lines."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cluster.fake_api import Fake
from tests.cluster.helpers import objects_in
from trainer.cluster.client import Cluster
from trainer.cluster.dry_run import dry_run, field_path
from trainer.cluster.faults import Refused
from trainer.cluster.last_applied import LAST_APPLIED
from trainer.cluster.suffix import NO_SUFFIX, Suffix
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.verdict import Problem

Open = Callable[..., Cluster]
POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: a
spec:
  containers:
    - name: c
      image: busybox
"""


def tried(cluster: Cluster, text: str) -> tuple[Problem, ...]:
    return dry_run(cluster, manifests_of(parse(text.encode(), "pod.yaml").documents)[0])


@pytest.mark.parametrize(
    ("text", "line", "path", "words"),
    [
        (POD + "  hostNetwrk: true\n", 9, "spec.hostNetwrk", 'unknown field "spec.hostNetwrk"'),
        (
            POD + '      securityContext: {readOnlyRootFilesystem: "true"}\n',
            9, "spec.containers[0].securityContext.readOnlyRootFilesystem", "of type bool, not string",
        ),
        (POD + "      volumeMounts: [{name: t, mountPath: /t}]\n", 9, "spec.containers[0].volumeMounts[0].name", "Not found"),
        (POD.replace("  name: a", "  name: a\n  namespace: nowhere"), 4, "metadata.name", 'namespaces "nowhere" not found'),
        (POD + "  serviceAccountName: ghost\n", 4, "metadata.name", 'serviceaccount "ghost" not found'),
        (POD.replace("v1", "kyverno.io/v1").replace("Pod", "Policy"), 2, "kind", "has no kind"),
    ],
)  # fmt: skip
def test_refusals_have_their_line(
    fake: Fake, open_cluster: Open, text: str, line: int, path: str, words: str
) -> None:
    (problem,) = tried(open_cluster(), text)
    assert problem.location is not None
    assert (problem.location.file, problem.location.line, problem.location.path) == ("pod.yaml", line, path)
    assert words in problem.message
    assert fake.writes() == []


def test_every_unknown_field_is_told(fake: Fake, open_cluster: Open) -> None:
    found = tried(open_cluster(), POD + "  hostNetwrk: true\n  hostPid: true\n")
    assert [one.location.line for one in found if one.location] == [9, 10]


def test_what_exists_is_tried_as_an_apply(fake: Fake, open_cluster: Open) -> None:
    fake.apply(objects_in(POD.encode()))
    cluster = open_cluster()
    assert tried(cluster, POD) == ()
    (problem,) = tried(cluster, POD + "      securityContext: {readOnlyRootFilesystem: true}\n")
    assert "already exists: delete it" in problem.remedy
    assert fake.writes() == []


def test_a_cluster_scoped_object_that_exists_is_no_duplicate(fake: Fake, open_cluster: Open) -> None:
    role = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - {apiGroups: [""], resources: [pods], verbs: [get]}
"""
    fake.apply(objects_in(role.encode()))
    assert tried(open_cluster(), role.replace("[get]", "[list]")) == ()


def test_what_the_answer_itself_brings_is_not_missing(fake: Fake, open_cluster: Open) -> None:
    brings = (
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: mars}\n---\n"
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: bot}\n---\n"
    )
    pod = POD + "  serviceAccountName: bot\n---\n" + POD.replace("  name: a", "  name: a\n  namespace: mars")
    assert tried(open_cluster(), brings + pod) == ()


def test_without_the_right_to_try_there_is_no_verdict(fake: Fake, open_cluster: Open) -> None:
    cluster = open_cluster()
    fake.break_with("500", method="POST")
    with pytest.raises(Refused, match="an internal error"):
        tried(cluster, POD)


DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: d}
spec:
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec:
      containers:
        - name: c
          image: busybox
          env:
            - {name: A, value: x}
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("name: c", "image: x", 10, "spec.template.spec.containers[0]: it lacks name"),
        ("{name: A, value: x}", "{value: y}", 13, "spec.template.spec.containers[0].env[0]: it lacks name"),
        ("{name: A, value: x}", "{name: [A]}", 13, "it lacks name"),
        ("{name: A, value: x}", "A", 13, "it lacks name"),
    ],
)
def test_an_item_that_cannot_be_merged_is_the_learners_mistake(
    fake: Fake, open_cluster: Open, old: str, new: str, line: int, words: str
) -> None:
    """A server breaks at it with 500, as if it were at fault."""
    fake.apply(objects_in(DEPLOYMENT.encode()))
    (problem,) = tried(open_cluster(), DEPLOYMENT.replace(old, new))
    assert words in problem.message
    assert problem.location is not None
    assert problem.location.line == line
    text = DEPLOYMENT.replace(
        "    spec:\n      containers:", "    spec:\n      hostPid: true\n      containers:"
    )
    (unknown,) = tried(open_cluster(), text)
    assert unknown.location is not None
    assert unknown.location.line == 9


def test_a_pod_that_now_runs_on_another_node(fake: Fake, open_cluster: Open) -> None:
    """It was fetched with its node, and replaced: neither what is there nor what was applied refuses it."""
    fetched = POD + "  nodeName: node01\n"
    cluster = open_cluster()
    assert tried(cluster, fetched) == ()
    fake.apply(objects_in(POD.encode()))
    assert tried(cluster, fetched) == ()
    live = fake.store.get("v1", "Pod", "default", "a")
    notes = live["metadata"]["annotations"]
    notes[LAST_APPLIED] = notes[LAST_APPLIED].replace('"spec":{', '"spec":{"nodeName":"node01",')
    assert tried(cluster, fetched) == tried(cluster, POD) == ()


ODD = "apiVersion: {}\nkind: {}\nmetadata: {}\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (ODD.format("v1", "ConfigMap", "{name: a/b}"), "invalid name 'a/b'"),
        (ODD.format("v1", "ConfigMap", "{name: ..}"), "invalid name '..'"),
        (ODD.format("v1", "ConfigMap", "{name: a%2Fb}"), "invalid name"),
        (ODD.format("v1", "ConfigMap", "{name: ''}"), "`name` is missing"),
        (ODD.format("v1", "ConfigMap", "{}"), "`name` is missing"),
        (ODD.format("v1", "ConfigMap", "[a]"), "metadata must be an object"),
        (ODD.format("v1", "ConfigMap", "x"), "metadata must be an object"),
        (ODD.format("v1", "ConfigMap", "{name: a, namespace: b/c}"), "invalid namespace 'b/c'"),
        (ODD.format("v1", "ConfigMap", "{name: 5}"), "must be of type string"),
        (ODD.format("v1", "ConfigMap", "{name: a, annotations: [x]}"), "metadata.annotations"),
        (ODD.format("v1", "ConfigMap", "{name: a, annotations: {a: true}}"), "metadata.annotations.a"),
        (ODD.format("v1", "ConfigMap", "{name: a, uid: [1]}"), "metadata.uid"),
        (ODD.format("''", "Pod", "{name: a}"), "has no kind Pod"),
        (ODD.format("v1/", "Pod", "{name: a}"), "has no kind Pod"),
        (ODD.format("../v1", "Pod", "{name: a}"), "has no kind Pod"),
        (ODD.format("a/b/c", "Pod", "{name: a}"), "has no kind Pod"),
    ],
)
@pytest.mark.parametrize("suffix", [NO_SUFFIX, Suffix.of("alice", ["sun"])])
def test_odd_objects_are_the_learners_mistake(
    fake: Fake, open_cluster: Open, text: str, words: str, suffix: Suffix
) -> None:
    manifests, _ = manifests_of(parse(text.encode(), "a.yaml").documents)
    (problem,) = dry_run(open_cluster(), manifests, suffix)
    assert words in problem.message


@pytest.mark.parametrize(
    "metadata",
    [
        "{name: a, namespace: ''}",
        "{name: a, namespace: null}",
        "{generateName: a-}",
        "{name: a, uid: elsewhere, resourceVersion: '7', creationTimestamp: null, managedFields: []}",
    ],
)
def test_what_kubectl_takes(fake: Fake, open_cluster: Open, metadata: str) -> None:
    cluster = open_cluster()
    assert tried(cluster, ODD.format("v1", "ConfigMap", metadata)) == ()
    fake.apply([{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}])
    assert tried(cluster, ODD.format("v1", "ConfigMap", metadata)) == ()


def test_words_to_paths() -> None:
    data = {"metadata": {"labels": {"a.b/c": 1, "7": 2}}, "spec": {"list": [{"x": 1}]}}
    assert field_path(data, "spec.list[0].x") == ("spec", "list", 0, "x")
    assert field_path(data, "metadata.labels[a.b/c]") == ("metadata", "labels", "a.b/c")
    assert field_path(data, "metadata.labels[7]") == ("metadata", "labels", "7")
    assert field_path(data, "") == ()
