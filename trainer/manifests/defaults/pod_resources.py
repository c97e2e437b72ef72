"""The requests of a pod as a whole, where it has limits of its own.

Follows defaultPodRequests of pkg/apis/core/v1/defaults.go (v1.35; pod-level resources are on by default
since 1.34).
"""

from __future__ import annotations

from typing import Any

from trainer.manifests.amounts import of_containers
from trainer.manifests.defaults.plain import made_mapping
from trainer.manifests.values import mapping_at

_SUMMED = frozenset({"cpu", "memory"})
"""What a pod's request is summed up for; huge pages follow the pod's limit only."""


def pod_requests(spec: dict[str, Any]) -> None:
    """A pod's own requests where it has limits of its own: what its containers ask, else the limit."""
    resources = mapping_at(spec, "resources")
    limits = mapping_at(resources, "limits")
    if not limits:
        return
    requests = made_mapping(resources, "requests")
    for name, amount in of_containers(spec, "requests").items():
        if name in _SUMMED:
            requests.setdefault(name, str(amount))
    for name, quantity in limits.items():
        if name in _SUMMED or str(name).startswith("hugepages-"):
            requests.setdefault(name, quantity)
    if not requests:
        del resources["requests"]
