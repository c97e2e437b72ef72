"""CertificateSigningRequests as rows."""

from __future__ import annotations

from typing import Any

import pytest

from tests.table import each_row
from tools.material import pki
from trainer.errors import NotJudged
from trainer.simulate.certificates.signers import CLIENT
from trainer.simulate.findings.requests import with_request


def item(**spec: Any) -> dict[str, Any]:
    request = pki.encoded(pki.request_file("jane", pki.name("jane", ["dev", "ops"])))
    given = {"request": request, "signerName": CLIENT, "usages": ["client auth"], "username": "jane"}
    return {"metadata": {"name": "jane-1"}, "spec": given | spec}


@each_row(
    ("spec", "own", "refused"),
    [
        ({}, True, False),
        ({"username": "john"}, False, False),
        ({"usages": ["client auth", "server auth"]}, True, True),
        ({"signerName": "example.com/x", "usages": ["any"]}, True, False),
    ],
)
def test_what_a_request_asks_for(spec: dict[str, Any], own: bool, refused: bool) -> None:
    found = with_request("a.json:1", item(**spec))
    assert found["metadata"] == {"name": "jane-1"}
    assert found["subject"] == {"user": "jane", "groups": ["dev", "ops"]}
    assert (found["for-its-sender"], found["refused-by-signer"]) == (own, refused)


def test_material_that_cannot_be_read_is_not_judged() -> None:
    with pytest.raises(NotJudged, match=r"a\.json:1: the request is not base64"):
        with_request("a.json:1", item(request="***"))
