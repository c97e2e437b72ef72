"""AuthorizationConfiguration: cases of `validation_test.go` of k8s.io/apiserver v1.36."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.table import each_row
from trainer.errors import NotJudged
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.access.requests import parse_identity, parse_request
from trainer.simulate.components.authorization import problems_of, webhook_answers
from trainer.versions import DEFAULT

HOOK = {
    "timeout": "3s",
    "subjectAccessReviewVersion": "v1",
    "failurePolicy": "Deny",
    "connectionInfo": {"type": "InClusterConfig"},
}
RBAC = {"type": "RBAC", "name": "rbac"}
FILE = {"type": "KubeConfigFile", "kubeConfigFile": "/etc/hook.yaml"}
REVIEW = {"matchConditionSubjectAccessReviewVersion": "v1"}
CONDITION = {"expression": "request.user != 'x'"}


def hook(name: str = "hook", **fields: Any) -> dict[str, Any]:
    return {"type": "Webhook", "name": name, "webhook": {**HOOK, **fields}}


def manifest(*authorizers: dict[str, Any]) -> Manifest:
    value = {"kind": "AuthorizationConfiguration", "authorizers": authorizers}
    document = parse(msgspec.json.encode(value), "auth.yaml").documents[0]
    return Manifest(document.value, document)


def messages(*authorizers: dict[str, Any]) -> list[str]:
    found = problems_of(
        manifest(*authorizers), DEFAULT, lambda path: "" if path == "/etc/hook.yaml" else f"no {path}"
    )
    assert all(one.location for one in found)
    return [one.message for one in found]


@each_row(
    "authorizers",
    [
        [RBAC],
        [{"type": "Node", "name": "node"}, RBAC, hook(), hook("second")],
        [hook(connectionInfo=FILE, failurePolicy="NoOpinion", authorizedTTL="5m", unauthorizedTTL="30s")],
        [hook(**REVIEW, matchConditions=[CONDITION, {"expression": "has(request.resourceAttributes)"}])],
    ],
)
def test_what_is_accepted(authorizers: list[dict[str, Any]]) -> None:
    assert messages(*authorizers) == []


@each_row(
    ("authorizers", "message"),
    [
        ([], "name at least one authorizer"),
        ([{"type": "Rbac", "name": "a"}], "is not a type of authorizer"),
        ([{"name": "a"}], "is not a type of authorizer"),
        ([RBAC, {**RBAC, "name": "b"}], "only Webhook may be there several times"),
        ([{"type": "RBAC"}], "needs a unique name"),
        ([RBAC, {"type": "Node", "name": "rbac"}], "needs a unique name"),
        ([{"type": "RBAC", "name": "RBAC_1"}], "`name` is `RBAC_1`"),
        ([{"type": "Webhook", "name": "a"}], "`webhook` is missing"),
        ([{**RBAC, "webhook": HOOK}], "`webhook` can't be set here"),
        ([hook(timeout=None)], "`timeout` is missing"),
        ([hook(timeout="31s")], "more than 0s and at most 30s"),
        ([hook(timeout="-1s")], "more than 0s and at most 30s"),
        ([hook(authorizedTTL="-1s")], "`authorizedTTL` is `-1s`: it must be more than 0s"),
        ([hook(subjectAccessReviewVersion=None)], "`subjectAccessReviewVersion` is missing"),
        ([hook(subjectAccessReviewVersion="v2")], "one of `v1` and `v1beta1`"),
        ([hook(matchConditions=[CONDITION])], "match conditions need it"),
        ([hook(matchConditionSubjectAccessReviewVersion="v1beta1")], "takes `v1` only"),
        ([hook(failurePolicy=None)], "`failurePolicy` is missing"),
        ([hook(failurePolicy="Allow")], "one of `NoOpinion` and `Deny`"),
        ([hook(connectionInfo={})], "`type` is missing"),
        ([hook(connectionInfo={"type": "File"})], "one of `KubeConfigFile` and `InClusterConfig`"),
        ([hook(connectionInfo={**FILE, "type": "InClusterConfig"})], "`kubeConfigFile` can't be set here"),
        ([hook(connectionInfo={"type": "KubeConfigFile"})], "`kubeConfigFile` is missing"),
        ([hook(connectionInfo={**FILE, "kubeConfigFile": "hook.yaml"})], "an absolute path"),
        ([hook(connectionInfo={**FILE, "kubeConfigFile": "/x"})], "`kubeConfigFile`: no /x"),
        ([hook(**REVIEW, matchConditions=[{"expression": " "}])], "`expression` is missing"),
        ([hook(**REVIEW, matchConditions=[CONDITION, CONDITION])], "a condition is listed once"),
        ([hook(**REVIEW, matchConditions=[{"expression": "request.user"}])], "must evaluate to bool"),
        ([hook(**REVIEW, matchConditions=[{"expression": "request.verb == 'x'"}])], "undefined field 'verb'"),
        ([hook(**REVIEW, matchConditions=[CONDITION] * 65)], "65 entries; 64 is the limit"),
    ],
)
def test_what_is_refused(authorizers: list[dict[str, Any]], message: str) -> None:
    found = messages(*authorizers)
    assert len(found) == 1, found
    assert message in found[0]


@each_row(
    ("conditions", "policy", "answer"),
    [
        ([], "Deny", "asked"),
        (["request.user == 'jane'"], "Deny", "asked"),
        (["request.user == 'john'"], "Deny", "skipped"),
        (["'dev' in request.groups", "request.resourceAttributes.verb == 'get'"], "Deny", "asked"),
        (["has(request.nonResourceAttributes)"], "Deny", "skipped"),
        (["request.nonResourceAttributes.path == '/x'"], "Deny", "denied"),
        (["request.nonResourceAttributes.path == '/x'"], "NoOpinion", "skipped"),
        (["request.nonResourceAttributes.path == '/x'", "false"], "Deny", "skipped"),
    ],
)
def test_when_a_webhook_is_asked(conditions: list[str], policy: str, answer: str) -> None:
    request = parse_request(parse_identity("user:jane", ("dev",)), "get pods web", "shop")
    asked = hook(failurePolicy=policy, matchConditions=[{"expression": one} for one in conditions])
    assert webhook_answers(manifest(RBAC, asked), 1, request) == answer


def test_a_request_for_a_path_and_what_is_not_known() -> None:
    request = parse_request(parse_identity("user:jane"), "get /healthz")
    asked = hook(matchConditions=[{"expression": "request.nonResourceAttributes.path == '/healthz'"}])
    assert webhook_answers(manifest(asked), 0, request) == "asked"
    asked = hook(matchConditions=[{"expression": "request.uid == ''"}])
    with pytest.raises(NotJudged, match="what isn't known of a request"):
        webhook_answers(manifest(asked), 0, request)
