"""Certificates, requests and keys: whatever is wrong with one, there is one exception."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.certificate_maker import encoded, make
from tests.table import each_row
from trainer.manifests.x509 import LARGEST, certificate, certificate_request, decoded, private_key, readable

SECP112R1 = bytes.fromhex(
    """
    3082013930820104a003020102021428bcea535e2ad20f1a8fd1b85eb769e7dbf7a02c300a06082a8648ce3d040302301731
    15301306035504030c0c73686f702e6578616d706c653020170d3236313132383233303230365a180f323132363131303432
    33303230365a30173115301306035504030c0c73686f702e6578616d706c653032301006072a8648ce3d020106052b810400
    06031e00043ba839589a93f7aa423e88d82a9a29daa5b89b788ee5588d5ebc9e7aa3533051301d0603551d0e041604148e9c
    ccaaa7e5354ef3afa58f7f4e8f16634721e2301f0603551d230418301680148e9cccaaa7e5354ef3afa58f7f4e8f16634721
    e2300f0603551d130101ff040530030101ff300a06082a8648ce3d0403020323003020020e1641b0c687945b526bc00d7096
    57020e519a9bc5c6f6cf8750267b39571b
    """
)
"""A certificate with a key on an elliptic curve that `cryptography` doesn't know; Go refuses it too."""


def der(pem: bytes) -> bytes:
    return base64.b64decode(b"".join(line for line in pem.splitlines() if not line.startswith(b"-")))


def armored(data: bytes, what: bytes = b"CERTIFICATE") -> bytes:
    return b"-----BEGIN %s-----\n%s-----END %s-----\n" % (what, base64.encodebytes(data), what)


def pem_of(key: PrivateKeyTypes, form: PrivateFormat = PrivateFormat.PKCS8) -> bytes:
    return key.private_bytes(Encoding.PEM, form, NoEncryption())


def test_base64_is_read_as_go_reads_it() -> None:
    assert decoded(encoded(b"x")) == b"x"
    assert decoded("eA\r\n==\n") == b"x"
    for wrong in ("***", "eA=", "e A==", "é", "\ud800", None, ["eA=="], 7):
        with pytest.raises(ValueError, match="not base64"):
            decoded(wrong)


@each_row(
    ("before", "after"),
    [
        (b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x05"),
        (b"\x30", b"\x31"),
        (b"\x17\x0d", b"\x17\x0c"),
    ],
    ids=["version 5", "no sequence", "a date that is too short"],
)
def test_what_is_wrong_with_a_certificate_is_one_exception(before: bytes, after: bytes) -> None:
    data = der(make("shop.example")[0])
    assert before in data
    with pytest.raises(ValueError):  # noqa: PT011 - the words are the library's
        certificate(armored(data.replace(before, after, 1)))


def test_a_part_that_cannot_be_read_is_the_same_exception() -> None:
    found = certificate(armored(SECP112R1))
    with pytest.raises(ValueError, match=r"cannot be read: .*Curve"), readable():
        found.public_key()


def test_a_serial_number_of_zero_is_read_as_go_reads_it() -> None:
    """Go's crypto/x509 (1.24) refuses negative serial numbers; it reads zero, and a warning here would be an error."""
    data = bytearray(der(make("shop.example")[0]))
    assert data[:2] == b"\x30\x82"
    assert data[4:6] == b"\x30\x81"
    data[2:4] = (int.from_bytes(data[2:4]) - 1).to_bytes(2)
    data[6] -= 1
    assert (
        certificate(armored(bytes(data).replace(b"\x02\x02\x03\xe8", b"\x02\x01\x00", 1))).serial_number == 0
    )


def test_random_damage_is_one_exception() -> None:
    chance = random.Random(5)  # noqa: S311 - the same damage each time
    pem, key = make("shop.example", "*.shop.example")
    refused = 0
    for _ in range(500):
        data = bytearray(der(pem))
        for _ in range(3):
            data[chance.randrange(len(data))] = chance.choice([0, 1, 2, 5, 6, 0x30, 0x7F, 0x80, 0xFF])
        try:
            with readable():
                found = certificate(armored(bytes(data)))
                _ = found.public_key(), list(found.extensions), list(found.subject)
        except ValueError:
            refused += 1
    assert 200 < refused < 500
    assert private_key(key)


@each_row(
    "made",
    [
        lambda: rsa.generate_private_key(65537, 2048),
        lambda: ec.generate_private_key(ec.SECP384R1()),
        ed25519.Ed25519PrivateKey.generate,
    ],
    ids=["RSA", "ECDSA", "Ed25519"],
)
def test_every_kind_of_key_is_read(made: Callable[[], PrivateKeyTypes]) -> None:
    key = made()
    found = private_key(pem_of(key))
    assert pem_of(found) == pem_of(key)


def test_the_numbers_of_an_rsa_key_belong_together() -> None:
    one, other = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    data = der(pem_of(one, PrivateFormat.TraditionalOpenSSL))
    assert private_key(armored(data, b"RSA PRIVATE KEY"))
    for part in ("p", "q", "d"):
        mine, its = (getattr(key.private_numbers(), part) for key in (one, other))
        size = (mine.bit_length() + 7) // 8
        assert mine.to_bytes(size) in data
        swapped = data.replace(mine.to_bytes(size), its.to_bytes(size))
        with pytest.raises(ValueError):  # noqa: PT011 - the words are the library's
            private_key(armored(swapped, b"RSA PRIVATE KEY"))


def test_keys_that_need_a_passphrase_and_huge_files_are_not_read() -> None:
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption

    key = ec.generate_private_key(ec.SECP256R1())
    closed = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x"))
    for wrong in (closed, b"", b"no key", pem_of(key) + b"\n" * LARGEST):
        with pytest.raises(ValueError):  # noqa: PT011 - the words are the library's
            private_key(wrong)


def test_whom_a_request_names() -> None:
    from cryptography.hazmat.primitives import hashes

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "dev")])
    pem = x509.CertificateSigningRequestBuilder(name).sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    assert certificate_request(pem).subject == name
    with pytest.raises(ValueError):  # noqa: PT011 - the words are the library's
        certificate_request(armored(b"\x30\x00", b"CERTIFICATE REQUEST"))
