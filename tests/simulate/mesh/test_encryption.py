"""What Cilium encrypts with Helm values and with its ConfigMap."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.errors import NotJudged
from trainer.manifests.model import Document
from trainer.manifests.reading.parse import parse
from trainer.simulate.mesh.encryption import Encryption, from_config, from_values


def document(text: str) -> Document:
    return parse(text.encode(), "values.yaml").documents[0]


def values(text: str) -> Encryption:
    return from_values(document(text))


@each_row(
    ("text", "kind", "nodes"),
    [
        ("a: b", "", False),
        ("encryption: {enabled: true}", "ipsec", False),
        ("encryption: {enabled: true, type: ipsec, nodeEncryption: true}", "ipsec", False),
        ("encryption: {enabled: true, type: wireguard}", "wireguard", False),
        ("encryption: {enabled: true, type: wireguard, nodeEncryption: true}", "wireguard", True),
        ("encryption: {enabled: true, type: wireguard, wireguard: {nodeEncryption: true}}", "wireguard", False),
        ("encryption: {enabled: false, type: wireguard, nodeEncryption: true}", "", False),
        ("encryption: {enabled: true, type: WireGuard}", "", False),
        ("encryption: {enabled: true, type: wireguard, nodeEncryption: false}", "wireguard", False),
        ("extraConfig: {enable-wireguard: 'true', encrypt-node: '1'}", "wireguard", True),
        ("extraConfig: {enable-wireguard: true}", "wireguard", False),
        ("encryption: {enabled: true, type: wireguard, nodeEncryption: true}\nextraConfig: {encrypt-node: 'false'}", "wireguard", False),
        ("enable-wireguard: true", "", False),
    ],
)  # fmt: skip
def test_helm_values(text: str, kind: str, nodes: bool) -> None:
    found = values(text)
    assert (found.kind, found.nodes, found.fault) == (kind, nodes, None)


@each_row(
    ("text", "words", "path"),
    [
        ("encryption: {enabled: 'true'}", "Helm refuses `encryption.enabled`: it must be true or false, without quotes", ("encryption", "enabled")),
        ("encryption: {enabled: true, nodeEncryption: 1}", "Helm refuses `encryption.nodeEncryption`", ("encryption", "nodeEncryption")),
        ("encryption: {type: 5}", "Helm refuses `encryption.type`: it must be text", ("encryption", "type")),
        ("encryption: {enabled: true, type: wireguard}\nextraConfig: {enable-ipsec: 'true'}", "WireGuard and IPsec exclude each other", ("extraConfig", "enable-ipsec")),
        ("extraConfig: {encrypt-node: 'on'}", "`encrypt-node` is on, which is neither true nor false", ("extraConfig", "encrypt-node")),
    ],
)  # fmt: skip
def test_faults(text: str, words: str, path: tuple[str, ...]) -> None:
    found = values(text)
    assert found.fault
    assert words in found.fault.message
    assert found.fault.path == path
    assert found.kind == ""


def test_the_config_map() -> None:
    found = from_config({"enable-wireguard": "true", "encrypt-node": "true"})
    assert (found.kind, found.nodes) == ("wireguard", True)
    assert from_config({"encrypt-node": "true"}).nodes is False
    assert from_config({"enable-wireguard": ""}).kind == ""
    assert from_config({"enable-ipsec": "T"}).kind == "ipsec"


def test_ztunnel_is_not_judged() -> None:
    with pytest.raises(NotJudged, match="ztunnel"):
        values("encryption: {enabled: true, type: ztunnel}")
