"""Values in their plain form: copies, nulls and whole floats; and how fields are filled in."""

from __future__ import annotations

import base64
from typing import Any

from trainer.manifests.schema.data import Node, Schema, Shape
from trainer.manifests.schema.scalars import whole
from trainer.manifests.values import mapping

_EMPTY: dict[str, Any] = {"string": "", "bool": False, "int32": 0, "int64": 0, "quantity": "0"}
"""What null is read as inside a list or map."""

_INTEGERS = frozenset({"int32", "int64", "int-or-string"})


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
        if node.name == "bytes" and type(value) is list:
            return base64.b64encode(bytes(whole(one) or 0 for one in value)).decode()
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


def made_mapping(value: dict[str, Any], key: str) -> dict[str, Any]:
    """The object under a key, made where it is missing; a stray one where the value is something else."""
    return mapping(value.setdefault(key, {}))


def fill(value: dict[str, Any], **defaults: Any) -> None:
    """Set the fields that are missing or null: pointers in Go, where an empty text is a value."""
    for key, default in defaults.items():
        if value.get(key) is None:
            value[key] = default


def drop_zero(value: dict[str, Any], *keys: str) -> None:
    """Leave out numbers that are 0: plain numbers with `omitempty` in Go, where 0 means unset."""
    for key in keys:
        if type(value.get(key)) is int and value[key] == 0:
            del value[key]


def fill_empty(value: dict[str, Any], **defaults: Any) -> None:
    """Set the fields that are missing, null or empty text: plain texts in Go, where empty means unset."""
    for key, default in defaults.items():
        if value.get(key) in (None, ""):
            value[key] = default
