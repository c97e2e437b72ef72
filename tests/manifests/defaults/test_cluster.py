"""Defaults of namespaces, secrets, bindings, limits and autoscalers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row

Default = Callable[[str], dict[str, Any]]


def test_a_namespace_is_labelled_with_its_name(defaulted: Default) -> None:
    data = defaulted("{apiVersion: v1, kind: Namespace, metadata: {name: sun, labels: {a: b}}}")
    assert data["metadata"]["labels"] == {"a": "b", "kubernetes.io/metadata.name": "sun"}
    assert "metadata" not in defaulted("{apiVersion: v1, kind: Namespace}")


def test_a_secrets_texts_become_data(defaulted: Default) -> None:
    data = defaulted("{apiVersion: v1, kind: Secret, data: {a: 'QUFB\n QUFB', b: Yg==}, stringData: {b: hé}}")
    assert data["type"] == "Opaque"
    assert data["data"] == {"a": "QUFBQUFB", "b": "aMOp"}
    assert "stringData" not in data


def test_a_secret_without_texts_stays(defaulted: Default) -> None:
    data = defaulted("{apiVersion: v1, kind: Secret, type: kubernetes.io/tls, stringData: {}}")
    assert data["type"] == "kubernetes.io/tls"
    assert "data" not in data


@each_row("kind", ["RoleBinding", "ClusterRoleBinding"])
def test_bindings_know_the_groups_of_roles_and_users(kind: str, defaulted: Default) -> None:
    data = defaulted(
        f"{{apiVersion: rbac.authorization.k8s.io/v1, kind: {kind}, roleRef: {{kind: Role, name: a}},"
        " subjects: [{kind: User, name: a}, {kind: ServiceAccount, name: b, apiGroup: ''}]}"
    )
    group = "rbac.authorization.k8s.io"
    assert data["roleRef"] == {"kind": "Role", "name": "a", "apiGroup": group}
    assert data["subjects"] == [
        {"kind": "User", "name": "a", "apiGroup": group},
        {"kind": "ServiceAccount", "name": "b"},
    ]


def test_limit_ranges_fill_containers(defaulted: Default) -> None:
    data = defaulted(
        "{apiVersion: v1, kind: LimitRange, spec: {limits: [{type: Container, max: {cpu: 2}, min: {memory: 1Mi}},"
        " {type: Pod, max: {cpu: 4}}]}}"
    )
    assert data["spec"]["limits"] == [
        {
            "type": "Container",
            "max": {"cpu": 2},
            "min": {"memory": "1Mi"},
            "default": {"cpu": 2},
            "defaultRequest": {"cpu": 2, "memory": "1Mi"},
        },
        {"type": "Pod", "max": {"cpu": 4}},
    ]


def test_autoscalers(defaulted: Default) -> None:
    spec = defaulted("{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, spec: {behavior: {}}}")[
        "spec"
    ]
    assert spec["minReplicas"] == 1
    assert spec["metrics"][0]["resource"]["target"] == {"type": "Utilization", "averageUtilization": 80}
    assert spec["behavior"]["scaleDown"]["selectPolicy"] == "Max"
    assert len(spec["behavior"]["scaleUp"]["policies"]) == 2
    old = defaulted("{apiVersion: autoscaling/v1, kind: HorizontalPodAutoscaler, spec: {maxReplicas: 3}}")
    assert old["spec"] == {"maxReplicas": 3, "minReplicas": 1}


def test_priority_classes_and_custom_kinds(defaulted: Default) -> None:
    priority = defaulted("{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, value: 1}")
    assert priority["preemptionPolicy"] == "PreemptLowerPriority"
    custom = defaulted(
        "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, spec: {names: {kind: Foo}}}"
    )
    assert custom["spec"] == {
        "names": {"kind": "Foo", "singular": "foo", "listKind": "FooList"},
        "conversion": {"strategy": "None"},
    }
