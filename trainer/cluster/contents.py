"""Everything that is in a Namespace, found by asking the API server what it serves.

Deleting a Namespace deletes all of it, whatever its kind
(https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from trainer.cluster.adopt import is_made_by_cluster
from trainer.cluster.client import Kind
from trainer.cluster.faults import Refused
from trainer.manifests.values import mapping, mapping_at, mappings

if TYPE_CHECKING:
    from trainer.cluster.client import Cluster

_REPORTS = frozenset(("Event", "Lease", "Endpoints", "EndpointSlice"))
"""Kinds whose objects controllers write about others."""


class Contents(msgspec.Struct, frozen=True):
    """What is in a Namespace."""

    objects: tuple[dict[str, Any], ...]
    """Everything that somebody made."""
    made: int = 0
    """How many more objects the cluster and its controllers made: Pods of a Deployment, events, ..."""
    unseen: tuple[str, ...] = ()
    """Resources that can't be listed: `secrets`, `widgets.example.com`."""


def contents_of(cluster: Cluster, namespace: str) -> Contents:
    """Everything in a Namespace. Raises `ClusterError` if the cluster doesn't answer."""
    found: dict[str, dict[str, Any]] = {}
    unseen: list[str] = []
    for kind in _kinds(cluster, unseen):
        try:
            objects = cluster.list(kind.api_version, kind.kind, namespace)
        except Refused as error:
            if error.status not in (403, 404, 405, 503):
                raise
            unseen.append(_resource(kind))
            continue
        for one in objects:
            uid = str(mapping_at(one, "metadata").get("uid") or "")
            if uid:  # what has none isn't stored: a metric, say
                found.setdefault(uid, one)
    own = tuple(one for one in found.values() if not _is_made(one))
    return Contents(own, len(found) - len(own), tuple(dict.fromkeys(unseen)))


def _kinds(cluster: Cluster, unseen: list[str]) -> Iterator[Kind]:
    """Each namespaced kind that can be listed, once, in the version that the server prefers."""
    groups = mappings(cluster.request("GET", "/apis", doing="look up what the cluster serves").get("groups"))
    preferred = [str(mapping(one.get("preferredVersion")).get("groupVersion")) for one in groups]
    for api_version in ("v1", *preferred):
        try:
            served = cluster.kinds(api_version)
        except Refused as error:
            if error.status not in (403, 404, 503):
                raise
            unseen.append(api_version)  # an extension whose server is down
            continue
        yield from (kind for kind in served.values() if kind.namespaced and kind.listed)


def _resource(kind: Kind) -> str:
    group = kind.api_version.rpartition("/")[0]
    return f"{kind.resource}.{group}" if group else kind.resource


def _is_made(data: Mapping[str, Any]) -> bool:
    owners = mappings(mapping_at(data, "metadata").get("ownerReferences"))
    controlled = any(one.get("controller") is True for one in owners)
    return controlled or str(data.get("kind")) in _REPORTS or is_made_by_cluster(data)
