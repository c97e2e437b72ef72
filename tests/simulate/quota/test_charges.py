"""What objects cost a quota, after the evaluators' tests in pkg/quota/v1/evaluator/core (v1.36)."""

from __future__ import annotations

from tests.simulate.quota.worlds import objects, one, pod
from tests.table import each_row
from trainer.simulate.quota.charges import charge, counts, resource_name

REQUESTS = "{requests: {cpu: 1m, memory: 1Mi, ephemeral-storage: 1k, example.com/gpu: 3}, limits: {cpu: 2m, example.com/gpu: 3}}"
CLAIM = "{accessModes: [ReadWriteOnce], storageClassName: gold, resources: {requests: {storage: 1Gi}}}"
PORTS = "ports: [{name: a, port: 1}, {name: b, port: 2, nodePort: 30001}]"


@each_row(
    ("text", "costs"),
    [
        (pod(), "count/pods=1 pods=1"),
        (pod(REQUESTS),
         "count/pods=1 cpu=1m ephemeral-storage=1k limits.cpu=2m memory=1Mi pods=1 requests.cpu=1m "
         "requests.ephemeral-storage=1k requests.example.com/gpu=3 requests.memory=1Mi"),
        # Overhead is added to requests, and to limits that there are.
        (pod("{requests: {cpu: 1}, limits: {memory: 1Gi}}", more=", runtimeClassName: k, overhead: {cpu: 1, memory: 1Gi}"),
         "count/pods=1 cpu=2 limits.memory=2Gi memory=2Gi pods=1 requests.cpu=2 requests.memory=2Gi"),
        # What the Pod as a whole asks for takes the place of the sum.
        (pod("{requests: {cpu: 1}}", more=", resources: {requests: {cpu: 3}}"),
         "count/pods=1 cpu=3 pods=1 requests.cpu=3"),
        (one("Service", "{ports: [{port: 1}]}"),
         "count/services=1 services=1 services.loadbalancers=0 services.nodeports=0"),
        (one("Service", f"{{type: NodePort, {PORTS}}}"),
         "count/services=1 services=1 services.loadbalancers=0 services.nodeports=2"),
        (one("Service", f"{{type: LoadBalancer, {PORTS}}}"),
         "count/services=1 services=1 services.loadbalancers=1 services.nodeports=2"),
        (one("Service", f"{{type: LoadBalancer, allocateLoadBalancerNodePorts: false, {PORTS}}}"),
         "count/services=1 services=1 services.loadbalancers=1 services.nodeports=1"),
        (one("PersistentVolumeClaim", CLAIM),
         "count/persistentvolumeclaims=1 gold.storageclass.storage.k8s.io/persistentvolumeclaims=1 "
         "gold.storageclass.storage.k8s.io/requests.storage=1Gi persistentvolumeclaims=1 requests.storage=1Gi"),
        ("{apiVersion: v1, kind: Secret, metadata: {name: a}}", "count/secrets=1 secrets=1"),
        ("{apiVersion: v1, kind: ServiceAccount, metadata: {name: a}}", "count/serviceaccounts=1"),
        ("{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, spec: {podSelector: {}}}",
         "count/networkpolicies.networking.k8s.io=1"),
    ],
)  # fmt: skip
def test_what_an_object_uses(text: str, costs: str) -> None:
    [manifest] = objects(text)
    found = charge(manifest)
    assert " ".join(f"{name}={found[name]}" for name in sorted(found)) == costs
    # A quota that names any of these is about the object.
    assert all(counts(manifest, name) for name in found)


def test_a_pod_at_its_end_is_only_counted() -> None:
    [manifest] = objects(pod("{requests: {cpu: 1}}"))
    ended = manifest.with_data({**manifest.data, "status": {"phase": "Succeeded"}})
    assert list(charge(ended)) == ["count/pods"]


@each_row(
    ("text", "name", "counted"),
    [
        (pod(), "requests.hugepages-2Mi", True),
        (pod(), "requests.kubernetes.io/x", False),
        (pod(), "secrets", False),
        ("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}", "pods", False),
        ("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}", "configmaps", True),
        ("{apiVersion: v1, kind: ServiceAccount, metadata: {name: a}}", "serviceaccounts", False),
        ("{apiVersion: v1, kind: Event, metadata: {name: a}, involvedObject: {}}", "count/events", False),
    ],
)
def test_what_a_quota_is_about(text: str, name: str, counted: bool) -> None:
    [manifest] = objects(text)
    assert counts(manifest, name) is counted


def test_kinds_that_nobody_knows_have_their_usual_plural() -> None:
    [manifest] = objects("{apiVersion: v1, kind: Secret, metadata: {name: a}}")
    other = manifest.with_data({"apiVersion": "a.example/v1", "kind": "Policy"})
    assert resource_name(other) == "policies.a.example"
