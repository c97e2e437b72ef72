"""X.509 certificates and keys in Secrets and requests: their subject, and whether they match.

Names follow RFC 6125 as Go's `crypto/x509` checks them: only subject alternative names count, a
wildcard covers exactly one label. Expiry is judged on a date that the caller names, so that a
card means the same next year.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from trainer.manifests.x509 import certificate, certificates, common_name, private_key, public_bytes, readable

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_MOST = 16
"""Certificates of a file that are tried with its key."""


class CertificateFacts(msgspec.Struct, frozen=True):
    """What a certificate says. Times are UTC."""

    common_name: str
    names: tuple[str, ...]
    """DNS subject alternative names."""
    not_before: datetime
    not_after: datetime
    key_fits: bool
    """Whether the private key matches; False without a readable key."""
    key_fits_later: bool = False
    """Whether it matches another certificate of the file instead."""

    def covers(self, host: str) -> bool:
        """Whether a client that connects to `host` accepts the name."""
        wanted = host.lower()
        _, _, rest = wanted.partition(".")
        return any(name.lower() in (wanted, f"*.{rest}") for name in self.names)

    def valid_at(self, moment: datetime) -> bool:
        """Whether the date is within the validity period."""
        return self.not_before <= moment <= self.not_after


def read_tls(pem: bytes, key: bytes) -> CertificateFacts:
    """The first certificate of a PEM file, with the key that should match it.

    Raises `ValueError` if the certificate is unreadable.
    """
    from cryptography import x509

    found = certificate(pem)
    names: tuple[str, ...] = ()
    with readable():
        try:
            extension = found.extensions.get_extension_for_class(x509.SubjectAlternativeName)
            names = tuple(extension.value.get_values_for_type(x509.DNSName))
        except x509.ExtensionNotFound:
            names = ()
        fits = _fits(found, key)
        return CertificateFacts(
            common_name(found.subject),
            names,
            found.not_valid_before_utc,
            found.not_valid_after_utc,
            fits,
            not fits and any(_fits(one, key) for one in _others(pem)),
        )


def _others(pem: bytes) -> list[Certificate]:
    """The certificates behind the first one; none if one can't be read, and only a few."""
    try:
        return certificates(pem)[1:_MOST]
    except ValueError:
        return []


def _fits(found: Certificate, key: bytes) -> bool:
    public = public_bytes(found.public_key())
    try:
        private = private_key(key)
    except ValueError:
        return False
    with readable():
        return public_bytes(private.public_key()) == public


def moment(date: str) -> datetime:
    """`2026-11-24` to noon of that day, UTC. Raises `ValueError`."""
    return datetime.strptime(date, "%Y-%m-%d").replace(hour=12, tzinfo=UTC)
