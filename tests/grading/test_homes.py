"""Tests of `grading.homes`."""

from __future__ import annotations

import pytest

from trainer.content.given import given_manifests
from trainer.grading.homes import Homes, admission_problems
from trainer.manifests.model import Manifest
from trainer.simulate.world import BUILT_IN_NAMESPACES
from trainer.versions import DEFAULT

NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: sun, labels: {a: b}}\n"
ENFORCING = NAMESPACE.replace("a: b", "pod-security.kubernetes.io/enforce: restricted")
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: sun}
spec:
  hostPID: false
  containers: [{name: a, image: b}]
"""


def manifest(text: str) -> Manifest:
    return given_manifests(text, DEFAULT)[0][0]


def said(text: str, *around: str) -> list[str]:
    problem = Homes.of([manifest(one) for one in around], []).problem(manifest(text))
    if problem is None:
        return []
    assert problem.location is not None
    return [f"{problem.location.line} {problem.message}", problem.remedy]


def test_what_every_cluster_has() -> None:
    assert Homes.of([], []).namespaces == BUILT_IN_NAMESPACES
    assert said(POD.replace("sun", "default")) == []
    assert said(POD.replace("hostPID: false", "priorityClassName: system-node-critical"), NAMESPACE) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "namespace: sun",
            "namespace: sum",
            ["3 The API server refuses Pod sum/web: Namespace sum doesn't exist.", "Did you mean sun?"],
        ),
        (
            "hostPID: false",
            "serviceAccountName: x",
            [
                "5 The API server refuses Pod sun/web: ServiceAccount x doesn't exist in Namespace sun.",
                "Use an existing ServiceAccount, or create this one, too.",
            ],
        ),
        (
            "hostPID: false",
            "runtimeClassName: gvisor",
            [
                "5 The API server refuses Pod sun/web: RuntimeClass gvisor doesn't exist.",
                "Use an existing RuntimeClass, or create this one, too.",
            ],
        ),
        (
            "name: web",
            "generateName: web-",
            [
                "3 kubectl apply needs a name for this Pod.",
                "Write metadata.name; generateName works only with kubectl create.",
            ],
        ),
    ],
)
def test_what_is_missing(old: str, new: str, expected: list[str]) -> None:
    assert said(POD.replace(old, new), NAMESPACE) == expected


@pytest.mark.parametrize("field", ["runtimeClassName", "priorityClassName"])
def test_a_workload_needs_it_as_well(field: str) -> None:
    """The API server takes the Deployment, and refuses its Pods."""
    kind = {"runtimeClassName": "RuntimeClass", "priorityClassName": "PriorityClass"}[field]
    text = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: sun}\n"
    text += "spec:\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n"
    text += f"    spec: {{containers: [{{name: c, image: i}}], {field}: high}}\n"
    message = (
        f"8 Deployment sun/web is created, but its ReplicaSet can't create Pods: {kind} high doesn't exist."
    )
    assert said(text, NAMESPACE) == [message, f"Use an existing {kind}, or create this one, too."]
    there = {
        "RuntimeClass": "apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: high}\nhandler: runsc\n",
        "PriorityClass": "apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: high}\nvalue: 1\n",
    }
    assert said(text, NAMESPACE, there[kind]) == []


def test_what_is_there() -> None:
    runtime = "apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: gvisor}\nhandler: runsc\n"
    assert said(POD.replace("hostPID: false", "runtimeClassName: gvisor"), NAMESPACE, runtime) == []


def test_configuration_files_need_nothing() -> None:
    assert said("apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None}]\n") == []


def admission(text: str, namespace: str, before: str = "") -> list[str]:
    found = admission_problems(
        manifest(text), manifest(before) if before else None, {"sun": manifest(namespace)}
    )
    return [problem.message for problem in found]


def test_pod_security_refuses_pods_where_it_enforces() -> None:
    found = admission(POD, ENFORCING)
    assert found
    assert all(
        message.startswith(
            "Namespace sun enforces the Pod Security level restricted and refuses Pod sun/web: "
        )
        for message in found
    )
    assert admission(POD, NAMESPACE) == []
    assert admission(POD, ENFORCING.replace("restricted", "privileged")) == []


def test_pod_security_looks_at_changes_of_the_spec_only() -> None:
    assert admission(POD.replace("name: web", "name: web, labels: {c: d}"), ENFORCING, before=POD) == []
    assert admission(POD.replace("image: b", "image: c"), ENFORCING, before=POD) != []


def test_pod_security_does_not_refuse_workloads() -> None:
    text = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: sun}
spec:
  selector: {matchLabels: {a: b}}
  template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: b}]}}
"""
    assert admission(text, ENFORCING) == []


def test_labels_that_pod_security_refuses() -> None:
    wrong = ENFORCING.replace("restricted", "strict")
    assert admission(wrong, NAMESPACE) == [
        "The API server refuses this label: 'strict' is not a level: write privileged, baseline, restricted."
    ]
    assert admission(wrong, NAMESPACE, before=wrong) == []
    assert admission(ENFORCING, NAMESPACE) == []


def test_only_a_service_account_is_an_account_of_pods() -> None:
    pod = POD.replace("hostPID: false", "serviceAccountName: robot")
    other = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: robot, namespace: sun}\n"
    assert said(pod, NAMESPACE, other) == [
        "5 The API server refuses Pod sun/web: ServiceAccount robot doesn't exist in Namespace sun.",
        "Use an existing ServiceAccount, or create this one, too.",
    ]
    assert said(pod, NAMESPACE, other.replace("ConfigMap", "ServiceAccount")) == []


def test_a_namespace_without_a_level_refuses_no_pod() -> None:
    pod = manifest(POD.replace("hostPID: false", "hostPID: true"))
    assert admission_problems(pod, None, {"sun": manifest(NAMESPACE)}) == []
    assert len(admission_problems(pod, None, {"sun": manifest(ENFORCING)})) > 0
