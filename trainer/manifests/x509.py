"""Certificates, requests and keys of an answer: one exception, whatever is wrong with them.

`cryptography` raises `ValueError` for a broken encoding, and other exceptions for an unsupported curve or
algorithm, an unknown version, or an extension that occurs twice; some of them only when a part is read.
Code that reads such bytes runs inside `readable`.
"""

from __future__ import annotations

import base64
import binascii
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from trainer.errors import NotJudged

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes
    from cryptography.x509 import Certificate, CertificateSigningRequest, Name

LARGEST = 64 * 1024
"""Bytes of PEM that are read: far more than a chain of certificates and their longest keys."""


@contextmanager
def readable() -> Iterator[None]:
    """Raise `ValueError` for everything that `cryptography` refuses, and hide its warnings."""
    from cryptography.utils import CryptographyDeprecationWarning

    warnings.filterwarnings("ignore", category=CryptographyDeprecationWarning)
    try:
        yield
    except (ValueError, NotJudged):
        raise
    except Exception as error:
        raise ValueError(f"cannot be read: {error}") from error


def decoded(value: object) -> bytes:
    """The bytes of a base64 text, line ends ignored as in Go. Raises `ValueError` if it isn't one."""
    if not isinstance(value, str):
        raise ValueError("not base64: not a text")
    try:
        return base64.b64decode(value.replace("\r", "").replace("\n", ""), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("not base64") from None


def certificate(pem: bytes) -> Certificate:
    """The first certificate of a PEM file. Raises `ValueError`; its parts must be read inside `readable`."""
    from cryptography.x509 import load_pem_x509_certificate

    with readable():
        return load_pem_x509_certificate(_bounded(pem))


def private_key(pem: bytes) -> PrivateKeyTypes:
    """The private key of a PEM file, without a passphrase. Raises `ValueError`.

    The numbers of an RSA key must belong together, as `Validate` of Go's crypto/rsa (1.24) asks. OpenSSL also
    tests that its factors are primes, which takes seconds for a key of 8,192 bits.
    """
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    with readable():
        key = load_pem_private_key(_bounded(pem), password=None, unsafe_skip_rsa_key_validation=True)
        if isinstance(key, RSAPrivateKey):
            numbers = key.private_numbers()
            p, q, product = numbers.p, numbers.q, numbers.d * numbers.public_numbers.e
            if p * q != numbers.public_numbers.n or any(prime < 2 for prime in (p, q)):
                raise ValueError("cannot be read: the factors of the key don't fit")
            if any(product % (prime - 1) != 1 for prime in (p, q) if prime > 2):
                raise ValueError("cannot be read: the exponents of the key don't fit")
        return key


def certificates(pem: bytes) -> list[Certificate]:
    """Every certificate of a PEM file, in its order. Raises `ValueError`, also for a file without any."""
    from cryptography.x509 import load_pem_x509_certificates

    with readable():
        return load_pem_x509_certificates(_bounded(pem))


def certificate_request(pem: bytes) -> CertificateSigningRequest:
    """A certificate signing request (PEM). Raises `ValueError`; its parts must be read inside `readable`."""
    from cryptography.x509 import load_pem_x509_csr

    with readable():
        return load_pem_x509_csr(_bounded(pem))


def common_name(name: Name) -> str:
    """The common name; of several, the last one, as Go's crypto/x509/pkix (1.24, `FillFromRDNSequence`)."""
    from cryptography.x509 import NameOID

    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[-1].value) if found else ""


def organizations(name: Name) -> tuple[str, ...]:
    """The organizations, in their order: the groups of a client certificate."""
    from cryptography.x509 import NameOID

    return tuple(str(one.value) for one in name.get_attributes_for_oid(NameOID.ORGANIZATION_NAME))


def public_bytes(key: PublicKeyTypes) -> bytes:
    """A public key in the form in which certificates and requests have it, to compare two of them."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _bounded(pem: bytes) -> bytes:
    if len(pem) > LARGEST:
        raise ValueError(f"cannot be read: it has more than {LARGEST} bytes")
    return pem
