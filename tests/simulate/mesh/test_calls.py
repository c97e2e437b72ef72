"""What becomes of calls: sidecars, modes, DestinationRules and policies together."""

from __future__ import annotations

import pytest

from tests.mesh_world import BASE, destination, manifests, security
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.mesh.calls import Answer, Call, Mesh
from trainer.simulate.network.flows import Endpoint


def mesh(text: str = "") -> Mesh:
    return Mesh(manifests(BASE + text))


def end(one: Mesh, title: str) -> Endpoint:
    return next(pod for pod in one.network.pods if pod.title == title)


def call(text: str, source: str, *, service: bool = True, port: int = 8080) -> Answer:
    one = mesh(text)
    target = end(one, "shop/api")
    assert target.pod
    through = one.services_to(target.pod, port)[0] if service else (None, 0)
    caller = one.network.address(source) if source[0].isdigit() else end(one, source)
    return one.answer(Call(caller, target, port, *through))


STRICT = security("PeerAuthentication", "shop/default", "{mtls: {mode: STRICT}}")
DISABLED = security("PeerAuthentication", "shop/default", "{mtls: {mode: DISABLE}}")


def client(mode: str) -> str:
    return destination("shop/api", f"{{host: api, trafficPolicy: {{tls: {{mode: {mode}}}}}}}")


@each_row(
    ("text", "source", "service", "accepted", "mutual"),
    [
        ("", "shop/web", True, True, True),
        ("", "shop/web", False, True, False),
        ("", "legacy/curl", True, True, False),
        ("", "203.0.113.7", True, True, False),
        (STRICT, "shop/web", True, True, True),
        (STRICT, "office/web", True, True, True),
        (STRICT, "shop/web", False, False, False),
        (STRICT, "legacy/curl", True, False, False),
        (STRICT, "203.0.113.7", False, False, False),
        (STRICT + client("DISABLE"), "shop/web", True, False, False),
        (STRICT + client("DISABLE"), "office/web", True, False, False),
        (client("DISABLE"), "shop/web", True, True, False),
        (client("SIMPLE"), "shop/web", True, False, False),
        (STRICT + client("ISTIO_MUTUAL"), "shop/web", True, True, True),
        (DISABLED, "shop/web", True, True, False),
        (DISABLED + client("ISTIO_MUTUAL"), "shop/web", True, False, True),
        (DISABLED, "legacy/curl", True, True, False),
    ],
)
def test_connections(text: str, source: str, service: bool, accepted: bool, mutual: bool) -> None:
    found = call(text, source, service=service)
    assert (found.accepted, found.mutual) == (accepted, mutual)
    assert found.why


def test_a_rule_that_forces_plaintext_is_told() -> None:
    found = call(client("DISABLE"), "shop/web")
    assert found.why.startswith(
        "in plaintext, as DestinationRule shop/api says: the mode of port 8080 is PERMISSIVE"
    )
    assert found.location
    assert found.location.path == "spec.trafficPolicy.tls.mode"


def test_a_server_without_a_sidecar_takes_plaintext_only() -> None:
    one = mesh()
    target = end(one, "legacy/curl")
    assert target.pod
    service, port = one.services_to(target.pod, 8080)[0]
    found = one.answer(Call(end(one, "shop/web"), target, 8080, service, port))
    assert (found.accepted, found.mutual) == (True, False)
    rule = destination(
        "shop/c", "{host: curl.legacy.svc.cluster.local, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}"
    )
    other = mesh(rule)
    forced = other.answer(Call(end(other, "shop/web"), end(other, "legacy/curl"), 8080, service, port))
    assert not forced.accepted
    assert "legacy/curl has no sidecar" in forced.why


def test_the_server_must_be_whom_the_client_expects() -> None:
    names = "{host: api, trafficPolicy: {tls: {mode: ISTIO_MUTUAL, subjectAltNames: ['%s']}}}"
    wrong = call(destination("shop/api", names % "spiffe://cluster.local/ns/shop/sa/x"), "shop/web")
    assert not wrong.accepted
    assert "spiffe://cluster.local/ns/shop/sa/api" in wrong.why
    assert call(destination("shop/api", names % "spiffe://cluster.local/ns/shop/sa/api"), "shop/web").accepted


def test_policies_come_after_the_connection() -> None:
    allow = security("AuthorizationPolicy", "shop/a", "{rules: [{from: [{source: {namespaces: [shop]}}]}]}")
    assert call(allow, "shop/web").accepted
    found = call(allow, "office/web")
    assert not found.accepted
    assert found.decision
    assert not call(allow, "legacy/curl").accepted
    assert "plaintext" in call(STRICT + allow, "legacy/curl").why


def test_the_protocol_of_a_port_is_that_of_the_service() -> None:
    allow = security("AuthorizationPolicy", "shop/a", "{rules: [{to: [{operation: {methods: [GET]}}]}]}")
    assert call(allow, "shop/web").accepted
    assert not call(allow, "shop/web", port=9090).accepted


@each_row(
    ("kind", "spec", "judged"),
    [
        ("VirtualService", "{hosts: [api]}", False),
        ("VirtualService", "{hosts: [other]}", True),
        ("ServiceEntry", "{hosts: ['*.shop.svc.cluster.local']}", False),
        ("Sidecar", "{}", False),
        ("Sidecar", "{workloadSelector: {labels: {app: web}}}", False),
        ("Sidecar", "{workloadSelector: {labels: {app: x}}}", True),
    ],
)
def test_what_is_not_judged(kind: str, spec: str, judged: bool) -> None:
    text = destination("shop/x", spec).replace("DestinationRule", kind)
    if judged:
        assert call(text, "shop/web").accepted
        return
    with pytest.raises(NotJudged, match=f"{kind} shop/x"):
        call(text, "shop/web")


def test_certificates_of_ones_own_are_not_judged() -> None:
    with pytest.raises(NotJudged, match="MUTUAL"):
        call(client("MUTUAL"), "shop/web")


def test_a_port_around_the_sidecar_takes_everything() -> None:
    text = BASE.replace(
        "{name: api, namespace: shop, labels: {app: api}}",
        "{name: api, namespace: shop, labels: {app: api}, "
        "annotations: {traffic.sidecar.istio.io/excludeInboundPorts: '8080'}}",
    )
    one = Mesh(manifests(text + STRICT))
    target = end(one, "shop/api")
    assert target.pod
    assert one.mode(target.pod, 8080) is None
    found = one.answer(Call(end(one, "legacy/curl"), target, 8080))
    assert found.accepted
    assert "excludeInboundPorts" in found.why
