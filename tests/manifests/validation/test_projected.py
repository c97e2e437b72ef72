"""Tests of `manifests.validation.projected`: files in volumes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row
from trainer.versions import Version

Paths = Callable[..., list[str]]


@each_row(
    ("sources", "paths"),
    [
        ([{"serviceAccountToken": {"path": "token", "expirationSeconds": 600}}], []),
        ([{"serviceAccountToken": {"path": "token"}}], []),
        (
            [{"serviceAccountToken": {"path": "t", "expirationSeconds": 599}}],
            ["[0].serviceAccountToken.expirationSeconds"],
        ),
        (
            [{"serviceAccountToken": {"path": "t", "expirationSeconds": 2**33}}],
            ["[0].serviceAccountToken.expirationSeconds"],
        ),
        ([{"serviceAccountToken": {}}], ["[0].serviceAccountToken.path"]),
        ([{"serviceAccountToken": {"path": "/t"}}], ["[0].serviceAccountToken.path"]),
        ([{"secret": {"name": "a"}}, {"configMap": {"name": "b"}}], []),
        ([{"secret": {}}], ["[0].secret.name"]),
        ([{"secret": {"name": "a"}, "configMap": {"name": "b"}}], ["[0]"]),
        ([{}], []),
        (
            [
                {"secret": {"name": "a", "items": [{"key": "k", "path": "p"}]}},
                {"configMap": {"name": "b", "items": [{"key": "k", "path": "p"}]}},
            ],
            ["[1].configMap.items[0].path"],
        ),
        ([{"downwardAPI": {"items": [{"path": "l", "fieldRef": {"fieldPath": "metadata.labels"}}]}}], []),
    ],
)
def test_projected(pod_paths: Paths, sources: list[Any], paths: list[str]) -> None:
    base = "spec.volumes[0].projected.sources"
    assert pod_paths({"volumes": [{"name": "v", "projected": {"sources": sources}}]}) == [
        base + p for p in paths
    ]


@each_row(
    ("item", "paths"),
    [
        ({"path": "a", "fieldRef": {"fieldPath": "metadata.annotations"}}, []),
        ({"path": "a", "resourceFieldRef": {"containerName": "main", "resource": "limits.cpu"}}, []),
        ({"path": "a"}, [""]),
        ({"fieldRef": {"fieldPath": "metadata.name"}}, [".path"]),
        ({"path": "a", "fieldRef": {"fieldPath": "spec.nodeName"}}, [".fieldRef.fieldPath"]),
        ({"path": "a", "resourceFieldRef": {"resource": "limits.cpu"}}, [".resourceFieldRef.containerName"]),
        ({"path": "a", "mode": 1000, "fieldRef": {"fieldPath": "metadata.name"}}, [".mode"]),
        (
            {"path": "a", "fieldRef": {"fieldPath": "metadata.name"}, "resourceFieldRef": {"resource": "x"}},
            [""],
        ),
    ],
)
def test_downward_files(pod_paths: Paths, item: dict[str, Any], paths: list[str]) -> None:
    base = "spec.volumes[0].downwardAPI.items[0]"
    assert pod_paths({"volumes": [{"name": "v", "downwardAPI": {"items": [item]}}]}) == [
        base + p for p in paths
    ]


TRUST = {"name": "roots", "path": "ca.pem"}
CERTIFICATE = {"signerName": "example.com/pods", "keyType": "ED25519", "credentialBundlePath": "all.pem"}


@each_row("source", [{"clusterTrustBundle": {}}, {"podCertificate": {}}])
def test_bundles_and_certificates_are_dropped_unread_before_1_37(
    pod_paths: Paths, source: dict[str, Any]
) -> None:
    spec = {"volumes": [{"name": "v", "projected": {"sources": [source]}}]}
    assert pod_paths(spec, Version(1, 36)) == []
    assert pod_paths(spec, Version(1, 37)) != []


@each_row(
    ("sources", "paths"),
    [
        ([{"clusterTrustBundle": TRUST}], []),
        ([{"clusterTrustBundle": {**TRUST, "name": "example.com:ca:roots"}}], []),
        ([{"clusterTrustBundle": {**TRUST, "name": "Roots"}}], ["[0].clusterTrustBundle.name"]),
        ([{"clusterTrustBundle": {**TRUST, "signerName": "example.com/ca"}}], ["[0].clusterTrustBundle"]),
        ([{"clusterTrustBundle": {"path": "ca.pem"}}], ["[0].clusterTrustBundle"]),
        ([{"clusterTrustBundle": {**TRUST, "labelSelector": {}}}], ["[0].clusterTrustBundle.labelSelector"]),
        ([{"clusterTrustBundle": {"name": "roots"}}], ["[0].clusterTrustBundle.path"]),
        ([{"clusterTrustBundle": {"signerName": "ca", "path": "p"}}], ["[0].clusterTrustBundle.signerName"]),
        ([{"clusterTrustBundle": TRUST}, {"clusterTrustBundle": TRUST}], ["[1].clusterTrustBundle.path"]),
        ([{"podCertificate": CERTIFICATE}], []),
        ([{"podCertificate": {**CERTIFICATE, "keyType": "RSA2048"}}], ["[0].podCertificate.keyType"]),
        ([{"podCertificate": {**CERTIFICATE, "maxExpirationSeconds": 90000}}], []),
        (
            [{"podCertificate": {**CERTIFICATE, "maxExpirationSeconds": 3599}}],
            ["[0].podCertificate.maxExpirationSeconds"],
        ),
        (
            [
                {
                    "podCertificate": {
                        **CERTIFICATE,
                        "signerName": "kubernetes.io/p",
                        "maxExpirationSeconds": 90000,
                    }
                }
            ],
            ["[0].podCertificate.maxExpirationSeconds"],
        ),
        (
            [{"podCertificate": {**CERTIFICATE, "credentialBundlePath": ""}}],
            ["[0].podCertificate.credentialBundlePath"],
        ),
        ([{"podCertificate": {**CERTIFICATE, "keyPath": "all.pem"}}], ["[0].podCertificate.keyPath"]),
    ],
)
def test_bundles_and_certificates_from_1_37_on(
    pod_paths: Paths, sources: list[Any], paths: list[str]
) -> None:
    base = "spec.volumes[0].projected.sources"
    spec = {"volumes": [{"name": "v", "projected": {"sources": sources}}]}
    assert pod_paths(spec, Version(1, 37)) == [base + path for path in paths]
