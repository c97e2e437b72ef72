"""What `kubectl apply` sends: the annotation with what was applied, and the patch of an existing object.

Follows pkg/util/apply.go and pkg/cmd/apply/patcher.go of k8s.io/kubectl, the strategic merge patch of
k8s.io/apimachinery, and the patch tags of k8s.io/api (v1.36):
https://kubernetes.io/docs/tasks/manage-kubernetes-objects/declarative-config/#how-apply-calculates-differences-and-merges-changes
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from trainer.cluster.faults import Refused
from trainer.manifests.schema.data import Node, Schema, schema_for
from trainer.manifests.values import mapping, mapping_at
from trainer.versions import DEFAULT

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
"""Annotation: the object as it was last applied, so that the next apply sees what is gone."""
STRATEGIC, MERGE = "application/strategic-merge-patch+json", "application/merge-patch+json"
"""The content types of patches: of the API's own kinds, and of custom resources."""

_CONTAINER = {
    "ports": "containerPort",
    "env": "name",
    "volumeMounts": "mountPath",
    "volumeDevices": "devicePath",
}
_MERGED: dict[str, dict[str, str]] = {
    "core.v1.PodSpec": {
        **dict.fromkeys(("containers", "initContainers", "ephemeralContainers", "volumes"), "name"),
        **dict.fromkeys(("imagePullSecrets", "resourceClaims", "schedulingGates"), "name"),
        "hostAliases": "ip",
        "topologySpreadConstraints": "topologyKey",
    },
    "core.v1.Container": _CONTAINER,
    "core.v1.EphemeralContainer": _CONTAINER,
    "core.v1.ServiceSpec": {"ports": "port"},
    "core.v1.ServiceAccount": {"secrets": "name"},
    "admissionregistration.v1.ValidatingAdmissionPolicySpec": {
        "matchConditions": "name",
        "variables": "name",
    },
    "admissionregistration.v1.ValidatingWebhook": {"matchConditions": "name"},
    "admissionregistration.v1.MutatingWebhook": {"matchConditions": "name"},
    "admissionregistration.v1.ValidatingWebhookConfiguration": {"webhooks": "name"},
    "admissionregistration.v1.MutatingWebhookConfiguration": {"webhooks": "name"},
    "meta.v1.ObjectMeta": {"ownerReferences": "uid"},
}  # fmt: skip
"""Lists that a patch merges by a key of their items: type -> field -> key. All others are replaced."""
_SETS = {"meta.v1.ObjectMeta": "finalizers"}
"""Lists of plain values that a patch adds to."""
_RETAINED = {
    "apps.v1.DeploymentSpec": ("strategy",),
    "core.v1.PodSpec": ("volumes", "resourceClaims"),
}
"""Unions: of such a value, or of such a list's items, only the keys that are applied stay."""

_SERVERS: dict[str, type] = {
    **dict.fromkeys(("resourceVersion", "uid", "selfLink", "creationTimestamp", "deletionTimestamp"), str),
    **dict.fromkeys(("generation", "deletionGracePeriodSeconds"), int),
    "managedFields": list,
}
"""Metadata that only the server writes. A fetched object has it; kubectl and the server ignore it
on create."""


