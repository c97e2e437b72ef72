"""The three-way merge of `kubectl apply`: the old manifest, the new one, and the object as the server has it.

Follows `CreateThreeWayMergePatch` and `StrategicMergePatch` of k8s.io/apimachinery pkg/util/strategicpatch
(v1.36), and `CreateThreeWayJSONMergePatch` of pkg/util/jsonmergepatch for kinds that kubectl doesn't have
built in. What neither manifest says stays as the server has it: also a default that it filled in before. In
a list that is merged, items with one key are one item.
"""

from __future__ import annotations

from typing import Any

import msgspec

from trainer.manifests.schema.data import Node, Schema, Shape

Data = dict[str, Any]

_REPLACED = {"claims", "x-kubernetes-validations"}
"""Lists with keys for server-side apply that a strategic merge patch replaces."""
_DELETED, _ONLY = "$patch", "$retainKeys"


class _Items(msgspec.Struct, frozen=True, eq=False):
    """The patch of a list that is merged: changes of items, and the values of their key in their order."""

    changes: list[Data]
    order: list[Any]


def merged(live: Data, old: Data, new: Data, node: Node | None, schema: Schema) -> Data:
    """The object after `kubectl apply` of `new`, where `old` was applied before and the server has `live`.

    `old` and `new` are as they are written. `node` describes the kind; None is a kind unknown to kubectl,
    whose lists are replaced.
    """
    merger = _Merger(schema)
    gone = merger.difference(old, new, node, deletions=True)
    changes = merger.difference(live, new, node, deletions=False)
    return merger.patched(live, merger.joined(gone, changes, node), node)


class _Merger:
    """Makes patches and applies them, by what the schema says of each field."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    def difference(
        self, old: Data, new: Data, node: Node | None, *, deletions: bool, only: bool = False
    ) -> Data:
        """What makes `new` out of `old`: either its deletions, or everything else."""
        patch: Data = {}
        for field, value in new.items():
            was, inner = old.get(field), self._step(node, field)
            if isinstance(was, dict) and isinstance(value, dict) and not _is_replaced(node, field):
                found: Any = self.difference(
                    was, value, inner, deletions=deletions, only=_names_all(node, field)
                )
            elif was and isinstance(was, list) and isinstance(value, list) and (key := _merge_key(inner)):
                found = self._items(was, value, inner, key, deletions=deletions, only=field == "volumes")
            else:
                if not deletions and (was != value or type(was) is not type(value)):
                    patch[field] = value
                continue
            if found:
                patch[field] = found
        if deletions:
            patch |= {field: None for field in old if field not in new}
        if only and (patch or set(old) - set(new)):
            patch[_ONLY] = [field for field, value in new.items() if value is not None]
        return patch

    def _items(
        self, old: list[Data], new: list[Data], node: Node | None, key: str, *, deletions: bool, only: bool
    ) -> _Items | None:
        item = node.item if node else None
        order = [one.get(key) for one in new]
        changes: list[Data] = []
        for value in dict.fromkeys(order):
            was, now = _of_key(old, key, value), _of_key(new, key, value)
            for one, other in zip(was, now, strict=False):
                if found := self.difference(one, other, item, deletions=deletions, only=only):
                    changes.append({**found, key: value})
            if not deletions:
                changes += now[len(was) :]
        if deletions:
            lost = [one.get(key) for one in old]
            for value in dict.fromkeys(lost):
                if lost.count(value) > order.count(value):
                    changes.append({_DELETED: "delete", key: value})
        moved = not deletions and order != [one.get(key) for one in old]
        return _Items(changes, order) if changes or moved else None

    def joined(self, first: Data, second: Data, node: Node | None) -> Data:
        """One patch that does what both do."""
        result = dict(first)
        for field, value in second.items():
            was, inner = result.get(field), self._step(node, field)
            if isinstance(was, _Items) and isinstance(value, _Items):
                key = _merge_key(inner)
                changes = list(was.changes)
                for one in value.changes:
                    _put(changes, one, key, lambda a, b: self.joined(a, b, inner.item if inner else None))  # noqa: B023
                result[field] = _Items(changes, value.order)
            elif isinstance(was, dict) and isinstance(value, dict) and not _is_replaced(node, field):
                result[field] = self.joined(was, value, inner)
            else:
                result[field] = value
        return result

    def patched(self, live: Data, patch: Data, node: Node | None) -> Data:
        """The object with a patch applied."""
        only = patch.get(_ONLY)
        result = {field: value for field, value in live.items() if only is None or field in only}
        for field, value in patch.items():
            was, inner = result.get(field), self._step(node, field)
            if field == _ONLY:
                continue
            if value is None:
                result.pop(field, None)
            elif isinstance(value, _Items):
                result[field] = self._patched_items(was if isinstance(was, list) else [], value, inner)
            elif isinstance(was, dict) and isinstance(value, dict) and not _is_replaced(node, field):
                result[field] = self.patched(was, value, inner)
            else:
                result[field] = _without_nulls(value)
        return result

    def _patched_items(self, live: list[Data], patch: _Items, node: Node | None) -> list[Data]:
        key = _merge_key(node)
        item = node.item if node else None
        gone = [one.get(key) for one in patch.changes if _DELETED in one]
        result = [one for one in live if one.get(key) not in gone]
        for one in patch.changes:
            if _DELETED not in one:
                _put(result, one, key, lambda a, b: self.patched(a, b, item))
        places = {value: place for place, value in reversed(list(enumerate(patch.order)))}
        return sorted(
            (_without_nulls(one) for one in result), key=lambda one: places.get(one.get(key), len(places))
        )

    def _step(self, node: Node | None, field: str) -> Node | None:
        return None if node is None else self.schema.step(node, field)


def _of_key(items: list[Data], key: str, value: Any) -> list[Data]:
    """The items of a key, the last one first: so kubectl's sort leaves them before it compares."""
    return [one for one in reversed(items) if one.get(key) == value]


def _put(items: list[Data], item: Data, key: str, join: Any) -> None:
    """Join the item with the first one of the same key, or add it."""
    for place, one in enumerate(items):
        if one.get(key) == item.get(key):
            items[place] = join(one, item)
            return
    items.append(item)


def _merge_key(node: Node | None) -> str:
    """The field that identifies an item of a list that is merged; empty if the list is replaced."""
    return node.keys[0] if node is not None and node.shape is Shape.LIST and node.keys else ""


def _is_replaced(node: Node | None, field: str) -> bool:
    """Whether a patch replaces the structure as a whole (`patchStrategy:"replace"`)."""
    return node is not None and node.name == "policy.v1.PodDisruptionBudgetSpec" and field == "selector"


def _names_all(node: Node | None, field: str) -> bool:
    """Whether a patch names the fields that stay (`patchStrategy:"retainKeys"`); volumes do as well."""
    return node is not None and node.name == "apps.v1.DeploymentSpec" and field == "strategy"


def _without_nulls(value: Any) -> Any:
    """A value that is new, as the server takes it from a patch."""
    if isinstance(value, dict):
        return {key: _without_nulls(one) for key, one in value.items() if one is not None}
    return [_without_nulls(one) for one in value] if isinstance(value, list) else value
