"""Tests of `manifests.validation.trust`: ClusterTrustBundles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.certificate_maker import make
from tests.table import each_row
from trainer.versions import Version

Messages = Callable[..., list[str]]


def authority() -> str:
    """The certificate of a CA, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "roots")])
    first, last = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1000, first, last)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


CA = authority()
LEAF = make("web.example")[0].decode()


def bundle(pem: str, name: str = "roots", signer: str = "") -> dict[str, Any]:
    spec = {"trustBundle": pem} | ({"signerName": signer} if signer else {})
    return {
        "apiVersion": "certificates.k8s.io/v1",
        "kind": "ClusterTrustBundle",
        "metadata": {"name": name},
        "spec": spec,
    }


@each_row(
    ("pem", "why"),
    [
        (CA, ""),
        (f"roots of example.com\n{CA}{authority()}", ""),
        ("", "it holds no certificate in PEM form"),
        (LEAF, "entry 0: it is not the certificate of a CA"),
        (CA + LEAF, "entry 1: it is not the certificate of a CA"),
        (CA + CA, "it holds a certificate twice"),
        (CA.replace("CERTIFICATE", "PUBLIC KEY"), "entry 0: it is a PUBLIC KEY, not a CERTIFICATE"),
        (CA.replace("CERTIFICATE-----\n", "CERTIFICATE-----\nNote: x\n\n", 1), "entry 0: it has headers"),
        ("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n", "entry 0: it can't be read"),
    ],
    ids=["one", "two", "empty", "leaf", "second is a leaf", "twice", "key", "headers", "broken"],
)
def test_what_a_bundle_holds(messages_of: Messages, pem: str, why: str) -> None:
    expected = [f"`trustBundle` can't be used: {why}."] if why else []
    assert messages_of(bundle(pem), Version(1, 37)) == expected


def test_a_bundle_has_a_limit(messages_of: Messages) -> None:
    assert messages_of(bundle(CA + "x" * 2**20), Version(1, 37)) == ["`trustBundle` is larger than 1 MiB."]


@each_row(
    ("name", "signer", "paths"),
    [
        ("roots", "", []),
        ("a:roots", "", ["metadata.name"]),
        ("example.com:ca:roots", "example.com/ca", []),
        ("roots", "example.com/ca", ["metadata.name"]),
        ("example.com:ca:Roots", "example.com/ca", ["metadata.name"]),
        ("ca:roots", "ca", ["spec.signerName"]),
    ],
)
def test_the_name_goes_with_the_signer(
    paths_of: Callable[..., list[str]], name: str, signer: str, paths: list[str]
) -> None:
    assert paths_of(bundle(CA, name, signer), Version(1, 37)) == paths
