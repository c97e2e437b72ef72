"""Pods, pod templates and what they have in common.

Follows Kubernetes pkg/apis/core/validation/validation.go (v1.35): `ValidatePodCreate`,
`ValidatePodSpec`, `ValidatePodTemplateSpec`. Fields that the API server fills in before it
validates (`restartPolicy`, the ServiceAccount ...) may be missing.
"""

from __future__ import annotations

from typing import Any

from trainer.manifests.quantity import parse_quantity
from trainer.manifests.validation.collect import At, Map
from trainer.manifests.validation.containers import PodContext, containers, host_network_ports, image_spaces
from trainer.manifests.validation.meta import template_meta
from trainer.manifests.validation.names import (
    dns_label,
    dns_subdomain,
    dns_subdomain_underscore,
    qualified_name,
)
from trainer.manifests.validation.resources import amounts, is_huge_pages, requirements
from trainer.manifests.validation.scheduling import scheduling, tolerations
from trainer.manifests.validation.security import pod_containers, pod_security, security_annotations
from trainer.manifests.validation.windows import host_process, operating_system
from trainer.manifests.values import indexed, indexed_texts, items, mapping, number, text, text_mapping
from trainer.patterns import regex

_DELETION_COST = "controller.kubernetes.io/pod-deletion-cost"
_TOLERATIONS = "scheduler.alpha.kubernetes.io/tolerations"
_MIRROR = "kubernetes.io/config.mirror"
_COST = regex(r"-[0-9]+|0|[1-9][0-9]*")
_DNS_POLICIES = ("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None")
_DEFAULT_GRACE = 30
_SYSTEM_PRIORITIES = {"": 0, "system-cluster-critical": 2_000_000_000, "system-node-critical": 2_000_001_000}
_RESTART = ("Always", "OnFailure", "Never")
_SUBDOMAINS = ("nodeName", "serviceAccountName", "priorityClassName")


def pod(at: At, data: Map) -> None:
    """A Pod on create (`ValidatePodCreate`)."""
    spec, meta = mapping(data.get("spec")), mapping(data.get("metadata"))
    place = at / "spec"
    _annotations(at.to("metadata", "annotations"), place, meta, spec)
    pod_spec(place, spec, own=meta)
    for group in ("containers", "initContainers"):
        for index, container in indexed(spec.get(group)):
            image_spaces(place.to(group, index), container)
    if spec.get("ephemeralContainers"):
        place.forbidden(
            "ephemeralContainers",
            why="they are added to a running pod, with `kubectl debug`",
        )
    if spec.get("nodeName") and spec.get("schedulingGates"):
        place.forbidden("nodeName", why="a pod with `schedulingGates` has no node yet")


def pod_admission(at: At, data: Map) -> None:
    """What admission plugins refuse in a Pod whatever else exists; a static Pod doesn't pass them."""
    spec = mapping(data.get("spec"))
    place = at / "spec"
    _priority(place, spec)
    if spec.get("overhead") is not None and not spec.get("runtimeClassName"):
        why = "it follows from the RuntimeClass, and the Pod names none (admission plugin RuntimeClass)"
        place.forbidden("overhead", why=why)


def pod_template(at: At, template: Map, claims: Map | None = None) -> None:
    """A pod template (`ValidatePodTemplateSpec`); `claims` are volumes that a StatefulSet adds, by name."""
    spec, meta = mapping(template.get("spec")), mapping(template.get("metadata"))
    template_meta(at / "metadata", meta)
    _annotations(at.to("metadata", "annotations"), at / "spec", meta, spec)
    pod_spec(at / "spec", spec, claims=claims)
    if spec.get("ephemeralContainers"):
        at.forbidden(
            "spec", "ephemeralContainers", why="they are added to a running pod, with `kubectl debug`"
        )


def pod_template_object(at: At, data: Map) -> None:
    """The kind PodTemplate."""
    pod_template(at / "template", mapping(data.get("template")))


def _annotations(at: At, spec_at: At, meta: Map, spec: Map) -> None:
    notes = text_mapping(meta.get("annotations"))
    if not notes:
        return
    if _MIRROR in notes and not spec.get("nodeName"):
        at.invalid(_MIRROR, value=notes[_MIRROR], why="a mirror pod has a `nodeName`")
    cost = notes.get(_DELETION_COST)
    if cost is not None and not (
        _COST.fullmatch(cost) and -(2**31) <= int(cost[:12]) < 2**31 and len(cost) <= 11
    ):
        at.invalid(_DELETION_COST, value=cost, why="it is a whole number of 32 bits")
    if notes.get(_TOLERATIONS):
        _annotated_tolerations(at, notes[_TOLERATIONS])
    security_annotations(at, spec_at, meta, spec)


