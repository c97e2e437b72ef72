"""Certificates: names, keys, dates."""

from __future__ import annotations

import pytest

from tests.certificate_maker import make
from tests.manifests.test_x509 import SECP112R1, armored
from trainer.simulate.certificates.facts import moment, read_tls


def test_names_key_and_dates() -> None:
    certificate, key = make("shop.example", "*.shop.example")
    facts = read_tls(certificate, key)
    assert facts.common_name == "shop.example"
    assert facts.key_fits
    assert [
        facts.covers(host) for host in ("shop.example", "A.shop.example", "a.b.shop.example", "x.example")
    ] == [
        True,
        True,
        False,
        False,
    ]
    assert facts.valid_at(moment("2026-06-01"))
    assert not facts.valid_at(moment("2027-06-01"))
    assert not facts.valid_at(moment("2025-06-01"))


def test_the_common_name_alone_covers_nothing() -> None:
    certificate, key = make()
    assert not read_tls(certificate, key).covers("nobody")


def test_another_key_does_not_fit() -> None:
    certificate, _ = make("a.example")
    _, other = make("a.example")
    assert not read_tls(certificate, other).key_fits
    assert not read_tls(certificate, b"no key").key_fits


def test_a_key_that_fits_a_later_certificate() -> None:
    (first, _), (second, key) = make("ca.example"), make("a.example")
    facts = read_tls(first + second, key)
    assert (facts.key_fits, facts.key_fits_later) == (False, True)
    assert not read_tls(second + first, key).key_fits_later
    assert not read_tls(
        first + b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", key
    ).key_fits_later


def test_what_cannot_be_read() -> None:
    with pytest.raises(ValueError, match=r"(?i)certificate|pem"):
        read_tls(b"nothing", b"")


def test_a_certificate_with_a_key_that_cannot_be_read_is_unreadable() -> None:
    _, key = make("shop.example")
    with pytest.raises(ValueError, match="cannot be read"):
        read_tls(armored(SECP112R1), key)
