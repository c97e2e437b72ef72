"""Defaults of pods."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from trainer.manifests.defaults.pods import default_pod, default_pod_spec

Default = Callable[[str], dict[str, Any]]


def test_a_small_pod_as_the_server_stores_it(defaulted: Default) -> None:
    data = defaulted(
        "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: 'b:1'}]}}"
    )
    assert data["spec"] == {
        "containers": [
            {
                "name": "a",
                "image": "b:1",
                "imagePullPolicy": "IfNotPresent",
                "resources": {},
                "terminationMessagePath": "/dev/termination-log",
                "terminationMessagePolicy": "File",
            }
        ],
        "dnsPolicy": "ClusterFirst",
        "enableServiceLinks": True,
        "restartPolicy": "Always",
        "schedulerName": "default-scheduler",
        "securityContext": {},
        "serviceAccount": "default",
        "serviceAccountName": "default",
        "terminationGracePeriodSeconds": 30,
    }


def test_probes_and_hooks(defaulted: Default) -> None:
    [container] = defaulted(
        """
        apiVersion: v1
        kind: Pod
        spec:
          containers:
          - livenessProbe: {httpGet: {port: 80}, timeoutSeconds: 0, periodSeconds: 5}
            startupProbe: {grpc: {port: 1}}
            lifecycle: {preStop: {httpGet: {port: 80, path: /x}}}
            ports: [{containerPort: 80}, {containerPort: 53, protocol: UDP}]
            env: [{name: a, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]
        """
    )["spec"]["containers"]
    assert container["livenessProbe"] == {
        "httpGet": {"port": 80, "path": "/", "scheme": "HTTP"},
        "timeoutSeconds": 1,
        "periodSeconds": 5,
        "successThreshold": 1,
        "failureThreshold": 3,
    }
    assert container["startupProbe"]["grpc"] == {"port": 1, "service": ""}
    assert container["lifecycle"]["preStop"]["httpGet"] == {"port": 80, "path": "/x", "scheme": "HTTP"}
    assert [port["protocol"] for port in container["ports"]] == ["TCP", "UDP"]
    assert container["env"][0]["valueFrom"]["fieldRef"]["apiVersion"] == "v1"


def test_the_deprecated_account_field_counts_where_the_new_one_is_missing() -> None:
    old, both = {"serviceAccount": "a"}, {"serviceAccount": "a", "serviceAccountName": "b"}
    default_pod_spec(old)
    default_pod_spec(both)
    assert (old["serviceAccountName"], old["serviceAccount"]) == ("a", "a")
    assert (both["serviceAccountName"], both["serviceAccount"]) == ("b", "b")


def test_a_template_gets_no_account_and_no_service_links(defaulted: Default) -> None:
    spec = defaulted("{apiVersion: apps/v1, kind: Deployment, spec: {template: {spec: {}}}}")["spec"]
    assert {"serviceAccountName", "enableServiceLinks"} & set(spec["template"]["spec"]) == set()


def test_requests_follow_limits_on_pods() -> None:
    container = {"resources": {"limits": {"cpu": "1", "memory": "1Gi"}, "requests": {"cpu": "100m"}}}
    pod = {"spec": {"initContainers": [container], "resources": {"limits": {"cpu": "2", "memory": "2Gi"}}}}
    default_pod(pod)
    assert container["resources"]["requests"] == {"cpu": "100m", "memory": "1Gi"}


def test_pod_level_requests_follow_limits_where_no_container_asks() -> None:
    pod: dict[str, Any] = {"spec": {"containers": [{}], "resources": {"limits": {"cpu": "2"}}}}
    default_pod(pod)
    assert pod["spec"]["resources"] == {"limits": {"cpu": "2"}, "requests": {"cpu": "2"}}


def test_host_network_makes_host_ports_on_pods() -> None:
    port = {"containerPort": 80}
    default_pod({"spec": {"hostNetwork": True, "containers": [{"ports": [port]}]}})
    assert port == {"containerPort": 80, "protocol": "TCP", "hostPort": 80}
