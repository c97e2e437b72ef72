"""What can be written at a place of a manifest: names of fields, values, kinds and apiVersions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Literal

import msgspec

from trainer.manifests.schema.data import Node, Schema, Shape, schema_for
from trainer.manifests.schema.descriptions import description, first_sentence
from trainer.manifests.schema.explain import fields_of, inner
from trainer.manifests.schema.kinds import PREFERRED
from trainer.manifests.schema.values import values_of
from trainer.versions import Version

MOST = 200
"""More proposals than this aren't made."""


class Proposal(msgspec.Struct, frozen=True):
    """One word that fits, with a note in one line. `shape` tells what follows a field's name."""

    word: str
    note: str
    shape: Literal["value", "scalar", "object", "list"] = "value"


def proposals(
    api_version: str,
    kind: str,
    path: Sequence[str | int],
    key: str | None,
    begun: str,
    taken: Collection[str],
    kubernetes: Version,
) -> list[Proposal]:
    """The words that begin with what is begun, then those that contain it; upper and lower case are alike.

    `path` leads to the owner of a field's name, or with `key` to the field whose value is begun. None where
    nothing is known about the place.
    """
    schema = schema_for(kubernetes)
    if key in ("kind", "apiVersion") and len(path) == 1:
        found = _kinds(schema, api_version) if key == "kind" else _versions(schema, kind)
    elif key is not None and not _is_object_item(schema, api_version, kind, path):
        found = _values(schema, _owner(schema, api_version, kind, path), key)
    else:
        found = _fields(schema, api_version, kind, path, taken, kubernetes)
    wanted = begun.strip("\"'").lower()
    fitting = [one for one in found if wanted in one.word.lower()]
    fitting.sort(key=lambda one: not one.word.lower().startswith(wanted))
    return fitting[:MOST]


def _is_object_item(schema: Schema, api_version: str, kind: str, path: Sequence[str | int]) -> bool:
    """Whether a value is an object in a list: what is begun in its place is the name of a field."""
    node = _walk(schema, api_version, kind, path) if isinstance(path[-1], int) else None
    return node is not None and node.shape is Shape.STRUCT


def _walk(schema: Schema, api_version: str, kind: str, path: Sequence[str | int]) -> Node | None:
    node = schema.root(api_version, kind)
    for step in path:
        node = schema.step(node, step) if node is not None else None
    return node


def _owner(schema: Schema, api_version: str, kind: str, path: Sequence[str | int]) -> tuple[str, Node | None]:
    """The type that has the last field of the path, and the field's node."""
    names = list(path)
    while names and isinstance(names[-1], int):
        names.pop()
    parent = _walk(schema, api_version, kind, names[:-1])
    owner = parent.name if parent is not None and parent.shape is Shape.STRUCT else ""
    return owner, _walk(schema, api_version, kind, names)


def _fields(
    schema: Schema,
    api_version: str,
    kind: str,
    path: Sequence[str | int],
    taken: Collection[str],
    kubernetes: Version,
) -> Iterator[Proposal]:
    if not path and schema.root(api_version, kind) is None:
        for name in ("apiVersion", "kind", "metadata", "spec"):
            if name not in taken:
                yield Proposal(name, "", "object" if name in ("metadata", "spec") else "scalar")
        return
    node = _walk(schema, api_version, kind, path)
    if node is None:
        return
    for field in sorted(fields_of(node, kubernetes), key=lambda field: not field.required):
        if field.name in taken or (field.name == "status" and not path):
            continue
        below = field.node.shape if field.node else Shape.ANY
        marks = f"<{field.type}>{' required' if field.required else ''}"
        note = f"{marks} {first_sentence(field.description)}".rstrip()
        shape: Literal["scalar", "object", "list"] = (
            "list" if below is Shape.LIST else "object" if below in (Shape.STRUCT, Shape.MAP) else "scalar"
        )
        yield Proposal(field.name, note, shape)


def _values(schema: Schema, owner: tuple[str, Node | None], key: str) -> Iterator[Proposal]:
    type_name, node = owner
    for value in values_of(type_name, key):
        yield Proposal(value, first_sentence(description(type_name, key, schema.kubernetes)))
    if node is not None and inner(node).name == "bool":
        for value in ("true", "false"):
            yield Proposal(value, first_sentence(description(type_name, key, schema.kubernetes)))


def _known(schema: Schema) -> list[tuple[str, str, str]]:
    """Every apiVersion, kind and type."""
    from trainer.manifests.schema.extra import KINDS

    found = [(*name.split(" "), entry[0]) for name, entry in (schema.kinds | KINDS).items() if entry[0]]
    return [(version, kind, type_name) for version, kind, type_name in found if kind != "*"]


def _kinds(schema: Schema, api_version: str) -> Iterator[Proposal]:
    known = _known(schema)
    here = [entry for entry in known if entry[0] == api_version]
    shown: set[str] = set()
    for version, kind, type_name in sorted(here or known, key=lambda entry: (entry[1], entry[0])):
        if kind not in shown:
            text = first_sentence(description(type_name, "", schema.kubernetes))
            yield Proposal(kind, f"{version}  {text}".rstrip())
        shown.add(kind)


def _versions(schema: Schema, kind: str) -> Iterator[Proposal]:
    known = _known(schema)
    here = {version for version, name, _ in known if name == kind}
    for version in sorted(
        here or {version for version, *_ in known}, key=lambda v: (v != PREFERRED.get(kind), v)
    ):
        kinds = sorted(name for other, name, _ in known if other == version)
        yield Proposal(version, f"{', '.join(kinds[:6])}{', ...' if len(kinds) > 6 else ''}")
