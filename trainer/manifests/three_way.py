"""The three-way merge of `kubectl apply`: the old manifest, the new one, and the object as the server has it.

Follows `CreateThreeWayMergePatch` and `StrategicMergePatch` of k8s.io/apimachinery pkg/util/strategicpatch
(v1.36), `CreateThreeWayJSONMergePatch` of pkg/util/jsonmergepatch for kinds that kubectl doesn't have
built in, and pkg/cmd/apply/patcher.go of k8s.io/kubectl:
https://kubernetes.io/docs/tasks/manage-kubernetes-objects/declarative-config/#how-apply-calculates-differences-and-merges-changes

What neither manifest says stays as the server has it: also a default that it filled in before. In a list
that is merged, items with one key are one item.
"""

from __future__ import annotations

from typing import Any

import msgspec

from trainer.errors import TrainerError
from trainer.manifests.model import Path
from trainer.manifests.schema.data import Node, Schema, Shape

Data = dict[str, Any]

STRATEGIC, MERGE = "application/strategic-merge-patch+json", "application/merge-patch+json"
"""The content types of patches: of the API's own kinds, and of custom resources."""

_NOT_BUILT_IN = frozenset(("APIService", "CustomResourceDefinition"))
"""Kinds that kubectl merges as it merges custom resources: their types aren't compiled in."""
_REPLACED = frozenset((("core.v1.ResourceRequirements", "claims"),))
"""Lists with keys for server-side apply that a strategic merge patch replaces."""
_REFERENCES = frozenset(("core.v1.LocalObjectReference", "core.v1.ObjectReference"))
"""Items whose name the server doesn't store if it's empty (`omitempty`)."""
_RETAINED = {"apps.v1.DeploymentSpec": ("strategy",), "core.v1.PodSpec": ("volumes", "resourceClaims")}
"""Unions (`patchStrategy:"retainKeys"`): of such a value or such an item, only what is applied stays."""
_DELETED, _ONLY = "$patch", "$retainKeys"


