"""Names of checks about the mesh."""

from __future__ import annotations

import pytest

from tests.mesh_world import BASE, security, world
from trainer.errors import UsageError
from trainer.rules._mesh.ends import UNSEEN_PORT, Cast, check_name, missing

STRICT = security(
    "PeerAuthentication",
    "shop/x",
    "{selector: {matchLabels: {app: api}}, portLevelMtls: {7777: {mode: STRICT}}}",
)


def test_who_is_meant() -> None:
    cast = Cast(world(""), ["shop/*"])
    assert [end.title for end in cast.named("shop/*")] == [
        "shop/api",
        "shop/web",
        "a new Pod without labels in Namespace shop",
    ]
    assert [end.title for end in cast.named("shop/web")] == ["shop/web"]
    assert [end.title for end in cast.named("outside")] == ["203.0.113.7"]
    injected = [end.title for end in cast.named("istio-injection=enabled/app=web")]
    assert injected == ["office/web", "shop/web"]
    with pytest.raises(UsageError, match="names no Pods"):
        cast.named("ip:10.0.0.1")


def test_ports_of_containers_and_policies() -> None:
    assert Cast(world(STRICT), []).ports() == [8080, 9090, 7777, UNSEEN_PORT]


def test_calls_go_through_services() -> None:
    cast = Cast(world(""), [])
    web = cast.named("shop/web")
    through = list(cast.calls(cast.after, web, "service:shop/api", 80))
    assert [(call.port, call.service_port) for call in through] == [(8080, 80)]
    named = list(cast.calls(cast.after, web, "shop/api", 8080))
    assert [(call.service.title if call.service else "", call.service_port) for call in named] == [
        ("Service shop/api", 80)
    ]
    both = list(cast.calls(cast.after, web, "shop/api", 8080, direct=True))
    assert [call.service is None for call in both] == [False, True]
    direct = list(cast.calls(cast.after, web, "shop/api", 1234))
    assert [call.service for call in direct] == [None]
    assert list(cast.calls(cast.after, cast.named("shop/api"), "service:shop/api", 80)) == []


def test_what_the_world_lacks() -> None:
    cast = Cast(world(""), [])
    names = ["shop/app=web", "shop/app=x", "service:shop/api", "service:shop/x", "outside", "nowhere/*"]
    assert missing(cast, names) == ["shop/app=x", "service:shop/x", "nowhere/*"]


def test_the_world_before_has_the_answers_pods_but_not_its_policies() -> None:
    pod = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: z, namespace: shop}\nspec: {containers: [{name: c}]}\n"
    cast = Cast(world(pod + STRICT, BASE), [])
    assert "shop/z" in [end.title for end in cast.before.network.pods]
    assert (len(cast.before.peers), len(cast.after.peers)) == (0, 1)


def test_names_that_a_card_may_have() -> None:
    check_name("outside")
    check_name("service:shop/api", service=True)
    for text, service in (("service:shop/api", False), ("service:api", True), ("nonsense", False)):
        with pytest.raises(ValueError, match=r"names no|doesn't name"):
            check_name(text, service=service)
