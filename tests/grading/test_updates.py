"""Tests of `grading.updates`: equal values, and changes that are refused under a condition (v1.36)."""

from __future__ import annotations

from typing import Any

from tests.table import each_row
from trainer.grading.updates import refused_changes, same_value
from trainer.manifests.model import Document, Manifest
from trainer.versions import DEFAULT, Version


@each_row(
    ("old", "new", "same"),
    [
        ({"a": 1}, {"a": 1}, True),
        ({"a": 1}, {"a": 2}, False),
        ({}, {"hostPID": False}, True),
        ({}, {"hostPID": True}, False),
        ({}, {"privileged": False}, False),
        ({}, {"runAsUser": 0}, False),
        ({"containers": [{"name": "a"}]}, {"containers": [{"name": "a", "stdin": False, "env": []}]}, True),
        ({"containers": [{"name": "a"}]}, {"containers": [{"name": "a", "workingDir": ""}]}, True),
        ({}, {"nodeSelector": {}}, True),
        ({}, {"emptyDir": {}}, False),
        (None, [], True),
        (None, "", True),
    ],
)
def test_equal_values(old: Any, new: Any, same: bool) -> None:
    assert same_value(old, new) is same
    assert same_value(new, old) is same


@each_row(
    ("fields", "empty"),
    [
        ("hostIPC hostNetwork hostPID readOnly stdin stdinOnce tty", False),
        ("hostPort initialDelaySeconds", 0),
        ("annotations labels limits matchLabels nodeSelector overhead requests", {}),
    ],
)
def test_fields_that_go_leaves_out(fields: str, empty: Any) -> None:
    """Fields with `omitempty` that aren't pointers (core/v1 types.go): the zero value isn't written."""
    for field in fields.split():
        assert same_value({}, {field: empty}), field
        assert not same_value({}, {field: empty or [1]}), field
    assert not same_value({}, {"other": empty})


