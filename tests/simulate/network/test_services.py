"""Tests of `simulate.network.services`: services of a world, and which pods and ports stand behind them."""

from __future__ import annotations

from tests.table import each_row
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.network.pods import pods_of
from trainer.simulate.network.services import Service, ServicePort, services_of

PODS = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: c, ports: [{name: http, containerPort: 8080}, {name: dns, containerPort: 53, protocol: UDP}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: other, labels: {app: web}}
spec: {containers: [{name: c}]}
"""


def manifests(text: str) -> list[Manifest]:
    return [Manifest(document.value, document) for document in parse(text.encode(), "s.yaml").documents]


def service(spec: str) -> Service:
    [found] = services_of(
        manifests(f"apiVersion: v1\nkind: Service\nmetadata: {{name: s, namespace: shop}}\nspec: {spec}\n")
    )
    return found


def test_the_pods_behind_a_service_are_in_its_namespace():
    pods = pods_of(manifests(PODS))
    assert [pod.title for pod in service("{selector: {app: web}}").backends(pods)] == ["shop/web"]
    assert service("{selector: {}}").backends(pods) == []
    assert service("{}").backends(pods) == []


@each_row(
    ("spec", "protocol", "port", "expected"),
    [
        ("{ports: [{port: 80, targetPort: 8080}]}", "TCP", 80, [8080]),
        ("{ports: [{port: 80}]}", "TCP", 80, [80]),
        ("{ports: [{port: 80, targetPort: http}]}", "TCP", 80, [8080]),
        ("{ports: [{port: 53, targetPort: dns, protocol: UDP}]}", "UDP", 53, [53]),
        ("{ports: [{port: 53, targetPort: dns}]}", "TCP", 53, []),
        ("{ports: [{port: 80, targetPort: 8080}]}", "TCP", 8080, []),
        ("{clusterIP: None, ports: [{port: 80, targetPort: 8080}]}", "TCP", 9, [9]),
        ("{ports: [{port: x}, nonsense]}", "TCP", 80, []),
    ],
)
def test_where_a_port_of_the_service_arrives(spec, protocol, port, expected):
    pod = next(pod for pod in pods_of(manifests(PODS)) if pod.namespace == "shop")
    assert service(spec).target_ports(pod, protocol, port) == expected


def test_what_a_service_is():
    found = service(
        "{clusterIP: 10.96.0.9, clusterIPs: [10.96.0.9, 'fd00::9'], ports: [{name: a, port: 80}]}"
    )
    assert [str(address) for address in found.addresses] == ["10.96.0.9", "fd00::9"]
    assert found.ports == (ServicePort("a", "TCP", 80, 80),)
    assert (found.title, found.headless) == ("Service shop/s", False)
    external = "apiVersion: v1\nkind: Service\nmetadata: {name: e}\nspec: {type: ExternalName}\n"
    knative = "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: k}\n"
    assert services_of(manifests(f"{external}---\n{knative}")) == []


def test_of_two_ports_with_one_name_the_first_container_has_it():
    text = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  containers:
  - {name: c, ports: [{name: http, containerPort: 8080}]}
  - {name: d, ports: [{name: http, containerPort: 9090}]}
"""
    [pod] = pods_of(manifests(text))
    assert service("{ports: [{port: 80, targetPort: http}]}").target_ports(pod, "TCP", 80) == [8080]
