"""Deployment, ReplicaSet, StatefulSet, DaemonSet and ReplicationController.

Follows Kubernetes pkg/apis/apps/validation/validation.go, and the ReplicationController part of
pkg/apis/core/validation/validation.go (v1.35).
"""

from __future__ import annotations

from typing import Any

from trainer.manifests.validation.claims import claim_spec
from trainer.manifests.validation.collect import At, Map
from trainer.manifests.validation.meta import empty_selector, label_selector, selects
from trainer.manifests.validation.names import dns_label
from trainer.manifests.validation.pod import pod_template
from trainer.manifests.values import indexed, mapping, number, text, text_mapping
from trainer.patterns import regex
from trainer.versions import Version

_PERCENT = regex(r"[0-9]+%")


def deployment(at: At, data: Map) -> None:
    """A Deployment (`ValidateDeploymentSpec`)."""
    spec = mapping(data.get("spec"))
    place = at / "spec"
    _numbers(place, spec, "replicas", "minReadySeconds", "revisionHistoryLimit")
    _selector(place, spec)
    _template(place / "template", spec)
    _strategy(place / "strategy", mapping(spec.get("strategy")))
    deadline = number(spec.get("progressDeadlineSeconds"))
    if deadline is not None:
        place.at_least("progressDeadlineSeconds", value=deadline)
        ready = number(spec.get("minReadySeconds")) or 0
        if deadline <= ready:
            why = f"it must be more than `minReadySeconds`, which is {ready}"
            place.invalid("progressDeadlineSeconds", value=deadline, why=why)


def replica_set(at: At, data: Map) -> None:
    """A ReplicaSet (`ValidateReplicaSetSpec`)."""
    spec = mapping(data.get("spec"))
    place = at / "spec"
    _numbers(place, spec, "replicas", "minReadySeconds")
    _selector(place, spec)
    _template(place / "template", spec)


def replication_controller(at: At, data: Map) -> None:
    """A ReplicationController (`ValidateReplicationControllerSpec`)."""
    spec = mapping(data.get("spec"))
    place = at / "spec"
    _numbers(place, spec, "replicas", "minReadySeconds")
    template = spec.get("template")
    owned = text_mapping(mapping(mapping(template).get("metadata")).get("labels"))
    # A missing selector is defaulted to the template's labels.
    selector = text_mapping(spec.get("selector")) or owned
    if not selector:
        place.missing("selector", why="it says which pods belong to the controller")
    if not isinstance(template, dict):
        place.missing("template", why="it says which pods are made")
        return
    if any(owned.get(key) != value for key, value in selector.items()):
        _mismatch(place / "template")
    _template(place / "template", spec)


def daemon_set(at: At, data: Map) -> None:
    """A DaemonSet (`ValidateDaemonSetSpec`)."""
    spec = mapping(data.get("spec"))
    place = at / "spec"
    _numbers(place, spec, "minReadySeconds", "revisionHistoryLimit")
    _selector(place, spec)
    _template(place / "template", spec)
    strategy = mapping(spec.get("updateStrategy"))
    kind = strategy.get("type")
    place.choice("updateStrategy", "type", value=kind, allowed=("RollingUpdate", "OnDelete"))
    rolling = strategy.get("rollingUpdate")
    if kind in (None, "RollingUpdate") and isinstance(rolling, dict):
        _daemon_rolling(place.to("updateStrategy", "rollingUpdate"), rolling)


def _daemon_rolling(at: At, rolling: Map) -> None:
    for field in ("maxUnavailable", "maxSurge"):
        percent_or_number(at, field, rolling.get(field))
        if isinstance(rolling.get(field), str) and _share(rolling[field], 0) > 100:
            at.invalid(field, value=rolling[field], why="it is more than 100%")
    unavailable, surge = _share(rolling.get("maxUnavailable"), 1), _share(rolling.get("maxSurge"), 0)
    if unavailable and surge:
        at.say("One of `maxSurge` and `maxUnavailable` must be 0: a DaemonSet can't do both.", "maxSurge")
    elif not unavailable and not surge:
        at.say("`maxUnavailable` and `maxSurge` are both 0: nothing could be updated.", "maxUnavailable")


def stateful_set(at: At, data: Map) -> None:
    """A StatefulSet (`ValidateStatefulSetSpec`)."""
    spec = mapping(data.get("spec"))
    place = at / "spec"
    _numbers(place, spec, "replicas", "minReadySeconds")
    place.choice(
        "podManagementPolicy", value=spec.get("podManagementPolicy"), allowed=("OrderedReady", "Parallel")
    )
    strategy = mapping(spec.get("updateStrategy"))
    kind, rolling = strategy.get("type"), strategy.get("rollingUpdate")
    place.choice("updateStrategy", "type", value=kind, allowed=("RollingUpdate", "OnDelete"))
    if isinstance(rolling, dict):
        if kind == "OnDelete":
            place.forbidden("updateStrategy", "rollingUpdate", why="it goes with type `RollingUpdate`")
        else:
            _stateful_rolling(place.to("updateStrategy", "rollingUpdate"), rolling)
    policy = mapping(spec.get("persistentVolumeClaimRetentionPolicy"))
    for field in ("whenDeleted", "whenScaled"):
        value = policy.get(field)
        steps = ("persistentVolumeClaimRetentionPolicy", field)
        place.choice(*steps, value=value, allowed=("Retain", "Delete"))
    place.at_least("ordinals", "start", value=mapping(spec.get("ordinals")).get("start"))
    service = text(spec.get("serviceName"))
    if service:
        place.name("serviceName", value=service, rule=dns_label)
    _selector(place, spec)
    claims: Map = {}
    for index, claim in indexed(spec.get("volumeClaimTemplates")):
        name = text(mapping(claim.get("metadata")).get("name"))
        _claim_name(place.to("volumeClaimTemplates", index, "metadata"), name)
        claims[name] = {"name": name, "persistentVolumeClaim": {"claimName": name}}
        claim_spec(place.to("volumeClaimTemplates", index, "spec"), mapping(claim.get("spec")))
    claims.pop("", None)
    # The controller sets both of each Pod, so that they aren't checked here.
    template = mapping(spec.get("template"))
    pod = {**mapping(template.get("spec")), "hostname": None, "subdomain": None}
    _template(place / "template", {**spec, "template": {**template, "spec": pod}}, claims)


