"""What an API server makes of a patch: a strategic merge patch, or a JSON merge patch."""

from __future__ import annotations

import copy
from typing import Any

from trainer.manifests.schema.data import Node, schema_for
from trainer.manifests.three_way import merge_key as merge_key_of
from trainer.versions import DEFAULT


def merged_with(before: dict[str, Any], patch: dict[str, Any], *, strategic: bool) -> dict[str, Any]:
    """The object that a patch makes of another."""
    root = schema_for(DEFAULT).root(before["apiVersion"], before["kind"]) if strategic else None
    return _mapping(copy.deepcopy(before), patch, root)


def _mapping(value: dict[str, Any], patch: dict[str, Any], node: Node | None) -> dict[str, Any]:
    schema = schema_for(DEFAULT)
    kept = patch.get("$retainKeys")
    found = {key: one for key, one in value.items() if kept is None or key in kept}
    for key, change in patch.items():
        if key.startswith("$"):
            continue
        inner = schema.step(node, key) if node is not None else None
        merge_key = merge_key_of(node, key, schema)
        if change is None:
            found.pop(key, None)
        elif isinstance(change, dict):
            before = found.get(key)
            found[key] = _mapping(before if isinstance(before, dict) else {}, change, inner)
        elif isinstance(change, list) and merge_key:
            item = schema.step(inner, 0) if inner is not None else None
            found[key] = _list(found.get(key) or [], change, merge_key, item)
        elif isinstance(change, list) and key == "finalizers":
            found[key] = [*found.get(key, []), *(one for one in change if one not in found.get(key, []))]
        else:
            found[key] = change
    for key, names in patch.items():
        directive, _, field = key.partition("/")
        if (
            directive == "$setElementOrder"
            and isinstance(names, list)
            and names
            and isinstance(names[0], dict)
        ):
            (merge_key,) = names[0]
            order = [one[merge_key] for one in names]
            _check_order(patch.get(field) or [], order, merge_key)
            found[field] = sorted(
                found.get(field, []),
                key=lambda one: order.index(one[merge_key]) if one[merge_key] in order else len(order),
            )
        elif directive == "$deleteFromPrimitiveList":
            found[field] = [one for one in found.get(field, []) if one not in names]
    return found


def _check_order(changes: list[Any], order: list[Any], key: str) -> None:
    """Raise `ValueError` as the server does: it refuses changes of items in another order than the list's."""
    left = iter(order)
    if not all(one[key] in left for one in changes if "$patch" not in one):
        raise ValueError(f"The order in patch list: {changes} doesn't match $setElementOrder list: {order}")


def _list(items: list[Any], changes: list[Any], key: str, node: Node | None) -> list[Any]:
    found = list(items)
    for change in changes:
        if key not in change:
            raise ValueError(f"map: {change} does not contain declared merge key: {key}")
        place = next((number for number, one in enumerate(found) if one.get(key) == change[key]), None)
        if change.get("$patch") == "delete":
            if place is not None:
                del found[place]
        elif place is None:
            found.append(_mapping({}, change, node))
        else:
            found[place] = _mapping(found[place], change, node)
    return found
