"""Tests of `manifests.schema.cilium`: what the definitions of Cilium decode, and what they don't."""

from __future__ import annotations

from collections.abc import Callable

from tests.table import each_row
from trainer.manifests.model import Manifest
from trainer.manifests.schema.check import check_schema
from trainer.manifests.schema.cilium import KINDS, TYPES
from trainer.versions import DEFAULT

Make = Callable[[str], Manifest]

HEAD = (
    "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {{name: a, namespace: shop}}\nspec: {0}\n"
)


@each_row(
    ("spec", "path"),
    [
        ("{endpointSelector: {}, egressDeny: [{toCIDRSet: [{cidr: 0.0.0.0/0, except: [10.0.0.0/8]}]}]}", ""),
        ("{endpointSelector: {}, ingress: [{authentication: {mode: required}}], enableDefaultDeny: {egress: false}}", ""),
        ("{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: 80}]}]}]}", "spec.ingress[0].toPorts[0].ports[0].port"),
        ("{endpointSelector: {}, ingressDeny: [{authentication: {mode: required}}]}", "spec.ingressDeny[0].authentication"),
        ("{endpointSelector: {}, egress: [{fromEndpoints: []}]}", "spec.egress[0].fromEndpoints"),
        ("{endpointSelector: {}, egressDeny: [{toFQDNs: [{matchName: a.b}]}]}", "spec.egressDeny[0].toFQDNs"),
        ("{podSelector: {}}", "spec.podSelector"),
        ("{endpointSelector: {}, egress: [{toCIDR: 10.0.0.0/8}]}", "spec.egress[0].toCIDR"),
    ],
)  # fmt: skip
def test_fields(manifest_of: Make, spec: str, path: str) -> None:
    problems = check_schema(manifest_of(HEAD.format(spec)), DEFAULT)
    assert [one.location.path for one in problems if one.location] == ([path] if path else [])


def test_both_kinds_have_the_same_fields() -> None:
    assert {entry[0] for entry in KINDS.values()} == {"cilium.v2.Policy"}
    assert "toFQDNs" in TYPES["cilium.v2.EgressRule"]
    assert "toFQDNs" not in TYPES["cilium.v2.EgressDenyRule"]
