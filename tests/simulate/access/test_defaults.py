"""The default roles of a new cluster."""

from __future__ import annotations

import pytest

from trainer.simulate.access.authorizer import Authorizer
from trainer.simulate.access.defaults import default_policy
from trainer.simulate.access.requests import parse_identity, parse_request


def allowed(who: str, do: str) -> bool:
    return Authorizer(default_policy()).decide(parse_request(parse_identity(who), do)).allowed


@pytest.mark.parametrize(
    ("who", "do", "expected"),
    [
        ("group:system:masters", "delete nodes", True),
        ("user:jane", "create selfsubjectaccessreviews", True),
        ("user:jane", "get /api/v1", True),
        ("user:jane", "get pods", False),
        ("user:system:anonymous", "get /healthz", True),
        ("user:system:anonymous", "get /api", False),
        ("sa:a/b", "get /openid/v1/jwks", True),
    ],
)
def test_everybody(who: str, do: str, expected: bool) -> None:
    assert allowed(who, do) is expected


def test_user_facing_roles_aggregate() -> None:
    roles = Authorizer(default_policy()).roles
    sizes = {
        name: len(roles.rules(roles.objects["ClusterRole", "", name])) for name in ("view", "edit", "admin")
    }
    assert sizes == {"view": 12, "edit": 27, "admin": 29}
    view = {
        resource
        for rule in roles.rules(roles.objects["ClusterRole", "", "view"])
        for resource in rule.resources
    }
    assert "secrets" not in view
    assert "roles" not in view
    assert "pods/log" in view


def test_places_of_defaults_have_no_line() -> None:
    assert str(default_policy()[0].where("rules", 0)) == "built in"
