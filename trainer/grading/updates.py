"""What an update changes, and the changes that are refused only under a condition.

Follows the `Validate*Update` functions of pkg/apis (v1.36): validateCompletions of batch, and
ValidatePersistentVolumeUpdate, ValidateServiceUpdate and ValidateResourceQuotaUpdate of core.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from trainer.manifests.model import Manifest
from trainer.manifests.values import mapping, text, texts

Fields = tuple[str, ...]
"""A path of field names only."""

_FALSE = frozenset(("hostIPC", "hostNetwork", "hostPID", "readOnly", "stdin", "stdinOnce", "tty"))
"""Fields that Go leaves out if they are false."""
_ZERO = frozenset(("hostPort", "initialDelaySeconds"))
"""Fields that Go leaves out if they are 0."""
_MAPS = frozenset(("annotations", "labels", "limits", "matchLabels", "nodeSelector", "overhead", "requests"))
"""Maps, for which empty and missing are equal; an empty structure isn't a missing one."""
_NULLABLE = _MAPS | {"binaryData", "data", "hard", "parameters"}
"""Maps whose keys a patch removes."""
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


def without_nulls(written: Any, value: Any, *, in_map: bool = False) -> Any:
    """A value without the keys of maps that are written as null: kubectl's patch removes them.

    A new object has such a key with an empty value. A null field of a structure gets its default either way.
    """
    if isinstance(written, list) and isinstance(value, list) and len(written) == len(value):
        return [without_nulls(one, other) for one, other in zip(written, value, strict=True)]
    if not isinstance(written, dict) or not isinstance(value, dict):
        return value
    return {
        key: without_nulls(written.get(key), item, in_map=key in _NULLABLE)
        for key, item in value.items()
        if not (in_map and key in written and written[key] is None)
    }


def refused_changes(before: Manifest, after: Manifest) -> list[Fields]:
    """The fields whose change is refused because of what else the objects say."""
    check = _CHECKS.get(after.kind)
    return list(check(mapping(before.get("spec")), mapping(after.get("spec")))) if check else []


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
