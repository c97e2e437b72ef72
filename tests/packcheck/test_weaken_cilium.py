"""Tests of `packcheck.weaken_cilium`: mutations that open policies of Cilium."""

from __future__ import annotations

from typing import Any

from trainer.manifests.model import path_text
from trainer.packcheck.tree import at
from trainer.packcheck.weaken import weaken_edits


def edits(spec: dict[str, Any]) -> dict[str, Any]:
    value = {"kind": "CiliumNetworkPolicy", "spec": spec}
    return {f"{edit.mutation} {path_text(edit.path)}": edit.value for edit in weaken_edits(value)}


def test_peers_ports_and_authentication_open_up() -> None:
    rule = {
        "fromEndpoints": [{"matchLabels": {"app": "a"}}],
        "toPorts": [{"ports": [{"port": "80"}]}],
        "authentication": {"mode": "required"},
    }
    found = edits({"endpointSelector": {"matchLabels": {"x": "y"}}, "ingress": [rule]})
    assert at(found["widen spec.ingress[1]"], ("spec", "ingress", 1)) == {"fromEntities": ["all"]}
    assert at(found["add spec.egress"], ("spec", "egress")) == [{}]
    assert at(found["widen spec.ingress[0].fromEndpoints"], ("spec", "ingress", 0)) == {
        "toPorts": rule["toPorts"],
        "authentication": rule["authentication"],
        "fromEntities": ["all"],
    }
    assert (
        at(found["widen spec.ingress[0].fromEndpoints[1]"], ("spec", "ingress", 0, "fromEndpoints", 1)) == {}
    )
    ports = at(found["widen spec.ingress[0].toPorts[1]"], ("spec", "ingress", 0, "toPorts"))
    assert ports[1] == {"ports": [{"port": "4444", "protocol": "TCP"}]}
    mode = ("spec", "ingress", 0, "authentication", "mode")
    assert at(found["widen spec.ingress[0].authentication.mode"], mode) == "disabled"
    assert at(found["move spec.ingress"], ("spec", "ingressDeny")) == [rule]
    assert at(found["widen spec.endpointSelector"], ("spec", "endpointSelector")) == {}


def test_a_denial_becomes_a_permission() -> None:
    rules = [{"toCIDR": ["10.0.0.0/8"]}]
    found = edits({"endpointSelector": {}, "egressDeny": rules})
    assert at(found["widen spec.egress"], ("spec", "egress")) == [{"toEntities": ["all"]}]
    assert at(found["move spec.egressDeny"], ("spec", "egress")) == rules
    assert at(found["widen spec.egressDeny[0].toCIDR"], ("spec", "egressDeny")) == [{"toEntities": ["all"]}]
