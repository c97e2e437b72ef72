"""What the API server makes of objects that somebody creates."""

from __future__ import annotations

import pytest

from tests.simulate.quota.worlds import SUN, objects, one, pod, world
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.quota.creation import Creation, Server

LIMITS = one(
    "LimitRange",
    "{limits: [{type: Container, default: {cpu: 1}, defaultRequest: {cpu: 500m}, max: {cpu: 2}}]}",
)
QUOTA = one("ResourceQuota", "{hard: {requests.cpu: 1, pods: 3}}", "q")
KATA = (
    "{apiVersion: node.k8s.io/v1, kind: RuntimeClass, metadata: {name: kata}, handler: kata, "
    "overhead: {podFixed: {cpu: 750m}}, scheduling: {nodeSelector: {box: kata}}}\n---\n"
)
RESTRICTED = SUN.replace("name: sun", "name: sun, labels: {pod-security.kubernetes.io/enforce: baseline}")
TEMPLATE = "selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: a}]}}"


def created(setting: str, *texts: str) -> list[Creation]:
    server = Server(world(SUN + setting if "kind: Namespace" not in setting else setting))
    return [server.create(found) for text in texts for found in objects(text)]


@each_row(
    ("setting", "text", "message", "by", "line"),
    [
        ("", pod(), "", "", 0),
        (QUOTA, pod(), 'pods "p" is forbidden: failed quota: q: must specify requests.cpu for: c', "ResourceQuota", 3),
        (LIMITS + QUOTA, pod(), "", "", 0),
        (LIMITS, pod("{limits: {cpu: 3}}"),
         'pods "p" is forbidden: maximum cpu usage per Container is 2, but limit is 3', "LimitRange", 3),
        # A default limit below the request of a container: validation refuses the Pod.
        (LIMITS, pod("{requests: {cpu: 1500m}}"), 'Pod "p" is invalid: ', "LimitRange", 3),
        (RESTRICTED, pod(more=", hostPID: true"),
         'pods "p" is forbidden: violates PodSecurity "baseline:latest": host namespaces', "PodSecurity", 1),
        ("", pod(more=", runtimeClassName: kata"),
         'pods "p" is forbidden: pod rejected: RuntimeClass "kata" not found', "RuntimeClass", 1),
        (KATA, pod(more=", runtimeClassName: kata, nodeSelector: {box: x}"),
         'pods "p" is forbidden: pod rejected: nodeSelector.box doesn\'t match RuntimeClass kata', "RuntimeClass", 3),
        # Overhead counts for quotas, but not for LimitRanges.
        (KATA + LIMITS + QUOTA, pod(more=", runtimeClassName: kata"),
         'pods "p" is forbidden: exceeded quota: q, requested: requests.cpu=1250m, used: requests.cpu=0, '
         "limited: requests.cpu=1", "ResourceQuota", 7),
        (KATA + LIMITS, pod("{limits: {cpu: 2}}", more=", runtimeClassName: kata"), "", "", 0),
        ("", pod().replace("sun", "moon"), 'namespaces "moon" not found', "Namespace", 0),
        ("", pod().replace("sun", "default"), "", "", 0),
    ],
)  # fmt: skip
def test_one_object(setting: str, text: str, message: str, by: str, line: int) -> None:
    [found] = created(setting, text)
    assert (found.message[: len(message)], found.by) == (message, by)
    assert (found.stored is None) is bool(message)
    assert (found.place.line if found.place else 0) == line


def test_what_is_stored_has_what_was_added() -> None:
    priority = "{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: low}, value: 1, globalDefault: true}\n---\n"
    [found] = created(LIMITS + KATA + priority, pod(more=", runtimeClassName: kata"))
    assert found.stored is not None
    spec = found.stored.data["spec"]
    assert spec["containers"][0]["resources"] == {"limits": {"cpu": 1}, "requests": {"cpu": "500m"}}
    assert (spec["overhead"], spec["nodeSelector"]) == ({"cpu": "750m"}, {"box": "kata"})
    assert spec["priorityClassName"] == "low"


