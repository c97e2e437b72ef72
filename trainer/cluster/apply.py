"""`kubectl apply` of one object: create it, or update what is there by a three-way merge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from trainer.cluster.faults import Refused
from trainer.cluster.last_applied import last_applied, patch_of, sendable, with_last_applied
from trainer.manifests.values import mapping_at

if TYPE_CHECKING:
    from trainer.cluster.client import Cluster


def apply(cluster: Cluster, data: Mapping[str, Any], *, dry: bool = False) -> dict[str, Any]:
    """Apply an object as kubectl does; returns it as the server has it then.

    With `dry` the server only tries it, unless the same was applied before. A namespaced object needs its
    namespace. Without a name it is created, as `kubectl create` does. Raises `ClusterError`.
    """
    _check_path(data)
    wanted = with_last_applied(sendable(data))
    live = live_of(cluster, wanted)
    if live is None:
        try:
            return cluster.create(wanted, dry=dry)
        except Refused as error:
            if not error.exists:
                raise
        live = live_of(cluster, wanted)  # it appeared meanwhile
        if live is None:
            raise Refused("the object comes and goes", status=409, reason="Conflict")
    if dry and _is_applied(live, wanted):
        return live
    return update(cluster, live, wanted, dry=dry)


def update(
    cluster: Cluster, live: Mapping[str, Any], wanted: Mapping[str, Any], *, dry: bool = False
) -> dict[str, Any]:
    """Make a live object what `wanted` says, and remove what was applied before and is gone."""
    patch, content_type = patch_of(sendable_applied(live), live, wanted)
    return cluster.patch(live, patch, content_type, dry=dry) if patch else dict(live)


def _is_applied(live: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether the server has accepted just this object before.

    Then it isn't tried again: an update may drop a field (the `nodePort` of a Service that is no longer a
    NodePort) that the server refuses the next time.
    """
    return bool(applied := last_applied(live)) and applied == last_applied(wanted)


def sendable_applied(live: Mapping[str, Any]) -> dict[str, Any]:
    """What was last applied, without what only servers write."""
    applied = last_applied(live)
    return sendable(applied) if applied else {}


def live_of(cluster: Cluster, data: Mapping[str, Any]) -> dict[str, Any] | None:
    """The object of this identity in the cluster, or None."""
    metadata = mapping_at(data, "metadata")
    if not metadata.get("name"):
        return None
    found = cluster.get(
        str(data.get("apiVersion")),
        str(data.get("kind")),
        str(metadata.get("name")),
        str(metadata.get("namespace") or ""),
    )
    return (
        None if found is None else {**found, "apiVersion": data.get("apiVersion"), "kind": data.get("kind")}
    )


def _check_path(data: Mapping[str, Any]) -> None:
    """Raise `Refused` for names that no address has: kubectl refuses them itself
    (k8s.io/apimachinery pkg/api/validation/path, v1.36)."""
    if not isinstance(data.get("metadata") or {}, dict):
        said = "metadata must be an object with fields"
        raise Refused(f"the API server refuses it: {said}", status=400, said=said)
    for field in ("namespace", "name"):
        value = str(mapping_at(data, "metadata").get(field) or "")
        if value in (".", "..") or "/" in value or "%" in value:
            said = f"invalid {field} {value!r}: it may not be . or .., and may not contain / or %"
            raise Refused(f"the API server has no place for it: {said}", status=422, said=said)
