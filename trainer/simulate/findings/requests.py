"""CertificateSigningRequests of a list, as `kubectl get csr -o json` prints it, each with what it asks for.

A row is an object of the list with more fields: `subject.user` and `subject.groups` of its decoded request,
`for-its-sender` says whether the user is the one who sent it, and `refused-by-signer` whether its signer
never signs it (see `certificates.signers`).
"""

from __future__ import annotations

from typing import Any

from trainer.errors import NotJudged
from trainer.manifests.values import mapping_at, text, texts
from trainer.manifests.x509 import decoded
from trainer.simulate.certificates.requests import read_request
from trainer.simulate.certificates.signers import refusal

TOLD = {
    ("for-its-sender", "true"): "the request is for the same user who sent it",
    ("for-its-sender", "false"): "the request is for another user than the one who sent it",
    ("refused-by-signer", "true"): "its signer never signs it: see its usages, subject and alternative names",
    (
        "refused-by-signer",
        "false",
    ): "its signer accepts its usages, subject and alternative names, so it signs it after an approval",
}
"""What the values of the further fields mean, in words."""


def with_request(place: str, item: Any) -> dict[str, Any]:
    """An object of the list with these fields. `place` is for messages.

    Raises `NotJudged` for a request that can't be read: that is the card's fault.
    """
    spec = mapping_at(item, "spec")
    try:
        facts = read_request(decoded(spec.get("request")))
    except ValueError as error:
        raise NotJudged(f"{place}: the request is {error}") from error
    why = refusal(text(spec.get("signerName")), facts, texts(spec.get("usages")))
    return {
        **item,
        "subject": {"user": facts.common_name, "groups": list(facts.organizations)},
        "for-its-sender": facts.common_name == spec.get("username"),
        "refused-by-signer": bool(why),
    }
