"""What an expression looks at: each field with the texts and numbers that it compares the field with.

A policy that makes an exception names it: a user, a label, a registry. So the requests that could be
treated differently from all others are found in the policy itself. A value that is computed from a field
counts as the field: `c.image.split('/')[0] == 'quay.io'` compares the image with `quay.io`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from trainer.manifests.model import Manifest
from trainer.manifests.values import mappings
from trainer.simulate.cel.examples import examples
from trainer.simulate.cel.macros import expand, variables
from trainer.simulate.cel.syntax import CompileError, Node, parse_expression

ROOTS = ("object", "oldObject", "request", "namespaceObject", "params")
EACH = "*"
"""The step to an element of a list, or to a key of a map."""

_WHOLE = frozenset({"_?_:_", "orValue", "or", "value"})
"""Calls whose value is one of their operands, so that steps from it are steps from the operand."""

Field = tuple[str, ...]
"""A root and the steps from it: `("object", "spec", "containers", "*", "image")`."""


class Mention(msgspec.Struct, frozen=True):
    """A field, and the values that an expression compares it with (none for `has` and the like)."""

    field: Field
    values: tuple[Any, ...] = ()


def mentions(policy: Manifest, parameters: Iterable[Manifest] = ()) -> tuple[Mention, ...]:
    """What the match conditions and validations of a policy look at, including through its variables."""
    walk = _Walk(tuple(text for manifest in parameters for text in _texts(manifest.data)))
    for variable in mappings(policy.get("spec", "variables")):
        fields = walk.expression(variable.get("expression"), {})
        walk.known[str(variable.get("name", ""))] = fields
    for part in ("matchConditions", "validations"):
        for one in mappings(policy.get("spec", part)):
            walk.expression(one.get("expression"), {})
    return tuple(dict.fromkeys(walk.found))


def _texts(value: Any) -> Iterator[str]:
    """The texts in a parameter object, including the items of lists written as one text."""
    if isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, str):
        yield from {value, *value.replace(",", " ").split()}


class _Walk:
    def __init__(self, parameter_texts: tuple[str, ...]) -> None:
        self.parameter_texts = parameter_texts
        self.known: dict[str, list[Field]] = {}
        self.found: list[Mention] = []

    def expression(self, text: Any, scope: Mapping[str, list[Field]]) -> list[Field]:
        """The fields of an expression; empty if it doesn't compile."""
        try:
            fields = self.fields(parse_expression(str(text)), scope)
        except CompileError:
            return []
        self.found += [Mention(field) for field in fields]
        return fields

    def fields(self, node: Node, scope: Mapping[str, list[Field]]) -> list[Field]:
        """The fields that a value is made of."""
        if node.kind == "ident":
            return scope.get(node.name) or ([(node.name,)] if node.name in ROOTS else [])
        if node.kind in ("select", "index") and node.target is not None:
            return self.step(node, node.target, scope)
        if node.kind == "call":
            return self.call(node, scope)
        return [field for part in node.arguments for field in self.fields(part, scope)]

    def step(self, node: Node, target: Node, scope: Mapping[str, list[Field]]) -> list[Field]:
        if node.kind == "select" and target.kind == "ident" and target.name == "variables":
            return self.known.get(node.name, [])
        holders = self.fields(target, scope)
        if target.kind == "call" and target.name not in _WHOLE:
            return holders
        if node.kind == "select":
            return [(*holder, node.name) for holder in holders]
        [key] = node.arguments
        self.fields(key, scope)
        name = key.value if key.kind == "literal" and isinstance(key.value, str) else EACH
        return [(*holder, name) for holder in holders]

    def call(self, node: Node, scope: Mapping[str, list[Field]]) -> list[Field]:
        if node.target is not None and expand(node) is not None:
            return self.macro(node, node.target, scope)
        parts = node.arguments if node.target is None else (node.target, *node.arguments)
        fields = [field for part in parts for field in self.fields(part, scope)]
        values = [value for part in parts for value in _values(part)]
        if any(field[0] == "params" for field in fields):
            values += self.parameter_texts
        if node.name == "matches":
            values += [text for one in values if isinstance(one, str) for text in examples(one)]
        if values or node.name == "has":
            self.found += [Mention(field, tuple(values)) for field in fields]
        return fields

    def macro(self, node: Node, target: Node, scope: Mapping[str, list[Field]]) -> list[Field]:
        names = variables(node)
        holders = self.fields(target, scope)
        literals = _values(target)
        elements = holders if node.name.startswith("opt") else [(*holder, EACH) for holder in holders]
        inner = {**scope, **dict.fromkeys(names, elements)}
        start = len(self.found)
        fields = [field for part in node.arguments[len(names) :] for field in self.fields(part, inner)]
        if literals:  # `['a/', 'b/'].exists(p, c.image.startsWith(p))`
            looked_at = {*fields, *(mention.field for mention in self.found[start:])}
            self.found += [Mention(field, tuple(literals)) for field in sorted(looked_at)]
        return [*holders, *fields]


def _values(node: Node) -> list[Any]:
    if node.kind == "literal":
        return [] if node.value is None else [node.value]
    if node.kind in ("list", "map"):
        return [value for part in node.arguments for value in _values(part)]
    return []


def values_of(found: Sequence[Mention], *fields: Field) -> list[Any]:
    """The values that any of these fields is compared with."""
    return list(dict.fromkeys(v for one in found if one.field in fields for v in one.values))