def changed(kind: str, old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    def made(spec: dict[str, Any]) -> Manifest:
        data = {"kind": kind, "spec": spec}
        return Manifest(data, Document(data, "a.yaml", 1, 1, {}))

    return [".".join(path) for path in refused_changes(made(old), made(new), DEFAULT)]


@each_row(
    ("kind", "old", "new", "paths"),
    [
        ("Job", {"completions": 1}, {"completions": 1, "parallelism": 5}, []),
        ("Job", {"completions": 1}, {"completions": 2}, ["spec.completions"]),
        (
            "Job",
            {"completions": 1, "completionMode": "Indexed"},
            {"completions": 2, "completionMode": "Indexed", "parallelism": 1},
            ["spec.completions"],
        ),
        (
            "Job",
            {"completions": 1, "completionMode": "Indexed"},
            {"completions": 2, "completionMode": "Indexed", "parallelism": 2},
            [],
        ),
        ("PersistentVolume", {"nfs": {"server": "a"}}, {"nfs": {"server": "b"}}, ["spec.nfs"]),
        ("PersistentVolume", {"nfs": {"server": "a"}}, {"hostPath": {}}, ["spec.hostPath", "spec.nfs"]),
        ("PersistentVolume", {"csi": {"driver": "a"}}, {"csi": {"driver": "a", "readOnly": False}}, []),
        (
            "PersistentVolume",
            {"csi": {"driver": "a"}},
            {"csi": {"driver": "a", "controllerExpandSecretRef": {"name": "s"}}},
            [],
        ),
        ("PersistentVolume", {"mountOptions": ["ro"]}, {"mountOptions": ["rw"]}, []),
        ("PersistentVolume", {}, {"nodeAffinity": {"required": {}}}, []),
        ("PersistentVolume", {"nodeAffinity": {"required": {}}}, {}, ["spec.nodeAffinity"]),
        (
            "Service",
            {"type": "LoadBalancer", "loadBalancerClass": "a/b"},
            {"type": "LoadBalancer"},
            ["spec.loadBalancerClass"],
        ),
        ("Service", {"type": "LoadBalancer", "loadBalancerClass": "a/b"}, {"type": "NodePort"}, []),
        (
            "Service",
            {"type": "LoadBalancer", "externalTrafficPolicy": "Local", "healthCheckNodePort": 30001},
            {"type": "LoadBalancer", "externalTrafficPolicy": "Local", "healthCheckNodePort": 30002},
            ["spec.healthCheckNodePort"],
        ),
        (
            "Service",
            {"type": "LoadBalancer", "externalTrafficPolicy": "Local", "healthCheckNodePort": 30001},
            {"type": "LoadBalancer", "externalTrafficPolicy": "Cluster"},
            [],
        ),
        ("ResourceQuota", {"scopes": ["A", "B"]}, {"scopes": ["B", "A"]}, []),
        ("ResourceQuota", {"scopes": ["A", "B"]}, {"scopes": ["A"]}, ["spec.scopes"]),
        ("ConfigMap", {}, {"a": 1}, []),
    ],
)
def test_conditions(kind: str, old: dict[str, Any], new: dict[str, Any], paths: list[str]) -> None:
    assert changed(kind, old, new) == paths


BALANCER = {"type": "LoadBalancer", "externalTrafficPolicy": "Local", "healthCheckNodePort": 30001}
SECRET = {"controllerExpandSecretRef": {"name": "s"}}


@each_row(
    ("kind", "old", "new", "paths"),
    [
        # A secret to expand it may be set once.
        ("PersistentVolume", {"csi": {"driver": "a", **SECRET}}, {"csi": {"driver": "a"}}, ["spec.csi"]),
        ("PersistentVolume", {"csi": {"driver": "a"}}, {"csi": {"driver": "b", **SECRET}}, ["spec.csi"]),
        ("PersistentVolume", {"csi": {"driver": "a"}}, {}, ["spec.csi"]),
        ("PersistentVolume", {}, {"csi": SECRET}, ["spec.csi"]),
        ("PersistentVolume", {"iscsi": {"lun": 1}}, {"iscsi": {"lun": 1, **SECRET}}, ["spec.iscsi"]),
        ("PersistentVolume", {"nodeAffinity": {"a": 1}}, {"nodeAffinity": {"a": 2}}, ["spec.nodeAffinity"]),
        ("PersistentVolume", {"nodeAffinity": {"a": 1}}, {"nodeAffinity": {"a": 1}}, []),
        ("Job", {"completions": 1, "completionMode": "Indexed"}, {"completions": 2, "parallelism": 2},
         ["spec.completions"]),
        ("Service", {"type": "LoadBalancer"}, {"type": "LoadBalancer", "loadBalancerClass": "a/b"},
         ["spec.loadBalancerClass"]),
        ("Service", {"type": "LoadBalancer"}, {"type": "LoadBalancer"}, []),
        ("Service", {"type": "NodePort"}, {"type": "LoadBalancer", "loadBalancerClass": "a/b"}, []),
        ("Service", {"type": "NodePort", "loadBalancerClass": "a"}, {"type": "NodePort"}, []),
        ("Service", BALANCER, BALANCER, []),
        ("Service", BALANCER, {**BALANCER, "healthCheckNodePort": None}, ["spec.healthCheckNodePort"]),
        ("Service", {**BALANCER, "healthCheckNodePort": None}, BALANCER, []),
        ("Service", {**BALANCER, "externalTrafficPolicy": "Cluster"}, {**BALANCER, "healthCheckNodePort": 1}, []),
        ("ResourceQuota", {}, {"scopes": ["A"]}, ["spec.scopes"]),
        ("ResourceQuota", {"scopes": []}, {}, []),
    ],
)  # fmt: skip
def test_the_other_side_of_the_conditions(
    kind: str, old: dict[str, Any], new: dict[str, Any], paths: list[str]
) -> None:
    assert changed(kind, old, new) == paths


@each_row(
    "field",
    """accessModes capacity claimRef mountOptions persistentVolumeReclaimPolicy storageClassName
    volumeAttributesClassName volumeMode""".split(),
)
def test_what_is_no_source_of_a_volume(field: str) -> None:
    for old, new in (({field: "a"}, {field: "b"}), ({}, {field: "a"}), ({field: "a"}, {})):
        assert changed("PersistentVolume", old, new) == []


POD_TEMPLATE = {"spec": {"containers": [{"name": "c", "image": "n"}]}}


@each_row(
    ("spec", "since"),
    [
        ({"nodeSelector": {"a": "b"}, "tolerations": [{"operator": "Exists"}]}, "always"),
        ({"affinity": {"nodeAffinity": {"x": 1}}, "schedulingGates": [{"name": "a"}]}, "always"),
        ({"containers": [{"name": "c", "image": "n", "resources": {"limits": {"cpu": 1}}}]}, "later"),
        ({"containers": [{"name": "c", "image": "m"}]}, "never"),
        ({"containers": [{"name": "c", "image": "n", "resources": {"claims": [{"name": "x"}]}}]}, "never"),
        ({"affinity": {"podAffinity": {"x": 1}}}, "never"),
        ({"securityContext": {"runAsUser": 1}}, "never"),
    ],
)
def test_what_a_suspended_job_may_change(spec: dict[str, Any], since: str) -> None:
    """As a kube-apiserver of v1.36 answers; before, resources stay, and so does all of a Job that ran."""
    new = {**POD_TEMPLATE, "spec": {**POD_TEMPLATE["spec"], **spec}, "metadata": {"labels": {"a": "b"}}}

    def refused(version: Version, *, suspended: bool = True, started: bool = False) -> bool:
        before = {"kind": "Job", "spec": {"suspend": suspended, "template": POD_TEMPLATE}}
        if started:
            before["status"] = {"startTime": "2026-01-01T00:00:00Z"}
        after = {"kind": "Job", "spec": {"suspend": False, "template": new}}
        pair = [Manifest(data, Document(data, "a.yaml", 1, 1, {})) for data in (before, after)]
        return refused_changes(pair[0], pair[1], version) == [("spec", "template")]

    old, later = DEFAULT, Version(1, 36)
    assert refused(old, suspended=False)
    assert refused(later, suspended=False)
    assert refused(old) is (since != "always")
    assert refused(later) is (since == "never")
    assert refused(old, started=True)
    assert refused(later, started=True) is (since == "never")
