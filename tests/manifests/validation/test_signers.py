"""Tests of `manifests.validation.signers`: names made of a domain and a path."""

from __future__ import annotations

from tests.table import each_row
from trainer.manifests.model import Document, Manifest
from trainer.manifests.validation import signers
from trainer.manifests.validation.collect import At


def place() -> At:
    return At(Manifest({}, Document({}, "a", 0, 0, {})), 35, (), [])


@each_row(
    ("value", "good"),
    [
        ("kubernetes.io/kube-apiserver-client", True),
        ("example.com/a.b", True),
        ("", False),
        ("example.com", False),
        ("example/a", False),
        ("example.com/", False),
        ("example.com/a/b", False),
        ("Example.com/a", False),
        ("example.com/A", False),
    ],
)
def test_signer_names(value: str, good: bool) -> None:
    at = place()
    signers.signer_name(at, "signerName", value)
    assert (at.problems == []) is good


@each_row(
    ("value", "good"),
    [
        ("example.com/ingress-controller", True),
        ("example.com/a/B_c", True),
        ("example.com", False),
        ("/a", False),
        ("EXAMPLE.com/a", False),
        ("example.com/a b", False),
    ],
)
def test_domain_paths(value: str, good: bool) -> None:
    at = place()
    signers.domain_path(at, "controller", value)
    assert (at.problems == []) is good
