"""Small worlds of a mesh, as objects with positions."""

from __future__ import annotations

from trainer.manifests.model import Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.simulate.world import World

BASE = """\
{apiVersion: v1, kind: Namespace, metadata: {name: istio-system}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {istio-injection: enabled}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: office, labels: {istio-injection: enabled}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: legacy}}
---
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: shop, labels: {app: api}}
spec: {serviceAccountName: api, containers: [{name: c, image: i, ports: [{containerPort: 8080}, {containerPort: 9090}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {serviceAccountName: web, containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: office, labels: {app: web}}
spec: {serviceAccountName: web, containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Pod
metadata: {name: curl, namespace: legacy, labels: {app: curl}}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {selector: {app: api}, ports: [{name: http, port: 80, targetPort: 8080}, {name: tcp-raw, port: 9000, targetPort: 9090}]}
---
apiVersion: v1
kind: Service
metadata: {name: curl, namespace: legacy}
spec: {selector: {app: curl}, ports: [{port: 80, targetPort: 8080}]}
"""


def manifests(text: str, file: str = "a.yaml") -> list[Manifest]:
    """The objects of a YAML text."""
    return list(manifests_of(parse(text.encode(), file).documents)[0])


def security(kind: str, name: str, spec: str, more: str = "") -> str:
    """A policy of Istio, after a document mark; `name` is `namespace/name`."""
    namespace, _, own = name.partition("/")
    head = f"---\napiVersion: security.istio.io/v1\nkind: {kind}\n"
    return f"{head}metadata: {{name: {own}, namespace: {namespace}{more}}}\nspec: {spec}\n"


def destination(name: str, spec: str) -> str:
    """A DestinationRule, after a document mark; `name` is `namespace/name`."""
    namespace, _, own = name.partition("/")
    head = "---\napiVersion: networking.istio.io/v1\nkind: DestinationRule\n"
    return f"{head}metadata: {{name: {own}, namespace: {namespace}}}\nspec: {spec}\n"


def world(answer: str, given: str = BASE) -> World:
    """A world with an answer that only adds objects."""
    old, new = manifests(given, "given"), manifests(answer) if answer else []
    return World((*old, *new), tuple(old), tuple(new))
