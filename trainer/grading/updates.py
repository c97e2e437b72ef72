"""What an update changes, and the changes that are refused only under a condition.

Follows the `Validate*Update` functions of pkg/apis (v1.36): validateCompletions of batch, and
ValidatePersistentVolumeUpdate, ValidateServiceUpdate and ValidateResourceQuotaUpdate of core.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from trainer.manifests.model import Manifest
from trainer.manifests.values import mapping, mappings, text, texts
from trainer.versions import Version

Fields = tuple[str, ...]
"""A path of field names only."""

_FALSE = frozenset(("hostIPC", "hostNetwork", "hostPID", "readOnly", "stdin", "stdinOnce", "tty"))
"""Fields that Go leaves out if they are false."""
_ZERO = frozenset(("hostPort", "initialDelaySeconds"))
"""Fields that Go leaves out if they are 0."""
_MAPS = frozenset(("annotations", "labels", "limits", "matchLabels", "nodeSelector", "overhead", "requests"))
"""Maps, for which empty and missing are equal; an empty structure isn't a missing one."""
_SCHEDULING = ("nodeSelector", "schedulingGates", "tolerations")
_NOT_SOURCES = frozenset(
    """accessModes capacity claimRef mountOptions nodeAffinity persistentVolumeReclaimPolicy storageClassName
    volumeAttributesClassName volumeMode""".split()
)
"""Fields of a PersistentVolume's spec that aren't its source."""


def same_value(old: Any, new: Any) -> bool:
    """Whether two values are equal for the API server: an empty list, map or text is like a missing one."""
    return bool(_plain(old) == _plain(new))


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value] or None
    if not isinstance(value, dict):
        return None if value == "" else value
    plain = {}
    for key, item in value.items():
        unset = (item is False and key in _FALSE) or (item == 0 and key in _ZERO)
        found = None if unset or (item == {} and key in _MAPS) else _plain(item)
        if found is not None:
            plain[key] = found
    return plain


def refused_changes(before: Manifest, after: Manifest, kubernetes: Version) -> list[Fields]:
    """The fields whose change is refused because of what else the objects say."""
    check = _CHECKS.get(after.kind)
    old, new = mapping(before.get("spec")), mapping(after.get("spec"))
    found = list(check(old, new)) if check else []
    if after.kind == "Job":
        started = before.get("status", "startTime") is not None
        found += _job_template(old, new, kubernetes, started=started)
    return found


def _job_template(
    old: dict[str, Any], new: dict[str, Any], kubernetes: Version, *, started: bool
) -> Iterator[Fields]:
    """The template of a Job stays, except where its Pods are scheduled while the Job is suspended.

    Since v1.36 that holds for a Job that ran before, too, and for resources of its containers: the gates
    MutableSchedulingDirectivesForSuspendedJobs and MutablePodResourcesForSuspendedJobs are on
    (https://kubernetes.io/docs/concepts/workloads/controllers/job/#mutable-scheduling-directives).
    """
    was, now = old.get("template"), new.get("template")
    resources = kubernetes >= Version(1, 36)
    if old.get("suspend") is True and (resources or not started):
        was, now = (_unscheduled(mapping(one), resources=resources) for one in (was, now))
    if not same_value(was, now):
        yield ("spec", "template")


def _unscheduled(template: dict[str, Any], *, resources: bool) -> dict[str, Any]:
    """A Pod template without what a suspended Job may change."""
    meta, spec = dict(mapping(template.get("metadata"))), dict(mapping(template.get("spec")))
    for owner, fields in ((meta, ("labels", "annotations")), (spec, _SCHEDULING)):
        for field in fields:
            owner.pop(field, None)
    rest = {key: one for key, one in mapping(spec.get("affinity")).items() if key != "nodeAffinity"}
    spec["affinity"] = rest or None
    if resources:
        for name in ("containers", "initContainers"):
            spec[name] = [_unmeasured(one) for one in mappings(spec.get(name))]
    return {**template, "metadata": meta or None, "spec": spec}


def _unmeasured(container: dict[str, Any]) -> dict[str, Any]:
    asked = mapping(container.get("resources"))
    rest = {key: one for key, one in asked.items() if key not in ("limits", "requests")}
    return {**container, "resources": rest or None}


def _job(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Fields]:
    """Completions change only for an indexed Job, together with its parallelism."""
    if old.get("completions") == new.get("completions"):
        return
    if new.get("completionMode") != "Indexed" or new.get("completions") != new.get("parallelism"):
        yield ("spec", "completions")


def _volume(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Fields]:
    """The source stays, except for a secret to expand it; the node affinity stays once it is set."""
    for name in sorted({*old, *new} - _NOT_SOURCES):
        was, now = old.get(name), new.get(name)
        if name == "csi" and isinstance(was, dict) and "controllerExpandSecretRef" not in was:
            now = {key: value for key, value in mapping(now).items() if key != "controllerExpandSecretRef"}
        if not same_value(was, now):
            yield ("spec", name)
    if old.get("nodeAffinity") is not None and not same_value(old["nodeAffinity"], new.get("nodeAffinity")):
        yield ("spec", "nodeAffinity")


def _service(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Fields]:
    """A load balancer keeps its class, and the node port of its health check."""
    if not old.get("type") == new.get("type") == "LoadBalancer":
        return
    if text(old.get("loadBalancerClass")) != text(new.get("loadBalancerClass")):
        yield ("spec", "loadBalancerClass")
    local = old.get("externalTrafficPolicy") == new.get("externalTrafficPolicy") == "Local"
    port = old.get("healthCheckNodePort")
    if local and port and port != new.get("healthCheckNodePort"):
        yield ("spec", "healthCheckNodePort")


def _quota(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Fields]:
    if set(texts(old.get("scopes"))) != set(texts(new.get("scopes"))):
        yield ("spec", "scopes")


_CHECKS: dict[str, Callable[[dict[str, Any], dict[str, Any]], Iterator[Fields]]] = {
    "Job": _job,
    "PersistentVolume": _volume,
    "Service": _service,
    "ResourceQuota": _quota,
}
