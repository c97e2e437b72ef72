"""Tests of `grading.apply`: what `kubectl apply` makes of an object that exists."""

from __future__ import annotations

from tests.table import each_row
from trainer.grading.apply import update_problems, updated
from trainer.manifests.admit import admit
from trainer.manifests.model import Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.verdict import Problem
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
WAITING = POD.replace("nodeName: node-1", "restartPolicy: Always")
SCHEDULED = (
    "nodeName: node-1\n  priority: 0\n  preemptionPolicy: PreemptLowerPriority\n  serviceAccount: default"
)
"""What a Pod of a cluster shows besides what its author wrote."""
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


def problems_of(before: Manifest, after: Manifest) -> list[Problem]:
    """Why the update is refused."""
    return update_problems(before, after, DEFAULT)


def applied(before: Manifest, after: Manifest) -> Manifest:
    """The object after the update, whatever is to say about it."""
    return updated(before, after, DEFAULT)[0]


def raw(text: str) -> Manifest:
    """An object as it is written: neither validated nor defaulted."""
    return manifests_of(parse(text.encode(), "a.yaml").documents)[0][0]


ROLE = "{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: a}"
TEMPLATE = "template: {metadata: {labels: {app: a, more: b}}, spec: {containers: [{name: a, image: nginx}]}}"
WORKLOAD = f"{{selector: {{matchLabels: {{app: a}}}}, {TEMPLATE}}}"
JOB = "{completions: 1, template: {spec: {restartPolicy: Never, containers: [{name: a, image: nginx}]}}}"
GROUPS = {
    "ClusterRoleBinding": "rbac.authorization.k8s.io/v1",
    "RuntimeClass": "node.k8s.io/v1",
    "PriorityClass": "scheduling.k8s.io/v1",
    "StorageClass": "storage.k8s.io/v1",
    "ControllerRevision": "apps/v1",
    "ReplicaSet": "apps/v1",
    "DaemonSet": "apps/v1",
    "Job": "batch/v1",
    "IngressClass": "networking.k8s.io/v1",
}


def refused(before: str, old: str, new: str) -> list[str]:
    one, two = manifest(before), manifest(before.replace(old, new))
    assert one.data != two.data
    return [problem.location.path for problem in problems_of(one, applied(one, two)) if problem.location]


@each_row(
    ("kind", "fields", "change", "path"),
    [
        ("ClusterRoleBinding", f"roleRef: {ROLE}", ("name: a}", "name: b}"), "roleRef"),
        ("RuntimeClass", "handler: runc", ("runc", "runsc"), "handler"),
        ("PriorityClass", "value: 5", ("5", "6"), "value"),
        (
            "PriorityClass",
            "value: 5\npreemptionPolicy: Never",
            ("Never", "PreemptLowerPriority"),
            "preemptionPolicy",
        ),
        ("StorageClass", "provisioner: a.b/c", ("a.b/c", "a.b/d"), "provisioner"),
        ("StorageClass", "provisioner: a\nparameters: {x: z}", ("x: z", "x: w"), "parameters"),
        ("StorageClass", "provisioner: a\nreclaimPolicy: Delete", ("Delete", "Retain"), "reclaimPolicy"),
        (
            "StorageClass",
            "provisioner: a\nvolumeBindingMode: Immediate",
            ("Immediate", "WaitForFirstConsumer"),
            "volumeBindingMode",
        ),
        ("ControllerRevision", "revision: 1\ndata: {a: b}", ("a: b", "a: c"), "data"),
        (
            "ReplicaSet",
            f"spec: {WORKLOAD}",
            ("matchLabels: {app: a}", "matchLabels: {more: b}"),
            "spec.selector",
        ),
        (
            "DaemonSet",
            f"spec: {WORKLOAD}",
            ("matchLabels: {app: a}", "matchLabels: {more: b}"),
            "spec.selector",
        ),
        ("Job", f"spec: {JOB}", ("image: nginx", "image: caddy"), "spec.template"),
        (
            "Job",
            f"spec: {JOB}",
            ("completions: 1", "completionMode: Indexed, completions: 1"),
            "spec.completionMode",
        ),
        (
            "Job",
            f"spec: {JOB}",
            (
                "completions: 1",
                "completions: 1, podFailurePolicy: {rules: [{action: Ignore, onPodConditions: [{type: A}]}]}",
            ),
            "spec.podFailurePolicy",
        ),
        ("Job", f"spec: {JOB}", ("completions: 1", "managedBy: a.b/c, completions: 1"), "spec.managedBy"),
        ("IngressClass", "spec: {controller: a.b/c}", ("a.b/c", "a.b/d"), "spec.controller"),
        (
            "PersistentVolumeClaim",
            "spec: {volumeName: a, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}",
            ("volumeName: a", "volumeName: b"),
            "spec.volumeName",
        ),
        ("ConfigMap", "immutable: true\nbinaryData: {a: Yg==}", ("Yg==", "Yw=="), "binaryData"),
        ("Secret", "immutable: true\ndata: {a: Yg==}", ("Yg==", "Yw=="), "data"),
    ],
)
def test_what_stays_for_ever(kind: str, fields: str, change: tuple[str, str], path: str) -> None:
    text = f"apiVersion: {GROUPS.get(kind, 'v1')}\nkind: {kind}\nmetadata: {{name: a}}\n{fields}\n"
    assert refused(text, *change) == [path]
    assert refused(text, "metadata: {name: a}", "metadata: {name: a, labels: {x: z}}") == []


