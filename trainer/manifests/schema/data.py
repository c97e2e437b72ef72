"""The reduced schemas of Kubernetes, loaded: which fields a kind has, and which values they take.

`schemas/v<minor>.json.gz` is made from the published OpenAPI by `tools/generate_schema.py`, which
explains the notation. Kinds without OpenAPI (configuration files, custom resources that
cards use) have handwritten descriptions in `extra`, in the same notation.
"""

from __future__ import annotations

import zlib
from enum import Enum
from functools import cache, cached_property
from pathlib import Path
from types import NoneType
from typing import Any

import msgspec

from trainer.versions import SUPPORTED, Version, unsupported

FOLDER = Path(__file__).parent / "schemas"


class Shape(Enum):
    """What form a value must have."""

    SCALAR = "scalar"
    STRUCT = "struct"
    LIST = "list"
    MAP = "map"
    ANY = "any"


class Node(msgspec.Struct, frozen=True, eq=False):
    """What one place of a manifest takes.

    `name` is the scalar's type (`int32`) or the struct's (`core.v1.Container`). `item` is what a
    list or map holds, `keys` which fields identify an item of a list that is a map. `quick` are
    the Python types of values that need no further look.
    """

    shape: Shape
    name: str
    quick: frozenset[type]
    item: Node | None = None
    keys: tuple[str, ...] = ()
    is_set: bool = False
    required: bool = False


_NULL = frozenset({NoneType})
_QUICK: dict[str, frozenset[type]] = {
    "string": frozenset({str, NoneType}),
    "bool": frozenset({bool, NoneType}),
    "number": frozenset({int, float, NoneType}),
    "any": frozenset({str, bool, int, float, NoneType, dict, list}),
}
OPEN_FIELD = "*"
"""In a hand-described struct: what any field may hold that the struct does not name."""


class Schema:
    """All kinds and types of one Kubernetes version; nodes are made when first used."""

    def __init__(
        self, kubernetes: Version, kinds: dict[str, list[str]], types: dict[str, dict[str, str]]
    ) -> None:
        self.kubernetes = kubernetes
        self.kinds = kinds
        """`"apps/v1 Deployment"` -> [type, scope]; the type of an unserved version is empty."""
        self._types = types
        self._nodes: dict[str, Node] = {}
        self._fields: dict[str, dict[str, Node]] = {}

    def root(self, api_version: str, kind: str) -> Node | None:
        """The node of a kind, or None where this version does not serve it."""
        entry = self.kinds.get(f"{api_version} {kind}")
        if entry is None:
            entry = extra_kind(api_version, kind)
        return self.node(entry[0]) if entry and entry[0] else None

    def fields(self, name: str) -> dict[str, Node]:
        """The fields of a struct type: name -> node."""
        found = self._fields.get(name)
        if found is None:
            texts = self._types.get(name)
            if texts is None:
                texts = _extra_fields(name, self.kubernetes)
            found = self._fields[name] = {field: self.node(text) for field, text in texts.items()}
        return found

    @cached_property
    def field_names(self) -> frozenset[str]:
        """The names of all fields of all types."""
        return frozenset(field for fields in self._types.values() for field in fields)

    def node(self, text: str) -> Node:
        """The node of a type in the notation of `tools/generate_schema.py`."""
        found = self._nodes.get(text)
        if found is None:
            found = self._nodes[text] = self._parse(text)
        return found

    def step(self, node: Node, key: str | int) -> Node | None:
        """The node below `node` at a field name, map key or list index; None if it doesn't exist."""
        if node.shape is Shape.STRUCT:
            fields = self.fields(node.name)
            return fields.get(str(key)) or fields.get(OPEN_FIELD)
        return node.item if node.shape in (Shape.LIST, Shape.MAP) else None

    def _parse(self, text: str) -> Node:
        if text.startswith("!"):
            return msgspec.structs.replace(self.node(text[1:]), required=True)
        if text.startswith("{}"):
            return Node(Shape.MAP, text, _NULL, self.node(text[2:]))
        if text.startswith("["):
            marks, _, item = text[1:].partition("]")
            keys = tuple(marks.split(",")) if marks not in ("", "=") else ()
            return Node(Shape.LIST, text, _NULL, self.node(item), keys, is_set=marks == "=")
        if text == "any":
            return Node(Shape.ANY, text, _QUICK["any"])
        shape = Shape.STRUCT if "." in text else Shape.SCALAR
        return Node(shape, text, _QUICK.get(text, _NULL))


def packaged(name: str) -> bytes:
    """The JSON text of one of the packaged files."""
    return zlib.decompress((FOLDER / f"{name}.json.gz").read_bytes(), 31)


@cache
def schema_for(kubernetes: Version) -> Schema:
    """The schema of one of the supported versions. Raises `UsageError` for another one."""
    if kubernetes not in SUPPORTED:
        raise unsupported(kubernetes)
    data: dict[str, Any] = msgspec.json.decode(packaged(f"v{kubernetes}"))
    return Schema(kubernetes, data["kinds"], data["types"])


def extra_kind(api_version: str, kind: str) -> list[str] | None:
    """The entry of a hand-described kind, [type, scope, ...]; None for any other."""
    if "." not in api_version and kind != "Config":
        return None  # the group of every such kind has a dot, except the kubeconfig's
    from trainer.manifests.schema import extra as schema_extra

    return schema_extra.extra_kind(api_version, kind)


def _extra_fields(name: str, kubernetes: Version) -> dict[str, str]:
    from trainer.manifests.schema.extra import extra_fields

    return extra_fields(name, kubernetes)
