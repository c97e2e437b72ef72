"""Tests of `manifests.validation.windows`: windows options of security contexts, and what `os` forbids."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row

Paths = Callable[..., list[str]]


@each_row(
    ("user", "good"),
    [
        ("ContainerUser", True),
        ("NT AUTHORITY\\SYSTEM", True),
        ("corp.example.com\\jane", True),
        ("", False),
        ("a\\b\\c", False),
        ("\\jane", False),
        ("corp\\", False),
        ("...", False),
        ("a;b", False),
        ("a\tb", False),
        ("x" * 105, False),
    ],
)
def test_user_names(pod_paths: Paths, user: str, good: bool) -> None:
    field = "spec.securityContext.windowsOptions.runAsUserName"
    assert pod_paths({"securityContext": {"windowsOptions": {"runAsUserName": user}}}) == (
        [] if good else [field]
    )


def process(value: bool) -> dict[str, Any]:
    return {"windowsOptions": {"hostProcess": value}}


@each_row(
    ("pod", "container", "network", "paths"),
    [
        (process(True), {}, True, []),
        (process(True), {}, False, ["spec.hostNetwork"]),
        ({}, process(True), True, []),
        (
            process(True),
            process(False),
            True,
            ["spec.containers[0].securityContext.windowsOptions.hostProcess"],
        ),
        (process(False), {}, False, []),
    ],
)
def test_host_process(pod_paths: Paths, pod: Any, container: Any, network: bool, paths: list[str]) -> None:
    spec = {
        "securityContext": pod,
        "hostNetwork": network,
        "containers": [{"name": "a", "image": "b", "securityContext": container}],
    }
    assert pod_paths(spec) == paths


def test_host_process_is_for_all_or_none(pod_paths: Paths) -> None:
    containers = [
        {"name": "a", "image": "b", "securityContext": process(True)},
        {"name": "c", "image": "d"},
    ]
    assert pod_paths({"containers": containers, "hostNetwork": True}) == ["spec"]


@each_row(
    ("spec", "paths"),
    [
        ({"os": {"name": "linux"}}, []),
        ({"os": {"name": "darwin"}}, ["os.name"]),
        ({"os": {}}, ["os.name"]),
        (
            {"os": {"name": "linux"}, "securityContext": {"windowsOptions": {}}},
            ["securityContext.windowsOptions"],
        ),
        ({"os": {"name": "windows"}, "securityContext": {"runAsUser": 1}}, ["securityContext.runAsUser"]),
        ({"os": {"name": "windows"}, "hostPID": True, "hostIPC": False}, ["hostPID"]),
        ({"os": {"name": "windows"}, "securityContext": {"runAsNonRoot": True}}, []),
    ],
)
def test_operating_system(pod_paths: Paths, spec: dict[str, Any], paths: list[str]) -> None:
    assert pod_paths(spec) == [f"spec.{path}" for path in paths]


def test_container_fields_that_windows_lacks(container_paths: Paths) -> None:
    context = {"privileged": False, "capabilities": {"drop": ["ALL"]}, "runAsNonRoot": True}
    found = container_paths({"securityContext": context}, {"os": {"name": "windows"}})
    assert found == ["securityContext.capabilities", "securityContext.privileged"]
