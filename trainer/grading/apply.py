"""What `kubectl apply` does to an existing object: what the server keeps, what can't be changed.

The given objects count as applied by kubectl from what the card says, so its three-way merge
(https://kubernetes.io/docs/tasks/manage-kubernetes-objects/declarative-config/#how-apply-calculates-differences-and-merges-changes)
means: what the new manifest says applies, what it no longer says is removed, and what only the server wrote
stays. Immutable fields follow the `Validate*Update` functions of pkg/apis (v1.35).
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from trainer.grading.updates import Fields, refused_changes, same_value, without_nulls
from trainer.manifests.model import Manifest, path_text
from trainer.verdict import Problem

_KEPT: dict[str, tuple[Fields, ...]] = {
    "Service": (("spec", "clusterIP"), ("spec", "clusterIPs"), ("spec", "healthCheckNodePort")),
    "Pod": (("spec", "nodeName"),),
    "PersistentVolumeClaim": (("spec", "volumeName"),),
    "ServiceAccount": (("secrets",),),
}
"""Fields that the server writes and that stay if the new manifest omits them."""

_OVERLOOKED: dict[str, tuple[Fields, ...]] = {"CertificateSigningRequest": (("spec",),)}
"""Fields that an update never changes, whatever it says."""

_IMMUTABLE: dict[str, tuple[Fields, ...]] = {
    "Deployment": (("spec", "selector"),),
    "ReplicaSet": (("spec", "selector"),),
    "DaemonSet": (("spec", "selector"),),
    "Job": (
        ("spec", "selector"),
        ("spec", "template"),
        ("spec", "completionMode"),
        ("spec", "podFailurePolicy"),
        ("spec", "successPolicy"),
        ("spec", "backoffLimitPerIndex"),
        ("spec", "managedBy"),
    ),
    "RoleBinding": (("roleRef",),),
    "ClusterRoleBinding": (("roleRef",),),
    "Secret": (("type",),),
    "RuntimeClass": (("handler",),),
    "PriorityClass": (("value",), ("preemptionPolicy",)),
    "StorageClass": (("provisioner",), ("parameters",), ("reclaimPolicy",), ("volumeBindingMode",)),
    "Service": (("spec", "clusterIP"),),
    "PersistentVolumeClaim": (
        ("spec", "accessModes"),
        ("spec", "storageClassName"),
        ("spec", "selector"),
        ("spec", "volumeMode"),
        ("spec", "dataSource"),
        ("spec", "dataSourceRef"),
        ("spec", "volumeName"),
        ("spec", "resources", "limits"),
    ),
    "PersistentVolume": (("spec", "volumeMode"),),
    "ControllerRevision": (("data",),),
    "IngressClass": (("spec", "controller"),),
    "CustomResourceDefinition": (("spec", "scope"), ("spec", "names", "kind")),
}
"""Fields that no update may change."""

_POD_MUTABLE = frozenset(
    ("activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds", "schedulingGates")
)
_STATEFUL_MUTABLE = frozenset(
    (
        "replicas",
        "ordinals",
        "template",
        "updateStrategy",
        "revisionHistoryLimit",
        "persistentVolumeClaimRetentionPolicy",
        "minReadySeconds",
    )
)


def updated(before: Manifest, after: Manifest) -> Manifest:
    """The object once `after` is applied on `before`; both are defaulted."""
    data = without_nulls(_written(after), after.data)
    kept = [(path, before.get(*path)) for path in _KEPT.get(after.kind, ()) if after.get(*path) is None]
    kept += [(path, before.get(*path)) for path in _OVERLOOKED.get(after.kind, ())]
    kept = [(path, value) for path, value in kept if value is not None]
    if "status" in before.data and "status" not in data:
        kept.append((("status",), before.data["status"]))
    if not kept:
        return after if data == after.data else after.with_data(data)
    data = copy.deepcopy(data)
    for path, value in kept:
        node = data
        for step in path[:-1]:
            node = node.setdefault(step, {})
        node[path[-1]] = value
    return after.with_data(data)


def _written(manifest: Manifest) -> Any:
    """The object as it is written."""
    value = manifest.document.value
    for step in manifest.base:
        value = value[step]
    return value


def update_problems(before: Manifest, after: Manifest) -> list[Problem]:
    """Why the API server would refuse the update; empty if it accepts it. `after` is `updated`."""
    if after.kind == "Pod":
        return _frozen_except(before, after, _POD_MUTABLE, _pod_spec) + _pod_problems(before, after)
    if after.kind == "StatefulSet":
        return _frozen_except(before, after, _STATEFUL_MUTABLE, dict)
    problems = [
        _problem(after, path)
        for path in _IMMUTABLE.get(after.kind, ())
        if not same_value(before.get(*path), after.get(*path)) and not _first_value(before, path)
    ]
    problems += [_problem(after, path) for path in refused_changes(before, after)]
    if after.kind in ("Secret", "ConfigMap") and before.get("immutable") is True:
        problems += [
            _problem(after, (field,))
            for field in ("data", "binaryData", "immutable")
            if before.get(field) != after.get(field)
        ]
    return problems


def _first_value(before: Manifest, path: Fields) -> bool:
    """A Service's address may be set once, and so may a claim's class; the class "" is one that is set."""
    old = before.get(*path)
    once = path[-1] in ("clusterIP", "volumeName") and not old
    return once or (path[-1] == "storageClassName" and old is None)


def _pod_problems(before: Manifest, after: Manifest) -> list[Problem]:
    """The mutable fields of a Pod's spec that may change in one direction only (ValidatePodUpdate)."""

    def values(field: str) -> tuple[Any, Any]:
        return before.get("spec", field), after.get("spec", field)

    old, new = values("tolerations")
    kept = [_lasting(one) for one in new or ()]
    lost = [one for one in old or () if _lasting(one) not in kept]
    refused = ["tolerations"] if lost else []
    old, new = values("activeDeadlineSeconds")
    if old is not None and (new is None or new > old):
        refused.append("activeDeadlineSeconds")
    old, new = values("terminationGracePeriodSeconds")
    if old != new and not (isinstance(old, int) and old < 0 and new == 1):
        refused.append("terminationGracePeriodSeconds")
    old, new = values("schedulingGates")
    if any(one not in (old or ()) for one in new or ()):
        refused.append("schedulingGates")
    return [_problem(after, ("spec", field)) for field in refused]


