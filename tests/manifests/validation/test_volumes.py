"""Tests of `manifests.validation.volumes`: volumes of pods."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row
from trainer.versions import Version

Paths = Callable[..., list[str]]

LABELS = {"path": "a", "fieldRef": {"fieldPath": "metadata.labels"}}

CLAIM = {"spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}


@each_row(
    ("volume", "paths"),
    [
        ({}, []),  # an emptyDir
        ({"emptyDir": {"medium": "Memory", "sizeLimit": "1Gi"}}, []),
        ({"emptyDir": {"sizeLimit": "-1"}}, ["emptyDir.sizeLimit"]),
        ({"name": "My_Vol"}, ["name"]),
        ({"name": ""}, ["name"]),
        ({"emptyDir": {}, "hostPath": {"path": "/a"}}, ["hostPath"]),
        ({"hostPath": {"path": "/a", "type": "Directory"}}, []),
        ({"hostPath": {"path": "/a", "type": ""}}, []),
        ({"hostPath": {}}, ["hostPath.path"]),
        ({"hostPath": {"path": "/a/../b"}}, ["hostPath.path"]),
        ({"hostPath": {"path": "/a", "type": "directory"}}, ["hostPath.type"]),
        ({"secret": {"secretName": "s", "defaultMode": 0o400}}, []),
        ({"secret": {}}, ["secret.secretName"]),
        ({"secret": {"secretName": "s", "defaultMode": 644}}, ["secret.defaultMode"]),
        ({"secret": {"secretName": "s", "items": [{"key": "a", "path": "b"}]}}, []),
        ({"secret": {"secretName": "s", "items": [{"key": "a"}]}}, ["secret.items[0].path"]),
        ({"secret": {"secretName": "s", "items": [{"key": "a", "path": "../b"}]}}, ["secret.items[0].path"]),
        ({"secret": {"secretName": "s", "items": [{"key": "a", "path": "/b"}]}}, ["secret.items[0].path"]),
        ({"secret": {"secretName": "s", "items": [{"key": "a", "path": "..b"}]}}, ["secret.items[0].path"]),
        ({"configMap": {}}, ["configMap.name"]),
        (
            {"configMap": {"name": "c", "items": [{"path": "b", "mode": 512}]}},
            ["configMap.items[0].key", "configMap.items[0].mode"],
        ),
        ({"persistentVolumeClaim": {}}, ["persistentVolumeClaim.claimName"]),
        ({"nfs": {"server": "s", "path": "a"}}, ["nfs.path"]),
        ({"nfs": {}}, ["nfs.server", "nfs.path"]),
        ({"gitRepo": {"directory": "../a"}}, ["gitRepo.repository", "gitRepo.directory"]),
        ({"csi": {"driver": "secrets-store.csi.k8s.io"}}, []),
        ({"csi": {}}, ["csi.driver"]),
        ({"csi": {"driver": "a b"}}, ["csi.driver"]),
        ({"csi": {"driver": "a", "nodePublishSecretRef": {}}}, ["csi.nodePublishSecretRef.name"]),
        ({"ephemeral": {"volumeClaimTemplate": CLAIM}}, []),
        ({"ephemeral": {}}, ["ephemeral.volumeClaimTemplate"]),
        ({"image": {"reference": "a", "pullPolicy": "Never"}}, []),
        ({"image": {"pullPolicy": "never"}}, ["image.reference", "image.pullPolicy"]),
        ({"downwardAPI": {"defaultMode": 1000}}, ["downwardAPI.defaultMode"]),
        ({"downwardAPI": {"items": [LABELS, LABELS]}}, []),
        ({"iscsi": {}}, ["iscsi.targetPortal", "iscsi.iqn"]),
    ],
)
def test_sources(pod_paths: Paths, volume: dict[str, Any], paths: list[str]) -> None:
    assert pod_paths({"volumes": [{"name": "v", **volume}]}) == [f"spec.volumes[0].{path}" for path in paths]


def test_names_are_unique(pod_paths: Paths) -> None:
    assert pod_paths({"volumes": [{"name": "a"}, {"name": "a"}]}) == ["spec.volumes[1].name"]


def test_a_claim_is_not_one_of_the_pods_own(pod_paths: Paths) -> None:
    volumes = [
        {"name": "a", "ephemeral": {"volumeClaimTemplate": CLAIM}},
        {"name": "b", "persistentVolumeClaim": {"claimName": "web-a"}},
    ]
    assert pod_paths({"volumes": volumes}) == ["spec.volumes[1].persistentVolumeClaim.claimName"]


def test_a_template_may_leave_out_the_reference_of_an_image_before_1_37(
    pod_paths: Paths, deployment_paths: Paths
) -> None:
    volumes = {"volumes": [{"name": "v", "image": {}}]}
    template = {"template": {"spec": volumes}}
    path = "spec.volumes[0].image.reference"
    assert pod_paths(volumes, Version(1, 36)) == pod_paths(volumes, Version(1, 37)) == [path]
    assert deployment_paths(template, Version(1, 36)) == []
    assert deployment_paths(template, Version(1, 37)) == [f"spec.template.{path}"]