@each_row(
    ("setting", "workload", "pods", "message"),
    [
        (LIMITS + QUOTA, one("Deployment", f"{{replicas: 3, {TEMPLATE}}}", version="apps/v1"), 2, "exceeded quota: q"),
        (LIMITS + QUOTA, one("Deployment", f"{{replicas: 2, {TEMPLATE}}}", version="apps/v1"), 2, ""),
        (QUOTA, one("Deployment", f"{{{TEMPLATE}}}", version="apps/v1"), 0, "must specify requests.cpu for: c"),
        (QUOTA.replace("requests.cpu: 1", "count/replicasets.apps: 0"),
         one("Deployment", f"{{{TEMPLATE}}}", version="apps/v1"), 0, "count/replicasets.apps=1"),
        (QUOTA.replace("requests.cpu: 1", "requests.storage: 1Gi"),
         one("StatefulSet", f"{{replicas: 2, serviceName: s, {TEMPLATE}, volumeClaimTemplates: [{{metadata: {{name: v}}, "
             "spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]}", version="apps/v1"),
         1, "requested: requests.storage=1Gi"),
        ("", one("Job", "{parallelism: 3, completions: 2, template: {spec: {restartPolicy: Never, containers: "
                 "[{name: c, image: a}]}}}", version="batch/v1"), 2, ""),
        ("{apiVersion: v1, kind: Node, metadata: {name: node}}\n---\n",
         one("DaemonSet", f"{{{TEMPLATE}}}", version="apps/v1"), 1, ""),
    ],
)  # fmt: skip
def test_workloads_are_accepted_and_get_the_pods_that_fit(
    setting: str, workload: str, pods: int, message: str
) -> None:
    [found] = created(setting, workload)
    assert (found.stored is not None, found.pods) == (True, pods)
    refused = found.pod_refused.message if found.pod_refused else ""
    assert (message in refused) if message else not refused


def test_the_number_of_daemons_depends_on_nodes() -> None:
    with pytest.raises(NotJudged, match="nodes aren't known"):
        created("", one("DaemonSet", f"{{{TEMPLATE}}}", version="apps/v1"))


def test_a_workload_that_is_refused_itself() -> None:
    none = QUOTA.replace("requests.cpu: 1", "count/deployments.apps: 0")
    [found] = created(none, one("Deployment", f"{{{TEMPLATE}}}", version="apps/v1"))
    assert (found.stored, found.pods) == (None, None)
    assert found.message.startswith('deployments.apps "a" is forbidden: exceeded quota: q, ')


def test_what_exists_counts() -> None:
    """Pods of workloads, what controllers create in every Namespace, and no other Namespace."""
    running = one("Deployment", f"{{replicas: 1000000000, {TEMPLATE}}}", version="apps/v1")
    hard = "count/configmaps: 1, pods: 1, count/replicasets.apps: 1, count/deployments.apps: 2"
    server = Server(world(SUN + one("ResourceQuota", f"{{hard: {{{hard}}}}}", "q") + running))
    assert server.quotas_of("sun").standing() == (
        "q: count/configmaps 1 of 1, pods 1G of 1, count/replicasets.apps 1 of 1, count/deployments.apps 1 of 2"
    )


def test_kinds_that_are_not_counted() -> None:
    none = one("ResourceQuota", "{hard: {count/roles.rbac.authorization.k8s.io: 0}}", "q")
    role = "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: a, namespace: sun}}"
    with pytest.raises(NotJudged, match="objects of the kind Role"):
        created(none, role)
    assert created(QUOTA, role)[0].stored is not None


def test_claims_get_the_default_class() -> None:
    setting = one(
        "ResourceQuota", "{hard: {fast.storageclass.storage.k8s.io/requests.storage: 1Gi}}", "q"
    ) + (
        "{apiVersion: storage.k8s.io/v1, kind: StorageClass, provisioner: a.example/b, metadata: {name: fast, "
        "annotations: {storageclass.kubernetes.io/is-default-class: 'true'}}}\n---\n"
    )
    claim = one(
        "PersistentVolumeClaim", "{accessModes: [ReadWriteOnce]%s, resources: {requests: {storage: 2Gi}}}"
    )
    found = created(setting, claim % "", claim % ", storageClassName: slow")
    assert [bool(each.message) for each in found] == [True, False]