def _annotated_tolerations(at: At, value: str) -> None:
    """Tolerations as JSON in the old annotation (`ValidateTolerationsInPodAnnotations`)."""
    import json

    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        found = value
    if found is None or (isinstance(found, list) and all(isinstance(item, dict) for item in found)):
        tolerations(at / _TOLERATIONS, found)
    else:
        at.say("The annotation holds no JSON list of tolerations.", _TOLERATIONS)


def _priority(at: At, spec: Map) -> None:
    """A Pod's `priority` and `preemptionPolicy` follow from its class (admission plugin Priority)."""
    priority, name = number(spec.get("priority")), text(spec.get("priorityClassName"))
    if name in _SYSTEM_PRIORITIES and spec.get("preemptionPolicy") == "Never":
        why = "it follows from `priorityClassName`, and is `PreemptLowerPriority`" + (
            "" if name else " without one"
        )
        fix = "Remove `preemptionPolicy`, or name a PriorityClass that has it."
        at.invalid("preemptionPolicy", value="Never", why=why, fix=fix)
    expected = _SYSTEM_PRIORITIES.get(name)
    if priority is not None and expected is not None and priority != expected:
        why = "it follows from `priorityClassName`" + (
            f", and is {expected}" if name else " (without one it is 0)"
        )
        at.invalid("priority", value=priority, why=why, fix="Remove `priority`.")


def pod_spec(at: At, spec: Map, *, own: Map | None = None, claims: Map | None = None) -> None:
    """The spec of a pod (`ValidatePodSpec`); `own` is a Pod's metadata, None for a template."""
    meta = own or {}
    known: Map = {}
    if spec.get("volumes"):
        from trainer.manifests.validation.volumes import volumes

        known = volumes(at, spec, text(meta.get("name")))
    if claims:
        known = {**known, **claims}
    context = PodContext(
        volumes=known,
        claims=_resource_claims(at / "resourceClaims", spec.get("resourceClaims")),
        grace=_DEFAULT_GRACE
        if (grace := number(spec.get("terminationGracePeriodSeconds"))) is None
        else grace,
        restart=text(spec.get("restartPolicy")) or "Always",
        host_users=spec.get("hostUsers") is not False,
    )
    containers(at, spec, context)
    _pod_resources(at / "resources", spec)
    host_network_ports(at, spec)
    at.choice("restartPolicy", value=spec.get("restartPolicy"), allowed=_RESTART)
    at.choice(
        "preemptionPolicy", value=spec.get("preemptionPolicy"), allowed=("PreemptLowerPriority", "Never")
    )
    scheduling(at, spec, text_mapping(meta.get("labels")))
    pod_security(at, spec)
    host_process(at, spec, pod_containers(spec))
    if spec.get("os") is not None:
        operating_system(at, spec, list(pod_containers(spec)))
    _names(at, spec)
    _dns(at, spec)
    _gates(at, spec)
    seconds = number(spec.get("activeDeadlineSeconds"))
    if seconds is not None and not 1 <= seconds <= 2**31 - 1:
        at.invalid("activeDeadlineSeconds", value=seconds, why="it is a number from 1 to 2147483647")
    amounts(at / "overhead", mapping(spec.get("overhead")))


def _names(at: At, spec: Map) -> None:
    for field in _SUBDOMAINS:
        value = text(spec.get(field))
        if value:
            at.name(field, value=value, rule=dns_subdomain)
    runtime = spec.get("runtimeClassName")
    if isinstance(runtime, str):
        at.name("runtimeClassName", value=runtime, rule=dns_subdomain)
    for field in ("hostname", "subdomain"):
        value = text(spec.get(field))
        if value:
            at.name(field, value=value, rule=dns_label)
    override = spec.get("hostnameOverride")
    if isinstance(override, str):
        if spec.get("setHostnameAsFQDN") is True:
            at.forbidden("hostnameOverride", why="`setHostnameAsFQDN` is true")
        if spec.get("hostNetwork") is True:
            at.forbidden("hostnameOverride", why="the pod has the host's network, and its name")
        if len(override) > 64 or dns_subdomain(override):
            why = dns_subdomain(override) or "it is longer than 64 characters"
            at.invalid("hostnameOverride", value=override, why=why)


def _address(at: At, value: str) -> None:
    from trainer.manifests.validation.addresses import check_ip

    check_ip(at, value)


