"""CertificateSigningRequest.

Follows Kubernetes pkg/apis/certificates/validation/validation.go (v1.35).
"""

from __future__ import annotations

from trainer.manifests.validation.collect import At, Map
from trainer.manifests.validation.signers import signer_name
from trainer.manifests.values import indexed_texts, mapping, number, text
from trainer.manifests.x509 import certificate_request, decoded, organizations, readable
from trainer.patterns import regex

_USAGES = (
    "signing",
    "digital signature",
    "content commitment",
    "key encipherment",
    "key agreement",
    "data encipherment",
    "cert sign",
    "crl sign",
    "encipher only",
    "decipher only",
    "any",
    "server auth",
    "client auth",
    "code signing",
    "email protection",
    "s/mime",
    "ipsec end system",
    "ipsec tunnel",
    "ipsec user",
    "timestamping",
    "ocsp signing",
    "microsoft sgc",
    "netscape sgc",
)
_CLIENT = "kubernetes.io/kube-apiserver-client"
_LEGACY = "kubernetes.io/legacy-unknown"
_BLOCK = regex(rb"-----BEGIN ([A-Z0-9 ]+)-----\r?\n")
_SHORTEST = 600


def signing_request(at: At, data: Map) -> None:
    """A CertificateSigningRequest on create (`ValidateCertificateSigningRequestCreate`)."""
    spec = mapping(data.get("spec"))
    place = at / "spec"
    _request(place, text(spec.get("request")))
    usages = [usage for _, usage in indexed_texts(spec.get("usages"))]
    if not usages:
        place.missing("usages", why="it says what the certificate is for", fix="Add `usages: [client auth]`.")
    for index, usage in enumerate(usages):
        place.choice("usages", index, value=usage, allowed=_USAGES, needed="it names a usage")
        if usage in usages[:index]:
            place.duplicate("usages", index, value=usage, why="a usage is listed once")
    signer = text(spec.get("signerName"))
    if signer == _CLIENT and _masters(text(spec.get("request"))):
        place.say(
            "The request asks for the group `system:masters`, which this signer never grants.",
            "request",
            fix="Make a request without `O=system:masters`, and grant the rights with RBAC.",
        )
    if signer == _LEGACY:
        place.invalid("signerName", value=signer, why="this API version doesn't take the legacy signer")
    else:
        signer_name(place, "signerName", signer)
    seconds = number(spec.get("expirationSeconds"))
    if seconds is not None and seconds < _SHORTEST:
        place.invalid("expirationSeconds", value=seconds, why="a certificate lives for 600 seconds or more")


def _request(at: At, value: str) -> None:
    if not value:
        at.missing("request", why="it holds the request for a certificate (PEM, in base64)")
        return
    try:
        pem = decoded(value)
    except ValueError:
        at.say("`request` isn't base64.", "request", fix="Encode the file: `base64 -w0 < user.csr`.")
        return
    block = _BLOCK.search(pem)
    if block is None or block[1] != b"CERTIFICATE REQUEST":
        found = f" (it is a {block[1].decode()})" if block else ""
        at.say(
            f"`request` holds no certificate request in PEM form{found}.",
            "request",
            fix="Encode the whole file of the request, which starts with BEGIN CERTIFICATE REQUEST.",
        )
        return
    try:
        request = certificate_request(pem)
        with readable():
            is_signed = request.is_signature_valid
    except ValueError:
        at.say("`request` holds a certificate request that can't be read.", "request")
        return
    if not is_signed:
        why = "it wasn't signed with the key that belongs to it"
        at.say(f"`request` holds a certificate request whose signature is wrong: {why}.", "request")


def _masters(value: str) -> bool:
    """Whether a client certificate of `system:masters` is requested (CertificateSubjectRestriction)."""
    try:
        request = certificate_request(decoded(value))
        with readable():
            return "system:masters" in organizations(request.subject)
    except ValueError:
        return False
