"""Tests of `manifests.validation.probes`: probes and lifecycle handlers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row

Paths = Callable[..., list[str]]

TCP = {"tcpSocket": {"port": 80}}


@each_row(
    ("probe", "paths"),
    [
        (TCP, []),
        ({"exec": {"command": ["true"]}}, []),
        ({"httpGet": {"path": "/", "port": "http", "scheme": "HTTPS"}}, []),
        ({"grpc": {"port": 8080}}, []),
        ({}, [""]),
        ({"initialDelaySeconds": 1}, [""]),
        ({**TCP, "exec": {"command": ["true"]}}, [".tcpSocket"]),
        ({"exec": {}}, [".exec.command"]),
        ({"httpGet": {"path": "/"}}, [".httpGet.port"]),
        ({"httpGet": {"port": 0}}, [".httpGet.port"]),
        ({"httpGet": {"port": "80"}}, [".httpGet.port"]),
        ({"httpGet": {"port": 80, "scheme": "https"}}, [".httpGet.scheme"]),
        ({"httpGet": {"port": 80, "httpHeaders": [{"name": "a b"}]}}, [".httpGet.httpHeaders[0].name"]),
        ({"tcpSocket": {"port": 70000}}, [".tcpSocket.port"]),
        ({"grpc": {}}, [".grpc.port"]),
        ({**TCP, "timeoutSeconds": -1}, [".timeoutSeconds"]),
        ({**TCP, "periodSeconds": 0}, []),
        ({**TCP, "failureThreshold": -3}, [".failureThreshold"]),
        ({**TCP, "successThreshold": 2}, [".successThreshold"]),
        ({**TCP, "terminationGracePeriodSeconds": 0}, [".terminationGracePeriodSeconds"]),
        ({**TCP, "terminationGracePeriodSeconds": 1}, []),
    ],
)
def test_liveness(container_paths: Paths, probe: dict[str, Any], paths: list[str]) -> None:
    expected = [f"livenessProbe{path}" for path in paths]
    assert container_paths({"livenessProbe": probe}) == expected
    assert container_paths({"startupProbe": probe}) == [p.replace("liveness", "startup") for p in expected]


def test_readiness(container_paths: Paths) -> None:
    assert container_paths({"readinessProbe": {**TCP, "successThreshold": 3}}) == []
    assert container_paths({"readinessProbe": {**TCP, "terminationGracePeriodSeconds": 5}}) == [
        "readinessProbe.terminationGracePeriodSeconds"
    ]


@each_row(
    ("handler", "paths"),
    [
        ({"exec": {"command": ["true"]}}, []),
        ({"sleep": {"seconds": 5}}, []),
        ({"sleep": {"seconds": 0}}, []),
        ({"sleep": {"seconds": 31}}, [".sleep.seconds"]),
        ({"sleep": {"seconds": -1}}, [".sleep.seconds"]),
        ({}, [""]),
        ({"grpc": {"port": 1}}, [""]),
    ],
)
def test_lifecycle(container_paths: Paths, handler: dict[str, Any], paths: list[str]) -> None:
    found = container_paths({"lifecycle": {"preStop": handler}}, {"terminationGracePeriodSeconds": 30})
    assert found == [f"lifecycle.preStop{path}" for path in paths]
