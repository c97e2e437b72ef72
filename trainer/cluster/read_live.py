"""Objects of a cluster as manifests that rules can judge: without what servers and controllers add.

Follows `kubectl get -o yaml` of v1.35 and v1.36 against what its author wrote. What the server
allocates or decides (cluster IPs, the node, a claim's volume and class) is left out if the
expected object doesn't say it either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from trainer.cluster.client import KindMissing
from trainer.cluster.labels import without_ours
from trainer.cluster.suffix import NO_SUFFIX, Suffix
from trainer.manifests.defaults import with_defaults
from trainer.manifests.defaults.plain import copied
from trainer.manifests.model import Document, Manifest
from trainer.manifests.values import mapping_at
from trainer.simulate.server_fields import without_server_fields
from trainer.versions import Version

if TYPE_CHECKING:
    from trainer.cluster.client import Cluster

FILE = "cluster"
"""What replaces a file name in locations of live objects."""

_NAME_LABEL = "kubernetes.io/metadata.name"
_ADDED_ANNOTATIONS = (
    "deployment.kubernetes.io/",
    "deprecated.daemonset.template.generation",
    "pv.kubernetes.io/",
    "volume.beta.kubernetes.io/",
    "volume.kubernetes.io/",
    "kubectl.kubernetes.io/",
)
_DECIDED: dict[str, tuple[tuple[str, ...], ...]] = {
    "Service": tuple(
        ("spec", field)
        for field in ("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "healthCheckNodePort")
    ),
    "PersistentVolumeClaim": (("spec", "volumeName"), ("spec", "storageClassName")),
    "Namespace": (("spec", "finalizers"), ("spec",)),
    "ServiceAccount": (("secrets",), ("imagePullSecrets",)),
    "Pod": (("spec", "imagePullSecrets"), ("spec", "hostname"), ("spec", "resourceClaims")),
    "Job": (("spec", "selector"),),
    "Ingress": (("spec", "ingressClassName"),),
}
"""Fields that the server or a controller fills in if the author omitted them."""
_MADE_BY_CLUSTER = frozenset((("ServiceAccount", "default"), ("ConfigMap", "kube-root-ca.crt")))


class Ref(msgspec.Struct, frozen=True):
    """An object by its kind and name. `namespace` is the card's name for it; empty: cluster-scoped."""

    api_version: str
    kind: str
    namespace: str
    name: str


class Wanted(msgspec.Struct, frozen=True):
    """What to read: whole namespaces of the card, and outside them only what the card names."""

    kinds: frozenset[tuple[str, str]]
    """(apiVersion, kind) to list in the card's own namespaces."""
    namespaces: frozenset[str]
    """The card's own namespaces."""
    refs: frozenset[Ref]
    """Single objects elsewhere."""


def read_live(
    cluster: Cluster,
    wanted: Wanted,
    *,
    kubernetes: Version,
    expected: Iterable[Manifest] = (),
    suffix: Suffix = NO_SUFFIX,
) -> tuple[Manifest, ...]:
    """Read the objects. Those that controllers made, and those being deleted, don't count.

    `expected` are the objects as the card's files have them. Kinds that the cluster doesn't serve
    are skipped: it has no such objects. Raises `ClusterError`.
    """
    known = {_key(one): one for one in expected}
    found: dict[tuple[str, str, str, str], Manifest] = {}
    for data in _all(cluster, wanted, suffix):
        if _is_made(data):
            continue
        manifest = live_manifest(suffix.back(data), kubernetes, known)
        # The cluster creates it in every namespace: it counts if the card's files mention it.
        if (manifest.kind, manifest.name) in _MADE_BY_CLUSTER and _key(manifest) not in known:
            continue
        found[_key(manifest)] = manifest
    return tuple(found.values())


def live_manifest(
    data: Mapping[str, Any],
    kubernetes: Version,
    known: Mapping[tuple[str, str, str, str], Manifest] | None = None,
) -> Manifest:
    """One live object as a manifest in the form that answers have in a world."""
    value = copied(dict(data))
    manifest = Manifest(value, Document(value, FILE, 0, 0, {}))
    value = copied(without_server_fields(manifest))
    if manifest.kind == "Node" and (handlers := manifest.get("status", "runtimeHandlers")):
        value["status"] = {"runtimeHandlers": copied(handlers)}  # what its kubelet can run
    metadata = without_ours(value.get("metadata") or {})
    value["metadata"] = _plain_metadata(metadata, manifest.kind, manifest.name)
    expected = (known or {}).get(_key(manifest))
    for path in _DECIDED.get(manifest.kind, ()):
        if expected is None or expected.get(*path) is None:
            _drop(value, path)
    return with_defaults(Manifest(value, Document(value, FILE, 0, 0, {})), kubernetes)


def _all(cluster: Cluster, wanted: Wanted, suffix: Suffix) -> Iterable[dict[str, Any]]:
    for api_version, kind in sorted(wanted.kinds):
        try:
            if not cluster.kind(api_version, kind).namespaced:
                continue
        except KindMissing:
            continue
        for namespace in sorted(wanted.namespaces):
            yield from cluster.list(api_version, kind, suffix.name(namespace))
    for ref in sorted(wanted.refs, key=lambda one: (one.api_version, one.kind, one.namespace, one.name)):
        if ref.namespace in wanted.namespaces and (ref.api_version, ref.kind) in wanted.kinds:
            continue
        name = suffix.name(ref.name) if ref.kind == "Namespace" else ref.name
        try:
            data = cluster.get(ref.api_version, ref.kind, name, suffix.name(ref.namespace))
        except KindMissing:
            continue
        if data is not None:
            yield data


def _is_made(data: Mapping[str, Any]) -> bool:
    """Whether a controller created the object, or it is being deleted."""
    metadata = data.get("metadata") or {}
    owners = metadata.get("ownerReferences") or ()
    controlled = any(isinstance(one, dict) and one.get("controller") is True for one in owners)
    return controlled or bool(metadata.get("deletionTimestamp"))


def _plain_metadata(metadata: dict[str, Any], kind: str, name: str) -> dict[str, Any]:
    kept = dict(metadata)
    notes = kept.get("annotations")
    if isinstance(notes, dict):
        kept["annotations"] = {
            key: value for key, value in notes.items() if not str(key).startswith(_ADDED_ANNOTATIONS)
        }
    labels = kept.get("labels")
    if kind == "Namespace" and isinstance(labels, dict) and labels.get(_NAME_LABEL) == name:
        kept["labels"] = {key: value for key, value in labels.items() if key != _NAME_LABEL}
    ends = kept.get("finalizers")
    if isinstance(ends, list):
        kept["finalizers"] = [one for one in ends if not str(one).startswith("kubernetes")]
    empty = [field for field in ("annotations", "labels", "finalizers") if kept.get(field) in ({}, [])]
    return {key: value for key, value in kept.items() if key not in empty}


def _drop(value: dict[str, Any], path: Sequence[str]) -> None:
    for step in path[:-1]:
        value = mapping_at(value, step)
    if path[-1] != "clusterIP" or value.get("clusterIP") != "None":
        value.pop(path[-1], None)


def _key(manifest: Manifest) -> tuple[str, str, str, str]:
    return manifest.group, manifest.kind, manifest.namespace, manifest.name
