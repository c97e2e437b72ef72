"""Changed copies of plain JSON values: the rest of the tree is shared, nothing changes in place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import msgspec

from trainer.manifests.model import Path


class Edit(msgspec.Struct, frozen=True, eq=False):
    """One way to change an object.

    `path` leads to what is changed (or added), `mutation` is its kind: delete, flip, change,
    rename, widen, move or add. `what` says it in words, `value` is the whole changed object.
    """

    path: Path
    mutation: str
    what: str
    value: Any


def walk(node: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value below `node` with its path, parents before children, in the order written."""
    steps: Any = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, child in steps:
        below = (*path, step)
        yield below, child
        yield from walk(child, below)


def at(node: Any, path: Path) -> Any:
    """The value at `path`, or None."""
    for step in path:
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            return None
    return node


def with_value(node: Any, path: Path, value: Any) -> Any:
    """A copy with `value` at `path`; missing mappings on the way are created."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    copy: Any = list(node) if isinstance(node, list) else dict(node) if isinstance(node, dict) else {}
    copy[step] = with_value(at(copy, (step,)), rest, value)
    return copy


def without(node: Any, path: Path) -> Any:
    """A copy without the value at `path`, which must exist."""
    step, rest = path[0], path[1:]
    copy: Any = list(node) if isinstance(node, list) else dict(node)
    if rest:
        copy[step] = without(copy[step], rest)
    else:
        del copy[step]
    return copy


def appended(node: Any, path: Path, item: Any) -> Any:
    """A copy in which `item` is the last of the list at `path` (created if missing)."""
    items = at(node, path)
    return with_value(node, path, [*items, item] if isinstance(items, list) else [item])


def widened(value: Any, path: Path, wide: Any) -> Edit:
    """The edit that sets `wide` at `path`."""
    return Edit(path, "widen", f"set to {json.dumps(wide)}", with_value(value, path, wide))


def widened_list(value: Any, path: Path, item: Any) -> Edit:
    """The edit that appends `item` to the list at `path`."""
    index = len(at(value, path) or ())
    return Edit((*path, index), "widen", f"{json.dumps(item)} added", appended(value, path, item))
