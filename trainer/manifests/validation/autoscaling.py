"""HorizontalPodAutoscaler, v1 and v2.

Follows Kubernetes pkg/apis/autoscaling/validation/validation.go and pkg/registry/autoscaling (v1.35).
"""

from __future__ import annotations

from typing import Any

from trainer.manifests.quantity import parse_quantity
from trainer.manifests.validation.collect import At, Map
from trainer.manifests.validation.names import dns_label, path_segment
from trainer.manifests.validation.resources import container_resource
from trainer.manifests.values import indexed, items, mapping, number, text
from trainer.versions import Version

_SOURCES = {
    "Object": "object",
    "Pods": "pods",
    "Resource": "resource",
    "External": "external",
    "ContainerResource": "containerResource",
}
_FROM_OUTSIDE = ("Object", "External")
_TARGETS = ("Utilization", "Value", "AverageValue")
_LONGEST_WINDOW = 3600
_LONGEST_PERIOD = 1800


def horizontal_pod_autoscaler(at: At, data: Map) -> None:
    """A HorizontalPodAutoscaler (`validateHorizontalPodAutoscalerSpec`)."""
    spec = mapping(data.get("spec"))
    place = at / "spec"
    least, most = number(spec.get("minReplicas")), number(spec.get("maxReplicas"))
    lowest = 0 if at.kubernetes >= Version(1, 37) else 1  # feature HPAScaleToZero
    if least is not None and least < lowest:
        place.invalid("minReplicas", value=least, why=f"it is {lowest} or more")
    elif least == 0 and not any(one.get("type") in _FROM_OUTSIDE for _, one in indexed(spec.get("metrics"))):
        why = "scaling to zero takes a metric of type `Object` or `External`: without Pods there is no other"
        place.invalid("minReplicas", value=least, why=why)
    if most is None:
        place.missing("maxReplicas", why="it says how far may be scaled")
    elif most < 1:
        place.invalid("maxReplicas", value=most, why="it is 1 or more")
    elif least is not None and most < least:
        place.invalid("maxReplicas", value=most, why=f"it may not be less than `minReplicas`, {least}")
    scaled = mapping(spec.get("scaleTargetRef"))
    _target_object(place / "scaleTargetRef", scaled, core=scaled.get("kind") == "ReplicationController")
    percent = number(spec.get("targetCPUUtilizationPercentage"))
    if percent is not None and percent < 1:
        place.invalid("targetCPUUtilizationPercentage", value=percent, why="it must be more than 0")
    for index, metric in indexed(spec.get("metrics")):
        _metric(place.to("metrics", index), metric)
    behavior = mapping(spec.get("behavior"))
    for direction in ("scaleUp", "scaleDown"):
        if isinstance(behavior.get(direction), dict):
            _scaling(place.to("behavior", direction), behavior[direction])


def _target_object(at: At, reference: Map, *, core: bool) -> None:
    """What is scaled or measured; `core` says whether it may be of the core group (`ValidateAPIVersion`)."""
    for field in ("kind", "name"):
        value = text(reference.get(field))
        if not value:
            at.missing(field, why="it says what is scaled")
        elif path_segment(value):
            at.invalid(field, value=value, why=path_segment(value))
    version = text(reference.get("apiVersion"))
    if version.count("/") > 1:
        at.invalid("apiVersion", value=version, why="it is `version` or `group/version`")
    elif not core and not version.rpartition("/")[0]:
        why = "what is scaled is of an API group, as `apps/v1`"
        if version:
            at.invalid("apiVersion", value=version, why=why)
        else:
            at.missing("apiVersion", why=why)


