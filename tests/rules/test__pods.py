from __future__ import annotations

import pytest

from trainer.errors import UsageError
from trainer.manifests.model import Manifest
from trainer.manifests.parse import parse
from trainer.rules._pods import pods_of
from trainer.simulate.world import World

TEXT = b"""kind: Pod
metadata: {name: web, namespace: sun, labels: {app: web}}
---
kind: Pod
metadata: {name: web, namespace: moon}
---
kind: Deployment
metadata: {name: api, namespace: sun}
spec: {template: {metadata: {labels: {app: web}}}}
---
kind: Service
metadata: {name: web, namespace: sun}
"""


@pytest.mark.parametrize(
    ("target", "titles"),
    [
        ("sun/web", ["Pod sun/web"]),
        ("*/web", ["Pod sun/web", "Pod moon/web"]),
        ("sun/app=web", ["Pod sun/web", "Deployment sun/api"]),
        ("sun/api", ["Deployment sun/api"]),
        ("sun/app=", []),
        ("sun/*", ["Pod sun/web", "Deployment sun/api"]),
        ("mars/web", []),
    ],
)
def test_which_pods_a_target_names(target, titles):
    documents = parse(TEXT, "x.yaml").documents
    world = World(tuple(Manifest(document.value, document) for document in documents))
    assert [pod.title for pod in pods_of(world, target)] == titles


@pytest.mark.parametrize("target", ["web", "ip:10.0.0.1", "outside"])
def test_a_target_that_names_no_pods_is_the_cards_mistake(target):
    with pytest.raises(UsageError):
        pods_of(World(()), target)
