"""Tests of `manifests.validation.istio`.

The cases take up the ideas of `TestValidatePeerAuthentication`, `TestValidateAuthorizationPolicy` and
`TestValidateDestinationRule` in pkg/config/validation/validation_test.go of istio/istio (1.32).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row

Paths = Callable[..., list[str]]


def _object(group: str, kind: str, spec: dict[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": f"{group}.istio.io/v1",
        "kind": kind,
        "metadata": {"name": "a", "namespace": "shop"},
        "spec": spec,
    }


WEB = {"matchLabels": {"app": "web"}}


@each_row(
    ("spec", "paths"),
    [
        ({}, []),
        ({"mtls": {}}, []),
        ({"mtls": {"mode": "UNSET"}}, []),
        ({"mtls": {"mode": "strict"}}, ["spec.mtls.mode"]),
        ({"mtls": {"mode": ""}}, ["spec.mtls.mode"]),
        ({"portLevelMtls": {"80": {"mode": "STRICT"}}}, ["spec.portLevelMtls"]),
        ({"selector": {"matchLabels": {}}, "portLevelMtls": {"80": {}}}, ["spec.portLevelMtls"]),
        ({"selector": WEB, "portLevelMtls": {}}, ["spec.portLevelMtls"]),
        ({"selector": WEB, "portLevelMtls": {"80": {"mode": "OFF"}}}, ["spec.portLevelMtls.80.mode"]),
        ({"selector": WEB, "portLevelMtls": {"0": {}, "http": {}}}, ["spec.portLevelMtls.0", "spec.portLevelMtls.http"]),
        ({"selector": WEB, "portLevelMtls": {"65535": {"mode": "STRICT"}}}, []),
        ({"selector": {"matchLabels": {"app": "we*"}}}, ["spec.selector.matchLabels.app"]),
    ],
)  # fmt: skip
def test_peer_authentications(paths_of: Paths, spec: dict[str, Any], paths: list[str]) -> None:
    assert paths_of(_object("security", "PeerAuthentication", spec)) == paths


SOURCE, TO, WHEN = "spec.rules[0].from[0].source", "spec.rules[0].to[0].operation", "spec.rules[0].when[0]"


@each_row(
    ("spec", "paths"),
    [
        ({}, []),
        ({"rules": [{}]}, []),
        ({"action": "allow"}, ["spec.action"]),
        ({"action": "DENY"}, ["spec.rules"]),
        ({"action": "DENY", "rules": []}, []),
        ({"action": "CUSTOM", "rules": [{}]}, ["spec.provider.name"]),
        ({"action": "CUSTOM", "provider": {"name": "p"}, "rules": [{}]}, []),
        ({"provider": {"name": "p"}, "rules": [{}]}, ["spec.provider"]),
        ({"selector": WEB, "targetRefs": []}, ["spec.targetRefs"]),
        ({"rules": [{"from": []}]}, ["spec.rules[0].from"]),
        ({"rules": [{"to": []}]}, ["spec.rules[0].to"]),
        ({"rules": [{"from": [{}]}]}, [SOURCE]),
        ({"rules": [{"from": [{"source": {}}]}]}, [SOURCE]),
        ({"rules": [{"to": [{"operation": {}}]}]}, [TO]),
        ({"rules": [{"from": [{"source": {"principals": [""]}}]}]}, [f"{SOURCE}.principals[0]"]),
        ({"rules": [{"from": [{"source": {"ipBlocks": ["10.0.0.0/8", "1.2.3.4"]}}]}]}, []),
        ({"rules": [{"from": [{"source": {"ipBlocks": ["10.0.0"]}}]}]}, [f"{SOURCE}.ipBlocks[0]"]),
        ({"rules": [{"from": [{"source": {"serviceAccounts": ["ns/a", "b"]}}]}]}, []),
        ({"rules": [{"from": [{"source": {"serviceAccounts": ["ns/a/b", "ns/*"]}}]}]}, [f"{SOURCE}.serviceAccounts[0]", f"{SOURCE}.serviceAccounts[1]"]),
        ({"rules": [{"from": [{"source": {"serviceAccounts": ["a"], "namespaces": ["b"]}}]}]}, [f"{SOURCE}.namespaces"]),
        ({"rules": [{"to": [{"operation": {"ports": ["http", "65536", "0"]}}]}]}, [f"{TO}.ports[0]", f"{TO}.ports[1]"]),
        ({"rules": [{"to": [{"operation": {"paths": ["/a/{*}/b/{**}"]}}]}]}, []),
        ({"rules": [{"to": [{"operation": {"paths": ["/a/{id}", "/{**}/{*}"]}}]}]}, [f"{TO}.paths[0]", f"{TO}.paths[1]"]),
        ({"rules": [{"when": [{"key": "source.namespace", "values": ["a"]}]}]}, []),
        ({"rules": [{"when": [{"key": "request.headers[x-a]", "notValues": ["a"]}]}]}, []),
        ({"rules": [{"when": [{"key": "source.labels", "values": ["a"]}]}]}, [f"{WHEN}.key"]),
        ({"rules": [{"when": [{"key": "source.namespace"}]}]}, [f"{WHEN}.values"]),
        ({"rules": [{"when": [{"key": "destination.port", "values": ["http"]}]}]}, [f"{WHEN}.values[0]"]),
        ({"action": "CUSTOM", "provider": {"name": "p"}, "rules": [{"from": [{"source": {"principals": ["a"]}}]}]}, [f"{SOURCE}.principals"]),
    ],
)  # fmt: skip
def test_authorization_policies(paths_of: Paths, spec: dict[str, Any], paths: list[str]) -> None:
    assert paths_of(_object("security", "AuthorizationPolicy", spec)) == paths


@each_row(
    ("spec", "paths"),
    [
        ({"host": "web", "trafficPolicy": {"tls": {"mode": "ISTIO_MUTUAL"}}}, []),
        ({"host": "web", "trafficPolicy": {"tls": {"mode": "MUTUAL", "credentialName": "own"}}}, []),
        ({"host": "web", "trafficPolicy": {"tls": {"mode": "MUTUAL", "clientCertificate": "/a", "privateKey": "/b"}}}, []),
        (
            {"host": "web", "trafficPolicy": {"tls": {"mode": "MUTUAL", "clientCertificate": "/a"}}},
            ["spec.trafficPolicy.tls.privateKey"],
        ),
        ({"host": ""}, ["spec.host"]),
        ({"host": "web", "trafficPolicy": {"tls": {"mode": "STRICT"}}}, ["spec.trafficPolicy.tls.mode"]),
        ({"host": "web", "trafficPolicy": {"portLevelSettings": [{"tls": {"mode": "DISABLE"}}]}}, ["spec.trafficPolicy.portLevelSettings[0].port"]),
        ({"host": "web", "subsets": [{"labels": {"a": "b"}}]}, ["spec.subsets[0].name"]),
    ],
)  # fmt: skip
def test_destination_rules(paths_of: Paths, spec: dict[str, Any], paths: list[str]) -> None:
    assert paths_of(_object("networking", "DestinationRule", spec)) == paths
