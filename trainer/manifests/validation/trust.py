"""ClusterTrustBundles, and volumes that project them or certificates of pods.

Follows Kubernetes pkg/apis/certificates/validation/validation.go (`ValidateClusterTrustBundle`) and
pkg/apis/core/validation (`ValidateClusterTrustBundleName`, `validateProjectionSources`) of v1.36, where
the code is behind gates that are off; v1.37 serves the kinds and reads the volumes.
"""

from __future__ import annotations

import re

from trainer.manifests.validation.collect import At, Map
from trainer.manifests.validation.meta import label_selector
from trainer.manifests.validation.names import dns_subdomain
from trainer.manifests.validation.paths import local_path
from trainer.manifests.validation.signers import signer_name
from trainer.manifests.values import mapping, number, text
from trainer.manifests.x509 import certificate, readable
from trainer.patterns import regex

_LARGEST = 1024 * 1024
_BLOCK = regex(
    r"^-----BEGIN (?P<type>[A-Z0-9 ]+)-----[ \t]*\r?\n(?P<body>.*?)^-----END (?P=type)-----", re.M | re.S
)
_HEADER = regex(r"^[^\n:]+:", re.M)
_KEYS = ("RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519")
_SHORTEST, _LONGEST, _LONGEST_OF_KUBERNETES = 3600, 91 * 24 * 3600, 24 * 3600
_PATHS = ("credentialBundlePath", "keyPath", "certificateChainPath")


def cluster_trust_bundle(at: At, data: Map) -> None:
    """A ClusterTrustBundle: its name goes with its signer, its text holds certificates of CAs."""
    spec = mapping(data.get("spec"))
    signer, name = text(spec.get("signerName")), text(mapping(data.get("metadata")).get("name"))
    if signer:
        signer_name(at / "spec", "signerName", signer)
    if name and (broken := _bundle_name(name, signer)):
        at.invalid("metadata", "name", value=name, why=broken)
    _trust_bundle(at / "spec", text(spec.get("trustBundle")))


def _bundle_name(name: str, signer: str) -> str:
    """Why a bundle of a signer ("": of none) can't have this name; empty where it can."""
    if not signer:
        return "only a bundle of a signer has `:` in its name" if ":" in name else dns_subdomain(name)
    prefix = f"{signer.replace('/', ':')}:"
    if not name.startswith(prefix):
        return f"a bundle of the signer {signer} is named {prefix}..."
    return dns_subdomain(name.removeprefix(prefix))


def _trust_bundle(at: At, pem: str) -> None:
    if len(pem.encode()) > _LARGEST:
        at.say("`trustBundle` is larger than 1 MiB.", "trustBundle")
        return
    blocks = list(_BLOCK.finditer(pem))
    wrong = [f"entry {index}: {why}" for index, block in enumerate(blocks) if (why := _broken(block))]
    bodies = ["".join(block["body"].split()) for block in blocks]
    if not wrong and not blocks:
        wrong = ["it holds no certificate in PEM form"]
    elif not wrong and len(set(bodies)) < len(bodies):
        wrong = ["it holds a certificate twice"]
    for why in wrong:
        at.say(f"`trustBundle` can't be used: {why}.", "trustBundle")


def _broken(block: re.Match[str]) -> str:
    from cryptography.x509 import BasicConstraints, ExtensionNotFound

    if block["type"] != "CERTIFICATE":
        return f"it is a {block['type']}, not a CERTIFICATE"
    if _HEADER.search(block["body"]):
        return "it has headers"
    try:
        found = certificate(block[0].encode())
        with readable():
            try:
                constraints = found.extensions.get_extension_for_class(BasicConstraints).value
            except ExtensionNotFound:
                return "it is not the certificate of a CA"
    except ValueError:
        return "it can't be read"
    return "" if constraints.ca else "it is not the certificate of a CA"


def trust_projection(at: At, source: Map, taken: set[str]) -> None:
    """`clusterTrustBundle` of a projected volume: one bundle by name, or all of a signer."""
    name, signer = source.get("name"), source.get("signerName")
    if name is not None and signer is not None:
        at.say("There are both `name` and `signerName`: it takes one of them.")
    elif name is not None:
        before, colon, _ = text(name).rpartition(":")
        if broken := _bundle_name(text(name), before.replace(":", "/") if colon else ""):
            at.invalid("name", value=name, why=broken)
        if source.get("labelSelector") is not None:
            at.forbidden("labelSelector", why="the bundle has a name already")
    elif signer is not None:
        signer_name(at, "signerName", text(signer))
        if isinstance(source.get("labelSelector"), dict):
            label_selector(at / "labelSelector", source["labelSelector"])
    else:
        at.say("Which bundle is meant? It needs `name` or `signerName`.")
    if not text(source.get("path")):
        at.missing("path", why="it says which file holds the certificates")
    _path(at, source, "path", taken)


def certificate_projection(at: At, source: Map, taken: set[str]) -> None:
    """`podCertificate` of a projected volume: who signs, which key, which files."""
    signer = text(source.get("signerName"))
    signer_name(at, "signerName", signer)
    at.choice("keyType", value=source.get("keyType"), allowed=_KEYS, needed="it says which key is made")
    seconds = number(source.get("maxExpirationSeconds"))
    of_kubernetes = f".{signer.partition('/')[0]}".endswith(".kubernetes.io")
    longest = _LONGEST_OF_KUBERNETES if of_kubernetes else _LONGEST
    if seconds is not None and not _SHORTEST <= seconds <= longest:
        why = f"a certificate of this signer lives for {_SHORTEST} to {longest} seconds"
        at.invalid("maxExpirationSeconds", value=seconds, why=why)
    if not any(text(source.get(field)) for field in _PATHS):
        at.missing("credentialBundlePath", why="it says which file holds key and certificates")
    for field in _PATHS:
        _path(at, source, field, taken)


def _path(at: At, source: Map, field: str, taken: set[str]) -> None:
    path = text(source.get(field))
    if not path:
        return
    local_path(at, field, path)
    if path in taken:
        at.duplicate(field, value=path, why="a path holds one file")
    taken.add(path)