def _claim_name(at: At, name: str) -> None:
    """A claim is a volume of the Pods under its own name (`volumesToAddForTemplates`)."""
    if not name:
        at.missing("name", why="the claim is a volume of the Pods under this name")
    else:
        at.name("name", value=name, rule=dns_label)


def _stateful_rolling(at: At, rolling: Map) -> None:
    at.at_least("partition", value=rolling.get("partition"), why="it may not be negative")
    most = rolling.get("maxUnavailable")
    # The feature MaxUnavailableStatefulSet is on in v1.37; before, the API server drops the field unread.
    if most is None or at.kubernetes < Version(1, 37):
        return
    percent_or_number(at, "maxUnavailable", most)
    if _share(most, 1) == 0:
        at.invalid("maxUnavailable", value=most, why="nothing could be updated")
    elif isinstance(most, str) and _share(most, 0) > 100:
        at.invalid("maxUnavailable", value=most, why="it is more than 100%")


def _numbers(at: At, spec: Map, *fields: str) -> None:
    for field in fields:
        at.at_least(field, value=spec.get(field), why="it may not be negative")


def _selector(at: At, spec: Map) -> None:
    selector = spec.get("selector")
    if not isinstance(selector, dict):
        at.missing(
            "selector",
            why="it says which pods belong to the workload",
            fix="Add `selector.matchLabels` with labels of the template.",
        )
    elif empty_selector(selector):
        at.say("`selector` is empty: it would select every pod of the namespace.", "selector")
    else:
        label_selector(at / "selector", selector)


def _template(at: At, spec: Map, claims: Map | None = None) -> None:
    """The template of pods that run on: matched by the selector, always restarted.

    `claims` are volumes that a StatefulSet adds, by name.
    """
    template = mapping(spec.get("template"))
    owned = mapping(template.get("metadata")).get("labels")
    selector = spec.get("selector")
    if not empty_selector(selector) and not selects(selector, owned):
        _mismatch(at)
    pod_template(at, template, claims)
    pod = mapping(template.get("spec"))
    policy = pod.get("restartPolicy")
    if policy in ("OnFailure", "Never"):
        at.invalid(
            "spec",
            "restartPolicy",
            value=policy,
            why="pods of this kind are always restarted, so only `Always` goes",
            fix="Remove `restartPolicy`, or make it a Job.",
        )
    if number(pod.get("activeDeadlineSeconds")) is not None:
        at.forbidden("spec", "activeDeadlineSeconds", why="pods of this kind run on without an end")


def _mismatch(at: At) -> None:
    at.say(
        "`selector` doesn't match the labels of the template: the workload wouldn't own its pods.",
        "metadata",
        "labels",
        fix="Give the template all labels that `selector` asks for.",
    )


def _strategy(at: At, strategy: Map) -> None:
    kind, rolling = strategy.get("type"), strategy.get("rollingUpdate")
    at.choice("type", value=kind, allowed=("Recreate", "RollingUpdate"))
    if kind == "Recreate":
        if rolling is not None:
            at.forbidden("rollingUpdate", why="it goes with type `RollingUpdate`")
        return
    if not isinstance(rolling, dict):
        return
    for field in ("maxUnavailable", "maxSurge"):
        percent_or_number(at / "rollingUpdate", field, rolling.get(field))
    if _share(rolling.get("maxUnavailable"), 25) == 0 and _share(rolling.get("maxSurge"), 25) == 0:
        message = "`maxUnavailable` and `maxSurge` are both 0: nothing could be updated."
        at.say(message, "rollingUpdate", "maxUnavailable")
    if isinstance(rolling.get("maxUnavailable"), str) and _share(rolling["maxUnavailable"], 0) > 100:
        at.invalid(
            "rollingUpdate", "maxUnavailable", value=rolling["maxUnavailable"], why="it is more than 100%"
        )


def percent_or_number(at: At, field: str, value: Any) -> None:
    """A number that is not negative, or a percentage (`ValidatePositiveIntOrPercent`)."""
    if isinstance(value, str):
        if not _PERCENT.fullmatch(value):
            at.invalid(field, value=value, why="it is a number (without quotes) or a percentage as `25%`")
    else:
        at.at_least(field, value=value, why="it may not be negative")


def _share(value: Any, default: int) -> int:
    if isinstance(value, str):
        return int(value[:-1]) if _PERCENT.fullmatch(value) and len(value) < 10 else default
    return default if number(value) is None else value
