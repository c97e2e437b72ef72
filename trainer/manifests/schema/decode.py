"""Where a value and the schema part: the walk behind the schema check and its suggestions.

Follows the strict JSON decoding of Kubernetes v1.35 (sigs.k8s.io/json): field names are
case-sensitive, null is fine everywhere.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

import msgspec

from trainer.manifests.model import Manifest, Path
from trainer.manifests.schema.data import OPEN_FIELD, Node, Schema, Shape
from trainer.manifests.schema.scalars import scalar_problem

Finding = tuple[Path, Node, Any, bool]
"""Where, what is expected, the value; whether the field is unknown (then the node is its
parent's)."""


class Decoded(msgspec.Struct, frozen=True, eq=False):
    """A manifest beside the schema of its kind: `root` is the kind's node."""

    manifest: Manifest
    schema: Schema
    root: Node


def findings(schema: Schema, root: Node, value: Any) -> list[Finding]:
    """Everything in a value that a node doesn't take, in the order of the value."""
    walker = _Walker(schema)
    walker.walk(root, value)
    return walker.found


def known_only(schema: Schema, root: Node, value: Any) -> Any:
    """A value without the fields that its schema doesn't have, as a lenient decoder gives it back."""
    unknown = [path for path, _, _, is_unknown in findings(schema, root, value) if is_unknown]
    if not unknown:
        return value
    value = copy.deepcopy(value)
    for path in unknown:
        owner = value
        for step in path[:-1]:
            owner = owner[step]
        del owner[path[-1]]
    return value


def decodes(schema: Schema, node: Node, value: Any) -> bool:
    """Whether a node takes a value: right type, no unknown field."""
    if type(value) in node.quick:
        return True
    walker = _Walker(schema)
    walker.found = _First()
    try:
        walker.walk(node, value)
    except _Misfit:
        return False
    return True


class _Misfit(Exception):
    pass


class _First(list[Finding]):
    """A list of findings for those who only want to know whether there is one."""

    def append(self, finding: Finding) -> None:  # noqa: ARG002 - one finding is as good as another
        raise _Misfit


class _Walker:
    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.path: list[str | int] = []
        self.found: list[Finding] = []

    def walk(self, node: Node, value: Any) -> None:
        shape = node.shape
        path = self.path
        if shape is Shape.STRUCT and type(value) is dict:
            fields = self.schema.fields(node.name)
            for key, item in value.items():
                child = fields.get(key)
                if child is None:
                    self._unnamed(node, fields, key, item)
                elif type(item) not in child.quick:
                    path.append(key)
                    self.walk(child, item)
                    path.pop()
        elif shape is Shape.LIST and type(value) is list:
            self._items(node, enumerate(value))
        elif shape is Shape.MAP and type(value) is dict:
            self._items(node, value.items())
        elif shape is not Shape.ANY and (shape is not Shape.SCALAR or scalar_problem(node.name, value)):
            self.found.append((tuple(path), node, value, False))

    def _items(self, node: Node, items: Iterable[tuple[str | int, Any]]) -> None:
        inner, path = node.item, self.path
        if inner is not None:
            for key, item in items:
                if type(item) not in inner.quick:
                    path.append(key)
                    self.walk(inner, item)
                    path.pop()

    def _unnamed(self, node: Node, fields: dict[str, Node], key: str, item: Any) -> None:
        other = fields.get(OPEN_FIELD)
        self.path.append(key)
        if other is None:
            self.found.append((tuple(self.path), node, item, True))
        elif type(item) not in other.quick:
            self.walk(other, item)
        self.path.pop()
