"""Which requests AuthorizationPolicies accept.

The cases take up the ideas of pilot/pkg/security/authz/builder/testdata and model/generator_test.go of
istio/istio (1.32).
"""

from __future__ import annotations

import msgspec
import pytest

from tests.mesh_world import manifests, security
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.mesh.authorization import Decision, Request, access_policies, decide, uses_tokens
from trainer.simulate.network.addresses import Address, parse_address


def address(text: str) -> Address:
    found = parse_address(text)
    assert found
    return found


WEB = Request(
    "shop", "web", True, address("10.244.0.5"), address("10.244.0.9"), 8080, "GET", "/api/items", "api:80"
)
PLAIN = msgspec.structs.replace(WEB, certified=False)


def asked(specs: str | list[str], request: Request = WEB, home: str = "shop", more: str = "") -> Decision:
    specs = [specs] if isinstance(specs, str) else specs
    text = "".join(
        security("AuthorizationPolicy", f"{home}/p{n}", spec, more) for n, spec in enumerate(specs)
    )
    policies = [one for one in access_policies(manifests(text)) if one.applies("shop", {"app": "api"})]
    return decide(policies, request)


def source(fields: str) -> str:
    return f"{{rules: [{{from: [{{source: {{{fields}}}}}]}}]}}"


def to(fields: str) -> str:
    return f"{{rules: [{{to: [{{operation: {{{fields}}}}}]}}]}}"


def when(fields: str) -> str:
    return f"{{rules: [{{when: [{{{fields}}}]}}]}}"


ME = "cluster.local/ns/shop/sa/web"


@each_row(
    ("spec", "accepted"),
    [
        ("{}", False),
        ("{rules: []}", False),
        ("{rules: [{}]}", True),
        ("{action: DENY, rules: [{}]}", False),
        ("{action: DENY, rules: []}", True),
        ("{action: AUDIT, rules: [{}]}", True),
        ("{selector: {matchLabels: {app: web}}}", True),
        ("{selector: {matchLabels: {app: api}}}", False),
        ("{targetRefs: [{kind: Service, name: api}]}", True),
        (source(f"principals: [{ME}]"), True),
        (source(f"principals: ['spiffe://{ME}']"), False),
        (source("principals: ['*/sa/web']"), True),
        (source("principals: ['cluster.local/ns/shop/*']"), True),
        (source("principals: ['*']"), True),
        (source("principals: [cluster.local/ns/shop/sa/we]"), False),
        (source(f"notPrincipals: [{ME}]"), False),
        (source("notPrincipals: [other]"), True),
        (source("namespaces: [shop]"), True),
        (source("namespaces: ['sh*']"), True),
        (source("namespaces: ['s*p']"), True),
        (source("namespaces: [office]"), False),
        (source("notNamespaces: [office]"), True),
        (source("serviceAccounts: [web]"), True),
        (source("serviceAccounts: [shop/web]"), True),
        (source("serviceAccounts: [office/web]"), False),
        (source("trustDomains: ['*']"), True),
        (source("notTrustDomains: [cluster.local]"), False),
        (source("ipBlocks: [10.244.0.0/16]"), True),
        (source("ipBlocks: [10.244.0.5]"), True),
        (source("notIpBlocks: [10.244.0.0/16]"), False),
        (source("remoteIpBlocks: [10.0.0.0/8], principals: [x]"), False),
        (source("requestPrincipals: ['*']"), False),
        (source("notRequestPrincipals: ['*']"), True),
        ("{rules: [{from: [{source: {principals: [x]}}, {source: {namespaces: [shop]}}]}]}", True),
        ("{rules: [{from: [{source: {principals: [x]}}]}, {}]}", True),
        (to("ports: ['8080']"), True),
        (to("ports: ['80']"), False),
        (to("notPorts: ['8080']"), False),
        (to("methods: [GET]"), True),
        (to("methods: ['G*']"), True),
        (to("methods: [get]"), False),
        (to("notMethods: [GET, POST]"), False),
        (to("paths: [/api]"), False),
        (to("paths: ['/api*']"), True),
        (to("paths: ['*/items']"), True),
        (to("paths: ['/api/{*}']"), True),
        (to("paths: ['/{*}']"), False),
        (to("paths: ['/{**}']"), True),
        (to("paths: ['/{**}/items']"), True),
        (to("paths: ['/{**}/other']"), False),
        (to("notPaths: [/api/items]"), False),
        (to("hosts: ['API:80']"), True),
        (to("hosts: [api]"), False),
        (to("methods: [POST], paths: ['*']"), False),
        (when("key: source.namespace, values: [shop]"), True),
        (when("key: source.principal, notValues: ['*']"), False),
        (when("key: source.ip, values: [10.0.0.0/8]"), True),
        (when("key: destination.ip, values: [10.244.0.9]"), True),
        (when("key: destination.port, values: ['8080']"), True),
        (when("key: 'request.headers[x-a]', values: ['*']"), False),
        (when("key: 'request.headers[x-a]', notValues: [b]"), True),
        (when("key: 'request.auth.claims[iss]', values: ['*']"), False),
        ("{rules: [{from: [{source: {namespaces: [shop]}}], to: [{operation: {ports: ['80']}}]}]}", False),
    ],
)  # fmt: skip
def test_a_policy(spec: str, accepted: bool) -> None:
    assert asked(spec).accepted is accepted


