"""Would kubectl take it: decoding, defaults and validation in this order."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable
from typing import Any

from tests.table import each_row
from trainer.manifests.admit import admit
from trainer.manifests.model import Document, Manifest
from trainer.verdict import Severity
from trainer.versions import DEFAULT

Make = Callable[[str], Manifest]

POD = """
    apiVersion: v1
    kind: Pod
    metadata: {name: a}
    spec:
      containers:
      - name: a
        image: nginx
    """


def test_what_is_taken_is_defaulted(manifest_of: Make) -> None:
    admitted = admit(manifest_of(POD), DEFAULT)
    assert admitted.problems == ()
    assert admitted.manifest is not None
    assert admitted.manifest.namespace == "default"
    assert admitted.manifest.get("spec", "restartPolicy") == "Always"


def test_what_does_not_decode_is_not_validated(manifest_of: Make) -> None:
    text = POD.replace("image: nginx", "Image: nginx").replace("name: a}", "name: A_}")
    admitted = admit(manifest_of(text), DEFAULT)
    assert admitted.manifest is None
    assert [problem.message for problem in admitted.problems] == [
        "unknown field `Image` in `spec.containers[0]`: did you mean `image`?"
    ]


def test_what_is_not_valid_is_refused(manifest_of: Make) -> None:
    admitted = admit(manifest_of(POD.replace("image: nginx", "command: [sh]")), DEFAULT)
    assert admitted.manifest is None
    paths = [problem.location.path for problem in admitted.problems if problem.location is not None]
    assert paths == ["spec.containers[0].image"]


def test_a_warning_does_not_refuse(manifest_of: Make) -> None:
    policy = "{apiVersion: audit.k8s.io/v1, kind: Policy, rules: [{level: None}], ruls: []}"
    admitted = admit(manifest_of(policy), DEFAULT)
    assert admitted.manifest is not None
    assert [problem.severity for problem in admitted.problems] == [Severity.WARNING]


def test_the_namespace_of_a_cluster_scoped_object_is_cleared_before_it_is_validated(
    manifest_of: Make,
) -> None:
    text = "{apiVersion: v1, kind: Namespace, metadata: {name: a, namespace: B_}}"
    admitted = admit(manifest_of(text), DEFAULT)
    assert admitted.problems == ()
    assert admitted.manifest is not None
    assert admitted.manifest.namespace == ""


def test_the_kubelet_drops_unknown_fields_of_a_static_pod(manifest_of: Make) -> None:
    text = POD.replace(
        "image: nginx", "image: nginx\n        Image: other\n        volumeMounts: []\n        stdn: true"
    )
    admitted = admit(manifest_of(text), DEFAULT, static=True)
    assert [problem.severity for problem in admitted.problems] == [Severity.WARNING, Severity.WARNING]
    assert admitted.manifest is not None
    container = admitted.manifest.get("spec", "containers", 0)
    assert (container["image"], "Image" in container, "stdn" in container) == ("nginx", False, False)
    assert manifest_of(text).data["spec"]["containers"][0]["stdn"] is True


def test_no_admission_plugin_looks_at_a_static_pod(manifest_of: Make) -> None:
    for field in ("preemptionPolicy: Never", "priority: 5", "overhead: {cpu: 1m}"):
        pod = manifest_of(POD + f"  {field}\n    ")
        assert admit(pod, DEFAULT).manifest is None, field
        assert admit(pod, DEFAULT, static=True).manifest is not None, field


def test_a_wrong_type_breaks_a_static_pod_as_well(manifest_of: Make) -> None:
    admitted = admit(manifest_of(POD.replace("image: nginx", "image: [nginx]")), DEFAULT, static=True)
    assert admitted.manifest is None


def test_files_of_components_that_read_strictly(manifest_of: Make) -> None:
    """Which loader is strict: see `schema.extra`."""
    for head, rest, accepted in (
        ("apiserver.config.k8s.io/v1, kind: AdmissionConfiguration", "plugins: []", False),
        ("apiserver.config.k8s.io/v1, kind: AuthenticationConfiguration", "jwt: []", False),
        ("audit.k8s.io/v1, kind: Policy", "rules: [{level: None}]", True),
        ("kubelet.config.k8s.io/v1beta1, kind: KubeletConfiguration", "readOnlyPort: 0", True),
        ("v1, kind: Config", "users: []", True),
    ):
        right = f"{{apiVersion: {head}, {rest}}}"
        assert admit(manifest_of(right), DEFAULT).manifest is not None, head
        for wrong in (f"{{apiVersion: {head}, {rest}, foo: 1}}", f"{{apiVersion: {head}, {rest}, {rest}}}"):
            assert (admit(manifest_of(wrong), DEFAULT).manifest is not None) is accepted, wrong


def test_the_kubelet_drops_unknown_fields_of_its_configuration(manifest_of: Make) -> None:
    text = "{apiVersion: kubelet.config.k8s.io/v1beta1, kind: KubeletConfiguration, readonlyPort: 0, port: 1}"
    admitted = admit(manifest_of(text), DEFAULT)
    assert admitted.manifest is not None
    assert "readonlyPort" not in admitted.manifest.data
    assert [problem.severity for problem in admitted.problems] == [Severity.WARNING]


def test_an_empty_text_is_refused_unless_a_default_replaces_it(manifest_of: Make) -> None:
    """pkg/apis/*/v1/defaults.go (v1.36) replaces an empty text only if the field isn't a pointer."""
    taken = "dnsPolicy", "restartPolicy", "schedulerName", "serviceAccountName", "priorityClassName"
    refused = "preemptionPolicy", "runtimeClassName"
    for field in (*taken, *refused):
        admitted = admit(manifest_of(POD + f"  {field}: ''\n    "), DEFAULT)
        assert (admitted.manifest is not None) == (field in taken), field


LABELS = {"matchLabels": {"a": "b"}}
CONTAINER = {
    "name": "c",
    "image": "x",
    "ports": [{"containerPort": 80}],
    "securityContext": {},
    "volumeMounts": [{"name": "v", "mountPath": "/v"}],
}
TEMPLATE = {
    "metadata": {"labels": {"a": "b"}},
    "spec": {
        "containers": [CONTAINER],
        "volumes": [{"name": "v", "hostPath": {"path": "/v"}}],
        "tolerations": [{"operator": "Exists"}],
    },
}
ONCE = {"spec": {**TEMPLATE["spec"], "restartPolicy": "Never"}}
RULE = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["*"], "resources": ["pods"]}
HOOK = {
    "name": "a.b.c",
    "admissionReviewVersions": ["v1"],
    "sideEffects": "None",
    "clientConfig": {"url": "https://a"},
    "rules": [RULE],
}
ROLE = {"kind": "ClusterRole", "name": "view"}
STORAGE = {"accessModes": ["ReadWriteOnce"]}
REQUEST = {"resources": {"requests": {"storage": "1Gi"}}}


def written(api_version: str, **fields: Any) -> dict[str, Any]:
    """An object without its kind."""
    return {"apiVersion": api_version, "metadata": {"name": "a"}, **fields}


FULL = {
    "Deployment": written("apps/v1", spec={"selector": LABELS, "template": TEMPLATE, "strategy": {}}),
    "StatefulSet": written("apps/v1", spec={"selector": LABELS, "template": TEMPLATE}),
    "Job": written("batch/v1", spec={"template": ONCE}),
    "CronJob": written(
        "batch/v1", spec={"schedule": "* * * * *", "jobTemplate": {"spec": {"template": ONCE}}}
    ),
    "Service": written("v1", spec={"ports": [{"port": 80}]}),
    "NetworkPolicy": written("networking.k8s.io/v1", spec={"ingress": [{"ports": [{"port": 80}]}]}),
    "IngressClass": written(
        "networking.k8s.io/v1", spec={"controller": "a/b", "parameters": {"kind": "P", "name": "p"}}
    ),
    "EndpointSlice": written("discovery.k8s.io/v1", addressType="IPv4", endpoints=[], ports=[{"port": 80}]),
    "Endpoints": written("v1", subsets=[{"addresses": [{"ip": "10.1.2.3"}], "ports": [{"port": 80}]}]),
    "PersistentVolumeClaim": written("v1", spec={**STORAGE, **REQUEST}),
    "PersistentVolume": written(
        "v1", spec={**STORAGE, "capacity": {"storage": "1Gi"}, "hostPath": {"path": "/v"}}
    ),
    "StorageClass": written("storage.k8s.io/v1", provisioner="a/b"),
    "PriorityClass": written("scheduling.k8s.io/v1", value=1),
    "PodDisruptionBudget": written("policy/v1", spec={"minAvailable": 1}),
    "ClusterRoleBinding": written("rbac.authorization.k8s.io/v1", roleRef=ROLE),
    "ValidatingWebhookConfiguration": written("admissionregistration.k8s.io/v1", webhooks=[HOOK]),
    "MutatingWebhookConfiguration": written("admissionregistration.k8s.io/v1", webhooks=[HOOK]),
    "ValidatingAdmissionPolicy": written(
        "admissionregistration.k8s.io/v1",
        spec={"matchConstraints": {"resourceRules": [RULE]}, "validations": [{"expression": "true"}]},
    ),
}
"""An object of each kind that the API server takes, by its kind."""


def refusals(kind: str, data: dict[str, Any]) -> list[str]:
    """The paths of what an object is refused for."""
    whole = {"kind": kind, **data}
    problems = admit(Manifest(whole, Document(whole, "a.yaml", 1, 1, {})), DEFAULT).problems
    return [problem.location.path if problem.location else "" for problem in problems]


@each_row(
    ("kind", "path", "good"),
    [
        ("Deployment", "spec.strategy.type", True),
        ("Deployment", "spec.strategy.rollingUpdate.maxUnavailable", False),
        ("Deployment", "spec.strategy.rollingUpdate.maxSurge", False),
        ("Deployment", "spec.template.spec.containers[0].imagePullPolicy", True),
        ("Deployment", "spec.template.spec.containers[0].ports[0].protocol", True),
        ("Deployment", "spec.template.spec.containers[0].securityContext.procMount", False),
        ("Deployment", "spec.template.spec.containers[0].volumeMounts[0].mountPropagation", False),
        ("Deployment", "spec.template.spec.containers[0].volumeMounts[0].recursiveReadOnly", False),
        ("Deployment", "spec.template.spec.securityContext.fsGroupChangePolicy", False),
        ("Deployment", "spec.template.spec.tolerations[0].effect", True),
        ("Deployment", "spec.template.spec.volumes[0].hostPath.type", True),
        ("Job", "spec.completionMode", False),
        ("Job", "spec.podReplacementPolicy", False),
        ("CronJob", "spec.concurrencyPolicy", True),
        ("StatefulSet", "spec.podManagementPolicy", True),
        ("StatefulSet", "spec.persistentVolumeClaimRetentionPolicy.whenDeleted", True),
        ("Service", "spec.type", True),
        ("Service", "spec.sessionAffinity", True),
        ("Service", "spec.ports[0].protocol", True),
        ("Service", "spec.internalTrafficPolicy", False),
        ("Service", "spec.ipFamilyPolicy", False),
        ("NetworkPolicy", "spec.ingress[0].ports[0].protocol", False),
        ("IngressClass", "spec.parameters.scope", False),
        ("EndpointSlice", "ports[0].protocol", False),
        ("Endpoints", "subsets[0].ports[0].protocol", True),
        ("PersistentVolumeClaim", "spec.volumeMode", False),
        ("PersistentVolumeClaim", "spec.storageClassName", True),
        ("PersistentVolume", "spec.persistentVolumeReclaimPolicy", True),
        ("StorageClass", "reclaimPolicy", True),
        ("StorageClass", "volumeBindingMode", False),
        ("PriorityClass", "preemptionPolicy", False),
        ("PodDisruptionBudget", "spec.unhealthyPodEvictionPolicy", False),
        ("ClusterRoleBinding", "roleRef.apiGroup", True),
        ("ValidatingWebhookConfiguration", "webhooks[0].failurePolicy", False),
        ("ValidatingWebhookConfiguration", "webhooks[0].matchPolicy", False),
        ("ValidatingWebhookConfiguration", "webhooks[0].rules[0].scope", False),
        ("MutatingWebhookConfiguration", "webhooks[0].reinvocationPolicy", False),
        ("ValidatingAdmissionPolicy", "spec.failurePolicy", False),
        ("ValidatingAdmissionPolicy", "spec.validations[0].reason", False),
    ],
)
def test_an_empty_text_by_kind(kind: str, path: str, good: bool) -> None:
    data: dict[str, Any] = copy.deepcopy(FULL[kind])
    assert refusals(kind, data) == []
    words = path.replace("[", ".").replace("]", "").split(".")
    steps = [int(word) if word.isdigit() else word for word in words]
    node: Any = data
    for step, following in itertools.pairwise(steps):
        if isinstance(node, dict):
            node = node.setdefault(step, [] if isinstance(following, int) else {})
        else:
            node = node[step]
    node[steps[-1]] = ""
    assert refusals(kind, data) == ([] if good else [path])


def test_the_kubelet_decides_the_node_of_a_static_pod(manifest_of: Make) -> None:
    text = POD.replace("containers:", "nodeName: other\n      containers:")
    for static, node in ((True, None), (False, "other")):
        admitted = admit(manifest_of(text), DEFAULT, static=static).manifest
        assert admitted is not None
        assert admitted.get("spec", "nodeName") == node


def test_every_registered_version_of_a_configuration_is_accepted(manifest_of: Make) -> None:
    """k8s.io/apiserver pkg/apis/apiserver/{v1,v1beta1,v1alpha1}/register.go, v1.35 to v1.37."""
    for version in ("v1", "v1beta1", "v1alpha1"):
        for kind, field in (("Authentication", "jwt"), ("Authorization", "authorizers")):
            head = f"apiVersion: apiserver.config.k8s.io/{version}, kind: {kind}Configuration"
            assert admit(manifest_of(f"{{{head}, {field}: []}}"), DEFAULT).manifest is not None