def _lasting(toleration: dict[str, Any]) -> dict[str, Any]:
    """A toleration without its seconds, which may change."""
    return {key: value for key, value in toleration.items() if key != "tolerationSeconds"}


def _pod_spec(spec: dict[str, Any]) -> dict[str, Any]:
    """A Pod's spec without the images, which may change."""
    result = dict(spec)
    for field in ("containers", "initContainers"):
        items = spec.get(field)
        if isinstance(items, list):
            result[field] = [
                {key: value for key, value in item.items() if key != "image"}
                if isinstance(item, dict)
                else item
                for item in items
            ]
    return result


def _frozen_except(
    before: Manifest,
    after: Manifest,
    mutable: frozenset[str],
    view: Callable[[dict[str, Any]], dict[str, Any]],
) -> list[Problem]:
    old, new = view(before.get("spec", default={})), view(after.get("spec", default={}))
    return [
        _problem(after, ("spec", field))
        for field in sorted({*old, *new} - mutable)
        if not same_value(old.get(field), new.get(field))
    ]


def _problem(after: Manifest, path: Fields) -> Problem:
    return Problem(
        f"The API server refuses to change {path_text(path)} of {after.title}, which already exists.",
        location=after.where(*path),
        remedy="This field is immutable: keep the given value, or delete the object and create it again.",
    )
