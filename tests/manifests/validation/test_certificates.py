"""Tests of `manifests.validation.certificates`: CertificateSigningRequest."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

from tests.table import each_row

Paths = Callable[..., list[str]]
Make = Callable[..., dict[str, Any]]

CLIENT = "kubernetes.io/kube-apiserver-client"


def signed(**names: str) -> str:
    """A request for a certificate with a fresh key, in base64."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    oids = {"cn": x509.NameOID.COMMON_NAME, "o": x509.NameOID.ORGANIZATION_NAME}
    name = x509.Name([x509.NameAttribute(oids[key], value) for key, value in names.items()])
    builder = x509.CertificateSigningRequestBuilder().subject_name(name)
    request = builder.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    return base64.b64encode(request.public_bytes(serialization.Encoding.PEM)).decode()


@pytest.fixture(scope="module")
def request_pem() -> str:
    return signed(cn="jane")


@each_row(
    ("change", "paths"),
    [
        ({}, []),
        ({"expirationSeconds": 600}, []),
        ({"expirationSeconds": 599}, ["expirationSeconds"]),
        ({"usages": None}, ["usages"]),
        ({"usages": ["client"]}, ["usages[0]"]),
        ({"usages": ["client auth", "client auth"]}, ["usages[1]"]),
        ({"signerName": None}, ["signerName"]),
        ({"signerName": "kubernetes.io/legacy-unknown"}, ["signerName"]),
        ({"signerName": "me"}, ["signerName"]),
        ({"request": None}, ["request"]),
        ({"request": "no base64!"}, ["request"]),
        ({"request": base64.b64encode(b"hello").decode()}, ["request"]),
        ({"request": base64.b64encode(b"-----BEGIN CERTIFICATE-----\nAAAA\n").decode()}, ["request"]),
        ({"request": base64.b64encode(b"-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n").decode()}, ["request"]),
    ],
)
def test_signing_requests(
    paths_of: Paths, api_object: Make, request_pem: str, change: dict[str, Any], paths: list[str]
) -> None:
    base = {"request": request_pem, "signerName": CLIENT, "usages": ["client auth"], **change}
    spec = {key: value for key, value in base.items() if value is not None}
    found = paths_of(api_object("CertificateSigningRequest", "certificates.k8s.io/v1", spec=spec))
    assert found == [f"spec.{path}" for path in paths]


def test_nobody_gets_a_client_certificate_of_the_masters(paths_of: Paths, api_object: Make) -> None:
    spec = {"request": signed(cn="jane", o="system:masters"), "signerName": CLIENT, "usages": ["client auth"]}
    request = api_object("CertificateSigningRequest", "certificates.k8s.io/v1", spec=spec)
    assert paths_of(request) == ["spec.request"]
    spec["signerName"] = "example.com/mine"
    assert paths_of(request) == []


def test_a_request_whose_signature_is_wrong_is_refused(
    paths_of: Paths, api_object: Make, request_pem: str
) -> None:
    """`validateCSR` checks it."""
    pem = base64.b64decode(request_pem)
    body = bytearray(base64.b64decode(b"".join(pem.splitlines()[1:-1])))
    body[-1] ^= 1
    damaged = b"-----BEGIN CERTIFICATE REQUEST-----\n%s-----END CERTIFICATE REQUEST-----\n"
    spec: dict[str, Any] = {"signerName": CLIENT, "usages": ["client auth"]}
    spec["request"] = base64.b64encode(damaged % base64.encodebytes(bytes(body))).decode()
    found = paths_of(api_object("CertificateSigningRequest", "certificates.k8s.io/v1", spec=spec))
    assert found == ["spec.request"]
