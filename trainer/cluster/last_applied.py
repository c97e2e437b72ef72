"""What `kubectl apply` sends: the annotation with what was applied, and the patch of an existing object.

Follows pkg/util/apply.go of k8s.io/kubectl (v1.36); `three_way` makes the patch.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from trainer.cluster.faults import Refused
from trainer.manifests import three_way
from trainer.manifests.model import path_text
from trainer.manifests.schema.data import schema_for
from trainer.manifests.values import mapping, mapping_at
from trainer.versions import DEFAULT

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
"""Annotation: the object as it was last applied, so that the next apply sees what is gone."""

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

    What `applied` has and `new` doesn't is removed; what only `live` has stays. Raises `Refused` if kubectl
    can't make a patch.
    """
    schema = schema_for(DEFAULT)
    node = three_way.merge_node(str(new.get("apiVersion")), str(new.get("kind")), schema)
    try:
        return three_way.patch_of(dict(applied), dict(live), dict(new), node, schema)
    except three_way.NotMergeable as error:
        field = path_text(error.path)
        cause = {"field": field, "message": error.message}
        said = f"{field}: {error.message}"
        raise Refused(said, status=422, said=said, causes=[cause], remedy=error.remedy) from None
