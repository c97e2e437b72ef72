"""Tests of `manifests.validation.containers`: containers of every kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row
from trainer.versions import Version

Paths = Callable[..., list[str]]


@each_row(
    ("container", "paths"),
    [
        ({}, []),
        ({"name": None}, ["name"]),
        ({"name": "Main"}, ["name"]),
        ({"name": "a.b"}, ["name"]),
        ({"image": None}, ["image"]),
        ({"image": ""}, ["image"]),
        ({"imagePullPolicy": "always"}, ["imagePullPolicy"]),
        ({"terminationMessagePolicy": "file"}, ["terminationMessagePolicy"]),
        ({"ports": [{"containerPort": 80}, {"containerPort": 80}]}, []),
        ({"ports": [{"name": "http"}]}, ["ports[0].containerPort"]),
        ({"ports": [{"containerPort": -1}]}, ["ports[0].containerPort"]),
        ({"ports": [{"containerPort": 70000}]}, ["ports[0].containerPort"]),
        ({"ports": [{"containerPort": 80, "hostPort": 65536}]}, ["ports[0].hostPort"]),
        ({"ports": [{"containerPort": 80, "protocol": "tcp"}]}, ["ports[0].protocol"]),
        ({"ports": [{"containerPort": 80, "name": "web_port"}]}, ["ports[0].name"]),
        (
            {"ports": [{"containerPort": 80, "name": "a"}, {"containerPort": 81, "name": "a"}]},
            ["ports[1].name"],
        ),
        (
            {"ports": [{"containerPort": 80, "hostPort": 8}, {"containerPort": 81, "hostPort": 8}]},
            ["ports[1].hostPort"],
        ),
        (
            {
                "ports": [
                    {"containerPort": 80, "hostPort": 8},
                    {"containerPort": 80, "hostPort": 8, "protocol": "UDP"},
                    {"containerPort": 80, "hostPort": 8, "hostIP": "10.0.0.1"},
                ]
            },
            [],
        ),
        ({"resizePolicy": [{"resourceName": "cpu", "restartPolicy": "NotRequired"}]}, []),
        (
            {"resizePolicy": [{"resourceName": "disk", "restartPolicy": "NotRequired"}]},
            ["resizePolicy[0].resourceName"],
        ),
        ({"resizePolicy": [{"resourceName": "cpu"}]}, ["resizePolicy[0].restartPolicy"]),
    ],
)
def test_containers(container_paths: Paths, container: dict[str, Any], paths: list[str]) -> None:
    assert container_paths(container) == paths


def test_names_are_unique_over_all_containers(pod_paths: Paths) -> None:
    one = {"name": "a", "image": "b"}
    assert pod_paths({"containers": [one, one]}) == ["spec.containers[1].name"]
    assert pod_paths({"containers": [one], "initContainers": [one]}) == ["spec.initContainers[0].name"]


def test_host_ports_are_unique_over_containers_but_not_over_init_containers(pod_paths: Paths) -> None:
    port = {"ports": [{"containerPort": 80, "hostPort": 80}], "image": "b"}
    names = [{"name": name, **port} for name in "abcd"]
    assert pod_paths({"containers": names[:2]}) == ["spec.containers[1].ports[0].hostPort"]
    assert pod_paths({"containers": names[:1], "initContainers": names[1:]}) == []


def test_init_containers_have_no_probes_unless_they_are_sidecars(pod_paths: Paths) -> None:
    init = {"name": "i", "image": "b", "livenessProbe": {"tcpSocket": {"port": 80}}}
    assert pod_paths({"initContainers": [init]}) == ["spec.initContainers[0].livenessProbe"]
    assert pod_paths({"initContainers": [{**init, "restartPolicy": "Always"}]}) == []


def test_restart_policies_of_containers(container_paths: Paths, pod_paths: Paths) -> None:
    init = {"name": "i", "image": "b", "restartPolicy": "Never"}
    assert pod_paths({"initContainers": [init]}) == []
    assert container_paths({"restartPolicy": "Never"}) == []
    assert container_paths({"restartPolicy": "never"}) == ["restartPolicy"]


def test_restart_rules(container_paths: Paths) -> None:
    rule = {"action": "Restart", "exitCodes": {"operator": "In", "values": [42]}}
    assert container_paths({"restartPolicy": "Never", "restartPolicyRules": [rule]}) == []
    assert container_paths({"restartPolicyRules": [rule]}) == ["restartPolicy"]
    bad = {"action": "Retry", "exitCodes": {"operator": "Is"}}
    assert container_paths({"restartPolicy": "Never", "restartPolicyRules": [bad]}) == [
        "restartPolicyRules[0].action",
        "restartPolicyRules[0].exitCodes.operator",
    ]


def test_resize_needs_no_restart_in_a_pod_that_never_restarts(container_paths: Paths) -> None:
    policy = {"resizePolicy": [{"resourceName": "cpu", "restartPolicy": "RestartContainer"}]}
    assert container_paths(policy) == []
    assert container_paths(policy, {"restartPolicy": "Never"}) == ["resizePolicy[0].restartPolicy"]


def test_ephemeral_containers(pod_paths: Paths) -> None:
    bad = {
        "name": "d",
        "image": "b ",
        "targetContainerName": "other",
        "ports": [{"containerPort": 80}],
        "resources": {"limits": {"cpu": "1"}},
    }
    base = "spec.ephemeralContainers[0]"
    assert pod_paths({"ephemeralContainers": [bad]}) == [
        f"{base}.image",
        f"{base}.targetContainerName",
        f"{base}.ports",
        f"{base}.resources",
        "spec.ephemeralContainers",
    ]


@each_row(
    ("ports", "paths"),
    [
        ([{"containerPort": 80}], []),
        ([{"containerPort": 80, "hostPort": 80}], []),
        ([{"containerPort": 80, "hostPort": 81}], ["ports[0].hostPort"]),
    ],
)
def test_ports_in_the_host_network(container_paths: Paths, ports: list[Any], paths: list[str]) -> None:
    assert container_paths({"ports": ports}, {"hostNetwork": True}) == paths


@each_row(
    ("sidecar", "minor", "good"),
    [(False, 35, True), (False, 36, False), (True, 36, True), (False, 37, False)],
)
def test_an_init_container_does_not_restart_for_a_resize_from_1_36_on(
    pod_paths: Paths, sidecar: bool, minor: int, good: bool
) -> None:
    init = {
        "name": "i",
        "image": "b",
        "resizePolicy": [{"resourceName": "cpu", "restartPolicy": "RestartContainer"}],
    }
    found = pod_paths(
        {"initContainers": [init | ({"restartPolicy": "Always"} if sidecar else {})]}, Version(1, minor)
    )
    assert found == ([] if good else ["spec.initContainers[0].resizePolicy[0].restartPolicy"])
