"""The short written form of subjects and requests."""

from __future__ import annotations

import pytest

from trainer.errors import UsageError
from trainer.simulate.requests import Request, Subject, parse_request, parse_subject, service_account


def test_subjects_bring_their_standing_groups() -> None:
    assert parse_subject("user:jane") == Subject("jane", ("system:authenticated",))
    assert parse_subject("user:system:anonymous").groups == ("system:unauthenticated",)
    assert parse_subject("group:developers") == Subject("", ("developers", "system:authenticated"))
    assert parse_subject("group:system:unauthenticated").groups == ("system:unauthenticated",)
    assert parse_subject("sa:ci/deployer") == service_account("ci", "deployer")
    assert service_account("ci", "deployer") == Subject(
        "system:serviceaccount:ci:deployer",
        ("system:serviceaccounts", "system:serviceaccounts:ci", "system:authenticated"),
    )


@pytest.mark.parametrize("text", ["jane", "user:", "sa:ci", "sa:/x", "sa:a/b/c", "pod:a/b", ""])
def test_other_forms_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="names no subject"):
        parse_subject(text)


def test_requests() -> None:
    jane = parse_subject("user:jane")
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
    with pytest.raises(UsageError, match="is no request"):
        parse_request(jane, "secrets")


def test_titles_read_like_sentences() -> None:
    deployer = parse_request(parse_subject("sa:ci/deployer"), "get pods/log web-1", "ci")
    assert deployer.title == "ServiceAccount ci/deployer: get pods/log web-1 in ci"
    assert parse_request(parse_subject("user:jane"), "get /version").title == "user jane: get /version"
    assert parse_subject("group:developers").title == "group developers"