class NotMergeable(TrainerError):
    """kubectl can't make a patch: an item lacks the key by which its list is merged.

    `path` is the place in the new manifest.
    """

    def __init__(self, message: str, path: Path, *, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.path = path


class _Items(msgspec.Struct, frozen=True, eq=False):
    """The patch of a list that is merged: changes of items, and the values of their key in their order."""

    key: str
    changes: list[Data]
    order: list[Any]


class _Values(msgspec.Struct, frozen=True, eq=False):
    """The patch of a list of plain values that is merged: what to add, what to remove, and the order."""

    more: list[Any]
    less: list[Any]
    order: list[Any]


def merge_node(api_version: str, kind: str, schema: Schema) -> Node | None:
    """What describes the fields of a kind to kubectl; None for a kind that it merges without knowing it."""
    own = f"{api_version} {kind}" in schema.kinds and kind not in _NOT_BUILT_IN
    return schema.root(api_version, kind) if own else None


def merge_key(node: Node | None, field: str, schema: Schema) -> str:
    """The field that identifies an item of a list that is merged; empty if the list is replaced."""
    inner = schema.step(node, field) if node is not None else None
    if node is None or inner is None or inner.shape is not Shape.LIST or (node.name, field) in _REPLACED:
        return ""
    return inner.keys[0] if inner.keys else ""


def merged(live: Data, old: Data, new: Data, node: Node | None, schema: Schema) -> Data:
    """The object after `kubectl apply` of `new`, where `old` was applied before and the server has `live`.

    `old` and `new` are as they are written. `node` is the kind's `merge_node`. Raises `NotMergeable`.
    """
    merger = _Merger(schema)
    return merger.patched(live, merger.patch(old, live, new, node), node)


def patch_of(old: Data, live: Data, new: Data, node: Node | None, schema: Schema) -> tuple[Data, str]:
    """The patch that makes `live` what `new` says, as kubectl sends it, and its content type.

    What `old` has and `new` doesn't is removed; what only `live` has stays. Raises `NotMergeable`.
    """
    patch = _Merger(schema).patch(old, live, new, node)
    return _as_sent(patch), STRATEGIC if node is not None else MERGE


class _Merger:
    """Makes patches and applies them, by what the schema says of each field."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    def patch(self, old: Data, live: Data, new: Data, node: Node | None) -> Data:
        """What `new` no longer says is removed, and what it says otherwise than `live` is changed."""
        gone = self.difference(old, new, node, (), deletions=True)
        changes = self.difference(live, new, node, (), deletions=False)
        return self.joined(gone, changes, node)

    def difference(
        self, old: Data, new: Data, node: Node | None, path: Path, *, deletions: bool, only: bool = False
    ) -> Data:
        """What makes `new` out of `old`: either its deletions, or everything else (then `old` is live)."""
        patch: Data = {}
        for field, value in new.items():
            was, place = old.get(field), (*path, field)
            if isinstance(was, dict) and isinstance(value, dict) and not _is_replaced(node, field):
                only_these = _is_retained(node, field)
                inner = self._step(node, field)
                found: Any = self.difference(was, value, inner, place, deletions=deletions, only=only_these)
            elif was and isinstance(was, list) and isinstance(value, list) and self._key(node, field):
                found = self._items(was, value, node, place, deletions=deletions)
            elif isinstance(was, list) and isinstance(value, list) and _is_set(node, field):
                found = _values(was, value, deletions=deletions)
            else:
                if not deletions and (was != value or type(was) is not type(value)):
                    patch[field] = value
                continue
            if found:
                patch[field] = found
        if deletions:
            patch |= {field: None for field in old if field not in new}
        if only and (patch or set(old) - set(new)):
            patch[_ONLY] = sorted(field for field, value in new.items() if value is not None)
        return patch

    def _items(
        self, old: list[Data], new: list[Data], node: Node | None, path: Path, *, deletions: bool
    ) -> _Items | None:
        field = str(path[-1])
        key, only = self._key(node, field), _is_retained(node, field)
        inner = self._step(node, field)
        item = inner.item if inner else None
        _check_keys(new, key, path)
        omitted = not deletions and item is not None and item.name in _REFERENCES
        _check_stored(old, key, path, omitted=omitted)
        order, before = [one[key] for one in new], [one[key] for one in old]
        changes: list[Data] = []
        for value in dict.fromkeys(order):
            was = [one for _, one in _of_key(old, key, value)]
            now = _of_key(new, key, value)
            for one, (place, other) in zip(was, now, strict=False):
                found = self.difference(one, other, item, (*path, place), deletions=deletions, only=only)
                if found:
                    changes.append({**found, key: value})
            if not deletions:
                changes += [one for _, one in now[len(was) :]]
        if deletions:
            for value in dict.fromkeys(before):
                if before.count(value) > order.count(value):
                    changes.append({_DELETED: "delete", key: value})
        moved = not deletions and order != [value for value in before if value in order]
        return _Items(key, changes, order) if changes or moved else None

    def joined(self, first: Data, second: Data, node: Node | None) -> Data:
        """One patch that does what both do."""
        result = dict(first)
        for field, value in second.items():
            was, inner = result.get(field), self._step(node, field)
            if isinstance(was, _Items) and isinstance(value, _Items):
                changes = list(was.changes)
                for one in value.changes:
                    _put(changes, one, was.key, lambda a, b: self.joined(a, b, inner.item if inner else None))  # noqa: B023
                result[field] = _Items(was.key, changes, value.order)
            elif isinstance(was, _Values) and isinstance(value, _Values):
                result[field] = _Values(value.more, was.less, value.order)
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
            elif isinstance(value, _Values):
                result[field] = _patched_values(was if isinstance(was, list) else [], value)
            elif isinstance(was, dict) and isinstance(value, dict) and not _is_replaced(node, field):
                result[field] = self.patched(was, value, inner)
            else:
                result[field] = _without_nulls(value)
        return result

    def _patched_items(self, live: list[Data], patch: _Items, node: Node | None) -> list[Data]:
        key, item = patch.key, node.item if node else None
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

    def _key(self, node: Node | None, field: str) -> str:
        return merge_key(node, field, self.schema)


def _check_keys(items: list[Any], key: str, path: Path) -> None:
    """Raise `NotMergeable` for an item of a new manifest without the key."""
    for place, one in enumerate(items):
        if not isinstance(one, dict) or key not in one or isinstance(one[key], dict | list):
            raise NotMergeable(f"it lacks {key}, by which its list is merged", (*path, place))


def _check_stored(items: list[Any], key: str, path: Path, *, omitted: bool) -> None:
    """Raise `NotMergeable` for an item without the key that is there; an empty one may be `omitted`."""
    if not all(isinstance(one, dict) and (one.get(key) if omitted else key in one) for one in items):
        remedy = "Delete the object and create it again."
        raise NotMergeable(f"an item lacks {key}, by which this list is merged", path, remedy=remedy)


def _values(old: list[Any], new: list[Any], *, deletions: bool) -> _Values | None:
    more = [] if deletions else [one for one in new if one not in old]
    less = [one for one in old if one not in new] if deletions else []
    return _Values(more, less, new) if more or less else None


def _patched_values(live: list[Any], patch: _Values) -> list[Any]:
    kept = [one for one in live if one not in patch.less]
    kept += [one for one in patch.more if one not in kept]
    return sorted(kept, key=lambda one: patch.order.index(one) if one in patch.order else len(patch.order))


def _as_sent(patch: Data) -> Data:
    """A patch in the form of a request."""
    sent: Data = {}
    for field, value in patch.items():
        if isinstance(value, _Items):
            sent[f"$setElementOrder/{field}"] = [{value.key: one} for one in value.order]
            if value.changes:
                sent[field] = [_as_sent(one) for one in _in_order(value)]
        elif isinstance(value, _Values):
            if value.more:
                sent[field] = value.more
            if value.less:
                sent[f"$deleteFromPrimitiveList/{field}"] = value.less
        else:
            sent[field] = _as_sent(value) if isinstance(value, dict) else value
    return sent


def _in_order(items: _Items) -> list[Data]:
    """The changes in the order of the new list, deletions last: the server refuses any other order."""
    last = len(items.order)
    places = {value: place for place, value in reversed(list(enumerate(items.order)))}
    return sorted(
        items.changes, key=lambda one: last if _DELETED in one else places.get(one[items.key], last)
    )


def _of_key(items: list[Data], key: str, value: Any) -> list[tuple[int, Data]]:
    """The items of a key with their places, the last one first: so kubectl's sort leaves them."""
    return [(place, one) for place, one in reversed(list(enumerate(items))) if one[key] == value]


def _put(items: list[Data], item: Data, key: str, join: Any) -> None:
    """Join the item with the first one of the same key, or add it."""
    for place, one in enumerate(items):
        if one.get(key) == item.get(key):
            items[place] = join(one, item)
            return
    items.append(item)


def _is_set(node: Node | None, field: str) -> bool:
    """Whether a patch adds to a list of plain values, and removes from it, value by value."""
    return node is not None and node.name == "meta.v1.ObjectMeta" and field == "finalizers"


def _is_replaced(node: Node | None, field: str) -> bool:
    """Whether a patch replaces the structure as a whole (`patchStrategy:"replace"`)."""
    return node is not None and node.name == "policy.v1.PodDisruptionBudgetSpec" and field == "selector"


def _is_retained(node: Node | None, field: str) -> bool:
    """Whether a patch names the fields that stay of a value, or of the items of a list."""
    return node is not None and field in _RETAINED.get(node.name, ())


def _without_nulls(value: Any) -> Any:
    """A value that is new, as the server takes it from a patch."""
    if isinstance(value, dict):
        return {key: _without_nulls(one) for key, one in value.items() if one is not None}
    return [_without_nulls(one) for one in value] if isinstance(value, list) else value
