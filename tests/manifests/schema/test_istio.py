"""Tests of `manifests.schema.istio`: what the definitions of Istio decode, and what they don't."""

from __future__ import annotations

from collections.abc import Callable

from tests.table import each_row
from trainer.manifests.model import Manifest
from trainer.manifests.schema.check import check_schema
from trainer.manifests.schema.istio import KINDS, TYPES
from trainer.versions import DEFAULT

Make = Callable[[str], Manifest]

HEAD = "apiVersion: {0}.istio.io/v1\nkind: {1}\nmetadata: {{name: a, namespace: shop}}\nspec: {2}\n"


@each_row(
    ("group", "kind", "spec", "path"),
    [
        ("security", "PeerAuthentication", "{mtls: {mode: STRICT}, portLevelMtls: {8080: {mode: DISABLE}}}", ""),
        ("security", "PeerAuthentication", "{mTLS: {mode: STRICT}}", "spec.mTLS"),
        ("security", "PeerAuthentication", "{selector: {app: web}}", "spec.selector.app"),
        ("security", "AuthorizationPolicy", "{rules: [{from: [{source: {notPrincipals: [a]}}]}]}", ""),
        ("security", "AuthorizationPolicy", "{rules: [{from: [{principals: [a]}]}]}", "spec.rules[0].from[0].principals"),
        ("security", "AuthorizationPolicy", "{rules: [{to: [{operation: {ports: [80]}}]}]}", "spec.rules[0].to[0].operation.ports[0]"),
        ("networking", "DestinationRule", "{host: a, trafficPolicy: {portLevelSettings: [{port: {number: 80}}]}}", ""),
        ("networking", "DestinationRule", "{host: a, trafficPolicy: {mtls: {mode: SIMPLE}}}", "spec.trafficPolicy.mtls"),
    ],
)  # fmt: skip
def test_fields(manifest_of: Make, group: str, kind: str, spec: str, path: str) -> None:
    problems = check_schema(manifest_of(HEAD.format(group, kind, spec)), DEFAULT)
    assert [one.location.path for one in problems if one.location] == ([path] if path else [])


def test_every_version_has_the_same_fields() -> None:
    assert KINDS["security.istio.io/v1beta1 PeerAuthentication"] == [
        "istio.v1.PeerAuthentication",
        "Namespaced",
    ]
    assert KINDS["networking.istio.io/v1alpha3 DestinationRule"][0] == "istio.v1.DestinationRule"
    assert len(TYPES["istio.v1.Source"]) == 14
    assert set(TYPES["istio.v1.Operation"]) == {
        "hosts", "notHosts", "methods", "notMethods", "paths", "notPaths", "ports", "notPorts",
    }  # fmt: skip
