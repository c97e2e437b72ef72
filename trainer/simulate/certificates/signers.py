"""What the signers of a cluster do with an approved CertificateSigningRequest: sign it, fail it, ignore it.

Follows `pkg/controller/certificates/signer/signer.go` and `pkg/apis/certificates/helpers.go` of Kubernetes
v1.36, and https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/#kubernetes-signers.
A signer whose name isn't one of Kubernetes' own is a program that nobody here knows.
"""

from __future__ import annotations

from collections.abc import Sequence

from trainer.simulate.certificates.requests import RequestFacts

CLIENT = "kubernetes.io/kube-apiserver-client"
KUBELET_CLIENT = "kubernetes.io/kube-apiserver-client-kubelet"
KUBELET_SERVING = "kubernetes.io/kubelet-serving"
LEGACY = "kubernetes.io/legacy-unknown"
SIGNERS = (CLIENT, KUBELET_CLIENT, KUBELET_SERVING, LEGACY)
"""The signers of the controller manager."""
OF_USERS = (CLIENT, KUBELET_CLIENT)
"""Signers whose certificates the API server accepts from its clients."""

YEAR = 365 * 24 * 3600
"""The seconds of `--cluster-signing-duration` by default: the longest validity, and the usual one."""
SHORTEST = 600

_NODES, _NODE = "system:nodes", "system:node:"
_SIGNATURE, _ENCIPHERMENT = "digital signature", "key encipherment"
_CLIENT_AUTH, _SERVER_AUTH = "client auth", "server auth"


def refusal(signer: str, request: RequestFacts, usages: Sequence[str]) -> str:
    """Why the signer never signs an approved request; empty if it does, or if nobody here knows the signer.

    The controller sets the condition Failed with the reason SignerValidationFailure.
    """
    asked = set(usages)
    if signer == CLIENT:
        if other := [one for one in usages if one not in (_SIGNATURE, _ENCIPHERMENT, _CLIENT_AUTH)]:
            return f"the usage `{other[0]}` isn't one of a client certificate"
        return "" if _CLIENT_AUTH in asked else f"the usage `{_CLIENT_AUTH}` is missing"
    if signer not in (KUBELET_CLIENT, KUBELET_SERVING):
        return ""
    if request.organizations != (_NODES,):
        return f"its only organization must be {_NODES}"
    if signer == KUBELET_SERVING and not (request.dns or request.addresses):
        return "it needs a DNS name or an IP address as subject alternative name"
    others = (request.emails, request.uris) if signer == KUBELET_SERVING else _names(request)
    if any(others):
        return "it has subject alternative names that this signer doesn't take"
    last = _SERVER_AUTH if signer == KUBELET_SERVING else _CLIENT_AUTH
    if asked not in ({_SIGNATURE, last}, {_SIGNATURE, _ENCIPHERMENT, last}):
        return f"its usages must be {_SIGNATURE}, {_ENCIPHERMENT} (optional) and {last}"
    if not request.common_name.startswith(_NODE):
        return f"its common name must start with {_NODE}"
    return ""


def _names(request: RequestFacts) -> tuple[tuple[str, ...], ...]:
    return request.dns, request.addresses, request.emails, request.uris


def validity(seconds: int | None) -> int:
    """For how many seconds the controller makes a certificate valid, with its default flags."""
    return YEAR if seconds is None else min(max(seconds, SHORTEST), YEAR)
