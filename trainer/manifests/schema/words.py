"""The words for what the API server does not decode: unknown fields and values of a wrong type."""

from __future__ import annotations

import re
from typing import Any

from trainer.manifests.model import Manifest, Path, path_text
from trainer.manifests.schema.data import OPEN_FIELD, Node, Schema, Shape
from trainer.manifests.schema.decode import Decoded, decodes
from trainer.manifests.schema.scalars import scalar_problem
from trainer.manifests.schema.suggest import Place, places_for, similar
from trainer.safe_text import odd_space

CONTAINERS = ("containers", "initContainers", "ephemeralContainers")
SHOWN = 40
"""How many characters of a value a message shows."""


def unknown_field(decoded: Decoded, path: Path, parent: Node, value: Any) -> str:
    """A sentence about a field that its object does not have, with what was most likely meant.

    `parent` is the struct that does not have the field `path[-1]`.
    """
    name, schema = str(path[-1]), decoded.schema
    kind = decoded.manifest.kind
    holder = f"`{path_text(path[:-1])}`" if len(path) > 1 else f"{_article(kind)} {kind}"
    start = f"unknown field `{name}` in {holder}"
    column, odd = odd_space(name)
    if column:
        at = decoded.manifest.where(*path).column + column - 1
        return f"{start}: its name has a {odd} in column {at}; write ordinary spaces"
    fields = schema.fields(parent.name)
    meant = similar(name, [field for field in fields if field != OPEN_FIELD])
    if meant and decodes(schema, fields[meant], value):
        return f"{start}: did you mean `{meant}`?"
    places = places_for(decoded, path, value)
    if meant and not any(decodes(schema, place.node, value) for place in places):
        return f"{start}: did you mean `{meant}`?"
    if places:
        return f"{start}: {_belongs(decoded.manifest, places, name)}"
    if isinstance(value, dict) and value and set(value) <= set(fields):
        inner = ", ".join(f"`{key}`" for key in value)
        return f"{start}: {inner} belongs directly in {holder}, take this level out"
    return f"{start}: no part of {_article(kind)} {kind} has a field of this name; take it out"


def _belongs(manifest: Manifest, places: list[Place], name: str) -> str:
    place = places[0]
    owner = _owner(manifest, place.parent)
    field = "it" if place.field == name else f"`{place.field}` (written like this)"
    if place.taken:
        there = f"`{path_text(place.parent)}`" if place.parent else "the top level"
        return f"{field} is {owner} field, and {there} has it already; take it out here"
    if not place.parent:
        return f"{field} belongs at the top level, beside `kind` and `metadata`"
    targets = [f"`{path_text(other.parent)}`" for other in places]
    every = " (and to each other one that it is meant for)" if place.many else ""
    return f"{field} is {owner} field, move it to {_either(targets)}{every}"


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


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
    if not fields:
        return "write `{}`"
    if isinstance(value, str) and "\n" in value:
        return "take the `|` or the quotes away, so that its fields are read"
    if isinstance(value, list) and (not value or isinstance(value[0], dict)):
        return "take the dash away, so that its fields stand directly below"
    names = sorted(fields, key=lambda name: not fields[name].required)
    fitting = [name for name in names if decodes(schema, fields[name], value)]
    required = [name for name in names if fields[name].required]
    if isinstance(value, list):
        return f"the list goes below {_either([f'`{name}`' for name in (fitting or names)[:2]])}"
    if len(fitting) == 1 or (fitting and fitting[0] in required):
        return f"its fields go below it, such as `{fitting[0]}: {_plain(value)}`"
    shown = ", ".join(f"`{name}`" for name in (required or names)[:3])
    return f"its fields go below it, such as {shown}"


def _scalar_hint(name: str, value: Any) -> str:
    if isinstance(value, dict | list):
        return ""
    if name in ("string", "bytes", "time", "duration") and not isinstance(value, str):
        if name == "string" and isinstance(value, bool):
            return ": write the word in quotes; YAML reads yes, no, on, off, y and n as true or false, too"
        return f': write it in quotes, "{_plain(value)}"' if name == "string" else ""
    if isinstance(value, str):
        bare = value.strip()
        if name == "bool" and bare.lower() in ("true", "false", "yes", "no", "on", "off"):
            right = "true" if bare.lower() in ("true", "yes", "on") else "false"
            return f": write {right} without quotes"
        if name in ("int32", "int64", "number") and re.fullmatch(r"[+-]?[0-9]{1,18}", bare):
            return f": write {bare} without quotes"
        if name == "bytes":
            return ": encode it (`echo -n ... | base64`), or, in a Secret, write it under `stringData`"
    return ""


def _plain(value: Any) -> str:
    import json

    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= SHOWN else text[: SHOWN - 3] + "..."


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "the value is an object"
    if isinstance(value, list):
        return "the value is a list"
    if isinstance(value, str):
        return f'it is the text "{_plain(value)}"'
    return f"it is {_plain(value)}"
