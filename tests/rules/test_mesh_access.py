"""Rule `mesh-access`: who may send which requests."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.mesh_world import BASE, security, world
from tests.pictures import judging
from tests.table import each_row
from trainer.errors import NotJudged, UsageError
from trainer.rules import mesh_access
from trainer.rules.mesh_access import Params
from trainer.verdict import Outcome, Status

judge = judging(mesh_access)

ROW = {"from": "sa:shop/web", "port": 8080, "methods": ["GET"], "paths": ["/api", "/api/*"]}
ONLY: dict[str, Any] = {"to": "shop/app=api", "ignore": [ROW], "rest": "refused", "plaintext": "refused"}
READS: dict[str, Any] = {"to": "shop/app=api", "allow": [ROW]}
OTHERS: dict[str, Any] = {"to": "shop/app=api", "others": "unchanged"}

OPERATION = "{methods: [GET], paths: [/api, '/api/*'], ports: ['8080']}"
SOURCE = "{principals: [cluster.local/ns/shop/sa/web]}"


def outcome(answer: str, params: dict[str, Any], given: str = BASE) -> Outcome:
    return judge(world(answer, given), msgspec.convert(params, Params))


def policy(source: str = SOURCE, operation: str = OPERATION, name: str = "shop/api", more: str = "") -> str:
    rule = f"{{from: [{{source: {source}}}], to: [{{operation: {operation}}}]}}"
    return security(
        "AuthorizationPolicy", name, f"{{selector: {{matchLabels: {{app: api}}}}, rules: [{rule}]{more}}}"
    )


RIGHT = [
    policy(),
    policy("{serviceAccounts: [web]}"),
    policy("{serviceAccounts: [shop/web]}"),
    policy("{principals: ['*/ns/shop/sa/web']}"),
    policy(operation="{methods: [GET], paths: [/api, '/api/{**}', /api/], ports: ['8080']}"),
    policy()
    + security(
        "PeerAuthentication", "shop/api", "{selector: {matchLabels: {app: api}}, mtls: {mode: STRICT}}"
    ),
]
WIDER = [
    "",
    policy("{namespaces: [shop]}"),
    policy("{principals: ['*/sa/web']}"),
    policy("{principals: ['*']}"),
    policy("{notPrincipals: [cluster.local/ns/office/sa/web]}"),
    policy(operation="{methods: [GET, POST], paths: [/api, '/api/*'], ports: ['8080']}"),
    policy(operation="{paths: [/api, '/api/*'], ports: ['8080']}"),
    policy(operation="{methods: [GET], paths: ['/api*'], ports: ['8080']}"),
    policy(operation="{methods: [GET], paths: [/api, '/api/*']}"),
    policy(operation="{methods: [GET], paths: [/api, '/api/*'], ports: ['8080', '1234']}"),
    policy(operation="{methods: [GET], notPaths: [/admin], ports: ['8080']}"),
    policy(name="office/api"),
    policy(more=", action: DENY"),
    policy() + security("AuthorizationPolicy", "shop/x", "{rules: [{from: [{source: {ipBlocks: [10.0.0.0/8]}}]}]}"),
    policy() + security("AuthorizationPolicy", "istio-system/x", "{rules: [{when: [{key: source.namespace, values: [office]}]}]}"),
    policy().replace("{app: api}", "{app: api, tier: x}"),
    policy() + security("AuthorizationPolicy", "shop/x", "{rules: [{when: [{key: 'request.headers[X-A]', values: ['b*']}]}]}"),
    policy() + security("AuthorizationPolicy", "shop/x", "{rules: [{from: [{source: {ipBlocks: [172.16.0.0/12]}}]}]}"),
    policy() + security("AuthorizationPolicy", "shop/x", "{rules: [{when: [{key: source.ip, values: [192.0.2.9]}]}]}"),
    policy() + security("AuthorizationPolicy", "shop/x", "{rules: [{from: [{source: {namespaces: [ops]}}]}]}"),
]  # fmt: skip
NARROWER = [
    security("AuthorizationPolicy", "shop/api", "{}"),
    policy("{principals: ['spiffe://cluster.local/ns/shop/sa/web']}"),
    policy(operation="{methods: [get], paths: [/api, '/api/*'], ports: ['8080']}"),
    policy(operation="{methods: [GET], paths: [/api], ports: ['8080']}"),
    policy(operation="{methods: [GET], paths: ['/api/*'], ports: ['8080']}"),
    policy(operation="{methods: [GET], paths: [/api, '/api/*'], ports: ['80']}"),
    policy(operation="{methods: [GET], paths: [/api, '/api/*'], ports: ['8080'], hosts: [api.shop.svc.cluster.local]}"),
    policy() + policy("{namespaces: [shop]}", name="shop/deny", more=", action: DENY"),
]  # fmt: skip


@each_row("answer", RIGHT)
def test_right_answers(answer: str) -> None:
    for params in (ONLY, READS, OTHERS):
        assert outcome(answer, params).status is Status.PASS


@each_row("answer", WIDER)
def test_answers_that_accept_more(answer: str) -> None:
    found = outcome(answer, ONLY)
    assert found.status is Status.FAIL
    assert all(proof.endswith("is accepted.") for proof in found.evidence)


def test_the_part_of_the_operation_that_is_too_wide() -> None:
    for operation, message, path in (
        (
            "{methods: [GET, HEAD], paths: [/api, '/api/*'], ports: ['8080']}",
            "`methods` in rule 1",
            "methods",
        ),
        ("{methods: [GET], paths: [/api, '/api/*'], hosts: ['*']}", "has no `ports`", "operation"),
        ("{methods: [GET], paths: ['/api*'], ports: ['8080']}", "`paths` in rule 1", "paths"),
    ):
        reason = outcome(policy(operation=operation), ONLY).reasons[0]
        assert message in reason.message
        assert reason.location is not None
        assert reason.location.path.endswith(path)


@each_row("answer", NARROWER)
def test_answers_that_accept_less(answer: str) -> None:
    assert outcome(answer, ONLY).status is Status.PASS
    found = outcome(answer, READS)
    assert found.status is Status.FAIL
    assert found.reasons[0].location


def test_a_header_is_no_secret() -> None:
    rules = "{rules: [{when: [{key: 'request.headers[X-A]', values: [b]}]}]}"
    found = outcome(policy() + security("AuthorizationPolicy", "shop/x", rules), ONLY)
    assert found.reasons[0].message == (
        "Rule 1 of AuthorizationPolicy shop/x only asks for `request.headers[X-A]`, which every client can send."
    )
    assert found.evidence[0].startswith("GET / with header x-a: b from ")


def test_tokens_are_not_judged_where_they_count() -> None:
    tokens = policy("{requestPrincipals: ['*'], principals: [cluster.local/ns/shop/sa/web]}")
    assert outcome(tokens, READS).status is Status.FAIL  # nothing reads a token
    reads = security("RequestAuthentication", "shop/jwt", "{jwtRules: [{issuer: a}]}")
    with pytest.raises(NotJudged, match="RequestAuthentication shop/jwt"):
        outcome(tokens + reads, READS)
    assert outcome(policy() + reads, READS).status is Status.PASS


def test_plaintext_of_the_same_client() -> None:
    by_address = policy("{ipBlocks: [0.0.0.0/0]}")
    assert outcome(by_address, ONLY).status is Status.FAIL
    everybody = {"to": "shop/app=api", "ignore": [{"from": "*/*"}, {"from": "outside"}], "rest": "refused"}
    assert outcome(by_address, everybody).status is Status.PASS
    found = outcome(by_address, everybody | {"plaintext": "refused"})
    assert "GET /api from 203.0.113.7 to shop/api, port 8080, in plaintext, is accepted." in found.evidence


def test_other_pods() -> None:
    whole = policy().replace("selector: {matchLabels: {app: api}}, ", "")
    found = outcome(whole, OTHERS)
    assert found.reasons[0].message == (
        "AuthorizationPolicy shop/api has no `selector`, so it applies to every Pod of Namespace shop."
    )
    assert found.evidence[0].endswith("is now refused.")
    assert outcome(policy(name="istio-system/api"), OTHERS).status is Status.FAIL  # a new api Pod elsewhere


def test_ports_and_names() -> None:
    everything = {"to": "shop/app=api", "allow": [{"from": "shop/*"}], "rest": "ignored"}
    assert outcome("", everything).status is Status.PASS
    assert outcome(policy(), everything).status is Status.FAIL
    with pytest.raises(UsageError, match="shop/app=none"):
        outcome("", {"to": "shop/app=none", "rest": "refused"})
    for params, words in (
        ({"to": "shop/*"}, "needs allow, rest or others"),
        ({"to": "nonsense", "rest": "refused"}, "doesn't name"),
        ({"to": "shop/*", "allow": [{"from": "sa:web"}]}, "sa:namespace/name"),
    ):
        with pytest.raises(msgspec.ValidationError, match=words):
            msgspec.convert(params, Params)
