"""Objects that a cluster makes by itself and a card gives: updated for the card, and restored afterwards.

The controller manager makes the ServiceAccount `default` and the ConfigMap `kube-root-ca.crt` of every
Namespace (pkg/controller/serviceaccount and pkg/controller/certificates/rootcacertpublisher, v1.36); the API
server makes its default roles and bindings
(https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings) and
Namespaces.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from trainer.cluster.labels import BEFORE
from trainer.cluster.last_applied import patch_of, sendable
from trainer.manifests.values import mapping, mapping_at
from trainer.simulate.world import BUILT_IN_NAMESPACES

if TYPE_CHECKING:
    from trainer.cluster.client import Cluster

IN_EVERY_NAMESPACE = frozenset((("ServiceAccount", "default"), ("ConfigMap", "kube-root-ca.crt")))
"""(kind, name) of what the controller manager makes in every Namespace."""
_BOOTSTRAP = "kubernetes.io/bootstrapping"


def is_made_by_cluster(data: Mapping[str, Any]) -> bool:
    """Whether a cluster makes this object by itself, so that it is there whoever uses the cluster."""
    metadata = mapping_at(data, "metadata")
    kind, name = str(data.get("kind")), str(metadata.get("name"))
    return (
        (kind, name) in IN_EVERY_NAMESPACE
        or (kind == "Namespace" and name in BUILT_IN_NAMESPACES)
        or _BOOTSTRAP in mapping_at(metadata, "labels")
    )


def adopt(
    cluster: Cluster, live: Mapping[str, Any], wanted: Mapping[str, Any], *, keep: bool, dry: bool = False
) -> dict[str, Any]:
    """Make a live object what `wanted` says as well. With `keep` it remembers how it was, for `restore`.

    Raises `ClusterError`; the server refuses if the object was replaced meanwhile.
    """
    metadata = mapping_at(wanted, "metadata")
    before = msgspec.json.encode(sendable(live), order="sorted").decode() if keep else ""
    notes = {**mapping_at(metadata, "annotations"), BEFORE: before}
    patch, content_type = patch_of({}, live, {**wanted, "metadata": {**metadata, "annotations": notes}})
    return cluster.patch(live, patch, content_type, dry=dry)


def is_adopted(live: Mapping[str, Any]) -> bool:
    """Whether an object was updated for a card, and not created."""
    return BEFORE in mapping_at(mapping_at(live, "metadata"), "annotations")


def restore(cluster: Cluster, live: Mapping[str, Any]) -> None:
    """Make an adopted object what it was before. Raises `ClusterError`."""
    text = str(mapping_at(mapping_at(live, "metadata"), "annotations").get(BEFORE) or "")
    try:
        before = mapping(msgspec.json.decode(text)) if text else {}
    except msgspec.DecodeError:
        before = {}
    if before:
        patch, content_type = patch_of(sendable(live), live, before)
        cluster.patch(live, patch, content_type)
