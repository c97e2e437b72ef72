"""Defaults that the API server fills in on create, so that omitted and explicit are equal.

Follows the `defaults.go` files of pkg/apis in Kubernetes v1.35, what object creation canonicalises
beside them (a Secret's `stringData`, the deprecated `serviceAccount`), and the ServiceAccount
admission plugin's `default` account. What a running cluster allocates (cluster IPs, token volumes,
tolerations) is not added.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from trainer.manifests.defaults import admission, cluster, network, pods, storage, workloads
from trainer.manifests.defaults.plain import copied, fill, made_mapping, normalised
from trainer.manifests.model import Manifest
from trainer.manifests.schema.data import schema_for
from trainer.manifests.schema.kinds import scope_of
from trainer.manifests.values import mapping_at
from trainer.versions import Version

_CHANGES: dict[str, Callable[[dict[str, Any]], None]] = {
    **pods.CHANGES,
    **workloads.CHANGES,
    **network.CHANGES,
    **storage.CHANGES,
    **admission.CHANGES,
    **cluster.CHANGES,
}
"""`"apps/v1 Deployment"` -> what fills its object in place."""

_VERSIONED = workloads.VERSIONED
"""The same for kinds whose defaults differ between versions."""


def with_defaults(manifest: Manifest, kubernetes: Version) -> Manifest:
    """The manifest as the API server would hold it after create; the input stays as it is.

    Null fields count as omitted, whole floats as integers; a namespaced object without a namespace
    is in `default`, one of the cluster in none. Idempotent. Meant for what `check_schema` accepts:
    parts of a wrong type are left as they are. Raises `UsageError` for an unknown version.
    """
    schema = schema_for(kubernetes)
    api_version, kind = manifest.api_version, manifest.kind
    root = schema.root(api_version, kind)
    data = copied(manifest.data) if root is None else normalised(schema, root, manifest.data)
    version = api_version.rpartition("/")[2]
    scope = scope_of(manifest.group, version, kind, kubernetes)
    if scope == "Namespaced":
        fill(made_mapping(data, "metadata"), namespace="default")
    elif scope == "Cluster":
        # The API server clears it before it validates (EnsureObjectNamespaceMatchesRequestNamespace).
        mapping_at(data, "metadata").pop("namespace", None)
    change = _CHANGES.get(f"{api_version} {kind}")
    if change is not None:
        change(data)
    versioned = _VERSIONED.get(f"{api_version} {kind}")
    if versioned is not None:
        versioned(data, kubernetes)
    return manifest.with_data(data)
