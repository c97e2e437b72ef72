"""The short written form of subjects and requests."""

from __future__ import annotations

import pytest

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


@pytest.mark.parametrize("text", ["jane", "user:", "sa:ci", "sa:/x", "sa:a/b/c", "pod:a/b", ""])
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
    with pytest.raises(UsageError, match="is no request"):
        parse_request(jane, "secrets")


def test_titles_read_like_sentences() -> None:
    deployer = parse_request(parse_identity("sa:ci/deployer"), "get pods/log web-1", "ci")
    assert deployer.title == "ServiceAccount ci/deployer: get pods/log web-1 in ci"
    assert parse_request(parse_identity("user:jane"), "get /version").title == "user jane: get /version"
    assert parse_identity("group:developers").title == "group developers"
