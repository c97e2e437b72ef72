"""Requests without credentials."""

from __future__ import annotations

import pytest

from tests.static_pod_maker import APISERVER, apiserver, node, pod, with_flags, with_mount
from trainer.errors import NotJudged
from trainer.simulate.access.defaults import default_policy
from trainer.simulate.access.requests import parse_identity, parse_request
from trainer.simulate.components.anonymous_access import anonymous_get, anonymous_of, answer
from trainer.simulate.components.static_pods import NodeFiles, StaticPod

FILE = "/etc/kubernetes/auth/config.yaml"
CONFIG = """\
apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
anonymous:
  enabled: true
  conditions:
  - path: /livez
"""


def configured(text: str = CONFIG) -> tuple[StaticPod, NodeFiles]:
    found = pod(with_mount(with_flags(APISERVER, f"--authentication-config={FILE}"), "/etc/kubernetes/auth"))
    return found, node({FILE: text})


def status(found: StaticPod, files: NodeFiles, path: str) -> int:
    return answer(found, files, anonymous_get(path), default_policy()).status


def test_by_default() -> None:
    found = anonymous_of(apiserver(), node())
    assert (found.enabled, found.because) == (True, "--anonymous-auth is true by default")
    assert status(apiserver(), node(), "/livez") == 200
    assert status(apiserver(), node(), "/version") == 200
    assert status(apiserver(), node(), "/api") == 403


def test_switched_off() -> None:
    off = apiserver("--anonymous-auth=false")
    got = answer(off, node(), anonymous_get("/livez"), default_policy())
    assert (got.allowed, got.status, got.because) == (False, 401, "--anonymous-auth is false")
    assert got.location is not None


def test_some_paths_only() -> None:
    found, files = configured()
    assert status(found, files, "/livez") == 200
    assert status(found, files, "/healthz") == 401
    assert status(found, files, "/livez/ping") == 401
    assert anonymous_of(found, files).paths == ("/livez",)
    off, files = configured(CONFIG.partition("  conditions")[0].replace("true", "false"))
    assert not anonymous_of(off, files).enabled
    plain, files = configured("\n".join(CONFIG.splitlines()[:2]) + "\n")
    assert anonymous_of(plain, files).enabled


def test_a_file_that_is_not_at_hand() -> None:
    with pytest.raises(NotJudged):
        anonymous_of(configured()[0], node())


def test_modes() -> None:
    allow = apiserver("--anonymous-auth=true", without=("--authorization-mode",))
    assert status(allow, node(), "/api") == 401
    assert (
        anonymous_of(allow, node()).because
        == "the authorization mode AlwaysAllow disables anonymous requests"
    )
    found, files = configured()
    opened = pod(
        with_mount(
            with_flags(APISERVER, f"--authentication-config={FILE}", without=("--authorization-mode",)),
            "/etc/kubernetes/auth",
        )
    )
    assert (status(opened, files, "/livez"), status(found, files, "/livez")) == (200, 200)
    deny = pod(APISERVER.replace("Node,RBAC", "AlwaysDeny"))
    assert status(deny, node(), "/api") == 403
    hook = pod(APISERVER.replace("Node,RBAC", "Webhook,RBAC"))
    with pytest.raises(NotJudged):
        status(hook, node(), "/api")
    jane = parse_request(parse_identity("user:jane"), "list secrets", "prod")
    assert answer(apiserver(), node(), jane, default_policy()).status == 403
    assert answer(allow, node(), jane, default_policy()).allowed


def test_a_webhook_that_is_not_asked() -> None:
    text = """\
apiVersion: apiserver.config.k8s.io/v1
kind: AuthorizationConfiguration
authorizers:
- type: Webhook
  name: hook
  webhook:
    timeout: 3s
    subjectAccessReviewVersion: v1
    matchConditionSubjectAccessReviewVersion: v1
    failurePolicy: Deny
    connectionInfo: {type: InClusterConfig}
    matchConditions: [{expression: "%s"}]
- {type: RBAC, name: rbac}
"""
    plain = "\n".join(line for line in APISERVER.splitlines() if "--authorization-mode" not in line)
    found = pod(with_mount(with_flags(plain, f"--authorization-config={FILE}"), "/etc/kubernetes/auth"))
    for condition, expected in (
        ("request.user != 'system:anonymous'", 200),
        ("request.resourceAttributes.namespace == 'x'", 403),
    ):
        assert status(found, node({FILE: text % condition}), "/livez") == expected
    with pytest.raises(NotJudged, match="the authorization mode Webhook could decide"):
        status(found, node({FILE: text % "true"}), "/livez")
