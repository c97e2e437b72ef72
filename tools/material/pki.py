"""Test keys, requests and certificates, made from seeds: the same bytes each time. They protect nothing."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
from collections.abc import Sequence
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID

MARK = "Test key of a practice card: it protects nothing.\n"
"""The text in front of every private key; readers of PEM files skip it."""
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_WIDTH = 64


def key(seed: str) -> ec.EllipticCurvePrivateKey:
    """The key on P-256 of a seed."""
    number = int.from_bytes(hashlib.sha512(seed.encode()).digest()) % (_ORDER - 1) + 1
    return ec.derive_private_key(number, ec.SECP256R1())


def key_file(seed: str) -> str:
    """The key of a seed as a PEM file, with the text that says what it is."""
    pem = key(seed).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return MARK + pem.decode()


def name(common: str, groups: Sequence[str] = ()) -> x509.Name:
    """A subject: its organizations and its common name."""
    parts = [x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, group) for group in groups]
    return x509.Name([*parts, x509.NameAttribute(x509.NameOID.COMMON_NAME, common)])


def request_file(
    seed: str, subject: x509.Name, dns: Sequence[str] = (), addresses: Sequence[str] = ()
) -> str:
    """A request for the key of a seed, as a PEM file."""
    builder = x509.CertificateSigningRequestBuilder(subject)
    names = [*map(x509.DNSName, dns), *(x509.IPAddress(ipaddress.ip_address(one)) for one in addresses)]
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    request = builder.sign(key(seed), hashes.SHA256(), ecdsa_deterministic=True)
    return request.public_bytes(Encoding.PEM).decode()


def certificate_file(
    seed: str,
    subject: x509.Name,
    issuer: tuple[str, x509.Name],
    days: tuple[str, str],
    dns: Sequence[str] = (),
    *,
    ca: bool = False,
) -> str:
    """A certificate for the key of a seed, as a PEM file. `issuer` is the seed and the name of the CA."""
    by, issued_by = issuer
    first, last = (datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC) for day in days)
    serial = int.from_bytes(hashlib.sha256(f"{seed} {by} {days} {dns}".encode()).digest()[:15])
    builder = x509.CertificateBuilder(issued_by, subject, key(seed).public_key(), serial, first, last)
    builder = builder.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    usage = dict.fromkeys(_USAGES, False) | dict.fromkeys(_OF_CA if ca else _OF_SERVER, True)
    builder = builder.add_extension(x509.KeyUsage(**usage), critical=True)
    if not ca:
        extended = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        builder = builder.add_extension(extended, critical=False)
    if dns:
        names = x509.SubjectAlternativeName([x509.DNSName(one) for one in dns])
        builder = builder.add_extension(names, critical=False)
    made = builder.sign(key(by), hashes.SHA256(), ecdsa_deterministic=True)
    return made.public_bytes(Encoding.PEM).decode()


_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)
_OF_CA = ("key_cert_sign", "crl_sign")
_OF_SERVER = ("digital_signature",)


def encoded(pem: str) -> str:
    """A file in base64, as a field of an object has it."""
    return base64.b64encode(pem.encode()).decode()
