"""Tests of `simulate.server_fields`."""

from __future__ import annotations

from trainer.manifests.model import Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.simulate.server_fields import without_server_annotations, without_server_fields

WRITTEN = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: sun, annotations: {a: b}}
spec:
  containers: [{name: web, image: nginx, volumeMounts: [{name: data, mountPath: /data}]}]
  tolerations: [{key: node.kubernetes.io/not-ready, operator: Exists}]
  volumes: [{name: data, emptyDir: {}}]
"""
FETCHED = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: sun
  uid: 0f4f9d57
  resourceVersion: "48213"
  creationTimestamp: "2026-05-04T09:12:31Z"
  generation: 1
  managedFields: [{manager: kubectl}]
  annotations: {a: b, kubectl.kubernetes.io/last-applied-configuration: "{}"}
spec:
  containers:
  - name: web
    image: nginx
    volumeMounts:
    - {name: data, mountPath: /data}
    - {name: kube-api-access-x7kq2, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true}
  nodeName: node01
  preemptionPolicy: PreemptLowerPriority
  priority: 0
  serviceAccount: default
  serviceAccountName: default
  tolerations:
  - {key: node.kubernetes.io/not-ready, operator: Exists}
  - {effect: NoExecute, key: node.kubernetes.io/not-ready, operator: Exists, tolerationSeconds: 300}
  - {effect: NoExecute, key: node.kubernetes.io/unreachable, operator: Exists, tolerationSeconds: 300}
  volumes:
  - {name: data, emptyDir: {}}
  - {name: kube-api-access-x7kq2, projected: {sources: [{serviceAccountToken: {path: token}}]}}
status: {phase: Running}
"""


def manifest(text: str) -> Manifest:
    return manifests_of(parse(text.encode(), "a.yaml").documents)[0][0]


def test_a_fetched_object_is_the_one_that_was_written() -> None:
    assert without_server_fields(manifest(FETCHED)) == without_server_fields(manifest(WRITTEN))


def test_what_was_written_stays() -> None:
    assert without_server_fields(manifest(WRITTEN)) == manifest(WRITTEN).data


def test_values_of_ones_own_stay() -> None:
    text = FETCHED.replace("serviceAccountName: default", "serviceAccountName: builder").replace(
        "priority: 0", "priority: 5"
    )
    spec = without_server_fields(manifest(text.replace("tolerationSeconds: 300", "tolerationSeconds: 20")))[
        "spec"
    ]
    assert (spec["serviceAccountName"], spec["priority"], len(spec["tolerations"])) == ("builder", 5, 3)


def test_a_mount_of_ones_own_is_kept() -> None:
    text = FETCHED.replace("/var/run/secrets/kubernetes.io/serviceaccount", "/elsewhere")
    mounts = without_server_fields(manifest(text))["spec"]["containers"][0]["volumeMounts"]
    assert [mount["mountPath"] for mount in mounts] == ["/data", "/elsewhere"]


def test_odd_data_does_no_harm() -> None:
    for spec in ("null", "[]", "{containers: 1, volumes: [1], tolerations: {}}"):
        assert without_server_fields(manifest(f"kind: Pod\nmetadata:\nspec: {spec}\n"))["kind"] == "Pod"


def test_annotations_of_controllers_and_network_plugins_are_left_out() -> None:
    text = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  annotations:
    deployment.kubernetes.io/revision: "3"
    kubectl.kubernetes.io/last-applied-configuration: "{}"
"""
    assert without_server_fields(manifest(text))["metadata"] == {"name": "web"}
    assert without_server_annotations(manifest(text)).metadata == {"name": "web"}
    calico = "cni.projectcalico.org/podIP: 10.0.0.7/32, cni.projectcalico.org: kept"
    pod = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: web, annotations: {{a: b, {calico}}}}}\n"
    assert without_server_annotations(manifest(pod)).metadata["annotations"] == {
        "a": "b",
        "cni.projectcalico.org": "kept",
    }
    own = manifest("apiVersion: v1\nkind: Pod\nmetadata: {name: web, annotations: {}}\n")
    assert without_server_annotations(own) is own


def test_a_token_volume_stays_where_the_pod_opts_out() -> None:
    text = FETCHED.replace("spec:\n", "spec:\n  automountServiceAccountToken: false\n")
    spec = without_server_fields(manifest(text))["spec"]
    assert [volume["name"] for volume in spec["volumes"]] == ["data", "kube-api-access-x7kq2"]
    assert len(spec["containers"][0]["volumeMounts"]) == 2


def test_notes_of_kubectl_are_no_change() -> None:
    """Of the object, and of the pods of a workload; other annotations are its author's."""
    plain = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {metadata: {labels: {a: b}}}}\n"
    noted = plain.replace(
        "name: web", "name: web, annotations: {kubernetes.io/change-cause: new image}"
    ).replace(
        "labels: {a: b}", "labels: {a: b}, annotations: {kubectl.kubernetes.io/restartedAt: 2026-05-04}"
    )
    assert without_server_fields(manifest(noted)) == without_server_fields(manifest(plain))
    own = noted.replace("restartedAt: 2026-05-04", "restartedAt: 2026-05-04, mine: x")
    metadata = without_server_fields(manifest(own))["spec"]["template"]["metadata"]
    assert metadata == {"labels": {"a": "b"}, "annotations": {"mine": "x"}}


def test_a_pod_template_may_be_anything() -> None:
    for spec in (
        "[]",
        "{template: x}",
        "{template: {metadata: null}}",
        "{template: {metadata: {annotations: 1}}}",
    ):
        data = manifest(f"apiVersion: apps/v1\nkind: Deployment\nspec: {spec}\n").data
        assert without_server_fields(manifest(f"apiVersion: apps/v1\nkind: Deployment\nspec: {spec}\n")) == {
            **data,
            "metadata": {},
        }


def test_what_a_namespace_and_a_service_get_is_left_out() -> None:
    def data(text: str) -> dict[str, object]:
        (manifest,), _ = manifests_of(parse(text.encode(), "a.yaml").documents)
        return without_server_fields(manifest)

    namespace = "{apiVersion: v1, kind: Namespace, metadata: {name: sun}"
    assert data(f"{namespace}, spec: {{finalizers: [kubernetes]}}}}") == data(f"{namespace}}}")
    assert data(f"{namespace}, spec: {{finalizers: [kubernetes, own/one]}}}}") != data(f"{namespace}}}")
    service = "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80}]"
    got = "clusterIP: 10.96.0.7, clusterIPs: [10.96.0.7], ipFamilies: [IPv4], ipFamilyPolicy: SingleStack"
    assert data(f"{service}, {got}}}}}") == data(f"{service}}}}}")
    for own in ("clusterIP: None", "ipFamilyPolicy: PreferDualStack", "type: NodePort"):
        assert data(f"{service}, {own}}}}}") != data(f"{service}}}}}")
