"""Values in their plain form: copies, nulls and whole floats, fields that only a server writes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trainer.manifests.model import Manifest
from trainer.manifests.schema.data import Node, Schema, Shape
from trainer.manifests.schema.scalars import whole
from trainer.manifests.values import mapping, mapping_at, mappings

_EMPTY: dict[str, Any] = {"string": "", "bool": False, "int32": 0, "int64": 0, "quantity": "0"}
"""What null is read as inside a list or map."""

_INTEGERS = frozenset({"int32", "int64", "int-or-string"})

SERVER_METADATA = (
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
)
"""Fields of `metadata` that the API server writes; it ignores or refuses what a client says there."""

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def copied(value: Any) -> Any:
    """A deep copy of plain JSON values."""
    if type(value) is dict:
        return {key: copied(item) for key, item in value.items()}
    if type(value) is list:
        return [copied(item) for item in value]
    return value


def normalised(schema: Schema, node: Node, value: Any) -> Any:
    """A deep copy as the API server decodes it: null fields left out, `1.0` as 1 where an integer is due.

    Inside lists and maps null becomes the type's empty value, as Go has it.
    """
    shape = node.shape
    if shape is Shape.STRUCT and type(value) is dict:
        fields = schema.fields(node.name)
        return {
            key: normalised(schema, fields[key], item) if key in fields else copied(item)
            for key, item in value.items()
            if item is not None
        }
    item_node = node.item
    if item_node is None:
        if type(value) is float and node.name in _INTEGERS:
            return whole(value) if value.is_integer() else value
        return copied(value)
    if shape is Shape.LIST and type(value) is list:
        return [_item(schema, item_node, item) for item in value]
    if shape is Shape.MAP and type(value) is dict:
        return {key: _item(schema, item_node, item) for key, item in value.items()}
    return copied(value)


def _item(schema: Schema, node: Node, value: Any) -> Any:
    if value is not None:
        return normalised(schema, node, value)
    if node.shape is Shape.STRUCT or node.shape is Shape.MAP:
        return {}
    return [] if node.shape is Shape.LIST else _EMPTY.get(node.name)


def without_server_fields(manifest: Manifest) -> Manifest:
    """The manifest without what only a server writes: `kubectl get -o yaml` output as one would apply it.

    Leaves out `status`, the server's fields of `metadata` (also of pod templates: the null
    `creationTimestamp`) and kubectl's last-applied annotation.
    """
    data = copied(manifest.data)
    data.pop("status", None)
    for metadata in _metadata(data):
        for field in SERVER_METADATA:
            metadata.pop(field, None)
        annotations = metadata.get("annotations")
        if (
            isinstance(annotations, dict)
            and annotations.pop(LAST_APPLIED, None) is not None
            and not annotations
        ):
            del metadata["annotations"]
    return manifest.with_data(data)


def _metadata(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The object's metadata, and that of the templates inside it."""
    spec = mapping_at(data, "spec")
    inner = mapping_at(spec, "jobTemplate")
    claims = spec.get("volumeClaimTemplates")
    holders = [data, mapping_at(spec, "template"), inner, mapping_at(mapping_at(inner, "spec"), "template")]
    holders += mappings(claims)
    for holder in holders:
        if isinstance(holder.get("metadata"), dict):
            yield holder["metadata"]


def made_mapping(value: dict[str, Any], key: str) -> dict[str, Any]:
    """The object under a key, made where it is missing; a stray one where something else stands there."""
    return mapping(value.setdefault(key, {}))


def fill(value: dict[str, Any], **defaults: Any) -> None:
    """Set the fields that are missing, null or empty text."""
    for key, default in defaults.items():
        if value.get(key) in (None, ""):
            value[key] = default
