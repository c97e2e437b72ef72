"""Names of certificate signers: `kubernetes.io/kube-apiserver-client`.

Follows Kubernetes pkg/apis/core/validation/names.go and pkg/apis/certificates/validation (v1.35):
`ValidateSignerName`.
"""

from __future__ import annotations

from trainer.manifests.validation.collect import At
from trainer.manifests.validation.names import dns_label, dns_subdomain

_LONGEST_PATH = 253 + 1 + 63


def signer_name(at: At, field: str, value: str) -> None:
    """A domain, `/` and a path of dotted labels."""
    if not value:
        at.missing(
            field, why="it says who signs", fix=f"Add `{field}`, as `kubernetes.io/kube-apiserver-client`."
        )
        return
    domain, slash, path = value.partition("/")
    if not slash or "/" in path:
        why = "a signer's name is a domain, one `/` and a path, as `kubernetes.io/kube-apiserver-client`"
        at.invalid(field, value=value, why=why)
        return
    if dns_subdomain(domain) or "." not in domain:
        at.invalid(field, value=value, why="the part before `/` is a domain with at least one dot")
    if not path or len(path) > _LONGEST_PATH or any(dns_label(part) for part in path.split(".")):
        why = "the part after `/` has lower case letters, digits, `-` and `.`"
        at.invalid(field, value=value, why=why)
