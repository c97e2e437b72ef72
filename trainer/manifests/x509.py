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

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
    from cryptography.x509 import Certificate, Name

LARGEST = 64 * 1024
"""Bytes of PEM that are read: far more than a chain of certificates and their longest keys."""


@contextmanager
def readable() -> Iterator[None]:
    """Raise `ValueError` for everything that `cryptography` refuses, and hide its warnings."""
    from cryptography.utils import CryptographyDeprecationWarning

    warnings.filterwarnings("ignore", category=CryptographyDeprecationWarning)
    try:
        yield
    except ValueError:
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


def request_subject(pem: bytes) -> Name:
    """The subject of a certificate signing request (PEM). Raises `ValueError`."""
    from cryptography.x509 import load_pem_x509_csr

    with readable():
        return load_pem_x509_csr(_bounded(pem)).subject


def _bounded(pem: bytes) -> bytes:
    if len(pem) > LARGEST:
        raise ValueError(f"cannot be read: it has more than {LARGEST} bytes")
    return pem
