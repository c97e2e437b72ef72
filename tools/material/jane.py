"""The key and the requests of card `csr-user`."""

from __future__ import annotations

from tools.material import pki

_JANE, _OTHER = "csr-user jane", "csr-user other"


def files() -> dict[str, str]:
    """The material by name."""
    requests = {
        # the right subject, for a key that Jane doesn't have
        "a": (_OTHER, pki.name("jane", ["release"])),
        # the group of cluster administrators
        "b": (_JANE, pki.name("jane", ["system:masters"])),
        # a second group
        "c": (_JANE, pki.name("jane", ["release", "ops"])),
        # user and group the wrong way round
        "d": (_JANE, pki.name("release", ["jane"])),
        "e": (_JANE, pki.name("jane", ["release"])),
    }
    made = {f"requests/{file}.csr": pki.request_file(*request) for file, request in requests.items()}
    return {"jane.key": pki.key_file(_JANE), **made}
