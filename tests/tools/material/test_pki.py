"""Keys and certificates of cards: the same each time, and what they say."""

from __future__ import annotations

from datetime import UTC, datetime

from cryptography import x509

from tools.material import pki
from trainer.manifests.x509 import private_key
from trainer.simulate.certificates.facts import read_tls
from trainer.simulate.certificates.requests import read_request


def test_a_seed_makes_one_key() -> None:
    assert pki.key_file("a") == pki.key_file("a") != pki.key_file("b")
    assert pki.key_file("a").startswith("Test key")
    private_key(pki.key_file("a").encode())


def test_a_request_has_its_subject_and_names() -> None:
    pem = pki.request_file("a", pki.name("jane", ["dev", "ops"]), ["a.example"])
    assert pem == pki.request_file("a", pki.name("jane", ["dev", "ops"]), ["a.example"])
    facts = read_request(pem.encode())
    assert (facts.common_name, facts.organizations, facts.dns) == ("jane", ("dev", "ops"), ("a.example",))


def test_a_certificate_is_signed_by_its_ca() -> None:
    days = ("2026-01-01", "2027-01-01")
    root = ("root", pki.name("root"))
    authority = pki.certificate_file("root", root[1], root, days, ca=True)
    pem = pki.certificate_file("a", pki.name("a"), root, days, ["a.example"])
    facts = read_tls(pem.encode(), pki.key_file("a").encode())
    assert facts.key_fits
    assert facts.covers("a.example")
    assert facts.valid_at(datetime(2026, 5, 1, tzinfo=UTC))
    one, ca = (x509.load_pem_x509_certificate(text.encode()) for text in (pem, authority))
    one.verify_directly_issued_by(ca)


def test_the_form_of_a_field() -> None:
    assert pki.encoded("a\n") == "YQo="
