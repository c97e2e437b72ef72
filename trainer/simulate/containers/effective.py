"""The effective settings of a container: its own and those it inherits from the Pod.

Follows https://kubernetes.io/docs/tasks/configure-pod-container/security-context/ and
pkg/securitycontext/util.go (v1.35): a container's value overrides the Pod's, field by field;
`seccompProfile`, `appArmorProfile` and `seLinuxOptions` are taken as a whole, `windowsOptions`
field by field. All other fields exist only at container level.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trainer.manifests.model import Path
from trainer.manifests.values import items_at, mapping_at

INHERITED = (
    "runAsUser",
    "runAsGroup",
    "runAsNonRoot",
    "seLinuxOptions",
    "seccompProfile",
    "appArmorProfile",
    "windowsOptions",
)


def effective_security_context(
    pod_spec: dict[str, Any], container: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, bool]]:
    """The container's effective securityContext, and for each field whether it comes from the Pod."""
    own, shared = mapping_at(container, "securityContext"), mapping_at(pod_spec, "securityContext")
    values: dict[str, Any] = {}
    from_pod: dict[str, bool] = {}
    for field in INHERITED:
        if shared.get(field) is not None:
            values[field], from_pod[field] = shared[field], True
    for field, value in own.items():
        if value is None:
            continue
        inherited = values.get(field)
        if field == "windowsOptions" and isinstance(value, dict) and isinstance(inherited, dict):
            values[field] = {**inherited, **{key: item for key, item in value.items() if item is not None}}
        else:
            values[field] = value
        from_pod[field] = False
    return values, from_pod


def may_mount(pod_spec: dict[str, Any], container: Mapping[str, Any]) -> bool:
    """Whether the container's processes have CAP_SYS_ADMIN: not by default (runtimes add 14 others)."""
    values, _ = effective_security_context(pod_spec, dict(container))
    added = {str(name).removeprefix("CAP_") for name in items_at(values.get("capabilities"), "add")}
    return values.get("privileged") is True or bool(added & {"ALL", "SYS_ADMIN"})


def argv(container: dict[str, Any]) -> tuple[list[Any], list[Path]]:
    """`command` and `args` joined, and each word's path below the container.

    Without `command` the image's own entrypoint comes before these words.
    """
    words: list[Any] = []
    places: list[Path] = []
    for field in ("command", "args"):
        value = container.get(field)
        if isinstance(value, list):
            words += value
            places += [(field, index) for index in range(len(value))]
    return words, places
