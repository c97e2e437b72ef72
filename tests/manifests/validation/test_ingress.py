"""Tests of `manifests.validation.ingress`: Ingress and IngressClass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row
from trainer.versions import Version

Paths = Callable[..., list[str]]
Make = Callable[..., dict[str, Any]]

BACKEND = {"service": {"name": "web", "port": {"number": 80}}}
PATH = {"path": "/", "pathType": "Prefix", "backend": BACKEND}


@each_row(
    ("spec", "paths"),
    [
        ({"defaultBackend": BACKEND}, []),
        ({"rules": [{"host": "a.example.com", "http": {"paths": [PATH]}}]}, []),
        ({"rules": [{"host": "*.example.com"}]}, []),
        ({}, [""]),
        ({"rules": []}, [""]),
        ({"rules": [{"host": "A.com"}]}, ["rules[0].host"]),
        ({"rules": [{"host": "10.0.0.1"}]}, ["rules[0].host"]),
        ({"rules": [{"host": "a.*.com"}]}, ["rules[0].host"]),
        ({"rules": [{"host": "http://a.com"}]}, ["rules[0].host"]),
        ({"rules": [{"http": {"paths": []}}]}, ["rules[0].http.paths"]),
        ({"defaultBackend": BACKEND, "ingressClassName": "Nginx"}, ["ingressClassName"]),
        ({"defaultBackend": BACKEND, "tls": [{"hosts": ["a.com"], "secretName": "s"}]}, []),
        (
            {"defaultBackend": BACKEND, "tls": [{"hosts": ["A"], "secretName": "S"}]},
            ["tls[0].hosts[0]", "tls[0].secretName"],
        ),
    ],
)
def test_ingresses(paths_of: Paths, api_object: Make, spec: dict[str, Any], paths: list[str]) -> None:
    ingress = api_object("Ingress", "networking.k8s.io/v1", spec=spec)
    assert paths_of(ingress) == [f"spec.{path}" if path else "spec" for path in paths]


@each_row(
    ("change", "paths"),
    [
        ({"pathType": "Exact"}, []),
        ({"pathType": "ImplementationSpecific", "path": ""}, []),
        ({"pathType": None}, ["pathType"]),
        ({"pathType": "prefix"}, ["pathType"]),
        ({"path": "a"}, ["path"]),
        ({"path": ""}, ["path"]),
        ({"path": "/a//b"}, ["path"]),
        ({"path": "/a/.."}, ["path"]),
        ({"backend": {}}, ["backend"]),
        ({"backend": {**BACKEND, "resource": {"kind": "A", "name": "b"}}}, ["backend"]),
        ({"backend": {"resource": {"kind": "A"}}}, ["backend.resource.name"]),
        ({"backend": {"service": {"port": {"number": 80}}}}, ["backend.service.name"]),
        ({"backend": {"service": {"name": "1web", "port": {"number": 80}}}}, ["backend.service.name"]),
        ({"backend": {"service": {"name": "web"}}}, ["backend.service.port"]),
        (
            {"backend": {"service": {"name": "web", "port": {"number": 80, "name": "http"}}}},
            ["backend.service.port"],
        ),
        (
            {"backend": {"service": {"name": "web", "port": {"number": 70000}}}},
            ["backend.service.port.number"],
        ),
        ({"backend": {"service": {"name": "web", "port": {"name": "HTTP"}}}}, ["backend.service.port.name"]),
    ],
)
def test_paths(paths_of: Paths, api_object: Make, change: dict[str, Any], paths: list[str]) -> None:
    spec = {"rules": [{"http": {"paths": [{**PATH, **change}]}}]}
    ingress = api_object("Ingress", "networking.k8s.io/v1", spec=spec)
    assert paths_of(ingress) == [f"spec.rules[0].http.paths[0].{path}" for path in paths]


def test_the_old_annotation_agrees_with_the_class(paths_of: Paths, api_object: Make) -> None:
    spec = {"defaultBackend": BACKEND, "ingressClassName": "nginx"}
    ingress = api_object("Ingress", "networking.k8s.io/v1", spec=spec)
    ingress["metadata"]["annotations"] = {"kubernetes.io/ingress.class": "traefik"}
    assert paths_of(ingress) == ["metadata.annotations[kubernetes.io/ingress.class]"]


@each_row(
    ("spec", "paths"),
    [
        ({"controller": "example.com/ingress"}, []),
        ({}, ["controller"]),
        ({"controller": "nginx"}, ["controller"]),
        ({"controller": "a.b/c", "parameters": {"kind": "A", "name": "b", "scope": "Cluster"}}, []),
        (
            {"controller": "a.b/c", "parameters": {"kind": "A", "name": "b", "scope": "Namespace"}},
            ["parameters.namespace"],
        ),
        (
            {"controller": "a.b/c", "parameters": {"kind": "A", "name": "b", "namespace": "c"}},
            ["parameters.namespace"],
        ),
        (
            {"controller": "a.b/c", "parameters": {"scope": "All"}},
            ["parameters.kind", "parameters.name", "parameters.scope"],
        ),
    ],
)
def test_classes(paths_of: Paths, api_object: Make, spec: dict[str, Any], paths: list[str]) -> None:
    found = paths_of(api_object("IngressClass", "networking.k8s.io/v1", spec=spec))
    assert found == [f"spec.{path}" for path in paths]


def test_the_service_of_a_backend_starts_with_a_digit_from_1_36_on(paths_of: Paths, api_object: Make) -> None:
    spec = {"defaultBackend": {"service": {"name": "1web", "port": {"number": 80}}}}
    ingress = api_object("Ingress", "networking.k8s.io/v1", spec=spec)
    assert paths_of(ingress, Version(1, 35)) == ["spec.defaultBackend.service.name"]
    assert paths_of(ingress, Version(1, 36)) == []
