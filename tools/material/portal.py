"""The certificates and keys of card `ingress-new-cert`."""

from __future__ import annotations

from tools.material import pki

_HOST = "portal.example"
_YEARS = ("2020-01-01", "2040-01-01")
_ROOT = ("portal root", pki.name("Example Root CA"))
_FIRST = ("portal issuing 1", pki.name("Example Issuing CA 1"))
_SECOND = ("portal issuing 2", pki.name("Example Issuing CA 2"))
_STRANGER = ("portal stranger", pki.name("Old Portal CA"))
_OLD, _NOW = ("2024-11-01", "2025-11-01"), ("2026-11-01", "2027-11-01")


def files() -> dict[str, str]:
    """The material by name: in `new/`, the number of a certificate says nothing about its key."""
    portal, host = pki.name(_HOST), [_HOST]
    return {
        "ca.crt": pki.certificate_file(_ROOT[0], _ROOT[1], _ROOT, _YEARS, ca=True),
        # the CA that issued the right one, and one that issued only the others
        "issuing-1.crt": pki.certificate_file(*_FIRST, _ROOT, _YEARS, ca=True),
        "issuing-2.crt": pki.certificate_file(*_SECOND, _ROOT, _YEARS, ca=True),
        "new/1.crt": pki.certificate_file("portal a", portal, _FIRST, _OLD, host),
        # named by its subject alone
        "new/2.crt": pki.certificate_file("portal b", portal, _FIRST, _NOW, [f"www.{_HOST}"]),
        # of a CA that clients don't know
        "new/3.crt": pki.certificate_file("portal c", portal, _STRANGER, _NOW, host),
        "new/4.crt": pki.certificate_file("portal d", portal, _SECOND, _NOW, host),
        "new/1.key": pki.key_file("portal d"),
        "new/2.key": pki.key_file("portal a"),
        "new/3.key": pki.key_file("portal b"),
        "new/4.key": pki.key_file("portal c"),
    }


def expired() -> tuple[str, str]:
    """The certificate and the key that the Ingress uses now."""
    days = ("2025-10-01", "2026-10-01")
    return pki.certificate_file("portal old", pki.name(_HOST), _FIRST, days, [_HOST]), pki.key_file(
        "portal old"
    )
