"""Tests of `manifests.validation.security`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row

Paths = Callable[..., list[str]]

APPARMOR = "container.apparmor.security.beta.kubernetes.io/main"
SECCOMP = "container.seccomp.security.alpha.kubernetes.io/main"


@each_row(
    ("context", "paths"),
    [
        ({"privileged": True}, []),
        ({"allowPrivilegeEscalation": False}, []),
        ({"privileged": True, "allowPrivilegeEscalation": False}, ["allowPrivilegeEscalation"]),
        ({"privileged": True, "allowPrivilegeEscalation": True}, []),
        ({"allowPrivilegeEscalation": False, "capabilities": {"add": ["SYS_ADMIN"]}}, []),
        (
            {"allowPrivilegeEscalation": False, "capabilities": {"add": ["X", "CAP_SYS_ADMIN"]}},
            ["capabilities.add[1]"],
        ),
        ({"runAsUser": 0}, []),
        ({"runAsUser": -1}, ["runAsUser"]),
        ({"runAsUser": 2**31}, ["runAsUser"]),
        ({"runAsGroup": -1}, ["runAsGroup"]),
        ({"procMount": "Default"}, []),
        ({"procMount": "default"}, ["procMount"]),
        ({"procMount": "Unmasked"}, ["procMount"]),
        ({"seccompProfile": {"type": "RuntimeDefault"}}, []),
        ({"seccompProfile": {"type": "runtimeDefault"}}, ["seccompProfile.type"]),
        ({"seccompProfile": {}}, ["seccompProfile.type"]),
        ({"seccompProfile": {"type": "Localhost"}}, ["seccompProfile.localhostProfile"]),
        ({"seccompProfile": {"type": "Localhost", "localhostProfile": "profiles/a.json"}}, []),
        ({"seccompProfile": {"type": "Localhost", "localhostProfile": ""}}, []),
        (
            {"seccompProfile": {"type": "Localhost", "localhostProfile": "/a"}},
            ["seccompProfile.localhostProfile"],
        ),
        (
            {"seccompProfile": {"type": "Localhost", "localhostProfile": "../a"}},
            ["seccompProfile.localhostProfile"],
        ),
        (
            {"seccompProfile": {"type": "Unconfined", "localhostProfile": "a"}},
            ["seccompProfile.localhostProfile"],
        ),
        ({"appArmorProfile": {"type": "Localhost", "localhostProfile": "k8s-deny"}}, []),
        ({"appArmorProfile": {"type": "Localhost"}}, ["appArmorProfile.localhostProfile"]),
        (
            {"appArmorProfile": {"type": "Localhost", "localhostProfile": " a"}},
            ["appArmorProfile.localhostProfile"],
        ),
        (
            {"appArmorProfile": {"type": "Localhost", "localhostProfile": " "}},
            ["appArmorProfile.localhostProfile"],
        ),
        (
            {"appArmorProfile": {"type": "RuntimeDefault", "localhostProfile": "a"}},
            ["appArmorProfile.localhostProfile"],
        ),
        ({"appArmorProfile": {"type": "Confined"}}, ["appArmorProfile.type"]),
    ],
)
def test_container(container_paths: Paths, context: dict[str, Any], paths: list[str]) -> None:
    assert container_paths({"securityContext": context}) == [f"securityContext.{path}" for path in paths]


def test_unmasked_proc_with_a_user_namespace(container_paths: Paths) -> None:
    container = {"securityContext": {"procMount": "Unmasked"}}
    assert container_paths(container, {"hostUsers": False}) == []


@each_row(
    ("spec", "paths"),
    [
        ({"securityContext": {"runAsUser": 1000, "fsGroup": 1, "supplementalGroups": [1, 2]}}, []),
        ({"securityContext": {"fsGroup": -1}}, ["securityContext.fsGroup"]),
        ({"securityContext": {"supplementalGroups": [1, -2]}}, ["securityContext.supplementalGroups[1]"]),
        ({"securityContext": {"fsGroupChangePolicy": "Never"}}, ["securityContext.fsGroupChangePolicy"]),
        (
            {"securityContext": {"supplementalGroupsPolicy": "strict"}},
            ["securityContext.supplementalGroupsPolicy"],
        ),
        ({"securityContext": {"seLinuxChangePolicy": "Mount"}}, ["securityContext.seLinuxChangePolicy"]),
        ({"securityContext": {"seccompProfile": {"type": "x"}}}, ["securityContext.seccompProfile.type"]),
        ({"securityContext": {"sysctls": [{"name": "net.ipv4.tcp_syncookies", "value": "1"}]}}, []),
        ({"securityContext": {"sysctls": [{"name": "Net.a"}]}}, ["securityContext.sysctls[0].name"]),
        ({"securityContext": {"sysctls": [{}]}}, ["securityContext.sysctls[0].name"]),
        (
            {"securityContext": {"sysctls": [{"name": "a.b"}, {"name": "a.b"}]}},
            ["securityContext.sysctls[1].name"],
        ),
        (
            {"hostNetwork": True, "securityContext": {"sysctls": [{"name": "net/a"}]}},
            ["securityContext.sysctls[0].name"],
        ),
        (
            {"hostIPC": True, "securityContext": {"sysctls": [{"name": "kernel.shmmax"}]}},
            ["securityContext.sysctls[0].name"],
        ),
        ({"hostPID": True, "shareProcessNamespace": True}, ["shareProcessNamespace"]),
        ({"hostPID": True, "shareProcessNamespace": False}, []),
        ({"hostUsers": False, "hostPID": True, "hostIPC": True}, ["hostPID", "hostIPC"]),
        ({"hostUsers": True, "hostPID": True}, []),
    ],
)
def test_pod(pod_paths: Paths, spec: dict[str, Any], paths: list[str]) -> None:
    assert pod_paths(spec) == [f"spec.{path}" for path in paths]


@each_row(("users", "refused"), [({}, False), ({"hostUsers": True}, False), ({"hostUsers": False}, True)])
def test_devices_have_the_ids_of_the_node(pod_paths: Paths, users: dict[str, bool], refused: bool) -> None:
    """Refused since v1.34 (validateHostUsers)."""
    container = {"volumeDevices": [{"name": "a", "devicePath": "/dev/a"}]}
    found = pod_paths({"containers": [{}, container], **users})
    assert ("spec.containers[1].volumeDevices" in found) is refused
    assert "spec.containers[0].volumeDevices" not in found


@each_row(
    ("note", "profile", "problems"),
    [
        ({APPARMOR: "runtime/default"}, None, 0),
        ({APPARMOR: "localhost/a"}, None, 0),
        ({APPARMOR: ""}, None, 0),
        ({APPARMOR: "bar/foo"}, None, 1),
        ({APPARMOR + "2": "unconfined"}, None, 1),
        ({APPARMOR: "localhost/a"}, {"type": "Localhost", "localhostProfile": "a"}, 0),
        ({APPARMOR: "localhost/a"}, {"type": "Localhost", "localhostProfile": "b"}, 1),
        ({APPARMOR: "unconfined"}, {"type": "RuntimeDefault"}, 1),
    ],
)
def test_apparmor_annotations(
    paths_of: Paths, api_object: Callable[..., Any], note: dict[str, str], profile: Any, problems: int
) -> None:
    context = {"appArmorProfile": profile} if profile else {}
    pod = api_object("Pod", spec={"containers": [{"name": "main", "image": "b", "securityContext": context}]})
    pod["metadata"]["annotations"] = note
    assert len(paths_of(pod)) == problems


@each_row(
    ("note", "of_pod", "of_template"),
    [
        ("runtime/default", 0, 1),
        ("unconfined", 0, 1),
        ("localhost/b", 0, 1),
        ("localhost/a", 0, 0),
        ("localhost/", 1, 1),
        ("bar/foo", 2, 2),
    ],
)
def test_an_annotation_of_a_pod_outweighs_the_profile_of_the_whole_pod(
    paths_of: Paths, deployment_paths: Paths, note: str, of_pod: int, of_template: int
) -> None:
    context = {"appArmorProfile": {"type": "Localhost", "localhostProfile": "a"}}
    spec = {"containers": [{"name": "main", "image": "b"}], "securityContext": context}
    meta = {"name": "web", "labels": {"app": "web"}, "annotations": {APPARMOR: note}}
    assert len(paths_of({"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": spec})) == of_pod
    assert len(deployment_paths({"template": {"metadata": meta, "spec": spec}})) == of_template


@each_row(
    ("note", "profile", "problems"),
    [
        ({SECCOMP: "docker/default"}, {"type": "RuntimeDefault"}, 0),
        ({SECCOMP: "localhost/a"}, {"type": "Localhost", "localhostProfile": "a"}, 0),
        ({SECCOMP: "unconfined"}, {"type": "RuntimeDefault"}, 1),
        ({SECCOMP: "localhost/../a"}, None, 1),
        ({SECCOMP: "confined"}, None, 1),
    ],
)
def test_seccomp_annotations(
    paths_of: Paths, api_object: Callable[..., Any], note: dict[str, str], profile: Any, problems: int
) -> None:
    context = {"seccompProfile": profile} if profile else {}
    pod = api_object("Pod", spec={"containers": [{"name": "main", "image": "b", "securityContext": context}]})
    pod["metadata"]["annotations"] = note
    assert len(paths_of(pod)) == problems
