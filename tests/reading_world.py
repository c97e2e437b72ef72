"""Worlds that notice which kinds a rule looks at."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from trainer.manifests.model import Document, Manifest
from trainer.manifests.schema.data import schema_for
from trainer.manifests.schema.extra import ANY_KIND, KINDS
from trainer.simulate.world import World
from trainer.versions import DEFAULT

KNOWN_KINDS = frozenset(key.partition(" ")[2] for key in (schema_for(DEFAULT).kinds | KINDS))
"""Every kind that the schema has: of the API, of configuration files, of custom resources."""

_CONTENT = frozenset(("data", "get", "labels", "metadata", "with_data"))


class Watched(Manifest, frozen=True, eq=False):
    """A manifest that notes its kind where more is read of it than kind, name, namespace and place."""

    noted: set[str] = msgspec.field(default_factory=set)

    def __getattribute__(self, name: str) -> Any:
        own = object.__getattribute__
        if name in _CONTENT:
            own(self, "noted").add(own(self, "data")["kind"])
        if name in ("api_version", "kind", "name", "namespace"):
            return getattr(Manifest(own(self, "data"), own(self, "document")), name)
        return own(self, name)


class Watch(World, frozen=True, eq=False):
    """A world that notes which kinds are listed, and of which objects the content is read."""

    noted: set[str] = msgspec.field(default_factory=set)

    def find(self, kind: str, *narrowed: Any, **more: Any) -> list[Manifest]:
        self.noted.add(kind)
        return World.find(self, kind, *narrowed, **more)


def watch(world: World) -> Watch:
    """The same world, watched. An object that is given and still there stays one object."""
    noted: set[str] = set()
    known: dict[int, Manifest] = {}

    def all_of(manifests: Iterable[Manifest]) -> tuple[Manifest, ...]:
        return tuple(
            known.setdefault(id(one), Watched(one.data, one.document, one.base, noted)) for one in manifests
        )

    fields = msgspec.structs.asdict(world)
    fields |= {field: all_of(fields[field]) for field in ("objects", "given", "answer")}
    return Watch(**fields, noted=noted)


def crowded(world: World) -> World:
    """The world with an object `crowd` of every kind that it lacks, given before and still there."""
    there = {one.kind for one in world.objects}
    namespaces = [one.name for one in world.objects if one.kind == "Namespace"] or ["default"]
    more = []
    for key, entry in (schema_for(world.kubernetes).kinds | KINDS).items():
        api_version, kind = key.split(" ")
        if not entry[0] or kind in there or kind == ANY_KIND:
            continue
        metadata = {"name": "crowd"} | ({"namespace": namespaces[0]} if entry[1] == "Namespaced" else {})
        data: dict[str, Any] = {"apiVersion": api_version, "kind": kind, "metadata": metadata}
        if kind.endswith("RoleBinding"):
            role = {"apiGroup": api_version.partition("/")[0], "kind": kind.removesuffix("Binding")}
            data |= {"roleRef": role | {"name": "crowd"}, "subjects": [{"kind": "User", "name": "crowd"}]}
        more.append(Manifest(data, Document(data, "crowd.yaml", 1, 1, {})))
    return msgspec.structs.replace(world, objects=(*world.objects, *more), given=(*world.given, *more))


def only(world: World, kinds: Iterable[str]) -> World:
    """The world with the objects of these kinds alone."""
    kept = frozenset(kinds)
    fields = {
        field: tuple(one for one in getattr(world, field) if one.kind in kept)
        for field in ("objects", "given", "answer")
    }
    return msgspec.structs.replace(world, **fields)
