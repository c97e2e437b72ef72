"""Small certificates for tests."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


def make(*names: str, days: tuple[str, str] = ("2026-01-01", "2027-01-01")) -> tuple[bytes, bytes]:
    """A self-signed certificate for these DNS names, and its key, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0] if names else "nobody")])
    first, last = (datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC) for day in days)
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), 1000, first, last)
    if names:
        alternatives = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
        builder = builder.add_extension(alternatives, critical=False)
    certificate = builder.sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate.public_bytes(serialization.Encoding.PEM), private


def encoded(value: bytes) -> str:
    return base64.b64encode(value).decode()