def test_what_may_change_beside_it() -> None:
    assert refused(CONFIG.replace("immutable: true\n", ""), "data: {a: b}", "data: {a: c}") == []
    assert (
        refused(CONFIG.replace("immutable: true", "immutable: false"), "immutable: false", "immutable: true")
        == []
    )
    job = f"apiVersion: batch/v1\nkind: Job\nmetadata: {{name: a}}\nspec: {JOB}\n"
    assert refused(job, "completions: 1", "completions: 1, parallelism: 2") == []
    assert refused(job, "completions: 1", "completions: 1, suspend: true") == []
    spec = STATEFUL.replace("replicas: 1", "replicas: 1\n  minReadySeconds: 1\n  revisionHistoryLimit: 5")
    for old, new in (
        ("minReadySeconds: 1", "minReadySeconds: 2"),
        ("Limit: 5", "Limit: 6"),
        ("image: nginx", "image: caddy"),
    ):
        assert refused(spec, old, new) == []
    for more in (
        "ordinals: {start: 3}",
        "updateStrategy: {type: OnDelete}",
        "persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete}",
    ):
        assert refused(STATEFUL, "replicas: 1", f"replicas: 1\n  {more}") == []
    assert refused(STATEFUL, "replicas: 1", "replicas: 1\n  podManagementPolicy: Parallel") == [
        "spec.podManagementPolicy"
    ]


def test_init_containers_may_change_their_image_only() -> None:
    pod = POD.replace("  containers:", "  initContainers:\n    - {name: i, image: b:1}\n  containers:")
    assert refused(pod, "b:1", "b:2") == []
    assert refused(pod, "image: b:1", "image: b:1, tty: true") == ["spec.initContainers"]
    assert refused(
        pod, "    - {name: i, image: b:1}\n", "    - {name: i, image: b:1}\n    - {name: j, image: b}\n"
    ) == ["spec.initContainers"]


def test_a_signing_request_keeps_its_spec() -> None:
    text = (
        "apiVersion: certificates.k8s.io/v1\nkind: CertificateSigningRequest\nmetadata: {name: a}\n"
        "spec: {request: YQ==, signerName: kubernetes.io/kube-apiserver-client, usages: [client auth]}\n"
    )
    one = raw(text)
    two = raw(text.replace("client auth", "server auth").replace("name: a", "name: a, labels: {b: c}"))
    after = applied(one, two)
    assert after.get("spec") == one.get("spec")
    assert after.labels == {"b": "c"}
    assert problems_of(one, after) == []


@each_row(
    ("kind", "fields", "path"),
    [
        (
            "Service",
            "spec: {clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1], ports: [{port: 80}]}",
            ("spec", "clusterIPs"),
        ),
        (
            "Service",
            "spec: {healthCheckNodePort: 30000, ports: [{port: 80}]}",
            ("spec", "healthCheckNodePort"),
        ),
        ("PersistentVolumeClaim", "spec: {volumeName: v}", ("spec", "volumeName")),
        ("Pod", "status: {phase: Running}", ("status",)),
        ("Pod", "spec: {nodeName: n}", ("spec", "nodeName")),
    ],
)
def test_what_only_the_server_writes_stays(kind: str, fields: str, path: tuple[str, ...]) -> None:
    head = f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: a}}\n"
    one, two = raw(head + fields), raw(head)
    assert applied(one, two).get(*path) == one.get(*path)
    assert applied(two, two) is two
    other = raw(head + fields.replace("30000", "30001").replace("Name: v", "Name: w"))
    assert applied(one, other).get(*path) == other.get(*path)