def _dns(at: At, spec: Map) -> None:
    policy, config = spec.get("dnsPolicy"), spec.get("dnsConfig")
    at.choice("dnsPolicy", value=policy, allowed=_DNS_POLICIES)
    settings = mapping(config)
    servers, searches = items(settings.get("nameservers")), items(settings.get("searches"))
    if policy == "None" and not servers:
        steps = ("dnsConfig",) if config is None else ("dnsConfig", "nameservers")
        at.missing(*steps, why="with `dnsPolicy: None` the pod needs a nameserver of its own")
    place = at / "dnsConfig"
    if len(servers) > 3:
        place.say(f"There are {len(servers)} nameservers: 3 is the limit.", "nameservers")
    for index, server in indexed_texts(servers):
        _address(place.to("nameservers", index), server)
    if len(searches) > 32 or len(" ".join(map(str, searches))) > 2048:
        place.say("The search list has 32 domains and 2048 characters at most.", "searches")
    for index, search in indexed_texts(searches):
        if search != ".":
            place.name("searches", index, value=search.removesuffix("."), rule=dns_subdomain_underscore)
    for index, option in indexed(settings.get("options")):
        if not text(option.get("name")):
            place.missing("options", index, "name", why="a DNS option has a name")
    for index, alias in indexed(spec.get("hostAliases")):
        _address(at.to("hostAliases", index, "ip"), text(alias.get("ip")))
        for which, name in indexed_texts(alias.get("hostnames")):
            at.name("hostAliases", index, "hostnames", which, value=name, rule=dns_subdomain)


def _gates(at: At, spec: Map) -> None:
    for index, gate in indexed(spec.get("readinessGates")):
        broken = qualified_name(text(gate.get("conditionType")))
        if broken:
            value = gate.get("conditionType") or ""
            at.invalid("readinessGates", index, "conditionType", value=value, why=broken)
    seen: set[str] = set()
    for index, gate in indexed(spec.get("schedulingGates")):
        name = text(gate.get("name"))
        if qualified_name(name):
            at.invalid("schedulingGates", index, "name", value=name, why=qualified_name(name))
        elif name in seen:
            at.duplicate("schedulingGates", index, "name", value=name, why="a gate is listed once")
        seen.add(name)


def _resource_claims(at: At, value: Any) -> set[str]:
    names: set[str] = set()
    for index, claim in indexed(value):
        name = text(claim.get("name"))
        if not name:
            at.missing(index, "name", why="containers refer to the claim by this name")
        elif name in names:
            at.duplicate(index, "name", value=name, why="claims have different names")
        else:
            at.name(index, "name", value=name, rule=dns_label)
        names.add(name)
        sources = [f for f in ("resourceClaimName", "resourceClaimTemplateName") if claim.get(f) is not None]
        if len(sources) != 1:
            at.say("A claim has one of `resourceClaimName` and `resourceClaimTemplateName`.", index)
        for field in sources:
            at.name(index, field, value=text(claim.get(field)), rule=dns_subdomain)
    names.discard("")
    return names


def _pod_resources(at: At, spec: Map) -> None:
    """Resources of the pod as a whole (`validatePodResources`)."""
    value = spec.get("resources")
    if not isinstance(value, dict):
        return
    requirements(at, value, set(), pod_level=True)
    limits, requests = mapping(value.get("limits")), mapping(value.get("requests"))
    for index, container in indexed(spec.get("containers")):
        for name, limit in mapping(mapping(container.get("resources")).get("limits")).items():
            if name in limits and _more(limit, limits[name]):
                place = At(at.manifest, at.kubernetes, at.path[:-1], at.problems)
                why = "that is more than the limit of the pod as a whole"
                place.invalid("containers", index, "resources", "limits", name, value=limit, why=why)
    for name, amount in requests.items():
        if name in ("cpu", "memory") or is_huge_pages(name):
            total = sum(_request(c, name) for _, c in indexed(spec.get("containers")))
            if _more(str(total.numerator) if total.denominator == 1 else float(total), amount):
                at.invalid("requests", name, value=amount, why="the containers together request more")


def _request(container: Map, name: str) -> Any:
    resources = mapping(container.get("resources"))
    value = mapping(resources.get("requests")).get(name, mapping(resources.get("limits")).get(name))
    try:
        return parse_quantity(value)
    except ValueError:
        return 0


def _more(one: Any, other: Any) -> bool:
    try:
        return parse_quantity(one) > parse_quantity(other)
    except ValueError:
        return False
