"""What a field of a kind is: its type, whether it is required, what it means, and the fields below it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from trainer.errors import UsageError
from trainer.manifests.schema.data import OPEN_FIELD, Node, Shape, schema_for
from trainer.manifests.schema.descriptions import description
from trainer.manifests.schema.suggest import similar
from trainer.manifests.schema.values import values_of
from trainer.versions import Version

_SCALARS = {
    "bool": "boolean",
    "int32": "integer",
    "int64": "integer",
    "quantity": "Quantity",
    "int-or-string": "IntOrString",
    "bytes": "string",
    "time": "Time",
    "duration": "Duration",
    "any": "Object",
}


class Field(msgspec.Struct, frozen=True):
    """A field as its owner has it. `type` is written as kubectl does: `[]Container`, `map[string]string`."""

    name: str
    type: str
    required: bool
    description: str
    values: tuple[str, ...] = ()
    """The values that it takes, where it takes only some."""
    node: Node | None = None


class Explained(msgspec.Struct, frozen=True):
    """A kind, or the field at `path` of it: what it is itself, and the fields of its objects."""

    api_version: str
    kind: str
    path: tuple[str, ...]
    itself: Field
    fields: tuple[Field, ...]


def explain(
    api_version: str, kind: str, path: Sequence[str | int], kubernetes: Version, *, nearest: bool = False
) -> Explained:
    """A kind, or one field of it; steps of the path that are items of lists or keys of maps are left out.

    Raises `UsageError` for a kind or field that doesn't exist; with `nearest`, the path ends before it.
    """
    schema = schema_for(kubernetes)
    node = schema.root(api_version, kind)
    if node is None:
        raise UsageError(f"Kubernetes {kubernetes} has no kind {kind!r} in {api_version!r}")
    itself = _field(None, "", node, kubernetes)
    names: list[str] = []
    for step in path:
        owner = inner(node)
        if isinstance(step, int) or (owner.shape is not Shape.STRUCT and owner is not node):
            continue
        fields = schema.fields(owner.name) if owner.shape is Shape.STRUCT else {}
        if step not in fields:
            if nearest or OPEN_FIELD in fields:
                break
            raise _unknown(kind, names, step, list(fields))
        node = fields[step]
        names.append(step)
        itself = _field(owner.name, step, node, kubernetes)
    return Explained(api_version, kind, tuple(names), itself, fields_of(inner(node), kubernetes))


def fields_of(node: Node, kubernetes: Version) -> tuple[Field, ...]:
    """The fields of a struct, by name; none for anything else."""
    if node.shape is not Shape.STRUCT:
        return ()
    schema = schema_for(kubernetes)
    fields = schema.fields(node.name)
    return tuple(
        _field(node.name, name, fields[name], kubernetes) for name in sorted(fields) if name != OPEN_FIELD
    )


def inner(node: Node) -> Node:
    """What the items of a list or the values of a map are, through all levels; else the node itself."""
    while node.shape in (Shape.LIST, Shape.MAP) and node.item is not None:
        node = node.item
    return node


def _field(owner: str | None, name: str, node: Node, kubernetes: Version) -> Field:
    own = description(owner, name, kubernetes) if owner else ""
    below = inner(node)
    if not own and below.shape is Shape.STRUCT:
        own = description(below.name, "", kubernetes)
    values = values_of(owner, name) if owner else ()
    return Field(name, _type(node), node.required, own, values, node)


def _type(node: Node) -> str:
    if node.shape is Shape.LIST and node.item is not None:
        return f"[]{_type(node.item)}"
    if node.shape is Shape.MAP and node.item is not None:
        return f"map[string]{_type(node.item)}"
    if node.shape is Shape.STRUCT:
        return node.name.rpartition(".")[2]
    return _SCALARS.get(node.name, node.name)


def _unknown(kind: str, names: Sequence[str], step: str, fields: list[str]) -> UsageError:
    place = ".".join([kind, *names])
    meant = similar(step, fields)
    remedy = f"did you mean {meant!r}?" if meant else ""
    if not fields:
        return UsageError(f"{place} has no fields, so no {step!r}")
    return UsageError(f"{place} has no field {step!r}", remedy=remedy or f"see: cks-trainer explain {place}")