def sendable(data: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of an object without what only servers write: also one that was fetched can be created.

    An update with a foreign `uid` or an old `resourceVersion` is a conflict, which no author means. A Pod's
    `nodeName` is the scheduler's: once the Pod is replaced, it can run on another node than the file says.
    """
    kept = {key: value for key, value in data.items() if key != "status"}
    metadata = data.get("metadata")
    if isinstance(metadata, dict):  # another type is for the server to refuse
        kept["metadata"] = {
            key: value
            for key, value in metadata.items()
            if not (key in _SERVERS and (value is None or isinstance(value, _SERVERS[key])))
        }
    spec = data.get("spec")
    if data.get("kind") == "Pod" and isinstance(spec, dict) and isinstance(spec.get("nodeName"), str):
        kept["spec"] = {key: value for key, value in spec.items() if key != "nodeName"}
    return kept


def with_last_applied(data: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of an object with the annotation that `kubectl apply` writes, in the same bytes.

    An object whose metadata the server refuses anyway gets none.
    """
    metadata = mapping_at(data, "metadata")
    if not metadata or not isinstance(metadata.get("annotations") or {}, dict):
        return dict(data)
    notes = {key: value for key, value in mapping_at(metadata, "annotations").items() if key != LAST_APPLIED}
    plain = {**data, "metadata": {**metadata, "annotations": notes}}
    text = msgspec.json.encode(plain, order="sorted").decode()
    for sign in "<>&\u2028\u2029":  # as Go encodes JSON
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return {**plain, "metadata": {**plain["metadata"], "annotations": {**notes, LAST_APPLIED: text + "\n"}}}


def last_applied(live: Mapping[str, Any]) -> dict[str, Any]:
    """What was last applied to an object of a cluster; empty if kubectl didn't apply it."""
    text = mapping_at(mapping_at(live, "metadata"), "annotations").get(LAST_APPLIED)
    try:
        return mapping(msgspec.json.decode(str(text or "{}")))
    except msgspec.DecodeError:
        return {}


def patch_of(
    applied: Mapping[str, Any], live: Mapping[str, Any], new: Mapping[str, Any]
) -> tuple[dict[str, Any], str]:
    """The patch that makes `live` what `new` says, and its content type.

    What `applied` has and `new` doesn't is removed; what only `live` has stays.
    """
    schema = schema_for(DEFAULT)
    own = f"{new.get('apiVersion')} {new.get('kind')}" in schema.kinds
    root = schema.root(str(new.get("apiVersion")), str(new.get("kind"))) if own else None
    return _Patch(schema).fields(applied, live, new, root, ""), STRATEGIC if own else MERGE


class _Patch:
    """Makes the parts of a patch; without a node the lists of a value have no merge keys."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def fields(
        self,
        applied: Mapping[str, Any],
        live: Mapping[str, Any],
        new: Mapping[str, Any],
        node: Node | None,
        path: str,
    ) -> dict[str, Any]:
        patch: dict[str, Any] = {key: None for key in applied if key not in new}
        for key, value in new.items():
            before, there = applied.get(key), live.get(key)
            inner = self._schema.step(node, key) if node is not None else None
            if isinstance(value, dict) and isinstance(there, dict):
                part = self.fields(mapping(before), there, value, inner, f"{path}{key}.")
                if part and node is not None and key in _RETAINED.get(node.name, ()):
                    part["$retainKeys"] = sorted(value)
                if part:
                    patch[key] = part
            elif isinstance(value, list) and isinstance(there, list) and self._is_merged(node, key):
                assert node is not None  # noqa: S101 - by the call before
                old = before if isinstance(before, list) else []
                patch |= self._list(node, key, old, there, value, path + key)
            elif there != value or (value is None and key in live):
                patch[key] = value
        return patch

    @staticmethod
    def _is_merged(node: Node | None, key: str) -> bool:
        return node is not None and (key in _MERGED.get(node.name, ()) or _SETS.get(node.name) == key)

    def _list(
        self,
        node: Node,
        field: str,
        applied: Sequence[Any],
        live: Sequence[Any],
        new: Sequence[Any],
        path: str,
    ) -> dict[str, Any]:
        key = _MERGED.get(node.name, {}).get(field)
        if key is None:
            more = [one for one in new if one not in live]
            less = [one for one in applied if one not in new]
            return ({field: more} if more else {}) | (
                {f"$deleteFromPrimitiveList/{field}": less} if less else {}
            )
        _check_keys(new, key, path)
        item = self._schema.step(self._schema.step(node, field) or node, 0)
        old, there = _numbered(applied, key), _numbered(live, key)
        parts: list[Any] = []
        for number, (name, value) in enumerate(_numbered(new, key).items()):
            if name not in there:
                parts.append(value)
                continue
            part = self.fields(mapping(old.get(name)), there[name], value, item, f"{path}[{number}].")
            if part and field in _RETAINED.get(node.name, ()):
                part["$retainKeys"] = sorted(value)
            if part:
                parts.append({**part, key: name[0]})
        names = [one.get(key) for one in map(mapping, new)]
        parts += [{"$patch": "delete", key: name} for name, _ in old if name not in names]
        kept = [name for name in (one.get(key) for one in map(mapping, live)) if name in names]
        if not parts and kept == names:
            return {}
        order = {f"$setElementOrder/{field}": [{key: name} for name in names]}
        return order | ({field: parts} if parts else {})


def _check_keys(items: Sequence[Any], key: str, path: str) -> None:
    """Raise `Refused` for an item that can't be merged: kubectl refuses it, and the server breaks (500)."""
    for number, one in enumerate(items):
        if not isinstance(one, dict) or not isinstance(one.get(key), str | int):
            field = f"{path}[{number}]"
            said = f"it lacks {key}, by which its list is merged"
            cause = {"field": field, "message": said}
            raise Refused(f"{field}: {said}", status=422, said=f"{field}: {said}", causes=[cause])


def _numbered(items: Sequence[Any], key: str) -> dict[tuple[Any, int], dict[str, Any]]:
    """The items by their key, and by how many with the same key come before."""
    found: dict[tuple[Any, int], dict[str, Any]] = {}
    for one in map(mapping, items):
        name = one.get(key)
        number = sum(other == name for other, _ in found)
        found[name, number] = one
    return found
