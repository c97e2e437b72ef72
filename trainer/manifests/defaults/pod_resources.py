"""The requests of a pod as a whole, where it has limits of its own.

Follows defaultPodRequests of pkg/apis/core/v1/defaults.go and the sums of
k8s.io/component-helpers/resource (v1.35; pod-level resources are on by default since 1.34).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from trainer.manifests.defaults.plain import made_mapping
from trainer.manifests.quantity import parse_quantity
from trainer.manifests.values import mapping_at, mappings

_SUMMED = frozenset({"cpu", "memory"})
"""What a pod's request is summed up for; huge pages follow the pod's limit only."""

_Amounts = dict[str, Fraction]


def pod_requests(spec: dict[str, Any]) -> None:
    """A pod's own requests where it has limits of its own: what its containers ask, else the limit."""
    resources = mapping_at(spec, "resources")
    limits = mapping_at(resources, "limits")
    if not limits:
        return
    requests = made_mapping(resources, "requests")
    for name, amount in _asked_by_containers(spec).items():
        requests.setdefault(name, _written(amount))
    for name, quantity in limits.items():
        if name in _SUMMED or str(name).startswith("hugepages-"):
            requests.setdefault(name, quantity)
    if not requests:
        del resources["requests"]


def _asked_by_containers(spec: dict[str, Any]) -> _Amounts:
    """What runs at once at most: the containers with the sidecars, or one init container with the
    sidecars before it."""
    running: _Amounts = {}
    for container in mappings(spec.get("containers")):
        running = _sum(running, _requests(container))
    sidecars: _Amounts = {}
    peak: _Amounts = {}
    for container in mappings(spec.get("initContainers")):
        asked = _requests(container)
        if container.get("restartPolicy") == "Always":
            running, sidecars = _sum(running, asked), _sum(sidecars, asked)
            asked = sidecars
        else:
            asked = _sum(sidecars, asked)
        peak = {name: max(amount, peak.get(name, amount)) for name, amount in {**peak, **asked}.items()}
    return {name: max(running.get(name, Fraction(0)), peak.get(name, Fraction(0))) for name in running | peak}


def _requests(container: dict[str, Any]) -> _Amounts:
    amounts: _Amounts = {}
    for name, quantity in mapping_at(mapping_at(container, "resources"), "requests").items():
        if name in _SUMMED:
            try:
                amounts[name] = parse_quantity(quantity)
            except ValueError:
                continue  # the schema refuses it
    return amounts


def _sum(left: _Amounts, right: _Amounts) -> _Amounts:
    return {name: left.get(name, Fraction(0)) + right.get(name, Fraction(0)) for name in left | right}


def _written(amount: Fraction) -> str:
    """As a quantity: whole, or in thousandths (the API server rounds up to them)."""
    if amount.denominator == 1:
        return str(amount.numerator)
    return f"{-(-amount.numerator * 1000 // amount.denominator)}m"
