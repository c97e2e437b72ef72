"""What a request asks for."""

from __future__ import annotations

import ipaddress

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from trainer.manifests.x509 import public_bytes
from trainer.simulate.certificates.requests import read_request


def test_subject_names_and_key() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    oid = x509.NameOID
    parts = [(oid.ORGANIZATION_NAME, "dev"), (oid.COMMON_NAME, "old"), (oid.ORGANIZATION_NAME, "ops")]
    subject = x509.Name([x509.NameAttribute(*part) for part in (*parts, (oid.COMMON_NAME, "jane"))])
    names = [x509.DNSName("a.example"), x509.IPAddress(ipaddress.ip_address("10.0.0.1"))]
    builder = x509.CertificateSigningRequestBuilder(subject)
    builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    facts = read_request(builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    assert (facts.common_name, facts.organizations) == ("jane", ("dev", "ops"))
    assert (facts.dns, facts.addresses, facts.emails, facts.uris) == (("a.example",), ("10.0.0.1",), (), ())
    assert facts.key == public_bytes(key.public_key())


def test_an_empty_subject_names_nobody() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = x509.CertificateSigningRequestBuilder(x509.Name([])).sign(key, hashes.SHA256())
    facts = read_request(pem.public_bytes(Encoding.PEM))
    assert (facts.common_name, facts.organizations, facts.dns) == ("", (), ())


def test_what_is_not_a_request() -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the words are the library's
        read_request(b"-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n")
