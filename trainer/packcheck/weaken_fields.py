"""Mutations from the schema: every further field with an effect that an object of this kind can have.

A value that the API server refuses proves nothing, but costs little.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from trainer.manifests.model import Path, path_text
from trainer.manifests.schema.data import OPEN_FIELD, Node, Schema, Shape, schema_for
from trainer.manifests.values import items_at, mapping
from trainer.packcheck.field_values import ASKED, EFFECTS, LEFT_OUT, OF_TYPES, UNASKED, VALUES, scalar_values
from trainer.packcheck.tree import Edit, at, walk, with_value
from trainer.simulate.components.kubelet_defaults import ALL
from trainer.versions import Version

DEEPEST = 3
"""This many levels of new mappings are made."""


def field_edits(value: Any, kubernetes: Version, answer: str) -> Iterator[Edit]:
    """The object with one further field each; nothing for kinds without a schema.

    `answer` is the text of the whole answer.
    """
    if not isinstance(value, dict):
        return
    schema = schema_for(kubernetes)
    root = schema.root(str(value.get("apiVersion")), str(value.get("kind")))
    if root is None:
        return
    defaults = ALL if value.get("kind") == "KubeletConfiguration" else {}
    for path, added in _additions(schema, root, value, ()):
        unasked = path[-1] in ASKED and str(path[-1]) not in answer
        if not unasked and not _is_alone(path, value) and not _is_default(path, added, defaults):
            yield Edit(path, "add", f"set to {_shown(added)}", with_value(value, path, added))


def _additions(schema: Schema, node: Node, value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Every field that can be added below a value, with what it is set to."""
    if node.shape is Shape.STRUCT and isinstance(value, dict):
        chosen = EFFECTS.get(node.name)
        for name, child in _fields(schema, node).items():
            if name not in value:
                if chosen is None or name in chosen:
                    yield from (((*path, name), added) for added in _values(schema, child, name, DEEPEST))
            elif chosen is None or (child.item is not None and child.item.name in EFFECTS):
                yield from _additions(schema, child, value[name], (*path, name))
    elif node.item is not None and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _additions(schema, node.item, item, (*path, index))


def _fields(schema: Schema, node: Node) -> dict[str, Node]:
    fields = schema.fields(node.name)
    left = (*UNASKED.get(node.name, ()), OPEN_FIELD)
    return {name: child for name, child in fields.items() if name not in LEFT_OUT and name not in left}


def _values(schema: Schema, node: Node, name: str, depth: int) -> Iterator[Any]:
    """What a field that isn't there can be set to."""
    if name in VALUES:
        yield from VALUES[name]
    elif node.name in OF_TYPES:
        yield from OF_TYPES[node.name]
    elif node.shape is Shape.SCALAR:
        yield from scalar_values(node.name)
    elif node.shape is Shape.MAP and node.item is not None:
        yield from ({"mutant": one} for one in _values(schema, node.item, "", depth))
    elif node.shape is Shape.LIST and node.item is not None:
        yield from ([one] for one in _values(schema, node.item, "", depth))
    elif node.shape is Shape.STRUCT and depth:
        yield from _structs(schema, node, depth)


def _structs(schema: Schema, node: Node, depth: int) -> Iterator[Any]:
    """A mapping with the fields that it must have, and with one of the others each."""
    fields = _fields(schema, node)
    least = {
        name: next(iter(_values(schema, child, name, depth - 1)), None)
        for name, child in fields.items()
        if child.required
    }
    if least:
        yield least
    for name, child in fields.items():
        if not child.required:
            yield from ({**least, name: one} for one in _values(schema, child, name, depth - 1))


def _is_alone(path: Path, value: Any) -> bool:
    """Whether there is one container, and the field is about several."""
    spec = mapping(at(value, path[:-1]))
    containers = [*items_at(spec, "containers"), *items_at(spec, "initContainers")]
    return path[-1] == "shareProcessNamespace" and len(containers) < 2


def _is_default(path: Path, added: Any, defaults: dict[str, Any]) -> bool:
    """Whether everything that is added is as it is without it."""
    leaves = [(path, added), *((path + below, leaf) for below, leaf in walk(added))]
    known = [(path_text(place), leaf) for place, leaf in leaves if not isinstance(leaf, dict)]
    return bool(defaults) and all(name in defaults and defaults[name] == leaf for name, leaf in known)


def _shown(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
