"""Containers of every kind: names, images, ports, environment, mounts, devices.

Follows Kubernetes pkg/apis/core/validation/validation.go (v1.35): `validateContainerCommon`,
`validateContainers`, `validateInitContainers`, `validateEphemeralContainers` and what they call.
"""

from __future__ import annotations

from typing import Any

import msgspec

from trainer.manifests.validation.collect import At, Map, show
from trainer.manifests.validation.environment import environment
from trainer.manifests.validation.mounts import devices, mounts
from trainer.manifests.validation.names import dns_label, port_name, port_number
from trainer.manifests.validation.probes import PROBES, probes
from trainer.manifests.validation.resources import requirements
from trainer.manifests.validation.security import container_security
from trainer.manifests.values import indexed, items, mapping, number, text
from trainer.versions import Version

PROTOCOLS = ("TCP", "UDP", "SCTP")
_PULL = ("Always", "IfNotPresent", "Never")
_RESTART = ("Always", "OnFailure", "Never")
_RULE_OPERATORS = ("In", "NotIn")
_NOT_EPHEMERAL = ("ports", *PROBES, "lifecycle", "restartPolicy", "restartPolicyRules", "resizePolicy")


class PodContext(msgspec.Struct, frozen=True):
    """What the rules for a container need to know of its pod."""

    volumes: Map
    """The pod's volumes by name."""
    claims: set[str]
    """Names of the pod's resource claims."""
    grace: int
    """`terminationGracePeriodSeconds`."""
    restart: str
    """`restartPolicy` of the pod."""
    host_users: bool


def containers(at: At, spec: Map, pod: PodContext) -> None:
    """All containers of a pod; `at` is the pod's spec."""
    regular = spec.get("containers")
    names: set[str] = set()
    host_ports: set[tuple[Any, ...]] = set()
    if not regular:
        at.missing("containers", why="a pod has at least one container")
    for index, container in indexed(regular):
        place = at.to("containers", index)
        _common(place, container, pod)
        _unique_name(place, text(container.get("name")), names)
        probes(place, container, pod.grace)
        _restart(place, container)
        _host_ports(place, container, host_ports)
    for index, container in indexed(spec.get("initContainers")):
        _init(at.to("initContainers", index), container, pod, names)
    others = set(names)
    for index, container in indexed(spec.get("ephemeralContainers")):
        _ephemeral(at.to("ephemeralContainers", index), container, pod, names, others)


def _init(at: At, container: Map, pod: PodContext, names: set[str]) -> None:
    _common(at, container, pod)
    _unique_name(at, text(container.get("name")), names)
    _restart(at, container)
    _host_ports(at, container, set())
    _init_resize(at, container)
    if container.get("restartPolicy") == "Always":
        probes(at, container, pod.grace)
        return
    for field in ("lifecycle", *PROBES):
        if container.get(field) is not None:
            at.forbidden(
                field,
                why="an init container runs to its end; only one with `restartPolicy: Always` has it",
            )


def _ephemeral(at: At, container: Map, pod: PodContext, names: set[str], others: set[str]) -> None:
    _common(at, container, pod)
    _unique_name(at, text(container.get("name")), names)
    image_spaces(at, container)
    target = text(container.get("targetContainerName"))
    if target and target not in others:
        at.say(f"The pod has no container {show(target)}.", "targetContainerName")
    for field in _NOT_EPHEMERAL:
        if container.get(field) not in (None, []):
            at.forbidden(field, why="an ephemeral container doesn't have it")
    if container.get("resources"):
        at.forbidden("resources", why="an ephemeral container doesn't have it")
    for index, mount in indexed(container.get("volumeMounts")):
        for field in ("subPath", "subPathExpr"):
            if mount.get(field):
                at.forbidden("volumeMounts", index, field, why="an ephemeral container doesn't have it")


def image_spaces(at: At, container: Map) -> None:
    """An image without spaces around it: asked of pods, not of templates."""
    image = text(container.get("image"))
    if image != image.strip():
        at.invalid("image", value=image, why="an image has no spaces around it")


def _common(at: At, container: Map, pod: PodContext) -> None:
    name = text(container.get("name"))
    if not name:
        at.missing("name", why="every container has a name")
    else:
        at.name("name", value=name, rule=dns_label)
    if not text(container.get("image")):
        at.missing("image", why="a container needs the image that it runs")
    at.choice(
        "terminationMessagePolicy",
        value=container.get("terminationMessagePolicy"),
        allowed=("File", "FallbackToLogsOnError"),
    )
    at.choice("imagePullPolicy", value=container.get("imagePullPolicy"), allowed=_PULL)
    if container.get("ports"):
        _ports(at / "ports", container["ports"])
    environment(at, container, pod.volumes)
    if container.get("volumeMounts"):
        mounts(at / "volumeMounts", container, pod.volumes)
    if container.get("volumeDevices"):
        devices(at / "volumeDevices", container, pod.volumes)
    requirements(at / "resources", container.get("resources"), pod.claims)
    if container.get("resizePolicy"):
        _resize(at / "resizePolicy", container["resizePolicy"], pod.restart)
    container_security(at / "securityContext", container.get("securityContext"), host_users=pod.host_users)


