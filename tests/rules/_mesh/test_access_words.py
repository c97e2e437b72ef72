"""Reasons about AuthorizationPolicies."""

from __future__ import annotations

from tests.mesh_world import security, world
from tests.table import each_row
from trainer.rules._mesh.access_words import blocked_reason, caught_reason, open_reason, request_evidence
from trainer.rules._mesh.ends import Cast
from trainer.simulate.mesh.calls import Answer, Call

API = "{selector: {matchLabels: {app: api}}, "


def asked(answer: str, source: str = "shop/web") -> tuple[Cast, Call, Answer]:
    cast = Cast(world(answer), [])
    call = next(cast.calls(cast.after, cast.named(source), "service:shop/api", 80))
    return cast, call, cast.after.answer(call)


@each_row(
    ("spec", "words"),
    [
        ("{rules: [{from: [{source: {principals: ['spiffe://x']}}]}]}", "A principal is written without `spiffe://`."),
        ("{rules: [{from: [{source: {principals: [shop/web]}}]}]}", "A principal has the form cluster.local/ns/"),
        ("{rules: [{to: [{operation: {ports: ['80']}}]}]}", "80 is the port of the Service; the sidecar sees the Pod's, 8080."),
        ("{rules: [{to: [{operation: {methods: [get]}}]}]}", "it has get, the request is GET. Methods are in upper case."),
        ("{rules: [{to: [{operation: {paths: [/api]}}]}]}", "it has /api, the request is for /."),
        ("{rules: [{to: [{operation: {hosts: [x]}}]}]}", "the request is for host ."),
        ("{}", "has no rule, so it refuses every request"),
    ],
)  # fmt: skip
def test_what_does_not_match(spec: str, words: str) -> None:
    answer = security("AuthorizationPolicy", "shop/p", spec)
    cast, call, found = asked(answer)
    request = cast.after.connect(call).request
    assert request
    reason = blocked_reason(world(answer), call, request, found)
    assert words in reason.message
    assert reason.location


@each_row(
    ("spec", "words", "path"),
    [
        (API + "rules: [{}]}", "has no `from` and no `to`, so it covers this request as well", "spec.rules[0]"),
        (API + "rules: [{from: [{source: {namespaces: [shop]}}]}, {}]}", "has no `to`, and one matching rule is enough", "spec.rules[0].from[0].source.namespaces"),
        (API + "rules: [{from: [{source: {principals: ['*']}}], to: [{operation: {methods: ['*']}}]}]}", "`principals` in rule 1 of AuthorizationPolicy shop/p (*) also covers this request.", "spec.rules[0].from[0].source.principals"),
        (API + "rules: [{from: [{source: {principals: ['cluster.local/ns/shop/sa/web']}}], to: [{operation: {ports: ['8080'], paths: ['/*']}}]}]}", "`paths` in rule 1 of AuthorizationPolicy shop/p (/*) also covers", "spec.rules[0].to[0].operation.paths"),
        (API + "rules: [{from: [{source: {principals: [x]}}, {source: {namespaces: [shop]}}], to: [{operation: {paths: ['/*']}}]}]}", "Entry 2 of `from` in rule 1 of AuthorizationPolicy shop/p is enough alone: entries are ORed.", "spec.rules[0].from[1]"),
        ("{selector: {matchLabels: {app: x}}}", "(app=x) matches no Pod", "spec.selector.matchLabels"),
        (API + "action: AUDIT, rules: [{}]}", "has action AUDIT, which accepts all that no rule matches", "spec.action"),
        ("{targetRefs: [{kind: Service, name: api}]}", "has `targetRefs`, which sidecars ignore", "spec"),
    ],
)  # fmt: skip
def test_what_lets_a_request_through(spec: str, words: str, path: str) -> None:
    answer = security("AuthorizationPolicy", "shop/p", spec)
    cast, call, found = asked(answer)
    own = world(answer)
    reason = open_reason(own, cast, call, found, "to" if ".to[" in path else "from")
    assert words in reason.message
    assert reason.location
    assert reason.location.path == path


def test_a_policy_in_another_namespace() -> None:
    answer = security("AuthorizationPolicy", "office/p", "{}")
    cast, call, found = asked(answer)
    reason = open_reason(world(answer), cast, call, found)
    assert reason.message == "AuthorizationPolicy office/p only applies to Pods of Namespace office."


def test_a_server_that_a_policy_catches() -> None:
    own = world(security("AuthorizationPolicy", "istio-system/p", "{}"))
    cast = Cast(own, [])
    call = next(cast.calls(cast.after, cast.named("shop/web"), "service:shop/api", 80))
    reason = caught_reason(own, call, cast.after.answer(call))
    assert reason
    assert reason.message.endswith("has no `selector`, so it applies to every Pod of the mesh.")
    assert caught_reason(world(""), call, cast.after.answer(call)) is None


def test_evidence_names_the_client() -> None:
    cast, call, found = asked("")
    assert found.accepted
    allow = security("AuthorizationPolicy", "shop/p", "{rules: [{}]}")
    cast, call, found = asked(allow)
    request = cast.after.connect(call).request
    assert request
    assert request_evidence(call, request, found) == (
        "GET / from shop/web (ServiceAccount shop/web) to shop/api, port 8080, over mutual TLS, is accepted."
    )
