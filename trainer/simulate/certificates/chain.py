"""Does a client that trusts certain CAs accept the certificates that a server shows?

Follows `Certificate.Verify` of Go's crypto/x509 (1.24, `verify.go`): the first certificate is that of the
server, the others are intermediate ones in any order. Every issuer must be a CA that may sign certificates,
have signed the next one, and not have more CAs below it than its path length allows. All must be valid on the
day, and each list of extended usages must have `serverAuth`. CAs with name constraints or with other critical
extensions are outside the subset.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from trainer.errors import NotJudged
from trainer.manifests.x509 import certificates, common_name, readable

if TYPE_CHECKING:
    from cryptography.x509 import Certificate, ExtensionType

_LONGEST = 8
"""Certificates of a chain: more aren't followed."""
_MOST = 16
"""Certificates of a file: more aren't tried."""


def distrust(pem: bytes, roots: bytes, moment: datetime) -> list[str]:
    """Why a client that trusts `roots` refuses the certificates of `pem`; empty if it accepts them.

    If no way leads to a root, the reasons of the way that comes furthest. Raises `ValueError` for files that
    can't be read, `NotJudged` for CAs with constraints.
    """
    shown, trusted = certificates(pem), certificates(roots)
    if len(shown) > _MOST:
        return [f"{len(shown)} certificates are too many"]
    with readable():
        return _way([shown[0]], shown[1:], trusted, moment)


def _way(
    way: list[Certificate], others: list[Certificate], trusted: list[Certificate], at: datetime
) -> list[str]:
    """Why no way leads from the last certificate of `way` to a root; empty if one does."""
    last = way[-1]
    if wrong := _unfit(last, at, is_server=len(way) == 1):
        return wrong
    if any(one == last for one in trusted):
        return []
    reasons: list[str] = []
    for issuer, is_root in [
        *((one, True) for one in trusted),
        *((one, False) for one in others if one not in way),
    ]:
        if issuer.subject != last.issuer:
            continue
        why = _no_issuer(issuer, way)
        if not why and len(way) < _LONGEST:
            further = _unfit(issuer, at) if is_root else _way([*way, issuer], others, trusted, at)
            if not further:
                return []
            reasons = reasons or further
        elif why:
            reasons = reasons or [why]
    return reasons or [_nobody(last, way)]


def _nobody(last: Certificate, way: list[Certificate]) -> str:
    who, by = _name(last), common_name(last.issuer) or last.issuer.rfc4514_string()
    if last.issuer == last.subject:
        return f"{who} signed itself"
    if len(way) == 1:
        return f"they don't know the CA {by} that issued it, and its certificate doesn't follow"
    return f"they don't know the CA {by} that issued {who}"


def _no_issuer(issuer: Certificate, way: list[Certificate]) -> str:
    """Why a certificate with the right name can't have issued the last one of the way."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.x509 import BasicConstraints, KeyUsage

    last = way[-1]
    try:
        last.verify_directly_issued_by(issuer)
    except (InvalidSignature, TypeError, ValueError):
        return f"{_name(last)} isn't signed with the key of the CA {_name(issuer)}"
    basic: Any = _extension(issuer, BasicConstraints)
    if basic is None or not basic.ca:
        return f"{_name(issuer)} isn't a CA, so it can't issue {_name(last)}"
    usage: Any = _extension(issuer, KeyUsage)
    if usage is not None and not usage.key_cert_sign:
        return f"{_name(issuer)} may not sign certificates"
    below = sum(1 for one in way[1:] if one.subject != one.issuer)
    if basic.path_length is not None and below > basic.path_length:
        return f"the CA {_name(issuer)} allows {basic.path_length} CAs below it, and {below} are there"
    return ""


def _unfit(one: Certificate, at: datetime, *, is_server: bool = False) -> list[str]:
    from cryptography.x509 import ExtendedKeyUsage
    from cryptography.x509.oid import ExtendedKeyUsageOID

    _refuse_constraints(one)
    found = []
    if not one.not_valid_before_utc <= at <= one.not_valid_after_utc:
        period = f"{one.not_valid_before_utc:%Y-%m-%d} to {one.not_valid_after_utc:%Y-%m-%d}"
        found.append(f"{_name(one)} is valid from {period}, not on {at:%Y-%m-%d}")
    usages: Any = _extension(one, ExtendedKeyUsage)
    allowed = (ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE)
    if usages is not None and not any(usage in allowed for usage in usages):
        found.append(
            f"{_name(one)} isn't for servers (`serverAuth` is missing)" if is_server else _only_others(one)
        )
    return found


def _only_others(one: Certificate) -> str:
    return f"the CA {_name(one)} may only issue certificates for other purposes than servers"


def _refuse_constraints(one: Certificate) -> None:
    from cryptography.x509 import (
        BasicConstraints,
        ExtendedKeyUsage,
        KeyUsage,
        NameConstraints,
        SubjectAlternativeName,
    )

    known = (BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAlternativeName)
    for extension in one.extensions:
        critical = extension.critical and not isinstance(extension.value, known)
        if critical or isinstance(extension.value, NameConstraints):
            raise NotJudged(f"the extension {extension.oid.dotted_string} of certificate {_name(one)}")


def _extension(one: Certificate, kind: type[ExtensionType]) -> ExtensionType | None:
    from cryptography.x509 import ExtensionNotFound

    try:
        return one.extensions.get_extension_for_class(kind).value
    except ExtensionNotFound:
        return None


def _name(one: Certificate) -> str:
    return common_name(one.subject) or one.subject.rfc4514_string() or "without a name"