def _unique_name(at: At, name: str, names: set[str]) -> None:
    if name and name in names:
        at.duplicate("name", value=name, why="the containers of a pod have different names")
    names.add(name)


def _ports(at: At, value: Any) -> None:
    names: set[str] = set()
    for index, port in indexed(value):
        name = text(port.get("name"))
        if name:
            broken = port_name(name)
            if broken:
                at.invalid(index, "name", value=name, why=broken)
            elif name in names:
                at.duplicate(index, "name", value=name, why="the ports of a container have different names")
            names.add(name)
        inside, outside = number(port.get("containerPort")) or 0, number(port.get("hostPort")) or 0
        if inside == 0:
            at.missing(index, "containerPort", why="a port has a number from 1 to 65535")
        elif port_number(inside):
            at.invalid(index, "containerPort", value=inside, why=port_number(inside))
        if outside and port_number(outside):
            at.invalid(index, "hostPort", value=outside, why=port_number(outside))
        at.choice(index, "protocol", value=port.get("protocol"), allowed=PROTOCOLS)


def _host_ports(at: At, container: Map, used: set[tuple[Any, ...]]) -> None:
    for index, port in indexed(container.get("ports")):
        outside = number(port.get("hostPort"))
        if not outside:
            continue
        key = (text(port.get("protocol")) or "TCP", text(port.get("hostIP")), outside)
        if key in used:
            at.duplicate("ports", index, "hostPort", value=outside, why="a host port is used once")
        used.add(key)


def _restart(at: At, container: Map) -> None:
    """`restartPolicy` of a single container, with rules (`validateContainerRestartPolicy`)."""
    policy = container.get("restartPolicy")
    rules = container.get("restartPolicyRules")
    at.choice("restartPolicy", value=policy, allowed=_RESTART)
    if not rules:
        return
    if policy is None:
        at.missing("restartPolicy", why="it goes with `restartPolicyRules`")
    _restart_rules(at / "restartPolicyRules", rules)


def _restart_rules(at: At, rules: Any) -> None:
    if isinstance(rules, list) and len(rules) > 20:
        at.say(f"There are {len(rules)} rules: 20 is the limit.")
    for index, rule in indexed(rules):
        actions = ("Restart", "RestartAllContainers") if at.kubernetes >= Version(1, 36) else ("Restart",)
        at.choice(index, "action", value=rule.get("action"), allowed=actions, needed="a rule says what to do")
        codes = rule.get("exitCodes")
        if not isinstance(codes, dict):
            at.missing(index, "exitCodes", why="a rule says for which exit codes it is")
            continue
        at.choice(
            index,
            "exitCodes",
            "operator",
            value=codes.get("operator"),
            allowed=_RULE_OPERATORS,
            needed="it says how the exit code compares",
        )
        if len(items(codes.get("values"))) > 255:
            at.say("There are more than 255 exit codes.", index, "exitCodes", "values")


def _resize(at: At, value: Any, restart: str) -> None:
    seen: set[str] = set()
    for index, policy in indexed(value):
        name = text(policy.get("resourceName"))
        if name and name in seen:
            at.duplicate(index, "resourceName", value=name, why="a resource has one resize policy")
        seen.add(name)
        at.choice(
            index,
            "resourceName",
            value=name,
            allowed=("cpu", "memory"),
            needed="a resize policy is for one resource",
        )
        how = policy.get("restartPolicy")
        at.choice(
            index,
            "restartPolicy",
            value=how,
            allowed=("NotRequired", "RestartContainer"),
            needed="it says whether the container restarts",
        )
        if restart == "Never" and how != "NotRequired":
            at.invalid(
                index,
                "restartPolicy",
                value=how,
                why="a pod with `restartPolicy: Never` takes `NotRequired` only",
            )


def _init_resize(at: At, container: Map) -> None:
    """From v1.36 on, an init container can't restart for a resize, unless it is a sidecar."""
    if at.kubernetes < Version(1, 36) or container.get("restartPolicy") == "Always":
        return
    for index, policy in indexed(container.get("resizePolicy")):
        if policy.get("restartPolicy") == "RestartContainer":
            why = "an init container restarts for a resize only if it is a sidecar"
            steps = ("resizePolicy", index, "restartPolicy")
            at.invalid(*steps, value="RestartContainer", why=why, fix="Write `NotRequired`.")


def host_network_ports(at: At, spec: Map) -> None:
    """With the host's network, host and container port are the same (`validatePodHostNetworkDeps`)."""
    if spec.get("hostNetwork") is not True:
        return
    for index, container in indexed(spec.get("containers")):
        for which, port in indexed(mapping(container).get("ports")):
            inside, outside = port.get("containerPort"), port.get("hostPort") or 0
            # A pod's missing hostPort is defaulted to the container's port before validation.
            if outside and outside != inside:
                at.invalid(
                    "containers",
                    index,
                    "ports",
                    which,
                    "hostPort",
                    value=outside,
                    why=f"with `hostNetwork: true` it must be the container's port, which is {inside}",
                )
