"""Tests of `packcheck.weaken_network`: mutations that open NetworkPolicies."""

from __future__ import annotations

import json
from typing import Any

from trainer.manifests.model import path_text
from trainer.packcheck.tree import at
from trainer.packcheck.weaken import weaken_edits


def edits(value: Any) -> dict[str, list[Any]]:
    before = json.dumps(value)
    found: dict[str, list[Any]] = {}
    for edit in weaken_edits(value):
        assert json.dumps(edit.value) != before
        found.setdefault(f"{edit.mutation} {path_text(edit.path)}", []).append(edit.value)
    assert json.dumps(value) == before
    return found


def test_network_policies_open_up() -> None:
    peer = {"podSelector": {"matchLabels": {"app": "a"}}, "namespaceSelector": {"matchLabels": {"team": "b"}}}
    rule = {"from": [peer], "ports": [{"port": 80}]}
    policy = {
        "kind": "NetworkPolicy",
        "spec": {"podSelector": {"matchLabels": {"x": "1"}}, "ingress": [rule]},
    }
    found = edits(policy)
    assert at(found["widen spec.ingress[1]"][0], ("spec", "ingress")) == [rule, {}]
    assert found["move spec.ingress"][0]["spec"]["egress"] == [{"to": [peer], "ports": [{"port": 80}]}]
    added = [at(value, ("spec", "ingress", 0, "from", 1)) for value in found["widen spec.ingress[0].from[1]"]]
    assert added == [{"namespaceSelector": {}}, {"podSelector": {}}, {"ipBlock": {"cidr": "0.0.0.0/0"}}]
    assert len(at(found["widen spec.ingress[0].from[0]"][0], ("spec", "ingress", 0, "from"))) == 2
    assert at(found["widen spec.podSelector"][0], ("spec", "podSelector")) == {}
    assert at(found["widen spec.ingress[0].ports[0].endPort"][0], ("spec", "ingress", 0, "ports", 0)) == {
        "port": 80,
        "endPort": 180,
    }
