"""Tests of `grading.updates`: equal values, and changes that are refused under a condition (v1.36)."""

from __future__ import annotations

from typing import Any

import pytest

from trainer.grading.updates import refused_changes, same_value, without_nulls
from trainer.manifests.model import Document, Manifest


@pytest.mark.parametrize(
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


@pytest.mark.parametrize(
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


@pytest.mark.parametrize("field", ["data", "binaryData", "hard", "parameters", "annotations", "limits"])
def test_maps_whose_keys_a_patch_removes(field: str) -> None:
    assert without_nulls({field: {"a": None, "b": "c"}}, {field: {"a": "", "b": "c"}}) == {field: {"b": "c"}}


def test_keys_that_are_written_as_null_are_removed() -> None:
    """As a strategic merge patch of v1.36 does; on create they stay, with an empty value."""
    written = {"data": {"a": None, "b": "x"}, "metadata": {"labels": {"c": None}}, "spec": {"replicas": None}}
    value = {"data": {"a": "", "b": "x"}, "metadata": {"labels": {"c": ""}}, "spec": {"replicas": 1}}
    assert without_nulls(written, value) == {
        "data": {"b": "x"},
        "metadata": {"labels": {}},
        "spec": {"replicas": 1},
    }
    assert without_nulls([written], [value, value]) == [value, value]


def changed(kind: str, old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    def made(spec: dict[str, Any]) -> Manifest:
        data = {"kind": kind, "spec": spec}
        return Manifest(data, Document(data, "a.yaml", 1, 1, {}))

    return [".".join(path) for path in refused_changes(made(old), made(new))]


@pytest.mark.parametrize(
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


@pytest.mark.parametrize(
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


@pytest.mark.parametrize(
    "field",
    """accessModes capacity claimRef mountOptions persistentVolumeReclaimPolicy storageClassName
    volumeAttributesClassName volumeMode""".split(),
)
def test_what_is_no_source_of_a_volume(field: str) -> None:
    for old, new in (({field: "a"}, {field: "b"}), ({}, {field: "a"}), ({field: "a"}, {})):
        assert changed("PersistentVolume", old, new) == []


def test_lists_that_do_not_correspond_and_nulls_of_structures_stay() -> None:
    assert without_nulls([{"data": {"a": None}}], [{"data": {"a": ""}}]) == [{"data": {}}]
    assert without_nulls({"data": {"a": None}}, {"data": {"b": "", "a": ""}}) == {"data": {"b": ""}}
    assert without_nulls({"spec": {"a": None}}, {"spec": {"a": 1}}) == {"spec": {"a": 1}}
    assert without_nulls({"data": {"a": {"b": None}}}, {"data": {"a": {"b": 1}}}) == {"data": {"a": {"b": 1}}}
    assert without_nulls(None, {"a": 1}) == {"a": 1}
    assert without_nulls({"a": 1}, "text") == "text"
