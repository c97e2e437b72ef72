"""Defaults of pods and pod templates (pkg/apis/core/v1/defaults.go, conversion.go, v1.35)."""

from __future__ import annotations

from typing import Any

from trainer.manifests.defaults.images import pull_policy
from trainer.manifests.defaults.plain import drop_zero, fill, fill_empty, made_mapping
from trainer.manifests.defaults.volumes import default_volume
from trainer.manifests.values import mapping_at, mappings


def default_pod(pod: dict[str, Any]) -> None:
    """A Pod: its spec, and what only pods get (requests from limits, host ports, service links)."""
    spec = mapping_at(pod, "spec")
    default_pod_spec(spec)
    fill(spec, enableServiceLinks=True)
    containers = mappings(spec.get("containers")) + mappings(spec.get("initContainers"))
    for container in containers:
        _requests_from_limits(mapping_at(container, "resources"))
        if spec.get("hostNetwork") is True:
            for port in mappings(container.get("ports")):
                if not port.get("hostPort") and "containerPort" in port:
                    port["hostPort"] = port["containerPort"]
    if not spec.get("serviceAccountName") and "spec" in pod:
        spec["serviceAccountName"] = spec["serviceAccount"] = "default"
    if spec.get("resources"):
        from trainer.manifests.defaults.pod_resources import pod_requests

        pod_requests(spec)


def default_pod_spec(spec: dict[str, Any]) -> None:
    """The spec of a pod or of a template, in place; an empty one stays as it is."""
    account = spec.get("serviceAccountName") or spec.get("serviceAccount")
    if account:
        spec["serviceAccountName"] = spec["serviceAccount"] = account
    fill_empty(spec, dnsPolicy="ClusterFirst", restartPolicy="Always", schedulerName="default-scheduler")
    fill(spec, terminationGracePeriodSeconds=30)
    made_mapping(spec, "securityContext")
    for volume in mappings(spec.get("volumes")):
        default_volume(volume)
    for field in ("initContainers", "containers", "ephemeralContainers"):
        for container in mappings(spec.get(field)):
            _default_container(container)


def _default_container(container: dict[str, Any]) -> None:
    fill_empty(
        container,
        imagePullPolicy=pull_policy(container.get("image")),
        terminationMessagePath="/dev/termination-log",
        terminationMessagePolicy="File",
    )
    made_mapping(container, "resources")
    for port in mappings(container.get("ports")):
        fill_empty(port, protocol="TCP")
        drop_zero(port, "hostPort")
    for variable in mappings(container.get("env")):
        source = mapping_at(variable, "valueFrom")
        if isinstance(source.get("fieldRef"), dict):
            fill_empty(source["fieldRef"], apiVersion="v1")
    for name in ("livenessProbe", "readinessProbe", "startupProbe"):
        if isinstance(container.get(name), dict):
            _default_probe(container[name])
    for hook in ("postStart", "preStop"):
        _default_http(mapping_at(mapping_at(container, "lifecycle"), hook))


def _default_probe(probe: dict[str, Any]) -> None:
    numbers = {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}
    for field, number in numbers.items():
        if probe.get(field) in (None, 0):
            probe[field] = number
    _default_http(probe)
    if isinstance(probe.get("grpc"), dict):
        probe["grpc"].setdefault("service", "")


def _default_http(handler: dict[str, Any]) -> None:
    if isinstance(handler.get("httpGet"), dict):
        fill_empty(handler["httpGet"], path="/", scheme="HTTP")


def _requests_from_limits(resources: dict[str, Any]) -> None:
    limits = resources.get("limits")
    if isinstance(limits, dict):
        requests = made_mapping(resources, "requests")
        for name, quantity in limits.items():
            requests.setdefault(name, quantity)
