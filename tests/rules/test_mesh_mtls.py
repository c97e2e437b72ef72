"""Rule `mesh-mtls`: modes of ports, calls, and what stays."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.mesh_world import BASE, destination, security, world
from tests.pictures import judging
from tests.table import each_row
from trainer.errors import UsageError
from trainer.rules import mesh_mtls
from trainer.rules.mesh_mtls import Params
from trainer.verdict import Outcome, Status

judge = judging(mesh_mtls)

STRICT = security("PeerAuthentication", "shop/default", "{mtls: {mode: STRICT}}")
EXCEPTION = security(
    "PeerAuthentication",
    "shop/api",
    "{selector: {matchLabels: {app: api}}, portLevelMtls: {9090: {mode: PERMISSIVE}}}",
)
SHOP = {"pods": "shop/*", "mode": "STRICT"}
BUT_9090 = {"pods": "shop/app=api", "port": 9090, "mode": "any"}


def outcome(answer: str, given: str = BASE, **params: Any) -> Outcome:
    return judge(world(answer, given), msgspec.convert(params, Params))


def test_a_strict_namespace() -> None:
    assert outcome(STRICT, modes=[SHOP]).status is Status.PASS
    found = outcome("", modes=[SHOP])
    assert found.status is Status.FAIL
    assert found.reasons[0].message == (
        "Port 8080 of shop/api must be STRICT; the mode is PERMISSIVE, the default without a PeerAuthentication."
    )
    assert found.evidence[0] == (
        "A plaintext call to shop/api, port 8080, is accepted "
        "(mode PERMISSIVE, the default without a PeerAuthentication)."
    )


def test_an_exception_comes_first() -> None:
    assert outcome(STRICT + EXCEPTION, modes=[BUT_9090, SHOP]).status is Status.PASS
    found = outcome(STRICT + EXCEPTION, modes=[SHOP])
    assert "for port 9090" in found.reasons[0].message
    assert found.reasons[0].location
    assert found.reasons[0].location.path == "spec.portLevelMtls.9090.mode"


def test_pods_that_do_not_exist_yet_count() -> None:
    hidden = security(
        "PeerAuthentication", "shop/x", "{selector: {matchLabels: {tier: x}}, mtls: {mode: DISABLE}}"
    )
    found = outcome(STRICT + hidden, modes=[SHOP])
    assert found.evidence == (
        "A call to a new Pod with tier=x in Namespace shop, port 8080, over mutual TLS fails "
        "(mode DISABLE, set by PeerAuthentication shop/x).",
        "A call to a new Pod with tier=x in Namespace shop, port 9090, over mutual TLS fails "
        "(mode DISABLE, set by PeerAuthentication shop/x).",
        "A call to a new Pod with tier=x in Namespace shop, every other port, over mutual TLS fails "
        "(mode DISABLE, set by PeerAuthentication shop/x).",
    )
    port = security(
        "PeerAuthentication",
        "shop/x",
        "{selector: {matchLabels: {app: web}}, portLevelMtls: {7777: {mode: DISABLE}}}",
    )
    assert outcome(STRICT + port, modes=[SHOP]).status is Status.FAIL
    assert outcome(STRICT + port, modes=[{"pods": "shop/api", "mode": "STRICT"}]).status is Status.PASS


@each_row(
    ("answer", "words", "path"),
    [
        (
            security("PeerAuthentication", "istio-system/x", "{selector: {matchLabels: {app: api}}, mtls: {mode: STRICT}}"),
            "Istio ignores such a policy in the root namespace",
            "spec.selector",
        ),
        (
            security("PeerAuthentication", "default/x", "{mtls: {mode: STRICT}}"),
            "is only for Pods of Namespace default",
            "metadata.namespace",
        ),
        (
            security("PeerAuthentication", "shop/x", "{selector: {matchLabels: {app: apis}}, mtls: {mode: STRICT}}"),
            "the selector of PeerAuthentication shop/x (app=apis) matches no Pod",
            "spec.selector.matchLabels",
        ),
        (
            security("PeerAuthentication", "shop/x", "{selector: {matchLabels: {app: api}}, portLevelMtls: {80: {mode: STRICT}}}"),
            "80 is the port of Service shop/api; `portLevelMtls` needs the Pod's, 8080",
            "spec.portLevelMtls.80",
        ),
        (
            security("PeerAuthentication", "shop/a", "{mtls: {}}") + STRICT,
            "PeerAuthentication shop/a is older and for the same Pods, so PeerAuthentication shop/default doesn't count",
            "metadata.name",
        ),
    ],
)  # fmt: skip
def test_policies_that_miss_their_mark(answer: str, words: str, path: str) -> None:
    found = outcome(answer, modes=[{"pods": "shop/app=api", "port": 8080, "mode": "STRICT"}])
    assert words in found.reasons[0].message
    assert found.reasons[0].location
    assert found.reasons[0].location.path == path


def test_calls() -> None:
    row = {
        "from": "shop/*",
        "to": "service:shop/api",
        "port": 80,
        "outcome": "accepted",
        "over": "mutual-tls",
    }
    assert outcome(STRICT, calls=[row]).status is Status.PASS
    off = destination("shop/api", "{host: api, trafficPolicy: {tls: {mode: DISABLE}}}")
    found = outcome(STRICT + off, calls=[row])
    assert found.reasons[0].message == (
        "The call is plaintext (DestinationRule shop/api has mode DISABLE), "
        "and the mode of port 8080 is STRICT, set by PeerAuthentication shop/default."
    )
    assert found.reasons[0].location
    assert found.reasons[0].location.path == "spec.trafficPolicy.tls.mode"
    assert found.evidence[0] == (
        "A plaintext call from shop/web to shop/api, port 8080 through Service shop/api, is refused."
    )
    assert outcome(off, calls=[row]).status is Status.FAIL  # accepted, but in plaintext
    assert outcome(off, calls=[row | {"over": "any"}]).status is Status.PASS
    plain = {"from": "legacy/*", "to": "shop/app=api", "port": 8080, "outcome": "refused"}
    assert outcome(STRICT, calls=[plain]).status is Status.FAIL  # a new Pod in legacy may have a sidecar
    assert outcome(STRICT, calls=[plain | {"from": "legacy/curl"}]).status is Status.PASS
    assert outcome("", calls=[plain | {"from": "outside"}]).status is Status.FAIL


def test_a_host_that_is_no_service() -> None:
    row = {
        "from": "office/*",
        "to": "service:shop/api",
        "port": 80,
        "outcome": "accepted",
        "over": "mutual-tls",
    }
    off = destination("shop/wide", "{host: '*.local', trafficPolicy: {tls: {mode: DISABLE}}}")
    on = destination("shop/own", "{host: api.shop, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}")
    found = outcome(STRICT + off + on, calls=[row])
    assert (
        "DestinationRule shop/own is for host api.shop, which isn't api.shop.svc.cluster.local"
        in found.reasons[0].message
    )
    assert found.reasons[0].location
    assert found.reasons[0].location.path == "spec.host"


def test_the_rest_stays() -> None:
    any_shop = {"pods": "shop/*", "mode": "any"}
    assert outcome(STRICT, modes=[any_shop], rest="unchanged").status is Status.PASS
    assert outcome(STRICT, rest="unchanged").status is Status.FAIL
    whole = security("PeerAuthentication", "istio-system/default", "{mtls: {mode: STRICT}}")
    found = outcome(whole, modes=[any_shop], rest="unchanged")
    assert found.reasons[0].message == (
        "Port 8080 of office/web must be PERMISSIVE; the mode is STRICT, "
        "set by PeerAuthentication istio-system/default."
    )
    off = destination("shop/c", "{host: curl.legacy.svc.cluster.local, trafficPolicy: {tls: {mode: SIMPLE}}}")
    lost = outcome(off, modes=[any_shop], rest="unchanged")
    assert lost.evidence[0].endswith("is now refused.")
    assert lost.evidence[0].startswith("A call over TLS from shop/")


def test_names_and_parameters() -> None:
    with pytest.raises(UsageError, match="shop/app=none"):
        outcome("", modes=[{"pods": "shop/app=none", "mode": "STRICT"}])
    pod = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: z, namespace: shop}\nspec: {containers: [{name: c}]}\n"
    found = outcome(pod, modes=[{"pods": "shop/app=none", "mode": "STRICT"}])
    assert found.reasons[0].message == "No Pod matches shop/app=none."
    with pytest.raises(msgspec.ValidationError, match="needs modes, calls or rest"):
        msgspec.convert({}, Params)
    with pytest.raises(msgspec.ValidationError, match="names no Pods"):
        msgspec.convert({"modes": [{"pods": "ip:10.0.0.1", "mode": "STRICT"}]}, Params)


def test_the_picture_has_modes_by_pod_and_port() -> None:
    asked = msgspec.convert({"modes": [SHOP]}, mesh_mtls.Params)
    right = mesh_mtls.picture(world(STRICT, BASE), asked).rows
    assert {(row.cells[0].word, row.cells[0].state.value) for row in right} == {("STRICT", "right")}
    assert {row.cells[0].before for row in right} == {"PERMISSIVE"}
    wrong = mesh_mtls.picture(world("", BASE), asked).rows[0]
    assert (wrong.head, wrong.cells[0].word, wrong.wrong) == ("shop/api on port 8080", "PERMISSIVE", True)
