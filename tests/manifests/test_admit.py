"""Would kubectl take it: decoding, defaults and validation in this order."""

from __future__ import annotations

from collections.abc import Callable

from trainer.manifests.admit import admit
from trainer.manifests.model import Manifest
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
