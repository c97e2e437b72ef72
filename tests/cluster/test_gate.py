"""Tests of `cluster.gate`: the one gate that every call to a cluster passes."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.cluster.gate import Call, Consent, Gate, NotConfirmed, Query, verb_of

DRY: Query = [("dryRun", "All"), ("fieldValidation", "Strict")]


@each_row(
    ("method", "path", "query", "verb"),
    [
        ("GET", "/version", (), "discovery"),
        ("GET", "/api/v1", (), "discovery"),
        ("GET", "/apis/apps/v1", (), "discovery"),
        ("GET", "/api/v1/namespaces", (), "list"),
        ("GET", "/api/v1/namespaces/sun", (), "get"),
        ("GET", "/api/v1/namespaces/sun/pods", (), "list"),
        ("GET", "/api/v1/namespaces/sun/pods/a", (), "get"),
        ("GET", "/api/v1/namespaces/sun/pods/a/log", (), "log"),
        ("GET", "/api/v1/namespaces/sun/pods/a/status", (), "get"),
        ("POST", "/api/v1/namespaces/sun/pods", DRY, "dry-run"),
        ("PATCH", "/api/v1/namespaces/sun/pods/a", DRY, "dry-run"),
        ("POST", "/api/v1/namespaces/sun/pods", (), "create"),
        ("PATCH", "/api/v1/namespaces/sun/serviceaccounts/default", (), "update"),
        ("DELETE", "/api/v1/namespaces/sun", (), "delete"),
        ("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", (), "review"),
        ("GET", "/api/v1/namespaces/sun/pods/a/exec", [("command", "id")], "exec"),
        ("POST", "/api/v1/namespaces/sun/pods/a/exec", DRY, "exec"),
        # what the program never does
        ("PATCH", "/api/v1/namespaces/sun/pods", (), None),
        ("PATCH", "/api/v1/namespaces/sun/pods/a/status", (), None),
        ("PATCH", "/api/v1/namespaces/sun/pods/a/ephemeralcontainers", (), None),
        ("PUT", "/api/v1/namespaces/sun/pods/a", (), None),
        ("PUT", "/api/v1/namespaces/sun/pods/a", DRY, None),
        ("DELETE", "/api/v1/namespaces/sun/pods", (), None),
        ("POST", "/api/v1/namespaces/sun/pods", [("dryRun", "None")], None),
        ("POST", "/api/v1/namespaces/sun/pods", [("dryRun", "All"), ("dryRun", "")], None),
        ("POST", "/api/v1/namespaces/sun/pods/a/eviction", DRY, None),
        ("GET", "/api/v1/namespaces/sun/pods/a/attach", (), None),
        ("GET", "/api/v1/namespaces/sun/pods/a/portforward", (), None),
        ("GET", "/api/v1/namespaces/sun/services/a/proxy", (), None),
        ("GET", "/api/v1/namespaces/sun/services/a/proxy/x", (), None),
        ("GET", "/api/v1/namespaces/sun/pods", [("watch", "true")], None),
        ("GET", "/api/v1/namespaces/../pods/x", (), None),
        ("GET", "/api/v1/namespaces/sun%2Fpods/x", (), None),
        ("GET", "/api/v1/namespaces//pods", (), None),
        ("GET", "version", (), None),
        ("POST", "/version", (), None),
        ("GET", "/metrics", (), None),
        ("POST", "/apis/authorization.k8s.io/v1/namespaces/sun/localsubjectaccessreviews", (), None),
    ],
)
def test_verbs_are_read_off_the_request(method: str, path: str, query: Query, verb: str | None) -> None:
    assert verb_of(method, path, query) == verb


def test_reading_passes_and_is_logged() -> None:
    gate = Gate("practice", Consent())
    assert gate.admit("GET", "/api/v1/namespaces/sun/pods", [("limit", "5")]) == "list"
    assert gate.log == [Call("list", "GET", "/api/v1/namespaces/sun/pods", "limit=5")]


@each_row(
    ("consent", "passing"),
    [
        (Consent(), set()),
        (Consent(exec=True), {"exec"}),
        (Consent(write=True), {"create", "update", "delete"}),
        (Consent(plugins=True, typed="practice"), set()),
    ],
)
def test_exec_and_writes_need_their_own_consent(consent: Consent, passing: set[str]) -> None:
    gate = Gate("practice", consent)
    for method, path in (
        ("GET", "/api/v1/namespaces/sun/pods/a/exec"),
        ("POST", "/api/v1/namespaces/sun/pods"),
        ("PATCH", "/api/v1/namespaces/sun/pods/a"),
        ("DELETE", "/api/v1/namespaces/sun/pods/a"),
    ):
        verb = verb_of(method, path)
        if verb in passing:
            assert gate.admit(method, path) == verb
        else:
            with pytest.raises(NotConfirmed, match="not confirmed"):
                gate.admit(method, path)
    assert {call.verb for call in gate.log} == passing


def test_a_context_has_to_be_named() -> None:
    with pytest.raises(NotConfirmed, match="no context"):
        Gate("", Consent(write=True))


def test_what_the_program_never_does_is_refused_whatever_was_agreed() -> None:
    gate = Gate("practice", Consent(exec=True, write=True, plugins=True))
    with pytest.raises(NotConfirmed, match="never makes this call"):
        gate.admit("DELETE", "/api/v1/namespaces/sun/pods")
    assert gate.log == []
