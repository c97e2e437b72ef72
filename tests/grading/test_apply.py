"""Tests of `grading.apply`: what `kubectl apply` makes of an object that exists."""

from __future__ import annotations

import pytest

from trainer.grading.apply import update_problems, updated
from trainer.manifests.admit import admit
from trainer.manifests.model import Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.versions import DEFAULT

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  nodeName: node-1
  containers:
    - {name: a, image: nginx:1}
"""
TOLERANT = POD.replace("nodeName: node-1", "tolerations: [{key: a, operator: Exists}]")
GRACE = "spec.terminationGracePeriodSeconds"
LIMITED = POD.replace("nodeName: node-1", "activeDeadlineSeconds: 50")
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: a}
spec: {clusterIP: 10.0.0.1, ports: [{port: 80}]}
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  replicas: 1
  selector: {matchLabels: {app: a}}
  template:
    metadata: {labels: {app: a, more: b}}
    spec: {containers: [{name: a, image: nginx}]}
"""
BINDING = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: a}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: a}
subjects: []
"""
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nimmutable: true\ndata: {a: b}\n"
SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ntype: Opaque\nstringData: {a: b}\n"
STATEFUL = """\
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: a}
spec:
  replicas: 1
  serviceName: a
  selector: {matchLabels: {app: a}}
  template:
    metadata: {labels: {app: a}}
    spec: {containers: [{name: a, image: nginx}]}
"""
CLAIM = """\
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: a}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
"""


def manifest(text: str) -> Manifest:
    found = admit(manifests_of(parse(text.encode(), "a.yaml").documents)[0][0], DEFAULT)
    assert found.manifest is not None, found.problems
    return found.manifest


def refused(before: str, old: str, new: str) -> list[str]:
    one, two = manifest(before), manifest(before.replace(old, new))
    assert one.data != two.data
    return [problem.location.path for problem in update_problems(one, updated(one, two)) if problem.location]


@pytest.mark.parametrize(
    ("before", "old", "new", "path"),
    [
        (POD, "image: nginx:1", "image: nginx:1, stdin: true", "spec.containers"),
        (POD, "containers:", "hostPID: true\n  containers:", "spec.hostPID"),
        (POD, "nodeName: node-1", "terminationGracePeriodSeconds: 5", "spec.terminationGracePeriodSeconds"),
        (POD, "nodeName: node-1", "schedulingGates: [{name: a.b/c}]", "spec.schedulingGates"),
        (TOLERANT, "tolerations: [{key: a, operator: Exists}]", "tolerations: []", "spec.tolerations"),
        (LIMITED, "activeDeadlineSeconds: 50", "activeDeadlineSeconds: 60", "spec.activeDeadlineSeconds"),
        (DEPLOYMENT, "matchLabels: {app: a}", "matchLabels: {more: b}", "spec.selector"),
        (BINDING, "name: a}\nsub", "name: b}\nsub", "roleRef"),
        (SERVICE, "10.0.0.1", "10.0.0.2", "spec.clusterIP"),
        (CONFIG, "data: {a: b}", "data: {a: c}", "data"),
        (CONFIG, "immutable: true", "immutable: false", "immutable"),
        (SECRET, "Opaque", "example.com/a", "type"),
        (STATEFUL, "serviceName: a", "serviceName: b", "spec.serviceName"),
        (LIMITED, "  activeDeadlineSeconds: 50\n", "", "spec.activeDeadlineSeconds"),
        (POD.replace("nodeName: node-1", "terminationGracePeriodSeconds: -1"), "-1", "2", GRACE),
        (
            POD.replace("nodeName: node-1", "terminationGracePeriodSeconds: 0"),
            "Seconds: 0",
            "Seconds: 1",
            GRACE,
        ),
        (
            POD.replace("nodeName: node-1", "terminationGracePeriodSeconds: 9"),
            "Seconds: 9",
            "Seconds: 1",
            GRACE,
        ),
        (CLAIM, "spec: {", "spec: {selector: {matchLabels: {a: b}}, ", "spec.selector"),
        (CLAIM, "spec: {", "spec: {volumeMode: Block, ", "spec.volumeMode"),
        (CLAIM.replace("spec: {", 'spec: {storageClassName: "", '), '""', "fast", "spec.storageClassName"),
        (
            CLAIM.replace("spec: {", "spec: {storageClassName: slow, "),
            "slow",
            "fast",
            "spec.storageClassName",
        ),
    ],
)
def test_what_an_update_may_not_change(before: str, old: str, new: str, path: str) -> None:
    assert refused(before, old, new) == [path]


@pytest.mark.parametrize(
    ("before", "old", "new"),
    [
        (POD, "nginx:1", "nginx:2"),
        (POD, "metadata: {name: a}", "metadata: {name: a, labels: {x: z}}"),
        (POD, "  nodeName: node-1\n", ""),
        (POD, "nodeName: node-1", "activeDeadlineSeconds: 5"),
        (LIMITED, "activeDeadlineSeconds: 50", "activeDeadlineSeconds: 40"),
        (LIMITED, "metadata: {name: a}", "metadata: {name: a, labels: {x: z}}"),
        (POD.replace("nodeName: node-1", "terminationGracePeriodSeconds: -1"), "-1", "1"),
        (POD.replace("nodeName: node-1", "schedulingGates: [{name: a.b/c}]"), "[{name: a.b/c}]", "[]"),
        (CLAIM, "spec: {", "spec: {storageClassName: fast, "),
        (CLAIM, "1Gi", "2Gi"),
        (SERVICE.replace("clusterIP: 10.0.0.1, ", ""), "spec: {", "spec: {clusterIP: 10.0.0.1, "),
        (
            TOLERANT,
            "[{key: a, operator: Exists}]",
            "[{key: b, operator: Exists}, {key: a, operator: Exists}]",
        ),
        (DEPLOYMENT, "image: nginx", "image: nginx, stdin: true"),
        (BINDING, "subjects: []", "subjects: [{kind: ServiceAccount, name: x, namespace: z}]"),
        (SERVICE, "clusterIP: 10.0.0.1, ", ""),
        (CONFIG, "metadata: {name: a}", "metadata: {name: a, labels: {x: z}}"),
        (SECRET, "{a: b}", "{a: c}"),
        (STATEFUL, "replicas: 1", "replicas: 2"),
    ],
)
def test_what_an_update_may_change(before: str, old: str, new: str) -> None:
    assert refused(before, old, new) == []


def test_what_the_server_wrote_stays() -> None:
    one, two = manifest(SERVICE), manifest(SERVICE.replace("clusterIP: 10.0.0.1, ", ""))
    assert updated(one, two).get("spec", "clusterIP") == "10.0.0.1"
    assert two.get("spec", "clusterIP") != "10.0.0.1"


def test_what_the_manifest_no_longer_says_is_gone() -> None:
    one = manifest(DEPLOYMENT.replace("image: nginx", "image: nginx, stdin: true"))
    assert (
        updated(one, manifest(DEPLOYMENT)).get("spec", "template", "spec", "containers", 0, "stdin") is None
    )


def test_the_refusal_says_what_to_do() -> None:
    one, two = manifest(BINDING), manifest(BINDING.replace("name: a}\nsub", "name: b}\nsub"))
    problem = update_problems(one, two)[0]
    assert (
        problem.message
        == "The API server refuses to change roleRef of RoleBinding default/a, which already exists."
    )
    assert "delete the object" in problem.remedy
