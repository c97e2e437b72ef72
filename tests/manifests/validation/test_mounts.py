"""Tests of `manifests.validation.mounts`: mounts of volumes and block devices in containers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row

Paths = Callable[..., list[str]]

VOLUMES = {
    "volumes": [
        {"name": "v", "emptyDir": {}},
        {"name": "w", "emptyDir": {}},
        {"name": "claim", "persistentVolumeClaim": {"claimName": "c"}},
    ]
}


@each_row(
    ("mounts", "paths"),
    [
        ([{"name": "v", "mountPath": "/a"}, {"name": "v", "mountPath": "/b", "subPath": "x/y"}], []),
        ([{"name": "v", "mountPath": "/a:b"}], []),
        ([{"name": "x", "mountPath": "/a"}], ["[0].name"]),
        ([{"mountPath": "/a"}], ["[0].name"]),
        ([{"name": "v"}], ["[0].mountPath"]),
        ([{"name": "v", "mountPath": "/a"}, {"name": "w", "mountPath": "/a"}], ["[1].mountPath"]),
        ([{"name": "v", "mountPath": "/a", "subPath": "../x"}], ["[0].subPath"]),
        ([{"name": "v", "mountPath": "/a", "subPath": "/x"}], ["[0].subPath"]),
        ([{"name": "v", "mountPath": "/a", "subPath": "x", "subPathExpr": "$(A)"}], ["[0].subPathExpr"]),
        ([{"name": "v", "mountPath": "/a", "mountPropagation": "HostToContainer"}], []),
        ([{"name": "v", "mountPath": "/a", "mountPropagation": "Bidirectional"}], ["[0].mountPropagation"]),
        ([{"name": "v", "mountPath": "/a", "mountPropagation": "none"}], ["[0].mountPropagation"]),
        ([{"name": "v", "mountPath": "/a", "readOnly": True, "recursiveReadOnly": "Enabled"}], []),
        ([{"name": "v", "mountPath": "/a", "recursiveReadOnly": "Enabled"}], ["[0].recursiveReadOnly"]),
        ([{"name": "v", "mountPath": "/a", "recursiveReadOnly": "Disabled"}], []),
    ],
)
def test_mounts(container_paths: Paths, mounts: list[Any], paths: list[str]) -> None:
    assert container_paths({"volumeMounts": mounts}, VOLUMES) == [f"volumeMounts{path}" for path in paths]


def test_a_privileged_container_may_propagate_both_ways(container_paths: Paths) -> None:
    mount = {"name": "v", "mountPath": "/a", "mountPropagation": "Bidirectional"}
    container = {"volumeMounts": [mount], "securityContext": {"privileged": True}}
    assert container_paths(container, VOLUMES) == []


def test_a_near_name_is_suggested(messages_of: Paths, api_object: Callable[..., Any]) -> None:
    container = {"name": "a", "image": "b", "volumeMounts": [{"name": "cahce", "mountPath": "/a"}]}
    pod = api_object("Pod", spec={"containers": [container], "volumes": [{"name": "cache"}]})
    assert messages_of(pod) == ["The pod has no volume `cahce`, so there is nothing to mount."]


@each_row(
    ("devices", "paths"),
    [
        ([{"name": "claim", "devicePath": "/dev/a"}], []),
        ([{"name": "v", "devicePath": "/dev/a"}], ["[0].name"]),
        ([{"name": "x", "devicePath": "/dev/a"}], ["[0].name"]),
        ([{"name": "claim"}], ["[0].devicePath"]),
        ([{"name": "claim", "devicePath": "/dev/../a"}], ["[0].devicePath"]),
        (
            [{"name": "claim", "devicePath": "/dev/a"}, {"name": "claim", "devicePath": "/dev/a"}],
            ["[1].name", "[1].devicePath"],
        ),
    ],
)
def test_devices(container_paths: Paths, devices: list[Any], paths: list[str]) -> None:
    assert container_paths({"volumeDevices": devices}, VOLUMES) == [f"volumeDevices{path}" for path in paths]


def test_a_volume_is_a_mount_or_a_device(container_paths: Paths) -> None:
    container = {
        "volumeMounts": [{"name": "claim", "mountPath": "/a"}],
        "volumeDevices": [{"name": "claim", "devicePath": "/a"}],
    }
    assert container_paths(container, VOLUMES) == [
        "volumeMounts[0].name",
        "volumeMounts[0].mountPath",
        "volumeDevices[0].name",
        "volumeDevices[0].devicePath",
    ]