def _metric(at: At, metric: Map) -> None:
    kind = metric.get("type")
    if not at.choice("type", value=kind, allowed=_SOURCES, needed="it says what is measured"):
        return
    wanted = _SOURCES[text(kind)]
    for field in _SOURCES.values():
        if field != wanted and metric.get(field) is not None:
            at.forbidden(field, why=f"the metric's type is `{kind}`")
    source = metric.get(wanted)
    if not isinstance(source, dict):
        at.missing(wanted, why=f"a metric of type `{kind}` has it")
        return
    place = at / wanted
    if wanted in ("resource", "containerResource"):
        name = text(source.get("name"))
        if not name:
            place.missing("name", why="it names the resource, as `cpu`")
        if wanted == "containerResource":
            _container(place, name, text(source.get("container")))
        _target(place / "target", mapping(source.get("target")), ("Utilization", "AverageValue"))
        return
    # A metric's selector is not checked: the metrics API gets it as it is.
    name = text(mapping(source.get("metric")).get("name"))
    if not name:
        place.missing("metric", "name", why="it names the metric")
    elif path_segment(name):
        place.invalid("metric", "name", value=name, why=path_segment(name))
    if wanted == "object":
        _target_object(place / "describedObject", mapping(source.get("describedObject")), core=True)
    values = ("AverageValue",) if wanted == "pods" else ("Value", "AverageValue")
    _target(place / "target", mapping(source.get("target")), values, both=wanted == "object")


def _container(at: At, resource: str, container: str) -> None:
    """The container of a metric, and its resource (`validateContainerResourceSource`)."""
    if resource:
        container_resource(at, resource, "name")
    if not container:
        at.missing("container", why="it names the container")
    else:
        at.name("container", value=container, rule=dns_label)


def _target(at: At, target: Map, allowed: tuple[str, ...], *, both: bool = False) -> None:
    """The target of a metric: one of the allowed values, or `both`."""
    at.choice("type", value=target.get("type"), allowed=_TARGETS, needed="it says how the target is given")
    fields = {"Utilization": "averageUtilization", "Value": "value", "AverageValue": "averageValue"}
    given = [name for name in allowed if target.get(fields[name]) is not None]
    if not given:
        at.missing(fields[allowed[0]], why="a target has a value")
    elif len(given) > 1 and not both:
        at.forbidden(fields[given[1]], why=f"there is `{fields[given[0]]}` already")
    utilization = number(target.get("averageUtilization"))
    if utilization is not None and utilization < 1:
        at.invalid("averageUtilization", value=utilization, why="it must be more than 0")
    for field in ("value", "averageValue"):
        if target.get(field) is not None and _not_positive(target[field]):
            at.invalid(field, value=target[field], why="it must be more than 0")


def _not_positive(value: Any) -> bool:
    return _below(value, 0) or parse_quantity(value) == 0


def _below(value: Any, least: int) -> bool:
    try:
        return parse_quantity(value) < least
    except ValueError:
        return True


def _scaling(at: At, rules: Map) -> None:
    window = number(rules.get("stabilizationWindowSeconds"))
    if window is not None and not 0 <= window <= _LONGEST_WINDOW:
        at.invalid("stabilizationWindowSeconds", value=window, why="it is a number from 0 to 3600")
    tolerance = rules.get("tolerance")
    if tolerance is not None and _below(tolerance, 0):
        at.invalid("tolerance", value=tolerance, why="it may not be negative")
    at.choice("selectPolicy", value=rules.get("selectPolicy"), allowed=("Max", "Min", "Disabled"))
    if isinstance(rules.get("policies"), list) and not items(rules["policies"]):
        at.missing("policies", why="scaling needs at least one policy")
    for index, policy in indexed(rules.get("policies")):
        place = at.to("policies", index)
        place.choice(
            "type", value=policy.get("type"), allowed=("Pods", "Percent"), needed="a policy has a type"
        )
        if (number(policy.get("value")) or 0) <= 0:
            place.invalid("value", value=policy.get("value"), why="it must be more than 0")
        period = number(policy.get("periodSeconds")) or 0
        if not 0 < period <= _LONGEST_PERIOD:
            place.invalid("periodSeconds", value=period, why="it is a number from 1 to 1800")
