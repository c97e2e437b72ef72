"""What signers do: cases of `pkg/controller/certificates/signer` and `pkg/apis/certificates` (v1.36)."""

from __future__ import annotations

from tests.table import each_row
from trainer.simulate.certificates.requests import RequestFacts
from trainer.simulate.certificates.signers import (
    CLIENT,
    KUBELET_CLIENT,
    KUBELET_SERVING,
    LEGACY,
    YEAR,
    refusal,
    validity,
)

NODE = RequestFacts("system:node:n1", ("system:nodes",))
SERVING = RequestFacts("system:node:n1", ("system:nodes",), dns=("n1",), addresses=("10.0.0.1",))
SIGN, CIPHER, BY_CLIENT, BY_SERVER = "digital signature", "key encipherment", "client auth", "server auth"


@each_row(
    ("signer", "request_", "usages", "why"),
    [
        (CLIENT, RequestFacts("jane", ("dev",)), [BY_CLIENT], ""),
        (CLIENT, RequestFacts("jane", ()), [SIGN, CIPHER, BY_CLIENT], ""),
        (CLIENT, RequestFacts("jane", (), dns=("a.example",)), [BY_CLIENT], ""),
        (CLIENT, RequestFacts("jane", ()), [SIGN, CIPHER], "`client auth` is missing"),
        (CLIENT, RequestFacts("jane", ()), [BY_CLIENT, BY_SERVER], "usage `server auth`"),
        (CLIENT, RequestFacts("jane", ()), [BY_CLIENT, "any"], "usage `any`"),
        (KUBELET_CLIENT, NODE, [SIGN, CIPHER, BY_CLIENT], ""),
        (KUBELET_CLIENT, NODE, [BY_CLIENT, SIGN], ""),
        (KUBELET_CLIENT, NODE, [BY_CLIENT], "usages must be digital signature, key encipherment (optional)"),
        (KUBELET_CLIENT, NODE, [SIGN, CIPHER, BY_CLIENT, BY_SERVER], "usages must be"),
        (KUBELET_CLIENT, RequestFacts("system:node:n1", ()), [SIGN, BY_CLIENT], "organization"),
        (
            KUBELET_CLIENT,
            RequestFacts("system:node:n1", ("system:nodes", "x")),
            [SIGN, BY_CLIENT],
            "only organ",
        ),
        (
            KUBELET_CLIENT,
            RequestFacts("jane", ("system:nodes",)),
            [SIGN, BY_CLIENT],
            "start with system:node:",
        ),
        (KUBELET_CLIENT, SERVING, [SIGN, BY_CLIENT], "alternative names"),
        (KUBELET_SERVING, SERVING, [SIGN, CIPHER, BY_SERVER], ""),
        (KUBELET_SERVING, SERVING, [SIGN, BY_SERVER], ""),
        (KUBELET_SERVING, NODE, [SIGN, BY_SERVER], "needs a DNS name or an IP address"),
        (KUBELET_SERVING, SERVING, [SIGN, BY_CLIENT], "and server auth"),
        (
            KUBELET_SERVING,
            RequestFacts("system:node:n1", ("system:nodes",), dns=("n1",), uris=("https://n1",)),
            [SIGN, BY_SERVER],
            "doesn't take",
        ),
        (
            KUBELET_SERVING,
            RequestFacts("n1", ("system:nodes",), dns=("n1",)),
            [SIGN, BY_SERVER],
            "start with",
        ),
        (LEGACY, RequestFacts("jane", ("system:masters",)), ["any"], ""),
        ("example.com/mine", RequestFacts("", ()), [], ""),
    ],
)
def test_what_a_signer_refuses(signer: str, request_: RequestFacts, usages: list[str], why: str) -> None:
    found = refusal(signer, request_, usages)
    assert bool(found) is bool(why)
    assert why in found


@each_row(("seconds", "valid"), [(None, YEAR), (86400, 86400), (599, 600), (YEAR + 1, YEAR)])
def test_how_long_a_certificate_is_valid(seconds: int | None, valid: int) -> None:
    assert validity(seconds) == valid
