"""TLS as a component serves it: protocol versions and cipher suites.

Follows https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/
(`--tls-min-version`, `--tls-cipher-suites`, v1.35) and Go's `crypto/tls` (1.25): TLS 1.2 is the
default minimum, the suites of TLS 1.3 aren't configurable, a list without one of two AES-128-GCM suites
makes HTTP/2, and so the server, fail.
"""

from __future__ import annotations

import msgspec

VERSIONS = ("1.0", "1.1", "1.2", "1.3")
"""TLS versions, oldest first."""

TLS13_CIPHERS = ("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256")
HTTP2_CIPHERS = frozenset(
    {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"}
)
_PAIRS = ("ECDHE_ECDSA", "ECDHE_RSA")
SECURE_CIPHERS = tuple(
    f"TLS_{pair}_WITH_{rest}"
    for pair in _PAIRS
    for rest in (
        "AES_128_GCM_SHA256",
        "AES_256_GCM_SHA384",
        "CHACHA20_POLY1305_SHA256",
        "AES_128_CBC_SHA",
        "AES_256_CBC_SHA",
    )
)
"""The suites of TLS 1.2 and earlier that Go offers by default, preferred ones first within a key type."""

INSECURE_CIPHERS = (
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
    "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA",
    "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_RC4_128_SHA",
    "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
    "TLS_RSA_WITH_AES_128_CBC_SHA",
    "TLS_RSA_WITH_AES_128_CBC_SHA256",
    "TLS_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_RSA_WITH_AES_256_CBC_SHA",
    "TLS_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_RSA_WITH_RC4_128_SHA",
)
"""Suites that the components know and call insecure."""

_OLD_NAMES = {
    f"TLS_{pair}_WITH_CHACHA20_POLY1305": f"TLS_{pair}_WITH_CHACHA20_POLY1305_SHA256" for pair in _PAIRS
}
_ONLY_12 = ("GCM", "POLY1305", "SHA256", "SHA384")


class TlsSettings(msgspec.Struct, frozen=True):
    """The oldest version (`1.2`) and the suites for versions before 1.3."""

    minimum: str
    ciphers: tuple[str, ...]

    @property
    def versions(self) -> tuple[str, ...]:
        """Every version that is served, oldest first."""
        return tuple(
            version
            for version in VERSIONS[VERSIONS.index(self.minimum) :]
            if version == "1.3" or any(_speaks(cipher, version) for cipher in self.ciphers)
        )


def tls_settings(minimum: str, ciphers: tuple[str, ...]) -> TlsSettings:
    """From the values of flags: `VersionTLS12`, `TLS1.2` or empty; suites, none meaning Go's own."""
    version = {"VersionTLS1": "1.", "TLS1.": "1."}
    text = minimum
    for start, plain in version.items():
        if text.startswith(start):
            text = plain + text.removeprefix(start)
            break
    chosen = tuple(_OLD_NAMES.get(cipher, cipher) for cipher in ciphers if cipher not in TLS13_CIPHERS)
    return TlsSettings(text if text in VERSIONS else "1.2", chosen if ciphers else SECURE_CIPHERS)


def cipher_problem(name: str) -> str:
    """Why a component refuses the name of a suite; empty if it accepts it."""
    if name in TLS13_CIPHERS or name in SECURE_CIPHERS or name in INSECURE_CIPHERS or name in _OLD_NAMES:
        return ""
    return f"{name!r} is not a cipher suite"


def _speaks(cipher: str, version: str) -> bool:
    """Whether a suite is usable with a version before 1.3: GCM and similar suites need 1.2."""
    if version == "1.2":
        return True
    return not cipher.endswith(_ONLY_12) and "GCM" not in cipher
