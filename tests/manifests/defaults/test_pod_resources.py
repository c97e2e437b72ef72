"""Requests of a pod as a whole."""

from __future__ import annotations

from typing import Any

from tests.table import each_row
from trainer.manifests.defaults.pod_resources import pod_requests


def asks(restart: str | None = None, **requests: Any) -> dict[str, Any]:
    container: dict[str, Any] = {"resources": {"requests": requests}}
    return container if restart is None else {**container, "restartPolicy": restart}


@each_row(
    ("spec", "limits", "requests"),
    [
        ({"containers": [{}]}, {"cpu": "2", "memory": "1Gi"}, {"cpu": "2", "memory": "1Gi"}),
        ({"containers": [asks(cpu="500m"), asks(cpu="0.25")]}, {"cpu": "2"}, {"cpu": "750m"}),
        ({"containers": [asks(memory="1Gi")]}, {"cpu": "2"}, {"cpu": "2", "memory": "1Gi"}),
        ({"containers": [asks(cpu=1)], "initContainers": [asks(cpu=3)]}, {"cpu": 4}, {"cpu": "3"}),
        (
            {"containers": [asks(cpu=1)], "initContainers": [asks("Always", cpu=1), asks(cpu=3)]},
            {"cpu": 4},
            {"cpu": "4"},
        ),
        ({"containers": [asks(cpu="x")]}, {"hugepages-2Mi": "4Mi"}, {"hugepages-2Mi": "4Mi"}),
        ({"containers": []}, {"example.com/gpu": 1}, None),
        ({"containers": []}, {}, None),
    ],
)
def test_requests_of_the_pod(spec: dict[str, Any], limits: dict[str, Any], requests: object) -> None:
    spec["resources"] = {"limits": limits}
    pod_requests(spec)
    assert spec["resources"].get("requests") == requests


def test_what_the_pod_asks_itself_stays() -> None:
    spec = {"resources": {"limits": {"cpu": 2}, "requests": {"cpu": 1}}, "containers": [asks(cpu="500m")]}
    pod_requests(spec)
    assert spec["resources"] == {"limits": {"cpu": 2}, "requests": {"cpu": 1}}
