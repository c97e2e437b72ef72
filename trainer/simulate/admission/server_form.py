"""An object as policies see it: as Go serializes it, without empty values but with its plain structures.

Follows `ToUnstructured` of k8s.io/apimachinery v1.35 (`pkg/runtime/converter.go`) on the types of
k8s.io/api: an empty field with `omitempty` is left out, a structure that isn't a pointer always exists. So
`has(object.spec.hostNetwork)` is false for `hostNetwork: false`. Custom resources have no Go types: they
stay as written.
"""

from __future__ import annotations

import copy
from typing import Any

from trainer.manifests.model import Manifest
from trainer.manifests.schema.data import Node, Schema, Shape, schema_for
from trainer.manifests.values import mapping, mappings
from trainer.simulate.workloads import CONTAINER_LISTS, TEMPLATE_PATHS
from trainer.versions import DEFAULT, Version

_ALWAYS: dict[str, dict[str, Any]] = {
    "Role": {"rules": None},
    "ClusterRole": {"rules": None},
    "Service": {"status": {"loadBalancer": {}}},
    "Ingress": {"status": {"loadBalancer": {}}},
    "Namespace": {"spec": {}, "status": {}},
    "NetworkPolicy": {"spec": {}},
    "PersistentVolumeClaim": {"status": {}},
}
"""Structures, and fields without `omitempty`, in the API's Go types."""

_KEPT_LISTS = frozenset(("containers", "rules", "verbs", "nodeSelectorTerms", "items"))
"""Lists without `omitempty`."""

_FLAGS_AND_NUMBERS = frozenset(
    "hostNetwork hostPID hostIPC stdin stdinOnce tty readOnly paused unschedulable publishNotReadyAddresses"
    " hostPort nodePort minReadySeconds initialDelaySeconds".split()
)
_TEXTS = frozenset(
    "value subPath subPathExpr nodeName serviceAccountName hostname subdomain priorityClassName".split()
)
"""Fields that aren't pointers: false, 0 and an empty text count as left out."""


def server_form(manifest: Manifest, kubernetes: Version = DEFAULT) -> dict[str, Any]:
    """The object's data as a policy's expressions read it; the manifest stays as it is."""
    schema = schema_for(kubernetes)
    root = schema.root(manifest.api_version, manifest.kind)
    data: dict[str, Any]
    data = _without_empty(schema, root, manifest.data) if root else copy.deepcopy(manifest.data)
    for field, value in _ALWAYS.get(manifest.kind, {}).items():
        data.setdefault(field, copy.deepcopy(value))
    path = TEMPLATE_PATHS.get(manifest.kind)
    if path is not None:
        data.setdefault("status", {})
        _complete_pod(data, path)
    return data


def _complete_pod(data: dict[str, Any], path: tuple[str | int, ...]) -> None:
    pod: Any = data
    for step in path:
        pod = mapping(pod).get(str(step))
    spec = mapping(mapping(pod).get("spec"))
    for field in CONTAINER_LISTS:
        for container in mappings(spec.get(field)):
            container.setdefault("resources", {})
    if path and isinstance(pod, dict):
        pod.setdefault("metadata", {})


def _without_empty(schema: Schema, node: Node | None, value: Any) -> Any:
    if isinstance(value, list):
        item = node.item if node else None
        return [_without_empty(schema, item, one) for one in value]
    if not isinstance(value, dict):
        return value
    if node is None or node.shape is not Shape.STRUCT:
        item = node.item if node else None
        return {key: _without_empty(schema, item, one) for key, one in value.items() if one is not None}
    fields = schema.fields(node.name)
    return {
        key: _without_empty(schema, fields.get(key), one)
        for key, one in value.items()
        if not _left_out(fields.get(key), key, one)
    }


def _left_out(node: Node | None, key: str, value: Any) -> bool:
    if value is None:
        return True
    if node is not None and node.shape is Shape.LIST:
        return value == [] and key not in _KEPT_LISTS
    if node is not None and node.shape is Shape.MAP:
        return bool(value == {})
    if key in _FLAGS_AND_NUMBERS:
        return isinstance(value, int) and not value
    return key in _TEXTS and value == ""
