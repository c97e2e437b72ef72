"""The short written form of subjects and requests."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.errors import UsageError
from trainer.simulate.access.requests import Identity, Request, parse_identity, parse_request, service_account


def test_subjects_bring_their_standing_groups() -> None:
    assert parse_identity("user:jane") == Identity("jane", ("system:authenticated",))
    assert parse_identity("user:system:anonymous").groups == ("system:unauthenticated",)
    assert parse_identity("group:developers") == Identity("", ("developers", "system:authenticated"))
    assert parse_identity("group:system:unauthenticated").groups == ("system:unauthenticated",)
    assert parse_identity("sa:ci/deployer") == service_account("ci", "deployer")
    assert service_account("ci", "deployer") == Identity(
        "system:serviceaccount:ci:deployer",
        ("system:serviceaccounts", "system:serviceaccounts:ci", "system:authenticated"),
    )


@each_row("text", ["jane", "user:", "sa:ci", "sa:/x", "sa:a/b/c", "pod:a/b", ""])
def test_other_forms_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"subject|ServiceAccount"):
        parse_identity(text)


def test_requests() -> None:
    jane = parse_identity("user:jane")
    assert parse_request(jane, "create secrets", "prod") == Request(
        jane, "create", "secrets", namespace="prod"
    )
    scale = parse_request(jane, "patch deployments/scale web", "prod")
    assert (scale.group, scale.resource, scale.subresource, scale.name) == (
        "apps",
        "deployments",
        "scale",
        "web",
    )
    assert parse_request(jane, "get /healthz").path == "/healthz"
    assert not parse_request(jane, "get /healthz").is_resource
    with pytest.raises(UsageError, match="is not a request"):
        parse_request(jane, "secrets")


def test_titles_read_like_sentences() -> None:
    deployer = parse_request(parse_identity("sa:ci/deployer"), "get pods/log web-1", "ci")
    assert deployer.title == "ServiceAccount ci/deployer: get pods/log web-1 in ci"
    assert parse_request(parse_identity("user:jane"), "get /version").title == "user jane: get /version"
    assert parse_identity("group:developers").title == "group developers"


@each_row(
    ("do", "namespace", "asked"),
    [
        ("get secrets/db", "ci", "get secrets db in ci"),
        ("get deploy/web", "ci", "get deployments.apps web in ci"),
        ("get pods/log web", "ci", "get pods/log web in ci"),
        ("get deployments.v1.apps web", "ci", "get deployments.apps web in ci"),
        ("list namespaces", "jx", "list namespaces"),
        ("get nodes", "jx", "get nodes"),
        ("get namespaces jx", "", "get namespaces jx in jx"),
        ("delete namespaces prod", "dev", "delete namespaces prod in prod"),
        ("create configmaps extra-config", "ci", "create configmaps in ci"),
        ("deletecollection secrets db", "ci", "deletecollection secrets in ci"),
        ("create serviceaccounts/token web", "ci", "create serviceaccounts/token web in ci"),
        ("list secrets db", "ci", "list secrets db in ci"),
        ("get widgets.example.com/w", "ci", "get widgets.example.com/w in ci"),
        ("* *", "ci", "* * in ci"),
    ],
)
def test_requests_as_the_server_sees_them(do: str, namespace: str, asked: str) -> None:
    assert parse_request(parse_identity("user:jane"), do, namespace).title == f"user jane: {asked}"


@each_row(
    ("do", "remedy"),
    [
        ("get podz", "did you mean 'pods'?"),
        ("get deploymentsx.apps", "did you mean 'deployments'?"),
        (
            "get podz.apps",
            "known: controllerrevisions, daemonsets, deployments, replicasets, statefulsets",
        ),
        ("get pods/logs web", "did you mean 'log'?"),
        ("lst pods", "did you mean 'list'?"),
        ("get configmaps,secrets", "ask about one resource at a time"),
    ],
)
def test_a_word_that_is_not_known_is_refused(do: str, remedy: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_request(parse_identity("user:jane"), do, "ci")
    assert caught.value.remedy == remedy


@each_row("verb", ["use", "bind", "escalate", "impersonate", "approve", "sign", "attest", "*"])
def test_authorizers_have_verbs_of_their_own(verb: str) -> None:
    assert parse_request(parse_identity("user:jane"), f"{verb} clusterroles view").verb == verb


@each_row("text", ["system:serviceaccount:ci:deployer", "user:system:serviceaccount:ci:deployer"])
def test_the_user_name_of_a_service_account_is_the_service_account(text: str) -> None:
    assert parse_identity(text) == service_account("ci", "deployer")


def test_the_user_name_of_a_service_account_needs_both_parts() -> None:
    with pytest.raises(UsageError):
        parse_identity("system:serviceaccount:ci")
