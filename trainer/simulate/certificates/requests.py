"""What a certificate signing request (PKCS #10) asks for: the subject, its names, the key.

The API server makes the user of a client certificate from the subject: the common name is the user, the
organizations are the groups (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#x509-client-certificates,
v1.35).
"""

from __future__ import annotations

from typing import Any

import msgspec

from trainer.manifests.x509 import certificate_request, common_name, organizations, public_bytes, readable


class RequestFacts(msgspec.Struct, frozen=True):
    """What a request says."""

    common_name: str
    organizations: tuple[str, ...]
    dns: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    uris: tuple[str, ...] = ()
    key: bytes = b""
    """The public key, as `public_bytes` gives it."""


def read_request(pem: bytes) -> RequestFacts:
    """The facts of a request in PEM form. Raises `ValueError`."""
    from cryptography import x509

    found = certificate_request(pem)
    with readable():
        try:
            names: Any = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        except x509.ExtensionNotFound:
            names = x509.SubjectAlternativeName([])
        dns, addresses, emails, uris = (
            tuple(str(name) for name in names.get_values_for_type(kind))
            for kind in (x509.DNSName, x509.IPAddress, x509.RFC822Name, x509.UniformResourceIdentifier)
        )
        subject, key = found.subject, public_bytes(found.public_key())
        return RequestFacts(common_name(subject), organizations(subject), dns, addresses, emails, uris, key)