@each_row(
    ("before", "old", "new", "path"),
    [
        (POD, "image: nginx:1", "image: nginx:1, stdin: true", "spec.containers"),
        (POD, "containers:", "hostPID: true\n  containers:", "spec.hostPID"),
        (POD, "nodeName: node-1", "terminationGracePeriodSeconds: 5", "spec.terminationGracePeriodSeconds"),
        (POD, "nodeName: node-1", "schedulingGates: [{name: a.b/c}]", "spec.schedulingGates"),
        (POD, "nodeName: node-1", "nodeName: node-2", "spec.nodeName"),
        (WAITING, "restartPolicy: Always", f"{SCHEDULED}\n  hostPID: true", "spec.hostPID"),
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


@each_row(
    ("before", "old", "new"),
    [
        (POD, "nginx:1", "nginx:2"),
        (POD, "metadata: {name: a}", "metadata: {name: a, labels: {x: z}}"),
        (POD, "  nodeName: node-1\n", ""),
        (WAITING, "restartPolicy: Always", SCHEDULED),
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
        (
            TOLERANT.replace("Exists}", "Exists, effect: NoExecute, tolerationSeconds: 5}"),
            "tolerationSeconds: 5",
            "tolerationSeconds: 60",
        ),
        (POD, "image: nginx:1", "image: nginx:1, stdin: false, workingDir: ''"),
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
    assert applied(one, two).get("spec", "clusterIP") == "10.0.0.1"
    assert two.get("spec", "clusterIP") != "10.0.0.1"


def test_a_key_that_is_null_is_gone() -> None:
    before = manifest(CONFIG.replace("immutable: true\n", ""))
    after = manifest(CONFIG.replace("immutable: true\n", "").replace("{a: b}", "{a: null, c: d}"))
    assert after.data["data"] == {"a": "", "c": "d"}
    assert applied(before, after).data["data"] == {"c": "d"}
    kept = manifest(CONFIG.replace("{a: b}", "{a: b, c: null}"))
    assert problems_of(manifest(CONFIG), applied(manifest(CONFIG), kept)) == []


def test_what_the_manifest_no_longer_says_is_gone() -> None:
    one = manifest(DEPLOYMENT.replace("image: nginx", "image: nginx, stdin: true"))
    assert (
        applied(one, manifest(DEPLOYMENT)).get("spec", "template", "spec", "containers", 0, "stdin") is None
    )


def test_the_refusal_says_what_to_do() -> None:
    one, two = manifest(BINDING), manifest(BINDING.replace("name: a}\nsub", "name: b}\nsub"))
    problem = problems_of(one, two)[0]
    assert (
        problem.message
        == "The API server refuses to change roleRef of RoleBinding default/a, which already exists."
    )
    assert "delete the object" in problem.remedy


def test_fields_that_were_never_set_or_are_gone() -> None:
    """Objects as they are written: a live one may be older than a default."""
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {%s}\n"
    for old, new, field in (
        ("tolerations: [{key: a}]", "", "tolerations"),
        ("", "terminationGracePeriodSeconds: 5", "terminationGracePeriodSeconds"),
        ("", "schedulingGates: [{name: a.b/c}]", "schedulingGates"),
    ):
        found = problems_of(raw(pod % old), raw(pod % new))
        assert [one.message for one in found] == [
            f"The API server refuses to change spec.{field} of Pod a, which already exists."
        ]


@each_row(
    ("kind", "path", "old", "new"),
    [
        ("Job", "spec.selector", {"matchLabels": {"a": "b"}}, {"matchLabels": {"a": "c"}}),
        ("Job", "spec.successPolicy", {"rules": [{"succeededCount": 1}]}, {"rules": [{"succeededCount": 2}]}),
        ("Job", "spec.backoffLimitPerIndex", 1, 2),
        ("Job", "spec.managedBy", "a.b/c", "a.b/d"),
        ("PersistentVolumeClaim", "spec.accessModes", ["ReadWriteOnce"], ["ReadWriteMany"]),
        ("PersistentVolumeClaim", "spec.dataSource", {"name": "a"}, {"name": "b"}),
        ("PersistentVolumeClaim", "spec.dataSourceRef", {"name": "a"}, {"name": "b"}),
        ("PersistentVolumeClaim", "spec.volumeMode", "Block", "Filesystem"),
        ("PersistentVolumeClaim", "spec.resources.limits", {"storage": "1Gi"}, {"storage": "2Gi"}),
        ("PersistentVolume", "spec.volumeMode", "Block", "Filesystem"),
        ("CustomResourceDefinition", "spec.scope", "Cluster", "Namespaced"),
        ("CustomResourceDefinition", "spec.names.kind", "Widget", "Gadget"),
        ("ControllerRevision", "data", {"a": 1}, {"a": 2}),
        ("IngressClass", "spec.controller", "a.b/c", "a.b/d"),
    ],
)
def test_each_field_that_stays_alone(kind: str, path: str, old: object, new: object) -> None:
    """A value that is changed, set or taken away; the fields around it may change."""
    steps = path.split(".")

    def holding(value: object) -> Manifest:
        data = raw(f"apiVersion: x/v1\nkind: {kind}\nmetadata: {{name: a}}\n").data
        around = {**data, "metadata": {"name": "a", "labels": {"is": str(value)}}}
        for step in reversed(steps):
            value = {} if value is None else {step: value}
        assert isinstance(value, dict)
        found = raw(f"apiVersion: x/v1\nkind: {kind}\nmetadata: {{name: a}}\n")
        return found.with_data({**around, **value})

    for one, two in ((old, new), (new, old), (old, None), (None, new)):
        found = problems_of(holding(one), holding(two))
        assert [problem.message for problem in found] == [
            f"The API server refuses to change {path} of {holding(one).title}, which already exists."
        ]
    assert problems_of(holding(old), holding(old)) == []


@each_row("kind", ["ConfigMap", "Secret"])
@each_row("field", ["data", "binaryData", "immutable"])
def test_what_is_immutable_stays_whole(kind: str, field: str) -> None:
    text = f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: a}}\n"
    full = {"data": {"a": "b"}, "binaryData": {"c": "ZA=="}, "immutable": True}
    before = raw(text).with_data({**raw(text).data, **full})
    after = raw(text).with_data({name: value for name, value in before.data.items() if name != field})
    assert [one.message for one in problems_of(before, after)] == [
        f"The API server refuses to change {field} of {kind} a, which already exists."
    ]
    assert [one.message for one in problems_of(after, before)] == (
        []
        if field == "immutable"
        else [f"The API server refuses to change {field} of {kind} a, which already exists."]
    )


def test_only_such_objects_are_immutable() -> None:
    text = "apiVersion: v1\nkind: Endpoints\nmetadata: {name: a}\nimmutable: true\ndata: {a: b}\n"
    assert problems_of(raw(text), raw(text.replace("a: b", "a: c"))) == []


def test_the_status_of_a_custom_resource_is_what_was_written_last() -> None:
    """Without a status subresource the status is a field as any other."""
    text = "apiVersion: a.b/v1\nkind: Widget\nmetadata: {name: a}\n"
    old, new = raw(text + "status: {is: old}\n"), raw(text + "status: {is: new}\n")
    assert applied(old, new).data["status"] == {"is": "new"}
    assert applied(raw(text), new).data["status"] == {"is": "new"}
    assert applied(old, raw(text)).data["status"] == {"is": "old"}


@each_row(
    ("field", "old", "new", "may_change"),
    [
        ("activeDeadlineSeconds", 50, 50, True),
        ("activeDeadlineSeconds", 50, 49, True),
        ("activeDeadlineSeconds", 50, 51, False),
        ("activeDeadlineSeconds", 0, None, False),
        ("activeDeadlineSeconds", None, 50, True),
        ("terminationGracePeriodSeconds", -1, -1, True),
        ("terminationGracePeriodSeconds", -1, 1, True),
        ("terminationGracePeriodSeconds", -2, 1, True),
        ("terminationGracePeriodSeconds", -1, 0, False),
        ("terminationGracePeriodSeconds", -1, None, False),
        ("terminationGracePeriodSeconds", 0, 1, False),
        ("terminationGracePeriodSeconds", None, 1, False),
        ("tolerations", None, [{"key": "a"}], True),
        ("tolerations", [{"key": "a"}], None, False),
        ("tolerations", [{"key": "a"}], [{"key": "b"}], False),
        ("tolerations", [{"key": "a", "tolerationSeconds": 1}], [{"key": "a"}], True),
        ("schedulingGates", [{"name": "a"}], None, True),
        ("schedulingGates", [{"name": "a"}], [{"name": "a"}], True),
        ("schedulingGates", [{"name": "a"}], [{"name": "a"}, {"name": "b"}], False),
        ("hostname", "a", "b", False),
        ("hostname", None, "", True),
    ],
)
def test_each_direction_of_the_fields_of_a_pod(
    field: str, old: object, new: object, may_change: bool
) -> None:
    def pod(value: object) -> Manifest:
        found = raw("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n")
        return found.with_data({**found.data, "spec": {} if value is None else {field: value}})

    found = problems_of(pod(old), pod(new))
    assert [one.message.split()[6] for one in found] == ([] if may_change else [f"spec.{field}"])


def test_a_service_without_external_addresses_has_no_policy_for_them() -> None:
    head = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n"
    text = head + "spec: {externalIPs: [198.51.100.20], ports: [{port: 80}]}\n"
    one, two = manifest(text), manifest(text.replace("externalIPs: [198.51.100.20], ", ""))
    after = applied(one, two)
    assert one.get("spec", "externalTrafficPolicy") == "Cluster"
    assert after.get("spec", "externalTrafficPolicy") is None
    assert problems_of(one, two) == []
