"""Objects in which a field that an expression looks at has another value, of the type that it must have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from trainer.manifests.schema.data import Node, Schema, Shape
from trainer.manifests.schema.scalars import scalar_problem
from trainer.simulate.admission.mentions import EACH, Mention

MOST_COPIES = 20
_OTHER = "unseen"
_SCALARS = (_OTHER, 1, "1", "1s", "2030-01-01T00:00:00Z")
"""A value for each type of a single value: the first that the type allows."""


def variants(
    schema: Schema, data: dict[str, Any], mention: Mention, image: str
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Values of a mentioned field, each with the object that has it: what it is compared with, near
    misses, and a value that nobody names. `image` is for containers that must be added."""
    root = schema.root(str(data["apiVersion"]), str(data["kind"]))
    path = mention.field[1:]
    place = root
    for step in path:
        place = schema.step(place, 0 if step == EACH else step) if place else None
    if root is None or place is None:
        return
    tried: list[Any] = []
    for value in (*_near(mention.values), *_examples(schema, place, image)):
        if value in tried and type(value) in map(type, tried):
            continue
        tried.append(value)
        other = _with(schema, root, data, path, value)
        if other is not None and other != data:
            yield value, other


def _near(values: Sequence[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, str):
            yield from (value, f"{value}x", f"x{value}")
        elif isinstance(value, bool):
            yield from (value, not value)
        elif isinstance(value, int):
            yield from (value - 1, value, value + 1)


def _examples(schema: Schema, node: Node, image: str) -> list[Any]:
    """Values of a type that stand for all that nobody names."""
    if node.shape is Shape.SCALAR:
        if node.name == "bool":
            return [True, False]
        return [next((one for one in _SCALARS if not scalar_problem(node.name, one)), _OTHER)]
    if node.shape is Shape.STRUCT:
        return [_smallest(schema, node, image)]
    if node.item is None:
        return [_OTHER]
    inner = _examples(schema, node.item, image)[0]
    return [[inner]] if node.shape is Shape.LIST else [{_OTHER: inner}]


def _smallest(schema: Schema, node: Node, image: str) -> dict[str, Any]:
    """A struct with the fields that it must have."""
    found = {
        name: _examples(schema, one, image)[0]
        for name, one in schema.fields(node.name).items()
        if one.required
    }
    return {**found, "name": _OTHER, "image": image} if node.name.endswith("Container") else found


def _with(schema: Schema, node: Node, data: Any, path: Sequence[str], value: Any) -> Any:
    """A copy with another value at a path; None where the path can't have such a value."""
    if not path:
        return _replaced(schema, node, data, value)
    step, rest = path[0], path[1:]
    inner = schema.step(node, 0 if step == EACH else step)
    if inner is None:
        return None
    if node.shape is Shape.LIST:
        items = data if isinstance(data, list) and data else [_start(schema, inner)]
        changed = _with(schema, inner, items[0], rest, value)
        return None if changed is None else [changed, *items[1:]]
    fields = data if isinstance(data, dict) else {}
    key = str(value) if step == EACH else step
    if step == EACH and not rest:
        return {**fields, key: _examples(schema, inner, "")[0]}
    changed = _with(schema, inner, fields.get(key), rest, value)
    return None if changed is None else {**fields, key: changed}


def _start(schema: Schema, node: Node) -> Any:
    return _smallest(schema, node, "") if node.shape is Shape.STRUCT else None


def _replaced(schema: Schema, node: Node, before: Any, value: Any) -> Any:
    if node.shape is Shape.LIST:
        if type(value) is int and before and 0 < value <= MOST_COPIES:
            return [{**before[-1], "name": f"n{number}"} for number in range(value - 1)] + [before[-1]]
        if isinstance(value, list):
            return value if not before else None
        scalar = node.item is not None and node.item.shape is Shape.SCALAR
        return [value] if scalar and not before else None
    if node.shape is Shape.MAP:
        if isinstance(value, str) and node.item is not None:
            return {**(before or {}), value: _examples(schema, node.item, "")[0]}
        return value if isinstance(value, dict) and not before else None
    if node.shape is Shape.STRUCT:
        return value if isinstance(value, dict) and not before else None
    return value if not isinstance(value, dict | list) else None
