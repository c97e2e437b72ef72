"""What was meant: a misspelled name, or a field that belongs somewhere else in the manifest."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import msgspec

from trainer.manifests.model import Manifest, Path
from trainer.manifests.schema.data import OPEN_FIELD, Node, Schema, Shape
from trainer.manifests.schema.decode import Decoded, decodes

CLOSE = 0.75
"""How alike (0 to 1, as difflib measures) a misspelled name must be to the one that was meant."""

MOST_PLACES = 3
"""How many equally near places a message names."""

LIST_STEP = "[]"
MAP_STEP = "{}"


def similar(name: str, names: Iterable[str], cutoff: float = CLOSE) -> str | None:
    """The name that was most likely meant; None where none is close.

    >>> similar("readOnlyRootFileSystem", ["readOnlyRootFilesystem", "runAsUser"])
    'readOnlyRootFilesystem'
    >>> similar("verb", ["verbs", "resources"])
    'verbs'
    """
    from difflib import get_close_matches

    by_letters = {other.lower(): other for other in sorted(names)}
    lower = name.lower().replace("-", "").replace("_", "")
    for form in (lower, lower + "s", lower.removesuffix("s"), lower.removesuffix("es")):
        if form in by_letters:
            return by_letters[form]
    close = get_close_matches(lower, by_letters, n=1, cutoff=cutoff)
    return by_letters[close[0]] if close else None


class Place(msgspec.Struct, frozen=True):
    """Where a field could stand: the path of the object that would hold it, and what it takes."""

    parent: Path
    field: str
    node: Node
    many: bool
    """Whether the path passes a list that has more than one item in the document."""
    taken: bool
    """Whether the field is there already."""


class Holder(msgspec.Struct, frozen=True):
    """A field of a kind: `path` leads to the object that has it, with `[]` and `{}` for items."""

    path: tuple[str, ...]
    field: str
    node: Node


def places_for(decoded: Decoded, path: Path, value: Any) -> list[Place]:
    """The nearest places of the kind where a field of this name, with this value, may stand.

    `path` is where it was written. Near means: few steps up and down from there, through objects
    that the document has; places that can hold the value go first. Several places are equally near
    where the kind has alternatives (`podSelector` or `namespaceSelector`); a crowd of them (every
    volume source has `readOnly`) tells nothing, so the next ones are taken.
    """
    name, written = str(path[-1]), path[:-1]
    ranked: dict[tuple[int, ...], list[Place]] = {}
    for holder in holders(decoded.schema, decoded.root, name):
        if holder.path[:1] == ("status",) and path[:1] != ("status",):
            continue
        place, distance = _concrete(decoded.manifest, holder, written)
        fits = decodes(decoded.schema, holder.node, value)
        ranked.setdefault((not fits, distance, -len(holder.path)), []).append(place)
    groups = [ranked[rank] for rank in sorted(ranked)]
    best = next((group for group in groups if len(group) <= MOST_PLACES), groups[0] if groups else [])
    return best[:MOST_PLACES]


def holders(schema: Schema, root: Node, name: str) -> list[Holder]:
    """Every place of a kind that has a field of this name, the outer ones first.

    Upper and lower case count, but where no place has exactly this name, other spellings by case
    are given.
    """
    found = _index(schema, root).get(name.lower(), [])
    exact = [holder for holder in found if holder.field == name]
    return exact or found


@lru_cache(maxsize=32)
def _index(schema: Schema, root: Node) -> dict[str, list[Holder]]:
    """All fields of a kind by their name in lower case."""
    index: dict[str, list[Holder]] = {}
    waiting: list[tuple[Node, tuple[str, ...], frozenset[str]]] = [(root, (), frozenset())]
    while waiting:
        node, path, above = waiting.pop()
        while node.item is not None:
            path += (LIST_STEP if node.shape is Shape.LIST else MAP_STEP,)
            node = node.item
        if node.shape is not Shape.STRUCT or node.name in above:
            continue  # a scalar, or a type inside itself (JSONSchemaProps)
        for field, child in schema.fields(node.name).items():
            index.setdefault(field.lower(), []).append(Holder(path, field, child))
            if field not in (OPEN_FIELD, "managedFields"):
                waiting.append((child, (*path, field), above | {node.name}))
    for found in index.values():
        found.sort(key=lambda holder: (len(holder.path), holder.path))
    return index


def _concrete(manifest: Manifest, holder: Holder, written: Path) -> tuple[Place, int]:
    """The holder's path in this document, and how far it is from where the field was written."""
    steps: list[str | int] = []
    value: Any = manifest.data
    common, missing, many, aligned = 0, 0, False, True
    for position, step in enumerate(holder.path):
        here = written[position] if aligned and position < len(written) else None
        concrete = _concrete_step(step, here, value)
        many |= step == LIST_STEP and concrete != here and isinstance(value, list) and len(value) > 1
        aligned = aligned and concrete == here
        common += aligned
        steps.append(concrete)
        try:
            value = value[concrete]
        except (KeyError, IndexError, TypeError):
            value = None
        missing += value is None and step != LIST_STEP
    taken = isinstance(value, dict) and holder.field in value
    down, up = len(holder.path) - common, len(written) - common
    distance = down + 2 * up + missing + 2 * taken + 4 * _makes_containers(manifest, steps)
    return Place(tuple(steps), holder.field, holder.node, many, taken), distance


def _makes_containers(manifest: Manifest, steps: list[str | int]) -> bool:
    """Whether the path leads through init or ephemeral containers that the pod does not have."""
    for position, step in enumerate(steps):
        if step in ("initContainers", "ephemeralContainers"):
            return manifest.get(*steps[: position + 1]) is None
    return False


def _concrete_step(step: str, here: str | int | None, value: Any) -> str | int:
    if step == LIST_STEP:
        return here if isinstance(here, int) else 0
    if step == MAP_STEP:
        first = next(iter(value), "") if isinstance(value, dict) else ""
        return here if isinstance(here, str) else str(first)
    return step