@each_row(
    ("spec", "accepted"),
    [
        (source("principals: ['*']"), False),
        (source("notPrincipals: [other]"), True),
        (source("namespaces: ['*']"), False),
        (source("notNamespaces: [office]"), True),
        (source("serviceAccounts: [web]"), False),
        (source("ipBlocks: [10.244.0.5]"), True),
        ("{action: DENY, rules: [{from: [{source: {notPrincipals: ['*']}}]}]}", False),
    ],
)
def test_a_client_without_a_certificate(spec: str, accepted: bool) -> None:
    assert asked(spec, PLAIN).accepted is accepted


def test_headers_of_a_request() -> None:
    sent = msgspec.structs.replace(WEB, header=("x-a", "bc"))
    for spec, accepted in (
        (when("key: 'request.headers[X-A]', values: ['b*']"), True),
        (when("key: 'request.headers[x-a]', values: [b]"), False),
        (when("key: 'request.headers[x-b]', values: ['*']"), False),
        (when("key: 'request.headers[x-a]', notValues: [bc]"), False),
    ):
        assert asked(spec, sent).accepted is accepted


def test_who_asks_for_tokens() -> None:
    for spec, found in (
        (source("notRequestPrincipals: ['*']"), True),
        (when("key: 'request.auth.claims[a]', values: [b]"), True),
        (source("principals: ['*']"), False),
    ):
        assert (
            uses_tokens(access_policies(manifests(security("AuthorizationPolicy", "shop/p", spec)))) is found
        )


def test_a_denial_comes_first_and_custom_is_not_judged() -> None:
    deny, allow = "{action: DENY, rules: [{to: [{operation: {paths: ['/api*']}}]}]}", "{rules: [{}]}"
    found = asked([allow, deny])
    assert not found.accepted
    assert found.why == "rule 1 of AuthorizationPolicy shop/p1 (action DENY) matches it"
    custom = "{action: CUSTOM, provider: {name: p}, rules: [{to: [{operation: {paths: ['/admin*']}}]}]}"
    assert asked([custom, allow]).accepted
    with pytest.raises(NotJudged, match="CUSTOM"):
        asked(custom.replace("/admin", "/api"))
    with pytest.raises(NotJudged, match=r"connection\.sni"):
        asked(when("key: connection.sni, values: [a]"))


def test_the_root_namespace_is_about_all_and_a_dry_run_about_nobody() -> None:
    assert not asked("{}", home="istio-system").accepted
    assert asked("{}", home="office").accepted
    assert asked("{}", more=", annotations: {istio.io/dry-run: 'true'}").accepted
    assert not asked("{}", more=", annotations: {istio.io/dry-run: 'false'}").accepted


def test_a_plain_tcp_port_has_no_requests() -> None:
    raw = msgspec.structs.replace(WEB, tcp=True)
    assert not asked(to("methods: [GET]"), raw).accepted
    assert asked(to("ports: ['8080']"), raw).accepted
    wide = "{action: DENY, rules: [{from: [{source: {namespaces: [shop]}}], to: [{operation: {methods: [PUT]}}]}]}"
    assert not asked(wide, raw).accepted
    assert asked(wide, WEB).accepted


def test_the_nearest_rule_is_told() -> None:
    rules = (
        "{rules: [{from: [{source: {principals: [x]}}], to: [{operation: {methods: [PUT]}}]}, "
        "{from: [{source: {namespaces: [shop]}}], to: [{operation: {methods: [POST], paths: [/a]}}]}]}"
    )
    found = asked(rules)
    assert found.location
    assert found.location.path == "spec.rules[0].from[0].source.principals"
    assert found.near == (
        ("spec", "rules", 0, "from", 0, "source", "principals"),
        ("spec", "rules", 0, "to", 0, "operation", "methods"),
    )
    empty = asked("{}")
    assert empty.why == "AuthorizationPolicy shop/p0 has no rule, so it refuses every request"
