"""Damaged certificates, keys and requests, wherever an answer may hold them."""

from __future__ import annotations

import base64
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import strategies as st

from tools.fuzz.model import Case, Judged, Target, judging
from tools.fuzz.stored import stored_answers
from tools.fuzz.targets.answers import judged
from tools.fuzz.tree import Map
from tools.fuzz.writing import written
from trainer.manifests.answer import Answer, AnswerFile

FIRST, LAST = "2026-01-01", "2036-01-01"
_OF_DER = (0, 1, 2, 3, 5, 6, 0x0C, 0x13, 0x17, 0x18, 0x30, 0x31, 0x7F, 0x80, 0x81, 0x82, 0xA0, 0xA3, 0xFF)


_P = int(
    "ef02db24248067b891e2ea3f2623a4922f934b82da4b2b7f0c58b276bcdf0123"
    "a1e214cde0e9fd737209bf5bfba3bdcc31d11a5fa4dd1d3c28f147bb5bb38f59",
    16,
)
_Q = int(
    "cfa9c09e5332c731d95767319d9a859defb174a8a39d985b0645f3de6280a28a"
    "22c3877d7f18d6e92348751d8f0e0c300e382580cb7cc325e29429032055dd67",
    16,
)
"""The factors of a small RSA key: everything damaged here is the same in every run, signatures included."""


@cache
def originals() -> tuple[tuple[str, bytes], ...]:
    """What is damaged, as DER with its label: three kinds of keys, their certificates, requests of two."""
    from datetime import UTC, datetime

    first, last = (datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC) for day in (FIRST, LAST))
    found: list[tuple[str, bytes]] = []
    signer = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    name = x509.Name(
        [
            x509.NameAttribute(x509.NameOID.COMMON_NAME, "dev"),
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "ops"),
        ]
    )
    alternative = x509.SubjectAlternativeName([x509.DNSName("shop.example"), x509.DNSName("*.shop.example")])
    keys: tuple[Any, ...] = (signer, _rsa_key(), ec.derive_private_key(12345, ec.SECP256R1()))
    for key in keys:
        certificate = (
            x509.CertificateBuilder(name, name, key.public_key(), 1000, first, last)
            .add_extension(alternative, critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(signer, None)
        )
        found.append(("CERTIFICATE", certificate.public_bytes(Encoding.DER)))
        found.append(("PRIVATE KEY", key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())))
    for key, digest in zip(keys[:2], (None, hashes.SHA256()), strict=True):
        request = x509.CertificateSigningRequestBuilder(name).sign(key, digest)
        found.append(("CERTIFICATE REQUEST", request.public_bytes(Encoding.DER)))
    return tuple(found)


def _rsa_key() -> rsa.RSAPrivateKey:
    exponent = 65537
    d = pow(exponent, -1, (_P - 1) * (_Q - 1))
    parts = (rsa.rsa_crt_dmp1(d, _P), rsa.rsa_crt_dmq1(d, _Q), rsa.rsa_crt_iqmp(_P, _Q))
    return rsa.RSAPrivateNumbers(_P, _Q, d, *parts, rsa.RSAPublicNumbers(exponent, _P * _Q)).private_key()


def damaged(number: int, changes: list[tuple[int, int, int]], label: str = "") -> bytes:
    """One of the originals as PEM after some changes: `(kind, place, value)` for each."""
    own, der = originals()[number % len(originals())]
    data = bytearray(der)
    for kind, place, value in changes:
        at = place % max(len(data), 1)
        if kind == 0 and data:
            data[at] ^= 1 << value % 8
        elif kind == 1 and data:
            data[at] = _OF_DER[value % len(_OF_DER)]
        elif kind == 2:
            del data[at : at + 1 + value % 3]
        else:
            data[at:at] = data[at : at + 1 + value]
    label = label or own
    return (
        f"-----BEGIN {label}-----\n{base64.encodebytes(bytes(data)).decode()}-----END {label}-----\n".encode()
    )


@judging
def judge(case: Case) -> Judged:
    """Grade an answer with damaged PEM in a TLS Secret, a kubeconfig, a request or a bundle."""
    one, other = (damaged(case[name], case[f"{name} changes"]) for name in ("first", "second"))
    texts = [base64.b64encode(pem).decode() for pem in (one, other)]
    if case["cut"]:
        texts[0] = texts[0][: case["cut"] % len(texts[0])]
    stored, data = _WHERE[case["where"] % len(_WHERE)](texts, one.decode())
    answer = Answer(
        tuple(
            AnswerFile(part.name, data if place == 0 else part.data())
            for place, part in enumerate(stored.parts)
        )
    )
    return judged(stored.card, answer)


def _object(kind: str, version: str, **fields: Any) -> Map:
    pairs: list[list[Any]] = [
        ["apiVersion", version],
        ["kind", kind],
        ["metadata", Map([["name", "shop-tls"]])],
    ]
    return Map([*pairs, *([key, value] for key, value in fields.items())])


def _tls(texts: list[str], _: str) -> tuple[Any, bytes]:
    stored = stored_answers()["ingress-tls/reference"]
    secret = _object(
        "Secret", "v1", type="kubernetes.io/tls", data=Map([["tls.crt", texts[0]], ["tls.key", texts[1]]])
    )
    secret.pairs[2][1].pairs.append(["namespace", "web"])
    return stored, (stored.parts[0].data().decode() + "---\n" + written([secret])).encode()


def _kubeconfig(texts: list[str], _: str) -> tuple[Any, bytes]:
    stored = stored_answers()["kubeconfig/reference"]
    text = stored.parts[0].data().decode()
    lines = [
        line.partition(":")[0] + f": {texts[0]}"
        if line.strip().startswith(("client-certificate", "certificate-authority", "client-key"))
        else line
        for line in text.splitlines()
    ]
    lines = [
        line.replace("-data:", ":").replace(":", "-data:", 1) if texts[0] in line else line for line in lines
    ]
    return stored, "\n".join([*lines, ""]).encode()


def _request(texts: list[str], _: str) -> tuple[Any, bytes]:
    spec = Map(
        [
            ["request", texts[0]],
            ["signerName", "kubernetes.io/kube-apiserver-client"],
            ["usages", ["client auth"]],
        ]
    )
    request = _object("CertificateSigningRequest", "certificates.k8s.io/v1", spec=spec)
    return stored_answers()["pod-ro/reference"], written([request]).encode()


def _bundle(_: list[str], pem: str) -> tuple[Any, bytes]:
    spec = Map([["trustBundle", pem]])
    bundle = _object("ClusterTrustBundle", "certificates.k8s.io/v1beta1", spec=spec)
    return stored_answers()["pod-ro/reference"], written([bundle]).encode()


_WHERE = (_tls, _tls, _kubeconfig, _request, _bundle)


def _cases() -> st.SearchStrategy[Case]:
    number = st.integers(0, 7)
    changes = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2000), st.integers(0, 20)), max_size=4)
    return st.fixed_dictionaries(
        {
            "first": number,
            "first changes": changes,
            "second": number,
            "second changes": changes,
            "cut": st.one_of(st.just(0), st.integers(0, 2000)),
            "where": st.integers(0, 4),
        }
    )


TARGETS = (
    Target(
        "certificates",
        "damaged certificates, keys and requests: a FAIL, never an error of ours",
        30,
        _cases,
        judge,
    ),
)
