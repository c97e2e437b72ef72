"""Which requests are tried."""

from __future__ import annotations

from tests.mesh_world import manifests, security, world
from trainer.rules._mesh.ends import Cast
from trainer.rules._mesh.requests import NEW_METHOD, accounts_of, hosts_of, probes, spans_of
from trainer.simulate.mesh.authorization import AccessPolicy, access_policies


def policies(spec: str, home: str = "shop") -> list[AccessPolicy]:
    return access_policies(manifests(security("AuthorizationPolicy", f"{home}/p", spec)))


def test_values_of_policies_and_checks() -> None:
    operation = "{methods: ['P*'], notPaths: [/b], paths: ['/a/*', '*.css', '/x/{*}'], ports: ['81'], notPorts: ['82']}"
    found = probes(policies(f"{{rules: [{{to: [{{operation: {operation}}}]}}]}}"), ["PUT"], ["/c"])
    assert {"GET", "PUT", NEW_METHOD, "P", "PNEW"} <= set(found.methods)
    assert {
        "/",
        "/new",
        "/a",
        "/a/",
        "/a/new",
        "/anew",
        "/b",
        "/bnew",
        "/c",
        "/c/",
        "/x/new",
        "/x/new/new",
    } <= set(found.paths)
    assert "/new.css" in found.paths
    assert found.ports == (81, 82)
    assert not found.hosts
    assert probes(policies("{rules: [{to: [{operation: {notHosts: [a]}}]}]}"), [], []).hosts
    by_condition = probes(policies("{rules: [{when: [{key: destination.port, values: ['83']}]}]}"), [], [])
    assert by_condition.ports == (83,)


def test_headers_and_addresses() -> None:
    spec = (
        "{rules: [{from: [{source: {ipBlocks: [10.0.0.0/8], notRemoteIpBlocks: [1.2.3.4]}}], "
        "when: [{key: 'request.headers[X-A]', values: ['*b']}, {key: source.ip, notValues: [10.1.0.0/16]}]}]}"
    )
    assert probes(policies(spec), [], []).headers == (None, ("x-a", "newb"))
    assert [(span.low, span.high) for span in spans_of(policies(spec))] == [
        (10 << 24, (11 << 24) - 1),
        (0x01020304, 0x01020304),
        ((10 << 24) + (1 << 16), (10 << 24) + (2 << 16) - 1),
    ]


def test_accounts_that_policies_name() -> None:
    source = (
        "{principals: [cluster.local/ns/a/sa/b, '*/sa/c'], serviceAccounts: [d, e/f], notNamespaces: [g]}"
    )
    spec = f"{{rules: [{{from: [{{source: {source}}}], when: [{{key: source.principal, values: [cluster.local/ns/h/sa/i]}}]}}]}}"
    assert list(accounts_of(policies(spec))) == [
        ("a", "b"), ("", "c"), ("shop", "d"), ("e", "f"), ("g", "new"), ("h", "i"),
    ]  # fmt: skip


def test_hosts_of_a_call() -> None:
    cast = Cast(world(""), [])
    through, direct = cast.calls(cast.after, cast.named("shop/web"), "shop/api", 8080, direct=True)
    assert list(hosts_of(through)) == [
        "api", "api:80", "api.shop", "api.shop:80", "api.shop.svc.cluster.local", "api.shop.svc.cluster.local:80",
    ]  # fmt: skip
    assert list(hosts_of(direct)) == [f"{direct.target.addresses[0]}:8080"]
