"""TLS versions and cipher suites."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from trainer.simulate.components.tls import (
    INSECURE_CIPHERS,
    SECURE_CIPHERS,
    VERSIONS,
    cipher_problem,
    tls_settings,
)

STRONG = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
OLD = "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"


def test_defaults() -> None:
    found = tls_settings("", ())
    assert found.versions == ("1.2", "1.3")


def test_only_strong_suites() -> None:
    found = tls_settings("VersionTLS10", (STRONG,))
    assert found.versions == ("1.2", "1.3")
    assert tls_settings("VersionTLS13", ()).versions == ("1.3",)
    assert tls_settings("TLS1.3", ()).minimum == "1.3"


def test_names() -> None:
    assert cipher_problem(STRONG) == ""
    assert cipher_problem("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305") == ""
    assert cipher_problem("ECDHE-RSA-AES128-GCM-SHA256") != ""
    assert tls_settings("", ("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305",)).ciphers[0].endswith("POLY1305_SHA256")


@given(
    st.sampled_from(VERSIONS),
    st.lists(st.sampled_from(SECURE_CIPHERS + INSECURE_CIPHERS), min_size=1, unique=True),
)
def test_every_version_that_is_served_has_a_suite(minimum: str, ciphers: list[str]) -> None:
    found = tls_settings(f"VersionTLS{minimum.replace('.', '')}", tuple(ciphers))
    assert found.versions[-1] == "1.3"
    assert all(version >= minimum for version in found.versions)
    only_new = all("GCM" in cipher or cipher.endswith(("SHA256", "SHA384")) for cipher in ciphers)
    assert not (only_new and {"1.0", "1.1"} & set(found.versions))
