"""LimitRange, ResourceQuota, PodDisruptionBudget, PriorityClass and RuntimeClass.

Follows Kubernetes pkg/apis/core/validation/validation.go (`ValidateLimitRange`,
`ValidateResourceQuotaSpec`) and the validation of pkg/apis/policy, scheduling and node (v1.35).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trainer.manifests.quantity import parse_quantity
from trainer.manifests.validation.collect import At, Map, show
from trainer.manifests.validation.meta import label_selector, labels
from trainer.manifests.validation.names import dns_label, qualified_name
from trainer.manifests.validation.resources import (
    STANDARD,
    amounts,
    container_resource,
    is_huge_pages,
    overcommit_allowed,
    quantity,
    resource_name,
)
from trainer.manifests.validation.scheduling import tolerations
from trainer.manifests.validation.workloads import percent_or_number
from trainer.manifests.values import indexed, indexed_texts, items, mapping, number, text
from trainer.patterns import regex

if TYPE_CHECKING:
    from fractions import Fraction

_LIMIT_TYPES = ("Pod", "Container", "PersistentVolumeClaim")
_LIMITS = ("max", "min", "default", "defaultRequest", "maxLimitRequestRatio")
_COMPUTE = ("pods", "cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory")
_SCOPES = (
    "Terminating",
    "NotTerminating",
    "BestEffort",
    "NotBestEffort",
    "PriorityClass",
    "CrossNamespacePodAffinity",
    "VolumeAttributesClass",
)
_EXCLUSIVE = ({"BestEffort", "NotBestEffort"}, {"Terminating", "NotTerminating"})
_EXISTS_ONLY = {*_SCOPES} - {"PriorityClass", "VolumeAttributesClass"}
_OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist")
_HIGHEST_PRIORITY = 1_000_000_000
_SYSTEM_CLASSES = {"system-node-critical": 2_000_001_000, "system-cluster-critical": 2_000_000_000}
_TOO_MUCH = regex(r"0*(?:10[1-9]|1[1-9][0-9]|[2-9][0-9]{2}|[1-9][0-9]{3,})%")


def limit_range(at: At, data: Map) -> None:
    """A LimitRange (`ValidateLimitRange`)."""
    kinds: set[str] = set()
    for index, limit in indexed(mapping(data.get("spec")).get("limits")):
        place = at.to("spec", "limits", index)
        kind = text(limit.get("type"))
        if not kind:
            place.missing("type", why="it says what is limited", fix="Add `type: Container` or the like.")
        elif "/" not in kind and not qualified_name(kind):
            place.choice("type", value=kind, allowed=_LIMIT_TYPES)
        elif qualified_name(kind):
            place.invalid("type", value=kind, why=qualified_name(kind))
        if kind in kinds:
            place.duplicate("type", value=kind, why="each type has one entry")
        kinds.add(kind)
        _limit(place, limit, kind)


def _limit(at: At, limit: Map, kind: str) -> None:
    if kind == "Pod":
        for field in ("default", "defaultRequest"):
            if limit.get(field):
                at.forbidden(field, why="defaults are for containers, not for pods as a whole")
    storage = {*mapping(limit.get("min")), *mapping(limit.get("max"))}
    if kind == "PersistentVolumeClaim" and "storage" not in storage:
        at.say("A limit for claims has `min` or `max` of `storage`.")
    values: dict[str, dict[str, Fraction]] = {}
    for group in _LIMITS:
        for name, written in mapping(limit.get(group)).items():
            if kind in ("Pod", "Container"):
                container_resource(at, name, group, name)
            else:
                resource_name(at, name, group, name)
            try:
                values.setdefault(name, {})[group] = parse_quantity(written)
            except ValueError:
                at.invalid(group, name, value=written, why="it isn't a quantity")
    for name, given in values.items():
        _consistent(at, limit, name, given)


def _consistent(at: At, limit: Map, name: str, given: dict[str, Fraction]) -> None:
    for lower, upper, blamed in (
        ("min", "max", "min"),
        ("min", "defaultRequest", "defaultRequest"),
        ("defaultRequest", "max", "defaultRequest"),
        ("defaultRequest", "default", "defaultRequest"),
        ("min", "default", "default"),
        ("default", "max", "default"),
    ):
        if lower in given and upper in given and given[lower] > given[upper]:
            why = f"`{lower}` of {name} is more than `{upper}`"
            at.invalid(blamed, name, value=mapping(limit.get(blamed)).get(name), why=why)
    ratio = given.get("maxLimitRequestRatio")
    if ratio is not None:
        written = mapping(limit.get("maxLimitRequestRatio")).get(name)
        if ratio < 1:
            at.invalid("maxLimitRequestRatio", name, value=written, why="a ratio is 1 or more")
        least, most = given.get("min"), given.get("max")
        if least and most is not None and ratio > most / least:
            at.invalid(
                "maxLimitRequestRatio", name, value=written, why="it is more than `max` divided by `min`"
            )
    same = given.get("default") == given.get("defaultRequest")
    if not overcommit_allowed(name) and {"default", "defaultRequest"} <= set(given) and not same:
        at.say(f"`default` and `defaultRequest` of {name} must be equal.", "defaultRequest", name)


def resource_quota(at: At, data: Map) -> None:
    """A ResourceQuota (`ValidateResourceQuotaSpec`)."""
    spec = mapping(data.get("spec"))
    place = at / "spec"
    hard = mapping(spec.get("hard"))
    for name, amount in hard.items():
        if resource_name(place, name, "hard", name) and name == "storage":
            message = "`storage` can't be limited: `requests.storage` can."
            place.say(message, "hard", name, fix="Write `requests.storage`.")
        quantity(place, name, amount, "hard", name)
    scopes = [scope for _, scope in indexed_texts(spec.get("scopes"))]
    for index, scope in enumerate(scopes):
        _scope(place.to("scopes", index), scope, hard)
    _exclusive(place / "scopes", scopes)
    selected = []
    for index, expression in indexed(mapping(spec.get("scopeSelector")).get("matchExpressions")):
        target = place.to("scopeSelector", "matchExpressions", index)
        scope, operator = text(expression.get("scopeName")), expression.get("operator")
        _scope(target / "scopeName", scope, hard)
        selected.append(scope)
        if scope in _EXISTS_ONLY and operator != "Exists":
            why = f"with scope `{scope}` it is `Exists`"
            target.invalid("operator", value=operator or "", why=why)
        else:
            target.choice("operator", value=operator, allowed=_OPERATORS, needed="it says how values compare")
        values = items(expression.get("values"))
        if operator in ("In", "NotIn") and not values:
            target.missing("values", why="`In` and `NotIn` compare with a list of values")
        elif operator in ("Exists", "DoesNotExist") and values:
            target.forbidden("values", why="`Exists` and `DoesNotExist` look at the scope alone")
    _exclusive(place / "scopeSelector", selected)


def _scope(at: At, scope: str, hard: Map) -> None:
    if not at.choice(value=scope, allowed=_SCOPES, needed="it names a scope"):
        return
    if scope == "VolumeAttributesClass":
        allowed: tuple[str, ...] = ("persistentvolumeclaims", "requests.storage")
    else:
        allowed = ("pods",) if scope == "BestEffort" else _COMPUTE
    for name in hard:
        known = name in STANDARD and name not in ("storage",)
        if (known or is_huge_pages(name)) and name not in allowed:
            at.say(f"The scope `{scope}` can't be used with {show(name)}.")


def _exclusive(at: At, scopes: list[str]) -> None:
    for pair in _EXCLUSIVE:
        if pair <= set(scopes):
            at.say(f"`{min(pair)}` and `{max(pair)}` exclude each other.")


def pod_disruption_budget(at: At, data: Map) -> None:
    """A PodDisruptionBudget (`ValidatePodDisruptionBudgetSpec`)."""
    spec = mapping(data.get("spec"))
    place = at / "spec"
    if spec.get("minAvailable") is not None and spec.get("maxUnavailable") is not None:
        place.say(
            "There are both `minAvailable` and `maxUnavailable`: a budget has one of them.", "maxUnavailable"
        )
    for field in ("minAvailable", "maxUnavailable"):
        value: Any = spec.get(field)
        percent_or_number(place, field, value)
        if isinstance(value, str) and _TOO_MUCH.fullmatch(value):
            place.invalid(field, value=value, why="it is more than 100%")
    label_selector(place / "selector", spec.get("selector"))
    place.choice(
        "unhealthyPodEvictionPolicy",
        value=spec.get("unhealthyPodEvictionPolicy"),
        allowed=("IfHealthyBudget", "AlwaysAllow"),
    )


def priority_class(at: At, data: Map) -> None:
    """A PriorityClass (`ValidatePriorityClass`)."""
    name, value = text(mapping(data.get("metadata")).get("name")), number(data.get("value")) or 0
    if name.startswith("system-"):
        if name not in _SYSTEM_CLASSES:
            at.forbidden(
                "metadata", "name", why="names that start with `system-` are the system's", fix="Rename it."
            )
        elif value != _SYSTEM_CLASSES[name]:
            at.invalid("value", value=value, why=f"the value of `{name}` is {_SYSTEM_CLASSES[name]}")
        elif data.get("globalDefault") is True:
            at.invalid("globalDefault", value=True, why=f"`{name}` isn't the default")
    elif value > _HIGHEST_PRIORITY:
        at.invalid("value", value=value, why=f"a priority of one's own is {_HIGHEST_PRIORITY} at most")
    at.choice(
        "preemptionPolicy", value=data.get("preemptionPolicy"), allowed=("PreemptLowerPriority", "Never")
    )


def runtime_class(at: At, data: Map) -> None:
    """A RuntimeClass (`ValidateRuntimeClass`)."""
    handler = text(data.get("handler"))
    if not handler:
        at.missing("handler", why="it names the runtime's configuration on the nodes")
    else:
        at.name("handler", value=handler, rule=dns_label)
    amounts(at.to("overhead", "podFixed"), mapping(mapping(data.get("overhead")).get("podFixed")))
    scheduling = mapping(data.get("scheduling"))
    labels(at.to("scheduling", "nodeSelector"), scheduling.get("nodeSelector"))
    tolerations(at.to("scheduling", "tolerations"), scheduling.get("tolerations"))
    seen: list[Map] = []
    for index, one in indexed(scheduling.get("tolerations")):
        key = {field: one.get(field) or "" for field in ("key", "operator", "value", "effect")}
        if key in seen:
            at.say("A toleration is there twice: remove it.", "scheduling", "tolerations", index)
        seen.append(key)
