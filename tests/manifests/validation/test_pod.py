"""Tests of `manifests.validation.pod`: pods, pod templates and what they have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row

Paths = Callable[..., list[str]]


@each_row(
    ("spec", "paths"),
    [
        ({}, []),
        ({"containers": None}, ["spec.containers"]),
        ({"containers": []}, ["spec.containers"]),
        ({"restartPolicy": "Never"}, []),
        ({"restartPolicy": "always"}, ["spec.restartPolicy"]),
        ({"preemptionPolicy": "None"}, ["spec.preemptionPolicy"]),
        ({"activeDeadlineSeconds": 1}, []),
        ({"activeDeadlineSeconds": 0}, ["spec.activeDeadlineSeconds"]),
        ({"activeDeadlineSeconds": 2**31 - 1}, []),
        ({"activeDeadlineSeconds": 2**31}, ["spec.activeDeadlineSeconds"]),
        ({"hostname": "a.b"}, ["spec.hostname"]),
        ({"subdomain": "A"}, ["spec.subdomain"]),
        ({"serviceAccountName": "My_SA"}, ["spec.serviceAccountName"]),
        ({"nodeName": "Node"}, ["spec.nodeName"]),
        ({"priorityClassName": "A"}, ["spec.priorityClassName"]),
        ({"runtimeClassName": "gVisor"}, ["spec.runtimeClassName"]),
        ({"imagePullSecrets": [{"name": "any"}]}, []),
        ({"terminationGracePeriodSeconds": -1}, []),
        ({"ephemeralContainers": [{"name": "d", "image": "b"}]}, ["spec.ephemeralContainers"]),
        ({"nodeName": "n", "schedulingGates": [{"name": "a"}]}, ["spec.nodeName"]),
        ({"schedulingGates": [{"name": "a"}, {"name": "a"}]}, ["spec.schedulingGates[1].name"]),
        ({"schedulingGates": [{"name": "a b"}]}, ["spec.schedulingGates[0].name"]),
        ({"readinessGates": [{"conditionType": "a b"}]}, ["spec.readinessGates[0].conditionType"]),
        ({"runtimeClassName": ""}, ["spec.runtimeClassName"]),
        ({"runtimeClassName": "gvisor", "overhead": {"cpu": "1"}}, []),
        ({"runtimeClassName": "gvisor", "overhead": {"cpu": "-1"}}, ["spec.overhead.cpu"]),
        ({"overhead": {}}, ["spec.overhead"]),
        ({"preemptionPolicy": "PreemptLowerPriority"}, []),
        ({"preemptionPolicy": "Never"}, ["spec.preemptionPolicy"]),
        (
            {"preemptionPolicy": "Never", "priorityClassName": "system-node-critical"},
            ["spec.preemptionPolicy"],
        ),
        ({"preemptionPolicy": "Never", "priorityClassName": "mine"}, []),
        ({"priority": 0}, []),
        ({"priority": 5}, ["spec.priority"]),
        ({"priority": 5, "priorityClassName": "mine"}, []),
        ({"priority": 2_000_001_000, "priorityClassName": "system-node-critical"}, []),
        ({"hostnameOverride": "a.b"}, []),
        ({"hostnameOverride": "a" * 63 + ".b"}, ["spec.hostnameOverride"]),
        ({"hostnameOverride": "a" * 62 + ".b"}, []),
        ({"hostnameOverride": "A"}, ["spec.hostnameOverride"]),
        ({"hostnameOverride": "a", "hostNetwork": True}, ["spec.hostnameOverride"]),
    ],
)
def test_single_fields(pod_paths: Paths, spec: dict[str, Any], paths: list[str]) -> None:
    assert pod_paths(spec) == paths


@each_row(
    ("spec", "paths"),
    [
        ({"dnsPolicy": "Default"}, []),
        ({"dnsPolicy": "None"}, ["spec.dnsConfig"]),
        ({"dnsPolicy": "None", "dnsConfig": {"searches": ["a"]}}, ["spec.dnsConfig.nameservers"]),
        ({"dnsPolicy": "None", "dnsConfig": {"nameservers": ["1.1.1.1"]}}, []),
        ({"dnsPolicy": "ClusterLast"}, ["spec.dnsPolicy"]),
        ({"dnsConfig": {"nameservers": ["1.1.1"]}}, ["spec.dnsConfig.nameservers[0]"]),
        ({"dnsConfig": {"nameservers": ["1.1.1.1"] * 3}}, []),
        ({"dnsConfig": {"nameservers": ["1.1.1.1"] * 4}}, ["spec.dnsConfig.nameservers"]),
        ({"dnsConfig": {"searches": ["a"] * 32}}, []),
        ({"dnsConfig": {"searches": [f"{'a' * 60}.{'b' * 60}.{n:02}" for n in range(16)] + ["c" * 48]}}, []),
        (
            {"dnsConfig": {"searches": [f"{'a' * 60}.{'b' * 60}.{n:02}" for n in range(16)] + ["c" * 49]}},
            ["spec.dnsConfig.searches"],
        ),
        ({"dnsConfig": {"searches": [".", "a_b.c."]}}, []),
        ({"dnsConfig": {"searches": ["A"]}}, ["spec.dnsConfig.searches[0]"]),
        ({"dnsConfig": {"searches": ["a"] * 33}}, ["spec.dnsConfig.searches"]),
        ({"dnsConfig": {"options": [{"value": "2"}]}}, ["spec.dnsConfig.options[0].name"]),
        ({"hostAliases": [{"ip": "127.0.0.1", "hostnames": ["a.b"]}]}, []),
        ({"hostAliases": [{"ip": "localhost"}]}, ["spec.hostAliases[0].ip"]),
        ({"hostAliases": [{"ip": "::1", "hostnames": ["A"]}]}, ["spec.hostAliases[0].hostnames[0]"]),
    ],
)
def test_dns(pod_paths: Paths, spec: dict[str, Any], paths: list[str]) -> None:
    assert pod_paths(spec) == paths


@each_row(
    ("spec", "paths"),
    [
        ({"resourceClaims": [{"name": "a", "resourceClaimName": "b"}]}, []),
        ({"resourceClaims": [{"name": "a"}]}, ["spec.resourceClaims[0]"]),
        ({"resourceClaims": [{"resourceClaimName": "b"}]}, ["spec.resourceClaims[0].name"]),
        ({"resources": {"limits": {"cpu": "1"}}}, []),
        ({"resources": {"limits": {"pods": "1"}}}, ["spec.resources.limits.pods"]),
        ({"resources": {"requests": {"cpu": "2"}, "limits": {"cpu": "1"}}}, ["spec.resources.requests.cpu"]),
        (
            {
                "resources": {"requests": {"cpu": "1"}, "limits": {"cpu": "1"}},
                "containers": [{"name": "a", "image": "b", "resources": {"limits": {"cpu": "2"}}}],
            },
            ["spec.containers[0].resources.limits.cpu", "spec.resources.requests.cpu"],
        ),
    ],
)
def test_resources_of_the_pod(pod_paths: Paths, spec: dict[str, Any], paths: list[str]) -> None:
    assert pod_paths(spec) == paths


@each_row(
    ("annotations", "paths"),
    [
        ({"controller.kubernetes.io/pod-deletion-cost": "-5"}, []),
        (
            {"controller.kubernetes.io/pod-deletion-cost": "+5"},
            ["controller.kubernetes.io/pod-deletion-cost"],
        ),
        (
            {"controller.kubernetes.io/pod-deletion-cost": "9" * 30},
            ["controller.kubernetes.io/pod-deletion-cost"],
        ),
        ({"kubernetes.io/config.mirror": "x"}, ["kubernetes.io/config.mirror"]),
        ({"scheduler.alpha.kubernetes.io/tolerations": '[{"key": "a", "operator": "Exists"}]'}, []),
        ({"scheduler.alpha.kubernetes.io/tolerations": "null"}, []),
        ({"scheduler.alpha.kubernetes.io/tolerations": "{"}, ["scheduler.alpha.kubernetes.io/tolerations"]),
    ],
)
def test_annotations(
    paths_of: Paths, api_object: Callable[..., Any], annotations: dict[str, str], paths: list[str]
) -> None:
    pod = api_object("Pod", spec={"containers": [{"name": "a", "image": "b"}]})
    pod["metadata"]["annotations"] = annotations
    assert paths_of(pod) == [f"metadata.annotations[{path}]" for path in paths]


def test_a_template_takes_an_image_with_spaces_a_pod_does_not(
    pod_paths: Paths, deployment_paths: Paths
) -> None:
    spec = {"containers": [{"name": "main", "image": " nginx"}]}
    assert pod_paths(spec) == ["spec.containers[0].image"]
    assert deployment_paths({"template": {"spec": spec}}) == []


def test_pod_template_kind(paths_of: Paths, api_object: Callable[..., Any]) -> None:
    template = api_object("PodTemplate", template={"spec": {"containers": [{"name": "a"}]}})
    assert paths_of(template) == ["template.spec.containers[0].image"]


def test_a_template_has_no_ephemeral_containers(deployment_paths: Paths) -> None:
    spec = {"ephemeralContainers": [{"name": "d", "image": "b"}]}
    assert deployment_paths({"template": {"spec": spec}}) == ["spec.template.spec.ephemeralContainers"]
