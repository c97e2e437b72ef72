"""Can an object have the fields that a check expects? Finds misspelled fields and operators in a card.

An expectation with a field that no object of the target's kind has can never hold, or always holds
(`absent: true`). Both are mistakes in the card. The fields are those of the schema of the card's Kubernetes
version, and the pseudo fields of `match.view`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from trainer.manifests.model import Path
from trainer.manifests.schema.data import Node, Schema, Shape, schema_for
from trainer.match.operators import OPERATORS, is_condition
from trainer.match.target import WORKLOAD, Target
from trainer.simulate.workloads import TEMPLATE_PATHS
from trainer.versions import Version

_ITEMS = frozenset(("every", "some", "none"))
"""Operators whose operand describes an item of the list."""
_POD_SPEC = "core.v1.PodSpec"
_CONTAINERS = ("core.v1.Container", "core.v1.EphemeralContainer")
_ANY = Node(Shape.ANY, "any", frozenset())


class Unknown(msgspec.Struct, frozen=True):
    """A key of an expectation that is neither a field nor an operator: where, what, and what was meant."""

    path: Path
    message: str
    remedy: str


def unknown_keys(target: Target, expected: Any, kubernetes: Version) -> list[Unknown]:
    """All keys of `expected` that no object of the target's kind can have, in the order of the card.

    Empty for a kind without a schema here.
    """
    schema = schema_for(kubernetes)
    roots = _roots(schema, target)
    return list(_Walk(schema).look(expected, roots, (), top=True)) if roots else []


def _roots(schema: Schema, target: Target) -> list[Node]:
    kinds = tuple(TEMPLATE_PATHS) if target.kind == WORKLOAD else (target.kind,)
    found = [
        schema.root(version, kind)
        for version, kind in (name.split(" ") for name in schema.kinds)
        if kind in kinds and target.group in (None, version.rpartition("/")[0])
    ]
    return [node for node in found if node is not None]


class _Walk:
    """One pass over an expectation, with the schema nodes that its value may have."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    def look(self, expected: Any, nodes: list[Node], path: Path, *, top: bool = False) -> Iterator[Unknown]:
        if any(node.shape is Shape.ANY for node in nodes):
            return
        if isinstance(expected, list):
            for index, item in enumerate(expected):
                yield from self.look(item, _items(nodes), (*path, index))
        elif isinstance(expected, dict) and is_condition(expected):
            for name, operand in expected.items():
                yield from self._operand(name, operand, nodes, (*path, name))
        elif isinstance(expected, dict):
            for key, value in expected.items():
                below = self._below(nodes, str(key), top=top)
                if below:
                    yield from self.look(value, below, (*path, str(key)))
                else:
                    yield self._unknown(str(key), nodes, path, top=top)

    def _operand(self, name: str, operand: Any, nodes: list[Node], path: Path) -> Iterator[Unknown]:
        if name in _ITEMS:
            yield from self.look(operand, _items(nodes), path)
        else:  # the value, or an item of it, once or in a list
            either = [*nodes, *_items(nodes)]
            for index, one in enumerate(operand) if isinstance(operand, list) else ((None, operand),):
                yield from self.look(one, either, path if index is None else (*path, index))

    def _below(self, nodes: Iterable[Node], key: str, *, top: bool) -> list[Node]:
        found = [self.schema.step(node, key) for node in nodes if node.shape in (Shape.STRUCT, Shape.MAP)]
        return [node for node in found if node is not None] or self._pseudo(nodes, key, top=top)

    def _pseudo(self, nodes: Iterable[Node], key: str, *, top: bool) -> list[Node]:
        names = {node.name for node in nodes}
        if top and key in ("pod", "template"):
            return [self.schema.node("core.v1.Pod")]
        if key == "all-containers" and _POD_SPEC in names:
            items = [self.schema.node(name) for name in _CONTAINERS]
            return [Node(Shape.LIST, "containers", frozenset(), item) for item in items]
        if names & set(_CONTAINERS):
            if key == "effectiveSecurityContext":
                return [self.schema.node("core.v1.SecurityContext")]
            if key == "argv":
                return [_ANY]
        return []

    def _unknown(self, key: str, nodes: list[Node], path: Path, *, top: bool) -> Unknown:
        import difflib  # costs a cold start, and cards are right nearly always

        structs = [node.name for node in nodes if node.shape is Shape.STRUCT]
        known = {field for name in structs for field in self.schema.fields(name)}
        known |= {name for name in _PSEUDO if self._pseudo(nodes, name, top=top)}
        if key in OPERATORS:
            remedy = "put operators into a separate mapping"
            return Unknown((*path, key), f"the operator {key!r} can't be mixed with fields", remedy)
        near = difflib.get_close_matches(key, [*known, *OPERATORS], n=1)
        owner = f"a field of {structs[0].rpartition('.')[2]}" if structs else "a field here"
        remedy = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(sorted(known or OPERATORS))}"
        return Unknown((*path, key), f"{key!r} is neither {owner} nor an operator", remedy)


_PSEUDO = ("pod", "template", "all-containers", "effectiveSecurityContext", "argv")


def _items(nodes: Iterable[Node]) -> list[Node]:
    return [node.item for node in nodes if node.item is not None and node.shape is Shape.LIST]
