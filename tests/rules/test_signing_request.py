"""Rule `signing-request`."""

from __future__ import annotations

import msgspec
import pytest

from tests.certificate_maker import encoded, make
from tests.pictures import judging
from tests.table import each_row
from trainer.errors import UsageError
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.rules import signing_request
from trainer.rules.signing_request import Params
from trainer.simulate.world import World
from trainer.verdict import Outcome, Status

judge = judging(signing_request)

CLIENT = "kubernetes.io/kube-apiserver-client"


def request(key: bytes, *, cn: str = "jane", groups: tuple[str, ...] = ("release",)) -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization

    private = serialization.load_pem_private_key(key, None)
    oid = x509.NameOID
    parts = [x509.NameAttribute(oid.ORGANIZATION_NAME, one) for one in groups]
    name = x509.Name([*parts, *([x509.NameAttribute(oid.COMMON_NAME, cn)] if cn else [])])
    made = x509.CertificateSigningRequestBuilder(name).sign(private, hashes.SHA256())  # type: ignore[arg-type]
    return made.public_bytes(serialization.Encoding.PEM)


CERTIFICATE, KEY = make("jane")
FILES = {
    "jane.key": KEY.decode(),
    "jane.crt": CERTIFICATE.decode(),
    "jane.csr": request(KEY).decode(),
    "other.key": make("x")[1].decode(),
    "notes.txt": "no key",
}


def outcome(params: dict[str, object], pem: bytes = b"", **spec: object) -> Outcome:
    fields = {
        "request": encoded(pem or request(KEY)),
        "signerName": CLIENT,
        "usages": ["client auth"],
        **spec,
    }
    value = {"kind": "CertificateSigningRequest", "metadata": {"name": "jane"}, "spec": fields}
    document = parse(msgspec.json.encode(value), "access.yaml").documents[0]
    manifest = Manifest(document.value, document)
    world = World((manifest,), answer=(manifest,), node_files=FILES)
    asked = {"object": "CertificateSigningRequest jane", **params}
    return judge(world, msgspec.convert(asked, Params))


@each_row(
    "params",
    [
        {"signed": True, "signer": CLIENT},
        {"user": "jane", "groups": ["release"]},
        {"key": "jane.key"},
        {"key": "jane.crt"},
        {"key": "jane.csr"},
        {"at-least": 86400},
    ],
)
def test_as_required(params: dict[str, object]) -> None:
    assert outcome(params).status is Status.PASS


def test_a_validity_at_both_limits_passes() -> None:
    limits: dict[str, object] = {"at-least": 600, "at-most": 600}
    assert outcome(limits, expirationSeconds=600).status is Status.PASS


@each_row(
    ("params", "pem", "spec", "message", "evidence"),
    [
        (
            {"user": "john"},
            b"",
            {},
            "common name in `request` is jane; john is required",
            "the user jane with",
        ),
        (
            {"user": "jane"},
            request(KEY, cn=""),
            {},
            "is missing; jane is required",
            "the user without a name",
        ),
        ({"groups": []}, b"", {}, "the task requires no organization", "with the group release"),
        ({"groups": ["ops"]}, b"", {}, "are release; the task requires only ops", "with the group release"),
        (
            {"groups": ["release"]},
            request(KEY, groups=()),
            {},
            "are missing; the task requires only release",
            "without a group",
        ),
        ({"key": "other.key"}, b"", {}, "isn't the one of other.key", "nobody can use"),
        ({"signer": "example.com/x"}, b"", {}, "example.com/x is required", "for another purpose"),
        (
            {"signer": CLIENT},
            b"",
            {"signerName": "example.com/x"},
            "`signerName` is",
            "stays without a certificate",
        ),
        (
            {"signed": True},
            b"",
            {"usages": ["any"]},
            "refuses this request: the usage `any`",
            "condition Failed",
        ),
        ({"at-most": 86400}, b"", {}, "`expirationSeconds` isn't set", "valid for 365 days"),
        ({"at-most": 600}, b"", {"expirationSeconds": 601}, "`expirationSeconds` is 601", "for 601 seconds"),
        ({"at-least": 7200}, b"", {"expirationSeconds": 3600}, "at least 7200 seconds", "for 1 hour"),
    ],
)
def test_what_is_not_as_required(
    params: dict[str, object], pem: bytes, spec: dict[str, object], message: str, evidence: str
) -> None:
    found = outcome(params, pem, **spec)
    assert found.status is Status.FAIL
    assert message in found.reasons[0].message
    assert found.reasons[0].location is not None
    assert evidence in found.evidence[0]


def test_a_missing_request_fails_and_a_file_without_a_key_is_the_cards_fault() -> None:
    assert outcome({"object": "CertificateSigningRequest john"}).status is Status.FAIL
    with pytest.raises(UsageError, match=r"notes\.txt"):
        outcome({"key": "notes.txt"})
