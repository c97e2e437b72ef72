"""What clients send.

The cases take up the ideas of `TestSetDestinationRuleWithExportTo` and `TestSetDestinationRuleMerging` in
pilot/pkg/model/push_context_test.go of istio/istio (1.32).
"""

from __future__ import annotations

import pytest

from tests.mesh_world import destination, manifests
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.mesh.destinations import ClientTLS, client_tls, destinations, full_host
from trainer.simulate.mesh.peers import by_age


def sent(text: str, client: str = "shop", port: int = 80, labels: dict[str, str] | None = None) -> ClientTLS:
    rules = destinations(by_age(manifests(text), ()))
    return client_tls(rules, client, labels or {}, ("shop", "api"), port)


def rule(name: str, host: str, mode: str, more: str = "") -> str:
    return destination(name, f"{{host: '{host}', trafficPolicy: {{tls: {{mode: {mode}}}}}{more}}}")


FULL = "api.shop.svc.cluster.local"


@each_row(
    ("text", "client", "mode"),
    [
        ("", "shop", "AUTO"),
        (rule("shop/a", "api", "DISABLE"), "shop", "DISABLE"),
        (rule("shop/a", "api", "DISABLE"), "office", "DISABLE"),
        (rule("shop/a", "api", "DISABLE", ", exportTo: ['.']"), "office", "AUTO"),
        (rule("shop/a", "api", "DISABLE", ", exportTo: ['.']"), "shop", "DISABLE"),
        (rule("shop/a", "api", "DISABLE", ", exportTo: [shop]"), "office", "AUTO"),
        (rule("shop/a", "api", "DISABLE", ", exportTo: [office]"), "office", "DISABLE"),
        (rule("shop/a", "api", "DISABLE", ", exportTo: [office]"), "shop", "AUTO"),
        (rule("shop/a", "api", "DISABLE", ", exportTo: ['*']"), "legacy", "DISABLE"),
        (rule("office/a", "api", "DISABLE"), "shop", "AUTO"),
        (rule("office/a", "api", "DISABLE"), "office", "AUTO"),  # the Service api of office
        (rule("office/a", FULL, "DISABLE"), "office", "DISABLE"),
        (rule("office/a", FULL, "DISABLE"), "shop", "AUTO"),
        (rule("office/a", FULL, "SIMPLE") + rule("shop/a", "api", "DISABLE"), "office", "SIMPLE"),
        (rule("shop/a", "api.shop", "DISABLE"), "shop", "AUTO"),
        (rule("shop/a", "api.shop.svc", "DISABLE"), "shop", "AUTO"),
        (rule("shop/a", "*.shop.svc.cluster.local", "DISABLE"), "shop", "DISABLE"),
        (rule("shop/a", "*", "DISABLE"), "shop", "DISABLE"),
        (rule("shop/a", "*.local", "DISABLE") + rule("shop/b", "*.shop.svc.cluster.local", "SIMPLE"), "shop", "SIMPLE"),
        (rule("shop/a", "*.local", "DISABLE") + rule("shop/b", FULL, "SIMPLE"), "shop", "SIMPLE"),
        (rule("shop/a", "*.local", "DISABLE") + rule("istio-system/b", FULL, "SIMPLE"), "shop", "DISABLE"),
        (rule("istio-system/a", "*.local", "ISTIO_MUTUAL"), "office", "ISTIO_MUTUAL"),
        (rule("istio-system/a", "*.local", "DISABLE") + rule("shop/a", "api", "SIMPLE"), "office", "SIMPLE"),
        (rule("istio-system/a", "*.local", "DISABLE") + rule("shop/a", "api", "SIMPLE"), "istio-system", "SIMPLE"),
        (rule("istio-system/a", "*.local", "DISABLE", ", exportTo: ['.']"), "istio-system", "DISABLE"),
        (rule("istio-system/a", "*.local", "DISABLE", ", exportTo: ['.']"), "shop", "AUTO"),
        (rule("shop/b", "api", "DISABLE") + rule("shop/a", "api", "SIMPLE"), "shop", "SIMPLE"),
        (destination("shop/a", "{host: api}") + rule("shop/b", "api", "SIMPLE"), "shop", "SIMPLE"),
        (destination("shop/a", "{host: api, trafficPolicy: {}}") + rule("shop/b", "api", "SIMPLE"), "shop", "AUTO"),
        (destination("shop/a", "{host: api, trafficPolicy: {tls: {}}}"), "shop", "DISABLE"),
        (destination("shop/a", "{host: api, subsets: [{name: s, trafficPolicy: {tls: {mode: SIMPLE}}}]}"), "shop", "AUTO"),
        (rule("shop/a", "api", "SIMPLE", ", workloadSelector: {matchLabels: {app: web}}"), "shop", "AUTO"),
        (rule("shop/a", "api", "SIMPLE", ", workloadSelector: {matchLabels: {}}"), "shop", "SIMPLE"),
        (rule("shop/a", "api", "SIMPLE", ", workloadSelector: {matchLabels: {}}"), "office", "AUTO"),
    ],
)  # fmt: skip
def test_which_rule_counts(text: str, client: str, mode: str) -> None:
    assert sent(text, client).mode == mode


def test_settings_of_a_port() -> None:
    text = destination(
        "shop/a",
        "{host: api, trafficPolicy: {tls: {mode: SIMPLE}, portLevelSettings: [{port: {number: 80}}, "
        "{port: {number: 80}, tls: {mode: DISABLE}}, {port: {number: 80}, tls: {mode: MUTUAL}}]}}",
    )
    found = sent(text)
    assert found.mode == "DISABLE"
    assert found.location
    assert found.location.path == "spec.trafficPolicy.portLevelSettings[1].tls.mode"
    assert sent(text, port=81).mode == "SIMPLE"
    assert sent("").location is None


def test_a_selector_is_about_clients() -> None:
    text = rule("shop/a", "api", "SIMPLE", ", workloadSelector: {matchLabels: {app: web}}")
    assert sent(text, labels={"app": "web", "b": "c"}).mode == "SIMPLE"
    assert sent(text + rule("shop/b", "api", "DISABLE"), labels={"app": "x"}).mode == "DISABLE"


def test_whom_a_client_talks_to() -> None:
    text = destination(
        "shop/a", "{host: api, trafficPolicy: {tls: {mode: ISTIO_MUTUAL, subjectAltNames: [a]}}}"
    )
    assert sent(text).names == ["a"]
    assert ClientTLS("AUTO").names == []
    with pytest.raises(NotJudged, match="sni"):
        sent(destination("shop/a", "{host: api, trafficPolicy: {tls: {mode: ISTIO_MUTUAL, sni: a}}}")).names  # noqa: B018


def test_full_hosts() -> None:
    assert full_host("api", "shop") == FULL
    assert full_host("api.shop", "shop") == "api.shop"
    assert full_host("*", "shop") == "*"
