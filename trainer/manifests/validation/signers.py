"""Names made of a domain and a path: certificate signers, controllers.

Follows Kubernetes pkg/apis/core/validation/names.go (`ValidateSignerName`) and apimachinery
pkg/util/validation (`IsDomainPrefixedPath`) (v1.35).
"""

from __future__ import annotations

from trainer.manifests.validation.collect import At
from trainer.manifests.validation.names import dns_label, dns_subdomain
from trainer.patterns import regex

_LONGEST_PATH = 253 + 1 + 63
_PATH = regex(r"[A-Za-z0-9/\-._~%!$&'()*+,;=:]+")


def signer_name(at: At, field: str, value: str) -> None:
    """A domain, one `/` and dotted labels, as `kubernetes.io/kube-apiserver-client`."""
    if not value:
        fix = f"Add `{field}`, as `kubernetes.io/kube-apiserver-client`."
        at.missing(field, why="it says who signs", fix=fix)
        return
    domain, slash, path = value.partition("/")
    if not slash or "/" in path:
        why = "it is a domain, one `/` and a name, as `kubernetes.io/kube-apiserver-client`"
        at.invalid(field, value=value, why=why)
        return
    if "." not in domain:
        why = "the part before `/` is a domain name with a dot"
        at.invalid(field, value=value, why=why)
    elif len(domain) > 253 or any(dns_label(part) for part in domain.split(".")):
        at.invalid(field, value=value, why="the part before `/` isn't a domain name")
    if len(path) > _LONGEST_PATH or any(dns_subdomain(part) for part in path.split(".")):
        why = "the part after `/` has lower case letters, digits, `-` and `.`"
        at.invalid(field, value=value, why=why)


def domain_path(at: At, field: str, value: str) -> None:
    """A domain, `/` and any path, as `example.com/ingress-controller`."""
    domain, _, path = value.partition("/")
    if not domain or not path:
        at.invalid(field, value=value, why="it is a domain with a path, as `example.com/controller`")
    elif dns_subdomain(domain):
        at.invalid(field, value=value, why="the part before `/` isn't a domain name")
    elif not _PATH.fullmatch(path):
        at.invalid(field, value=value, why="the part after `/` has characters that a path doesn't take")
