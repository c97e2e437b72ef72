"""An object of `kubectl get -o yaml` without what only the API server and its controllers write.

Follows the built-in admission plugins of v1.35 (ServiceAccount, Priority,
DefaultTolerationSeconds) and the fields of ObjectMeta that the server sets
(https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/).
"""

from __future__ import annotations

from typing import Any

from trainer.manifests.model import Manifest, Path
from trainer.manifests.values import items_at, mapping
from trainer.simulate.workloads import CONTAINER_LISTS, TEMPLATE_PATHS

_METADATA = frozenset(
    "creationTimestamp deletionGracePeriodSeconds deletionTimestamp generation managedFields"
    " resourceVersion selfLink uid".split()
)
_ANNOTATIONS = (
    "kubectl.kubernetes.io/last-applied-configuration",
    "deployment.kubernetes.io/revision",
    "deprecated.daemonset.template.generation",
    "cni.projectcalico.org/",
    "k8s.v1.cni.cncf.io/network-status",
)
"""Written by `kubectl apply`, the controllers of workloads and network plugins; a `/` ends a prefix."""
_KUBECTL = (
    "kubernetes.io/change-cause",
    "kubectl.kubernetes.io/default-container",
    "kubectl.kubernetes.io/restartedAt",
)
"""Notes of kubectl, which don't change what runs: the cause of a revision, which container
`kubectl exec` means, when `kubectl rollout restart` was called
(https://kubernetes.io/docs/reference/labels-annotations-taints/)."""
_TOKEN_VOLUME = "kube-api-access-"  # noqa: S105 - a volume's name, no password
_TOKEN_MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"  # noqa: S105 - a path
_TAINTS = ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")
_POD_DEFAULTS: dict[str, Any] = {
    "priority": 0,
    "preemptionPolicy": "PreemptLowerPriority",
    "serviceAccountName": "default",
    "serviceAccount": "default",
}


def without_server_fields(manifest: Manifest) -> dict[str, Any]:
    """The object's data as its author could have written it: two such values can be compared.

    Left out: `status`, the server's metadata, notes of kubectl, the finalizer of a Namespace, the addresses
    that a Service gets, and of a Pod the node, the token volume with its mounts, the priority, the
    ServiceAccount `default` and the two tolerations that every Pod gets.
    If the Pod opts out of the token, such a volume is its author's and stays.
    """
    data = {key: value for key, value in manifest.data.items() if key != "status"}
    metadata = _without_annotations(manifest.metadata, _ANNOTATIONS + _KUBECTL)
    data["metadata"] = {key: value for key, value in metadata.items() if key not in _METADATA}
    if template := TEMPLATE_PATHS.get(manifest.kind):
        data = _without_notes_of_pods(data, (*template, "metadata"))
    spec = data.get("spec")
    if isinstance(spec, dict):
        if manifest.kind == "Pod":
            data["spec"] = _pod_spec(spec)
        elif manifest.kind == "Namespace" and spec == {"finalizers": ["kubernetes"]}:
            del data["spec"]
        elif manifest.kind == "Service" and not manifest.group:
            data["spec"] = {key: value for key, value in spec.items() if not _is_assigned(key, value)}
    return data


def without_server_annotations(manifest: Manifest) -> Manifest:
    """The same manifest without annotations that a fetched object has and its author didn't write."""
    metadata = _without_annotations(manifest.metadata, _ANNOTATIONS)
    if metadata is manifest.metadata:
        return manifest
    return manifest.with_data({**manifest.data, "metadata": metadata})


def _without_notes_of_pods(data: dict[str, Any], path: Path) -> dict[str, Any]:
    """A copy without annotations for kubectl in the Pod template, whose metadata is at `path`."""
    step, *rest = path
    inner = data.get(str(step))
    if not isinstance(inner, dict):
        return data
    changed = _without_notes_of_pods(inner, tuple(rest)) if rest else _without_annotations(inner, _KUBECTL)
    return data if changed is inner else {**data, str(step): changed}


def _without_annotations(metadata: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    notes = metadata.get("annotations")
    if not isinstance(notes, dict):
        return metadata
    kept = {key: value for key, value in notes.items() if not _is_named(str(key), names)}
    if len(kept) == len(notes):
        return metadata
    if kept:
        return {**metadata, "annotations": kept}
    return {key: value for key, value in metadata.items() if key != "annotations"}


def _is_named(key: str, names: tuple[str, ...]) -> bool:
    return any(key.startswith(one) if one.endswith("/") else key == one for one in names)


def _pod_spec(spec: dict[str, Any]) -> dict[str, Any]:
    kept = {
        key: value
        for key, value in spec.items()
        if key != "nodeName" and (key not in _POD_DEFAULTS or value != _POD_DEFAULTS[key])
    }
    kept["tolerations"] = [one for one in items_at(spec, "tolerations") if not _every_pod_has(one)]
    volumes = items_at(spec, "volumes")
    injected = spec.get("automountServiceAccountToken") is not False
    tokens = {one["name"] for one in volumes if injected and _is_token_volume(one)}
    kept["volumes"] = [one for one in volumes if not (injected and _is_token_volume(one))]
    for field in CONTAINER_LISTS:
        if isinstance(spec.get(field), list):
            kept[field] = [_container(one, tokens) for one in spec[field]]
    return {key: value for key, value in kept.items() if value != [] or key in spec}


def _container(container: Any, tokens: set[str]) -> Any:
    if not isinstance(container, dict) or not tokens:
        return container
    mounts = [
        mount
        for mount in items_at(container, "volumeMounts")
        if not (
            isinstance(mount, dict) and mount.get("name") in tokens and mount.get("mountPath") == _TOKEN_MOUNT
        )
    ]
    return {**container, "volumeMounts": mounts}


def _is_assigned(key: str, value: Any) -> bool:
    """Whether the server assigns this field of a Service: an address, in the IP family of most clusters.

    See https://kubernetes.io/docs/concepts/services-networking/cluster-ip-allocation/ and .../dual-stack/.
    """
    if key in ("clusterIP", "clusterIPs"):
        return value not in ("None", ["None"])
    return (key, value) in (("ipFamilies", ["IPv4"]), ("ipFamilyPolicy", "SingleStack"))


def _is_token_volume(volume: Any) -> bool:
    name = mapping(volume).get("name")
    return isinstance(name, str) and name.startswith(_TOKEN_VOLUME) and "projected" in volume


def _every_pod_has(toleration: Any) -> bool:
    return (
        isinstance(toleration, dict)
        and toleration.get("key") in _TAINTS
        and toleration.get("operator") == "Exists"
        and toleration.get("effect") == "NoExecute"
        and toleration.get("tolerationSeconds") == 300
    )
