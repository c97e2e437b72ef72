"""Resource names and quantities: requests and limits, and what other kinds share with them.

Follows Kubernetes pkg/apis/core/validation/validation.go (`validateResourceRequirements`,
`validateContainerResourceName`, `ValidateResourceQuantityValue`, `validateResourceClaimNames`) and
pkg/apis/core/helper/helpers.go (v1.35).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trainer.manifests.quantity import parse_quantity
from trainer.manifests.validation.collect import At, Map, show
from trainer.manifests.validation.names import dns_label, qualified_name
from trainer.manifests.values import indexed, mapping, text

if TYPE_CHECKING:
    from fractions import Fraction

_CONTAINER = {"cpu", "memory", "ephemeral-storage"}
_COUNTED = {
    "pods",
    "services",
    "replicationcontrollers",
    "resourcequotas",
    "secrets",
    "configmaps",
    "persistentvolumeclaims",
    "services.nodeports",
    "services.loadbalancers",
}
STANDARD = {
    *_CONTAINER,
    *_COUNTED,
    "requests.cpu",
    "requests.memory",
    "requests.ephemeral-storage",
    "limits.cpu",
    "limits.memory",
    "limits.ephemeral-storage",
    "requests.storage",
    "storage",
}
"""Resource names without a domain that Kubernetes knows (`standardResources`)."""

_POD_LEVEL = {"cpu", "memory"}


def is_huge_pages(name: str) -> bool:
    """`hugepages-2Mi` and the like."""
    return name.startswith("hugepages-")


def is_native(name: str) -> bool:
    """A resource of Kubernetes itself: no domain, or one of kubernetes.io."""
    return "/" not in name or "kubernetes.io/" in name


def overcommit_allowed(name: str) -> bool:
    """Whether a request may be lower than its limit."""
    return is_native(name) and not is_huge_pages(name)


def is_extended(name: str) -> bool:
    """A resource that a device plugin or an administrator provides: `example.com/gpu`."""
    if is_native(name) or name.startswith("requests."):
        return False
    return not qualified_name("requests." + name)


def resource_name(at: At, name: str, *steps: str | int) -> bool:
    """A resource name by syntax, and a known one where it has no domain (`validateResourceName`)."""
    broken = qualified_name(name)
    if not broken and "/" not in name and name not in STANDARD:
        huge = is_huge_pages(name) or name.startswith("requests.hugepages-")
        broken = "" if huge else "a resource without a domain is a standard one, as `cpu` or `memory`"
    if broken:
        at.say(f"The resource name {show(name)} is not valid: {broken}.", *steps)
    return not broken


def container_resource(at: At, name: str, *steps: str | int) -> None:
    """A resource that a container can ask for (`validateContainerResourceName`)."""
    if not resource_name(at, name, *steps):
        return
    if "/" not in name:
        if name not in _CONTAINER and not is_huge_pages(name):
            why = "a container asks for `cpu`, `memory`, `ephemeral-storage` or hugepages"
            at.say(f"A container can't ask for {show(name)}: {why}.", *steps)
    elif not is_native(name) and not is_extended(name):
        at.say(f"The resource name {show(name)} isn't a valid name of an extended resource.", *steps)


def quantity(at: At, name: str, value: Any, *steps: str | int) -> Fraction | None:
    """A quantity that is not negative, and whole where it counts things; None where it isn't one."""
    try:
        parsed = parse_quantity(value)
    except ValueError:
        why = "a quantity is a number with an optional suffix, as `500m`, `1.5`, `64Mi` or `2G`"
        at.invalid(*steps, value=value, why=why)
        return None
    if parsed < 0:
        at.invalid(*steps, value=value, why="a quantity of this kind may not be negative")
    if (name in _COUNTED or is_extended(name)) and -(-parsed * 1000 // 1) % 1000:
        at.invalid(*steps, value=value, why="it counts whole things: no fraction")
    return parsed


def requirements(at: At, value: Any, claims: set[str], *, pod_level: bool = False) -> None:
    """`resources` of a container, or of a pod as a whole."""
    if not isinstance(value, dict):
        return
    limits, requests = mapping(value.get("limits")), mapping(value.get("requests"))
    if not limits and not requests and not value.get("claims"):
        return
    amounts(at / "limits", limits, pod_level=pod_level)
    for name, amount in requests.items():
        asked = _amount(at / "requests", name, amount, pod_level=pod_level)
        if name in limits:
            _against_limit(at, name, asked, amount, limits[name])
        elif not overcommit_allowed(name):
            why = f"`{name}` can't be overcommitted, so it needs a limit as large as the request"
            at.missing("limits", name, why=why)
    names = {*limits, *requests}
    if any(is_huge_pages(name) for name in names) and not names & {"cpu", "memory"}:
        at.say("Huge pages are requested without cpu or memory: request one of them as well.")
    if pod_level:
        if value.get("claims") is not None:
            at.forbidden("claims", why="claims belong to containers")
    else:
        _claims(at / "claims", value.get("claims"), claims)


def amounts(at: At, value: Map, *, pod_level: bool = False) -> None:
    """Resources by name: limits, or the overhead of a pod."""
    for name, amount in mapping(value).items():
        _amount(at, name, amount, pod_level=pod_level)


def _amount(at: At, name: str, value: Any, *, pod_level: bool) -> Fraction | None:
    if pod_level:
        if resource_name(at, name, name) and name not in _POD_LEVEL and not is_huge_pages(name):
            at.say("A pod as a whole asks for `cpu`, `memory` and hugepages only.", name)
    else:
        container_resource(at, name, name)
    parsed = quantity(at, name, value, name)
    if parsed is not None and is_huge_pages(name) and not _whole_pages(name, parsed):
        at.invalid(name, value=value, why="it must be a whole number of pages of that size")
    return parsed


def _whole_pages(name: str, value: Fraction) -> bool:
    try:
        size = parse_quantity(name.removeprefix("hugepages-"))
    except ValueError:
        return False
    return size > 0 and size.denominator == 1 and -(-value // 1) % size == 0


def _against_limit(at: At, name: str, asked: Fraction | None, written: Any, limit: Any) -> None:
    try:
        allowed = parse_quantity(limit)
    except ValueError:
        return
    if asked is None or asked == allowed:
        return
    if not overcommit_allowed(name):
        why = f"it has to equal the limit, which is {show(limit)}"
        at.invalid("requests", name, value=written, why=why)
    elif asked > allowed:
        at.invalid(
            "requests",
            name,
            value=written,
            why=f"that is more than the limit, which is {show(limit)}",
            fix="Lower the request or raise the limit.",
        )


def _claims(at: At, value: Any, known: set[str]) -> None:
    seen: set[str] = set()
    for index, claim in indexed(value):
        name, request = text(claim.get("name")), text(claim.get("request"))
        if not name:
            at.missing(index, "name", why="it names one of the pod's `resourceClaims`")
            continue
        key = f"{name}/{request}" if request else name
        overlaps = not request and any(other.startswith(name + "/") for other in seen)
        if name in seen or key in seen or overlaps:
            at.duplicate(index, "name", value=key, why="a claim is listed once")
        elif request:
            at.name(index, "request", value=request, rule=dns_label)
        seen.add(key)
        if name not in known:
            at.say(f"The pod has no resource claim {show(name)}.", index, "name")
