"""Whether two single values mean the same to the API server."""

from __future__ import annotations

from posixpath import normpath
from typing import Any

from trainer.manifests.model import Path
from trainer.simulate.containers.images import same_image

_QUANTITY_PARENTS = frozenset(
    [
        "limits",
        "requests",
        "hard",
        "capacity",
        "default",
        "defaultRequest",
        "min",
        "max",
        "maxLimitRequestRatio",
        "podFixed",
        "overhead",
        "allocatedResources",
    ]
)
_QUANTITY_FIELDS = frozenset(("sizeLimit", "divisor"))

UNSET_IS_TRUE = frozenset(
    "allowPrivilegeEscalation automountServiceAccountToken hostUsers enableServiceLinks "
    "allocateLoadBalancerNodePorts attachRequired "
    # KubeletConfiguration, pkg/kubelet/apis/config/v1beta1/defaults.go
    "webhook.enabled enableServer failSwapOn makeIPTablesUtilChains serializeImagePulls "
    "enableDebuggingHandlers localStorageCapacityIsolation cpuCFSQuota registerNode "
    "enableControllerAttachDetach cgroupsPerQOS "
    "enableProfilingHandler enableDebugFlagsHandler enableSystemLogHandler".split()
)
"""Booleans that mean true where they aren't set, by name or by parent and name; all others mean false."""

_UNSET_DIFFERS_FROM_EMPTY = frozenset(
    ("storageClassName", "loadBalancerClass", "ingressClassName", "volumeName")
)

_EMPTY_MAPPING_IS_UNSET = frozenset(
    "labels annotations matchLabels nodeSelector limits requests data binaryData stringData securityContext "
    "resources parameters options status".split()
)
"""Mappings that mean nothing when nothing is set in them (not so `namespaceSelector: {}`, `emptyDir: {}`)."""


def same(expected: Any, actual: Any, path: Path) -> bool:
    """Whether two scalars at `path` mean the same: quantities, images, mount paths by value, others as typed.

    A boolean is never a number or a string, and the port `"80"` is a name, not the number 80.
    """
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    if expected == actual:
        return True
    if is_quantity(path):
        return _same_quantity(expected, actual)
    if path and path[-1] == "mountPath" and isinstance(expected, str) and isinstance(actual, str):
        return normpath(expected) == normpath(actual)
    if path and path[-1] == "image" and isinstance(expected, str) and isinstance(actual, str):
        return same_image(expected, actual)
    return False


def unset_means(value: Any, path: Path) -> bool:
    """Whether a missing field means the same as this value (an empty list always does)."""
    field = path[-1] if path else ""
    if isinstance(value, bool):
        means_true = field in UNSET_IS_TRUE or ".".join(map(str, path[-2:])) in UNSET_IS_TRUE
        return value is means_true
    if isinstance(value, dict):
        return field in _EMPTY_MAPPING_IS_UNSET and all(
            unset_means(item, (*path, key)) for key, item in value.items()
        )
    return value is None or value == [] or (value == "" and field not in _UNSET_DIFFERS_FROM_EMPTY)


_SELECTOR = {"matchLabels", "matchExpressions"}


def plain_selector(value: Any) -> dict[str, Any] | None:
    """A label selector with `In` of one value written as a label; None for anything else.

    Follows https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/ (v1.35): both
    forms select the same.
    """
    if not isinstance(value, dict) or not value or value.keys() - _SELECTOR:
        return None
    labels, expressions = value.get("matchLabels") or {}, value.get("matchExpressions") or []
    if not isinstance(labels, dict) or not isinstance(expressions, list):
        return None
    labels, rest = dict(labels), []
    for one in expressions:
        key, values = (one.get("key"), one.get("values")) if isinstance(one, dict) else (None, None)
        is_label = isinstance(key, str) and key not in labels and one.get("operator") == "In"
        if is_label and isinstance(values, list) and len(values) == 1:
            labels[key] = values[0]
        else:
            rest.append(one)
    return {"matchLabels": labels, "matchExpressions": rest}


def is_quantity(path: Path) -> bool:
    """Whether the value at this path is a quantity."""
    if not path:
        return False
    return path[-1] in _QUANTITY_FIELDS or (len(path) > 1 and path[-2] in _QUANTITY_PARENTS)


def number(value: Any, path: Path) -> Any:
    """The exact number that a value means, or None if it isn't a number."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    if isinstance(value, str) and (is_quantity(path) or value[:1].isdigit()):
        from trainer.manifests.quantity import parse_quantity

        try:
            return parse_quantity(value)
        except ValueError:
            return None
    return None


def _same_quantity(expected: Any, actual: Any) -> bool:
    from trainer.manifests.quantity import parse_quantity

    try:
        return parse_quantity(expected) == parse_quantity(actual)
    except ValueError:
        return False
