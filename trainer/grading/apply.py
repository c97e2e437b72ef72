"""What `kubectl apply` does to an existing object: what the server keeps, what can't be changed.

The given objects count as applied by kubectl from what the card says, so its three-way merge
(https://kubernetes.io/docs/tasks/manage-kubernetes-objects/declarative-config/#how-apply-calculates-differences-and-merges-changes)
means: what the new manifest says applies, what it no longer says is removed, and what only the server wrote
stays. Immutable fields follow the `Validate*Update` functions of pkg/apis (v1.35).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from trainer.grading.service_types import drop_fields_of_the_old_type
from trainer.grading.updates import Fields, refused_changes, same_value
from trainer.manifests.defaults import with_defaults
from trainer.manifests.defaults.plain import copied
from trainer.manifests.model import Manifest, Path, path_text
from trainer.manifests.schema.data import schema_for
from trainer.manifests.three_way import NotMergeable, merge_node, merged
from trainer.manifests.validation import validate
from trainer.manifests.values import mapping
from trainer.match.words import shown
from trainer.simulate.server_fields import without_server_fields
from trainer.verdict import Problem, Severity
from trainer.versions import Version

_KEPT: dict[str, tuple[Fields, ...]] = {
    "Service": (("spec", "clusterIP"), ("spec", "clusterIPs"), ("spec", "healthCheckNodePort")),
    "Pod": (("spec", "nodeName"),),
    "PersistentVolumeClaim": (("spec", "volumeName"),),
}
"""Fields that the server writes and that stay if the new manifest omits them."""

_OVERLOOKED: dict[str, tuple[Fields, ...]] = {"CertificateSigningRequest": (("spec",),)}
"""Fields that an update never changes, whatever it says."""

_QUIET = frozenset(("imagePullPolicy",))
"""Defaults that depend on another field and stay with the old one's, which hardly anybody means."""

_IMMUTABLE: dict[str, tuple[Fields, ...]] = {
    "Deployment": (("spec", "selector"),),
    "ReplicaSet": (("spec", "selector"),),
    "DaemonSet": (("spec", "selector"),),
    "Job": (
        ("spec", "selector"),
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


def updated(before: Manifest, after: Manifest, kubernetes: Version) -> tuple[Manifest, list[Problem]]:
    """The object once `after` is applied on `before` (both admitted), and what is to say about it.

    An error says why kubectl or the API server refuses the merge or its outcome; a warning names a value that
    isn't the one that the new manifest alone leads to.
    """
    schema = schema_for(kubernetes)
    own = f"{after.api_version} {after.kind}" in schema.kinds
    node = merge_node(after.api_version, after.kind, schema)
    try:
        data = merged(before.data, _written(before), _written(after), node, schema)
    except NotMergeable as error:
        message = f"kubectl can't update {path_text(error.path)} of {after.title}: {error.message}."
        return after, [Problem(message, location=after.where(*error.path), remedy=error.remedy)]
    if own and "status" in data:
        data["status"] = before.data.get("status", {})  # a subresource, which only controllers write
    data = _as_the_server_keeps_it(before, after, data)
    if data == after.data:
        return after, []
    stored = with_defaults(after.with_data(data), kubernetes)
    if stored.data == after.data:
        return after, []
    if same_value(stored.data, after.data):
        return stored, []
    return stored, [*(validate(stored, kubernetes) if own else ()), *_surprises(after, stored)]


def _as_the_server_keeps_it(before: Manifest, after: Manifest, data: dict[str, Any]) -> dict[str, Any]:
    """The merged object with what an update can't change, or keeps if it is left out."""
    data = copied(data)
    kept = [(path, before.get(*path)) for path in _KEPT.get(after.kind, ()) if after.get(*path) is None]
    kept += [(path, before.get(*path)) for path in _OVERLOOKED.get(after.kind, ())]
    if not after.data.get("status"):
        kept.append((("status",), before.data.get("status")))
    for path, value in kept:
        if value is not None:
            place = data
            for step in path[:-1]:
                place = place.setdefault(step, {})
            place[path[-1]] = value
    if after.kind == "Service":
        drop_fields_of_the_old_type(mapping(before.get("spec")), mapping(data.get("spec")))
    return data


def _surprises(after: Manifest, stored: Manifest) -> list[Problem]:
    """A warning for each place where the merge makes something else of the new manifest."""
    found = []
    for path in _differences(after.data, stored.data):
        if path[0] in ("status", "metadata") or path[-1] in _QUIET or path in _KEPT.get(after.kind, ()):
            continue
        value = stored.get(*path)
        has = f": {shown(value)}" if path[-1] == "policyTypes" else ""
        message = f"kubectl merges {path_text(path)} of {after.title} with what the existing object has{has}"
        found.append(Problem(message, Severity.WARNING, after.where(*path), "Write this field out."))
    return found


def _differences(one: Any, other: Any, path: Path = ()) -> Iterator[Path]:
    """The places where two values differ, the deepest common ones."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in {**one, **other}:
            if not same_value({key: one.get(key)}, {key: other.get(key)}):
                yield from _differences(one.get(key), other.get(key), (*path, key))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for place, pair in enumerate(zip(one, other, strict=True)):
            if not same_value(*pair):
                yield from _differences(*pair, (*path, place))
    else:
        yield path


def _written(manifest: Manifest) -> Any:
    """The object as it is written."""
    value = manifest.document.value
    for step in manifest.base:
        value = value[step]
    return value


def update_problems(before: Manifest, after: Manifest, kubernetes: Version) -> list[Problem]:
    """Why the API server would refuse the update; empty if it accepts it. `after` is `updated`."""
    if after.kind == "Pod":
        fixed = _frozen_except(_as_written(before), _as_written(after), _POD_MUTABLE, _pod_spec)
        node = before.get("spec", "nodeName")
        if node and node != after.get("spec", "nodeName"):
            fixed.append(_problem(after, ("spec", "nodeName")))
        return fixed + _pod_problems(before, after)
    if after.kind == "StatefulSet":
        return _frozen_except(before, after, _STATEFUL_MUTABLE, dict)
    frozen = () if after.kind == "Service" and _is_alias(before, after) else _IMMUTABLE.get(after.kind, ())
    problems = [
        _problem(after, path)
        for path in frozen
        if not same_value(before.get(*path), after.get(*path)) and not _first_value(before, path)
    ]
    problems += [_problem(after, path) for path in refused_changes(before, after, kubernetes)]
    if after.kind in ("Secret", "ConfigMap") and before.get("immutable") is True:
        problems += [
            _problem(after, (field,))
            for field in ("data", "binaryData", "immutable")
            if before.get(field) != after.get(field)
        ]
    return problems


def _is_alias(*services: Manifest) -> bool:
    """Whether one of them has no address, which then may change (`validateUpgradeDowngradeClusterIPs`)."""
    return any(one.get("spec", "type") == "ExternalName" for one in services)


def _as_written(pod: Manifest) -> Manifest:
    """A Pod without what only the server writes, which the given Pods don't show."""
    return pod.with_data(without_server_fields(pod))


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
