"""Chains: who must have issued what, and until when."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from trainer.errors import NotJudged
from trainer.simulate.certificates.chain import distrust

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
KEYS = {
    name: ec.generate_private_key(ec.SECP256R1()) for name in ("root", "middle", "lower", "shop", "other")
}


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


def usage(*, sign: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=sign,
        crl_sign=sign,
        encipher_only=False,
        decipher_only=False,
    )


def issued(
    name: str,
    by: str,
    *more: tuple[x509.ExtensionType, bool],
    ca: bool = True,
    length: int | None = None,
    until: int = 2030,
    signs: bool | None = None,
    key: str = "",
    of: str = "",
) -> bytes:
    """A certificate of `name` (with the key `of`) by the CA `by`, signed with the key `key` or the CA's own."""
    first, last = (datetime(year, 1, 1, tzinfo=UTC) for year in (2020, until))
    builder = x509.CertificateBuilder(named(by), named(name), KEYS[of or name].public_key(), 7, first, last)
    builder = builder.add_extension(x509.BasicConstraints(ca, length), critical=True)
    builder = builder.add_extension(usage(sign=ca if signs is None else signs), critical=True)
    for extension, critical in more:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(KEYS[key or by], hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


ROOT = issued("root", "root")
MIDDLE = issued("middle", "root")
SHOP = issued("shop", "middle", ca=False)
CLIENTS = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
SERVERS = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])


@pytest.mark.parametrize(
    ("shown", "roots", "why"),
    [
        ([SHOP, MIDDLE], ROOT, ""),
        ([SHOP, MIDDLE, ROOT], ROOT, ""),
        ([SHOP, ROOT, MIDDLE], ROOT, ""),
        ([SHOP], MIDDLE, ""),
        ([SHOP], SHOP, ""),
        ([SHOP], ROOT, "they don't know the CA middle that issued it"),
        ([MIDDLE, SHOP], ROOT, ""),
        (
            [SHOP, MIDDLE],
            issued("root", "root", of="other", key="other"),
            "middle isn't signed with the key of the CA root",
        ),
        ([SHOP, MIDDLE], issued("other", "other"), "don't know the CA root that issued middle"),
        ([issued("shop", "shop", ca=False), MIDDLE], ROOT, "shop signed itself"),
        ([issued("shop", "middle", ca=False, key="other"), MIDDLE], ROOT, "shop isn't signed with the key"),
        ([SHOP, issued("middle", "root", ca=False)], ROOT, "middle isn't a CA"),
        ([SHOP, issued("middle", "root", signs=False)], ROOT, "middle may not sign"),
        ([SHOP, issued("middle", "root", until=2026)], ROOT, "middle is valid from 2020-01-01 to 2026-01-01"),
        ([SHOP, MIDDLE], issued("root", "root", until=2026), "root is valid from 2020-01-01 to 2026-01-01"),
        ([issued("shop", "middle", ca=False, until=2026), MIDDLE], ROOT, "shop is valid from"),
        ([issued("shop", "middle", (CLIENTS, False), ca=False), MIDDLE], ROOT, "shop isn't for servers"),
        ([issued("shop", "middle", (SERVERS, False), ca=False), MIDDLE], ROOT, ""),
        ([SHOP, issued("middle", "root", (CLIENTS, False))], ROOT, "the CA middle may only issue"),
        ([SHOP, issued("middle", "root", length=0)], ROOT, ""),
        (
            [
                issued("shop", "lower", ca=False),
                issued("lower", "middle"),
                issued("middle", "root", length=0),
            ],
            ROOT,
            "the CA middle allows 0 CAs below it, and 1 are there",
        ),
        ([issued("shop", "lower", ca=False), issued("lower", "middle"), MIDDLE], ROOT, ""),
        ([SHOP, *[MIDDLE] * 20], ROOT, "21 certificates are too many"),
        # of two CAs with one name, the one that has signed counts
        ([SHOP, issued("middle", "root", until=2026), MIDDLE], ROOT, ""),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_who_is_trusted(shown: list[bytes], roots: bytes, why: str) -> None:
    found = distrust(b"".join(shown), roots, NOON)
    assert len(found) == bool(why), found
    assert why in "".join(found)


def test_constraints_are_not_judged() -> None:
    limits = x509.NameConstraints([x509.DNSName("example.com")], None)
    with pytest.raises(NotJudged, match=r"2\.5\.29\.30 of certificate middle"):
        distrust(SHOP + issued("middle", "root", (limits, True)), ROOT, NOON)


def test_what_is_not_a_certificate() -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the words are the library's
        distrust(b"nothing", ROOT, NOON)
