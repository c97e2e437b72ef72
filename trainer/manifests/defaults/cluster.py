"""Defaults of namespaces, secrets, RBAC bindings, limits and autoscalers (v1.35)."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from trainer.manifests.defaults.plain import copied, fill, fill_empty, made_mapping
from trainer.manifests.values import mapping_at, mappings

RBAC_GROUP = "rbac.authorization.k8s.io"
NAMESPACE_LABEL = "kubernetes.io/metadata.name"


def default_namespace(data: dict[str, Any]) -> None:
    """A Namespace: the label with its own name."""
    name = mapping_at(data, "metadata").get("name")
    if isinstance(name, str) and name:
        made_mapping(data["metadata"], "labels")[NAMESPACE_LABEL] = name


def default_secret(data: dict[str, Any]) -> None:
    """A Secret: Opaque, and `stringData` written over `data`, in base64."""
    fill_empty(data, type="Opaque")
    values = data.get("data")
    if isinstance(values, dict):
        for key, value in values.items():
            values[key] = _one_line(value)
    texts = data.pop("stringData", None)
    if isinstance(texts, dict) and texts:
        values = made_mapping(data, "data")
        for key, text in texts.items():
            if isinstance(text, str):
                values[key] = base64.b64encode(text.encode()).decode()


def _one_line(value: Any) -> Any:
    try:
        return base64.b64encode(base64.b64decode(value)).decode()
    except (binascii.Error, TypeError, ValueError):
        return value


def default_binding(data: dict[str, Any]) -> None:
    """A RoleBinding or ClusterRoleBinding: the API groups of the role and of users and groups."""
    fill_empty(made_mapping(data, "roleRef"), apiGroup=RBAC_GROUP)
    for subject in mappings(data.get("subjects")):
        if subject.get("kind") in ("User", "Group"):
            fill_empty(subject, apiGroup=RBAC_GROUP)
        elif subject.get("apiGroup") == "":
            del subject["apiGroup"]


def default_limit_range(data: dict[str, Any]) -> None:
    """A LimitRange: a container's default limits and requests from its maxima and minima."""
    for item in mappings(mapping_at(data, "spec").get("limits")):
        if item.get("type") == "Container":
            limits, requests = made_mapping(item, "default"), made_mapping(item, "defaultRequest")
            for source, target in (("max", limits), ("default", requests), ("min", requests)):
                for name, quantity in mapping_at(item, source).items():
                    target.setdefault(name, quantity)


def default_autoscaler(data: dict[str, Any]) -> None:
    """A HorizontalPodAutoscaler of autoscaling/v2: one replica at least, 80 % CPU."""
    spec = made_mapping(data, "spec")
    fill(spec, minReplicas=1)
    if not spec.get("metrics"):
        target = {"type": "Utilization", "averageUtilization": 80}
        spec["metrics"] = [{"type": "Resource", "resource": {"name": "cpu", "target": target}}]
    behavior = spec.get("behavior")
    if isinstance(behavior, dict):
        percent = {"type": "Percent", "value": 100, "periodSeconds": 15}
        pods = {"type": "Pods", "value": 4, "periodSeconds": 15}
        fill(
            made_mapping(behavior, "scaleUp"),
            stabilizationWindowSeconds=0,
            selectPolicy="Max",
            policies=[pods, percent],
        )
        fill(made_mapping(behavior, "scaleDown"), selectPolicy="Max", policies=[copied(percent)])


def default_autoscaler_v1(data: dict[str, Any]) -> None:
    """A HorizontalPodAutoscaler of autoscaling/v1: one replica at least."""
    fill(made_mapping(data, "spec"), minReplicas=1)


def default_priority_class(data: dict[str, Any]) -> None:
    """A PriorityClass: it may preempt."""
    fill(data, preemptionPolicy="PreemptLowerPriority")


def default_custom_kind(data: dict[str, Any]) -> None:
    """A CustomResourceDefinition: the names that follow from its kind, no conversion."""
    spec = made_mapping(data, "spec")
    names = made_mapping(spec, "names")
    kind = names.get("kind")
    if isinstance(kind, str) and kind:
        fill_empty(names, singular=kind.lower(), listKind=f"{kind}List")
    fill(spec, conversion={"strategy": "None"})
