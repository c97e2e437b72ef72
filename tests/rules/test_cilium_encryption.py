"""Rule `cilium-encryption`: reasons, places and evidence."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.pictures import judging
from tests.table import each_row
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.rules import cilium_encryption
from trainer.rules.cilium_encryption import Params
from trainer.simulate.world import World
from trainer.verdict import Outcome, Status

judge = judging(cilium_encryption)


def outcome(text: str, name: str = "values.yaml", **params: Any) -> Outcome:
    documents = tuple(parse(text.encode(), name).documents)
    world = World((), documents={name: documents})
    return judge(world, msgspec.convert({"file": "values.yaml", **params}, Params))


RIGHT = "encryption: {enabled: true, type: wireguard, nodeEncryption: true}\na: {b: 1}\n"


def test_right_values() -> None:
    found = outcome(RIGHT, type="wireguard", nodes=True, keep={"a.b": 1})
    assert found.status is Status.PASS
    assert outcome(RIGHT, "values.json", type="wireguard").status is Status.PASS


@each_row(
    ("text", "params", "words", "path"),
    [
        ("a: b", {"type": "wireguard"}, "No value switches encryption with WireGuard on.", "encryption"),
        ("enable-wireguard: true", {"type": "wireguard"}, "No value switches", "enable-wireguard"),
        ("encryption: {enabled: false}", {"type": "ipsec"}, "`encryption.enabled` isn't true", "encryption.enabled"),
        ("encryption: {enabled: true}", {"type": "wireguard"}, "the chart's default is ipsec", "encryption.type"),
        ("encryption: {enabled: true, type: ipsec}", {"type": "wireguard"}, "which encrypts with IPsec; wireguard is required", "encryption.type"),
        ("encryption: {enabled: true, type: WG}", {"type": "wireguard"}, "which isn't a type of encryption", "encryption.type"),
        ("encryption: {enabled: 'yes'}", {"type": "wireguard"}, "Helm refuses", "encryption.enabled"),
        ("encryption: {enabled: true, type: wireguard, wireguard: {nodeEncryption: true}}", {"nodes": True}, "no value switches node encryption on", "encryption.wireguard.nodeEncryption"),
        ("encryption: {enabled: true, nodeEncryption: true}", {"nodes": True}, "has no effect with IPsec: it needs WireGuard", "encryption.nodeEncryption"),
        (RIGHT, {"nodes": False}, "which the task doesn't require", "encryption.nodeEncryption"),
        (RIGHT, {"keep": {"a.b": True}}, "`a.b` must stay as it was.", "a.b"),
        ("[1]", {"nodes": True}, "has no values that Helm can read", ""),
    ],
)  # fmt: skip
def test_wrong_values(text: str, params: dict[str, Any], words: str, path: str) -> None:
    found = outcome(text, **params)
    assert found.status is Status.FAIL
    assert words in found.reasons[0].message
    assert found.reasons[0].location
    assert found.reasons[0].location.path == path
    assert found.evidence


def config(data: str) -> World:
    text = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: cilium-config, namespace: kube-system}}\ndata: {data}\n"
    document = parse(text.encode(), "config.yaml").documents[0]
    return World((Manifest(document.value, document),))


def test_the_config_map() -> None:
    params = msgspec.convert({"type": "wireguard", "nodes": True}, Params)
    assert judge(config("{enable-wireguard: 'true', encrypt-node: 'true'}"), params).status is Status.PASS
    found = judge(config("{enable-ipsec: 'true', encrypt-node: 'true'}"), params)
    assert [reason.location.path for reason in found.reasons if reason.location] == [
        "data.enable-ipsec",
        "data.encrypt-node",
    ]
    missing = judge(World(()), params)
    assert missing.reasons[0].message.startswith("There is no ConfigMap kube-system/cilium-config")


def test_parameters() -> None:
    for settings, words in (
        ({}, "needs type, nodes or keep"),
        ({"keep": {"a": 1}}, "keep belongs to a file"),
    ):
        with pytest.raises(msgspec.ValidationError, match=words):
            msgspec.convert(settings, Params)
