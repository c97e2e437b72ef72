"""Fixtures for tests of the API server's validation."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from trainer.manifests.model import Document, Manifest
from trainer.manifests.reading.parse import parse
from trainer.manifests.validation import validate
from trainer.versions import DEFAULT, Version

Paths = Callable[..., list[str]]

POD: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "web"},
    "spec": {"containers": [{"name": "main", "image": "nginx"}]},
}

DEPLOYMENT: dict[str, Any] = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web"},
    "spec": {
        "selector": {"matchLabels": {"app": "web"}},
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {"containers": [{"name": "main", "image": "nginx"}]},
        },
    },
}


def manifest(data: dict[str, Any]) -> Manifest:
    """A manifest of plain data, without positions."""
    return Manifest(data, Document(data, "a.yaml", 1, 1, {}))


def merged(base: Any, change: Any) -> Any:
    """`base` with `change` laid over it: mappings merge, None removes, everything else replaces."""
    if not isinstance(base, dict) or not isinstance(change, dict):
        return copy.deepcopy(change)
    result = {key: value for key, value in copy.deepcopy(base).items() if key not in change}
    for key, value in change.items():
        if value is not None:
            result[key] = merged(base.get(key), value)
    return result


@pytest.fixture
def paths_of() -> Paths:
    """Answers the field paths of all problems of an object (YAML text or data)."""

    def paths(source: str | dict[str, Any], kubernetes: Version = DEFAULT) -> list[str]:
        if isinstance(source, str):
            [document] = parse(source.encode(), "a.yaml").documents
            found = validate(Manifest(document.value, document), kubernetes)
        else:
            found = validate(manifest(source), kubernetes)
        return [problem.location.path if problem.location else "" for problem in found]

    return paths


@pytest.fixture
def messages_of() -> Paths:
    """Answers the messages of all problems of an object."""

    def messages(source: dict[str, Any], kubernetes: Version = DEFAULT) -> list[str]:
        return [problem.message for problem in validate(manifest(source), kubernetes)]

    return messages


@pytest.fixture
def pod_paths(paths_of: Paths) -> Paths:
    """Answers the problems of a good Pod whose spec is changed."""

    def paths(spec: dict[str, Any], kubernetes: Version = DEFAULT) -> list[str]:
        return paths_of(merged(POD, {"spec": spec}), kubernetes)

    return paths


@pytest.fixture
def container_paths(paths_of: Paths) -> Paths:
    """Answers the problems of a good container with changes, relative to it; `spec` changes the pod."""

    def paths(
        container: dict[str, Any], spec: dict[str, Any] | None = None, kubernetes: Version = DEFAULT
    ) -> list[str]:
        changed = merged(POD["spec"]["containers"][0], container)
        pod = merged(POD, {"spec": {**(spec or {}), "containers": [changed]}})
        return [path.removeprefix("spec.containers[0].") for path in paths_of(pod, kubernetes)]

    return paths


@pytest.fixture
def deployment_paths(paths_of: Paths) -> Paths:
    """Answers the problems of a good Deployment whose spec is changed."""

    def paths(spec: dict[str, Any], kubernetes: Version = DEFAULT) -> list[str]:
        return paths_of(merged(DEPLOYMENT, {"spec": spec}), kubernetes)

    return paths


@pytest.fixture
def api_object() -> Callable[..., dict[str, Any]]:
    """Makes an object: kind, apiVersion, then its other fields (with a name)."""

    def make(kind: str, version: str = "v1", **fields: Any) -> dict[str, Any]:
        return {"apiVersion": version, "kind": kind, "metadata": {"name": "web"}, **fields}

    return make
