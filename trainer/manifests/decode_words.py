"""The words for what the API server does not decode: unknown fields and values of a wrong type."""

from __future__ import annotations

import json
from typing import Any

from trainer.manifests.decode_scalars import scalar_problem
from trainer.manifests.model import Manifest, Path, path_text
from trainer.manifests.schema_data import OPEN_FIELD, Node, Schema, Shape
from trainer.manifests.suggest import Decoded, Place, place_for, similar

CONTAINERS = ("containers", "initContainers", "ephemeralContainers")
SHOWN = 40
"""How many characters of a value a message shows."""


def unknown_field(decoded: Decoded, path: Path, parent: Node, value: Any) -> str:
    """A sentence about a field that its object does not have, with what was most likely meant.

    `parent` is the struct that does not have the field `path[-1]`.
    """
    from trainer.manifests.schema import decodes

    name, schema = str(path[-1]), decoded.schema
    kind = decoded.manifest.kind
    holder = f"`{path_text(path[:-1])}`" if len(path) > 1 else f"{_article(kind)} {kind}"
    start = f"unknown field `{name}` in {holder}"
    fields = schema.fields(parent.name)
    meant = similar(name, [field for field in fields if field != OPEN_FIELD])
    if meant and decodes(schema, fields[meant], value):
        return f"{start}: did you mean `{meant}`?"
    place = place_for(decoded, path, value)
    if meant and (place is None or not decodes(schema, place.node, value)):
        return f"{start}: did you mean `{meant}`?"
    if place is None:
        return f"{start}: no part of {_article(kind)} {kind} has a field of this name; take it out"
    return f"{start}: {_belongs(decoded.manifest, place, name)}"


def _belongs(manifest: Manifest, place: Place, name: str) -> str:
    target = path_text(place.parent)
    owner = _owner(manifest, place.parent)
    field = "it" if place.field == name else f"`{place.field}` (written like this)"
    if place.taken:
        there = f"`{target}`" if target else "the top level"
        return f"{field} is {owner} field, and {there} has it already; take it out here"
    if not place.parent:
        return f"{field} belongs at the top level, beside `kind` and `metadata`"
    every = " (and to each other one that it is meant for)" if place.many else ""
    return f"{field} is {owner} field, move it to `{target}`{every}"


def _owner(manifest: Manifest, parent: Path) -> str:
    """Whose field it is: `a container`, `a pod`, `a NetworkPolicy` ..."""
    if any(step in CONTAINERS for step in parent):
        return "a container"
    if parent[:1] == ("metadata",):
        return "a metadata"
    inside = manifest.kind == "Pod" or "template" in parent
    if inside and "spec" in parent:
        return "a pod"
    return f"{_article(manifest.kind)} {manifest.kind}"


def _article(noun: str) -> str:
    return "an" if noun[:1] in tuple("AEIO") else "a"


def wrong_type(schema: Schema, path: Path, node: Node, value: Any) -> str:
    """A sentence about a value whose type does not fit, and how to write it right."""
    place = f"`{path_text(path)}`" if path else "the object"
    shown = _shown(value)
    if node.shape is Shape.LIST:
        return f"{place} must be a list, but {shown}: {_list_hint(node, value)}"
    if node.shape is Shape.MAP:
        hint = ": take the dash away" if isinstance(value, list) else ""
        return f"{place} must be an object of `key: value` lines, but {shown}{hint}"
    if node.shape is Shape.STRUCT:
        return f"{place} must be an object, but {shown}: {_struct_hint(schema, node, value)}"
    return f"{place} {scalar_problem(node.name, value)}, but {shown}{_scalar_hint(node.name, value)}"


def _list_hint(node: Node, value: Any) -> str:
    if isinstance(value, dict):
        return "start each item with a dash (`- `)"
    if node.item is not None and node.item.shape is Shape.SCALAR:
        items = ", ".join(_plain(value).replace(",", " ").split())
        return f"write `[{items}]`, or each item on a line of its own with a dash"
    return "write each item on lines of its own, the first with a dash (`- `)"


def _struct_hint(schema: Schema, node: Node, value: Any) -> str:
    fields = schema.fields(node.name)
    if isinstance(value, list):
        return "take the dash away, so that its fields stand directly below"
    if not fields:
        return "write `{}`"
    required = [name for name, field in fields.items() if field.required]
    names = ", ".join(f"`{name}`" for name in [*required, *(n for n in fields if n not in required)][:4])
    return f"its fields go below it, such as {names}"


def _scalar_hint(name: str, value: Any) -> str:
    if isinstance(value, dict | list):
        return ""
    if name in ("string", "bytes", "time", "duration") and not isinstance(value, str):
        return f': write it in quotes, "{_plain(value)}"' if name == "string" else ""
    if isinstance(value, str):
        bare = value.strip()
        if name == "bool" and bare.lower() in ("true", "false", "yes", "no", "on", "off"):
            right = "true" if bare.lower() in ("true", "yes", "on") else "false"
            return f": write {right} without quotes"
        if name in ("int32", "int64", "number") and bare.lstrip("+-").isdigit():
            return f": write {bare} without quotes"
        if name == "bytes":
            return ": encode it (`echo -n ... | base64`), or write it under `stringData`"
    return ""


def _plain(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= SHOWN else text[: SHOWN - 3] + "..."


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "an object stands there"
    if isinstance(value, list):
        return "a list stands there"
    if isinstance(value, str):
        return f'it is the text "{_plain(value)}"'
    return f"it is {_plain(value)}"
