"""Which files a container finds in its volumes of API objects."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.errors import NotJudged
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.api_files import files_of, has_fs_group, keys_of, mounted_files
from trainer.simulate.workloads import PodTemplate

SECRET = "{kind: Secret, metadata: {name: s, namespace: sun}, data: {a: eA==}, stringData: {b: x, a: y}}"
TOKEN = "{kind: Secret, metadata: {name: t, namespace: sun}, type: kubernetes.io/service-account-token}"
CONFIG = "{kind: ConfigMap, metadata: {name: c, namespace: sun}, data: {a: x}, binaryData: {z: eA==}}"


def manifests(*texts: str) -> list[Manifest]:
    documents = [parse(text.encode(), "x.yaml").documents[0] for text in texts]
    return [Manifest(document.value, document) for document in documents]


def pod(spec: str) -> PodTemplate:
    return PodTemplate(
        manifests(f"{{kind: Pod, metadata: {{name: p, namespace: sun}}, spec: {spec}}}")[0], ()
    )


OBJECTS = manifests(SECRET, TOKEN, CONFIG)


@each_row(
    ("kind", "name", "expected"),
    [
        ("Secret", "s", ["a", "b"]),
        ("Secret", "t", ["ca.crt", "namespace", "token"]),
        ("ConfigMap", "c", ["a", "z"]),
        ("ConfigMap", "kube-root-ca.crt", ["ca.crt"]),
        ("ConfigMap", "s", None),
        ("Secret", "none", None),
    ],
)
def test_keys(kind: str, name: str, expected: list[str] | None) -> None:
    assert keys_of(OBJECTS, kind, "sun", name) == expected
    assert keys_of(OBJECTS, kind, "moon", name) == (["ca.crt"] if name == "kube-root-ca.crt" else None)


def test_every_source_of_a_projected_volume() -> None:
    field = "{downwardAPI: {items: [{path: labels, mode: 256}]}}"
    trust = "{clusterTrustBundle: {path: ./roots.pem}}"
    keys = "{podCertificate: {keyPath: k, certificateChainPath: c}}"
    sources = (
        f"[{field}, {trust}, {keys}, {{secret: {{name: s}}}}, {{configMap: {{name: gone, optional: true}}}}]"
    )
    found = files_of(
        pod(f"{{volumes: [{{name: v, projected: {{defaultMode: 288, sources: {sources}}}}}]}}"), OBJECTS, "v"
    )
    assert [(file.path, file.kind, oct(file.mode)) for file in found] == [
        ("labels", "downwardAPI", "0o400"),
        ("roots.pem", "clusterTrustBundle", "0o440"),
        ("k", "podCertificate", "0o440"),
        ("c", "podCertificate", "0o440"),
        ("a", "secret", "0o440"),
        ("b", "secret", "0o440"),
    ]


def test_a_mount_with_sub_path_expr_is_not_judged() -> None:
    mount = "{name: v, mountPath: /x, subPathExpr: $(A)}"
    spec = f"{{containers: [{{name: a, volumeMounts: [{mount}]}}], volumes: [{{name: v, secret: {{secretName: s}}}}]}}"
    template = pod(spec)
    path, container = next(template.containers())
    with pytest.raises(NotJudged, match="subPathExpr"):
        mounted_files(template, OBJECTS, path, container)


def test_fs_group() -> None:
    assert has_fs_group(pod("{securityContext: {fsGroup: 0}}"))
    assert not has_fs_group(pod("{securityContext: {runAsGroup: 1}}"))
