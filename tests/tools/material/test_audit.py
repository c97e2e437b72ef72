"""Tests of `tools.material.audit`: events are filled in as the API server does it."""

from __future__ import annotations

import json
from typing import Any

from tools.material.audit import ACCOUNT, Request, log

WHO = f"{ACCOUNT}ci:bot"


def event(**given: Any) -> dict[str, Any]:
    request = Request(1, WHO, **{"verb": "create", "resource": "jobs", "group": "batch", **given})
    found: dict[str, Any] = json.loads(log("test", [request]))
    return found


def test_a_create_has_its_name_in_the_object_and_not_in_the_address() -> None:
    made = event(namespace="shop", name="a", code=201)
    assert made["requestURI"] == "/apis/batch/v1/namespaces/shop/jobs"
    assert made["objectRef"]["name"] == "a"
    assert made["annotations"] == {
        "authorization.k8s.io/decision": "allow",
        "authorization.k8s.io/reason": 'RBAC: allowed by RoleBinding "bot/shop" of Role "bot" to '
        'ServiceAccount "bot/ci"',
    }


def test_a_create_that_the_authorizer_refuses_has_no_name() -> None:
    refused = event(namespace="shop", name="a", code=403)
    assert "name" not in refused["objectRef"]
    assert refused["annotations"] == {
        "authorization.k8s.io/decision": "forbid",
        "authorization.k8s.io/reason": "",
    }
    status = refused["responseStatus"]
    assert list(status) == ["metadata", "status", "message", "reason", "details", "code"]
    assert status["message"] == (
        f'jobs.batch is forbidden: User "{WHO}" cannot create resource "jobs" in API group "batch" in the '
        'namespace "shop"'
    )


def test_what_a_quota_refuses_was_allowed_and_has_its_name() -> None:
    refused = event(namespace="shop", name="a", code=403, quota=True)
    assert refused["objectRef"]["name"] == "a"
    assert refused["annotations"]["authorization.k8s.io/decision"] == "allow"
    assert "exceeded quota" in refused["responseStatus"]["message"]


def test_other_requests_have_the_name_in_the_address() -> None:
    gone = event(verb="get", name="a", code=404)
    assert gone["requestURI"] == "/apis/batch/v1/jobs/a"
    assert gone["responseStatus"]["message"] == 'jobs.batch "a" not found'
    run = event(verb="create", resource="pods/exec", group="", namespace="shop", name="a", code=403)
    assert run["requestURI"] == "/api/v1/namespaces/shop/pods/a/exec"
    assert run["objectRef"]["name"] == "a"
    assert 'cannot create resource "pods/exec"' in run["responseStatus"]["message"]
