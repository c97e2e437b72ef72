"""Tokens: cases of `oidc_test.go` of k8s.io/apiserver v1.36."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulate.components.test_authentication import configuration, jwt
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.components.tokens import Login, login

CLAIMS = {"iss": "https://a.example", "aud": "k", "sub": "jane", "groups": ["a", "b"], "age": 7}
GROUPS = {"claim": "groups", "prefix": "g:"}


def outcome(claims: dict[str, Any], *, maps: dict[str, Any] | None = None, **more: Any) -> Login:
    own = {name: value for name, value in {**CLAIMS, **claims}.items() if value is not None}
    return login(configuration(jwt=[jwt(maps=maps, **more)]), own)


@each_row(
    ("claims", "maps", "more", "user", "groups"),
    [
        ({}, {}, {}, "jane", []),
        ({"aud": ["x", "k"]}, {}, {}, "jane", []),
        ({}, {"username": {"claim": "sub", "prefix": "u:"}, "groups": GROUPS}, {}, "u:jane", ["g:a", "g:b"]),
        ({"groups": "a"}, {"groups": GROUPS}, {}, "jane", ["g:a"]),
        ({"groups": None}, {"groups": GROUPS}, {}, "jane", []),
        ({}, {"username": {"expression": "claims.sub + '!'"}}, {}, "jane!", []),
        ({}, {"groups": {"expression": "claims.groups.map(one, 'g:' + one)"}}, {}, "jane", ["g:a", "g:b"]),
        ({}, {"groups": {"expression": "claims.sub"}}, {}, "jane", ["jane"]),
        ({}, {"groups": {"expression": "['', 'x']"}}, {}, "jane", ["x"]),
        ({}, {"groups": {"expression": "null"}}, {}, "jane", []),
        ({"email": "j@x"}, {"username": {"claim": "email", "prefix": ""}}, {}, "j@x", []),
        (
            {"email": "j@x", "email_verified": True},
            {"username": {"claim": "email", "prefix": ""}},
            {},
            "j@x",
            [],
        ),
        ({}, {}, {"claimValidationRules": [{"claim": "sub", "requiredValue": "jane"}]}, "jane", []),
        ({}, {}, {"claimValidationRules": [{"expression": "claims.age == 7.0"}]}, "jane", []),
        ({}, {}, {"userValidationRules": [{"expression": "!user.username.startsWith('s')"}]}, "jane", []),
        (
            {},
            {
                "extra": [{"key": "example.org/a", "valueExpression": "claims.groups"}],
                "uid": {"claim": "sub"},
            },
            {"userValidationRules": [{"expression": "user.extra['example.org/a'] == ['a', 'b']"}]},
            "jane",
            [],
        ),
        ({}, {"uid": {"expression": "claims.sub"}}, {}, "jane", []),
    ],
)
def test_who_gets_in(
    claims: dict[str, Any], maps: dict[str, Any], more: dict[str, Any], user: str, groups: list[str]
) -> None:
    found = outcome(claims, maps=maps, **more)
    assert (found.refused, found.user, list(found.groups)) == ("", user, groups)


@each_row(
    ("claims", "maps", "more", "why", "path"),
    [
        ({"iss": "https://a.example/"}, {}, {}, "no issuer has the url", "jwt[0].issuer.url"),
        ({"iss": None}, {}, {}, "no issuer has the url", "jwt[0].issuer.url"),
        ({"aud": "x"}, {}, {}, "its audience is x, and `audiences` is k", "issuer.audiences"),
        ({"sub": None}, {}, {}, "it has no text as claim sub", "username.claim"),
        ({"sub": 7}, {}, {}, "it has no text as claim sub", "username.claim"),
        ({}, {"username": {"expression": "claims.name"}}, {}, "no such key: name", "username.expression"),
        ({}, {"username": {"expression": "claims.age"}}, {}, "makes no user name", "username.expression"),
        ({"groups": [1]}, {"groups": GROUPS}, {}, "isn't a list of texts", "groups.claim"),
        ({}, {"groups": {"expression": "[1]"}}, {}, "makes no list of texts", "groups.expression"),
        ({}, {"groups": {"expression": "1"}}, {}, "makes no list of texts", "groups.expression"),
        ({}, {"uid": {"claim": "age"}}, {}, "no text as UID", "uid"),
        (
            {"email": "j@x", "email_verified": False},
            {"username": {"claim": "email", "prefix": ""}},
            {},
            "email address isn't verified",
            "username.claim",
        ),
        (
            {"email": "j@x", "email_verified": "true"},
            {"username": {"claim": "email", "prefix": ""}},
            {},
            "email address isn't verified",
            "username.claim",
        ),
        ({}, {}, {"claimValidationRules": [{"claim": "x", "requiredValue": "y"}]}, "isn't y", "Rules[0]"),
        ({}, {}, {"claimValidationRules": [{"claim": "age"}]}, "isn't an empty text", "Rules[0]"),
        (
            {},
            {},
            {"claimValidationRules": [{"expression": "claims.sub == 'x'", "message": "not you"}]},
            "this rule of the claims is false (not you)",
            "Rules[0].expression",
        ),
        (
            {},
            {},
            {"userValidationRules": [{"expression": "user.groups.size() > 0"}]},
            "this rule of the user is false",
            "userValidationRules[0].expression",
        ),
    ],
)
def test_who_stays_out(
    claims: dict[str, Any], maps: dict[str, Any], more: dict[str, Any], why: str, path: str
) -> None:
    found = outcome(claims, maps=maps, **more)
    assert why in found.refused
    assert found.location is not None
    assert (found.location.path or "").endswith(path)


def test_googles_old_issuer_is_the_new_one() -> None:
    config = configuration(jwt=[jwt(issuer={"url": "https://accounts.google.com"})])
    assert login(config, {**CLAIMS, "iss": "accounts.google.com"}).user == "jane"


def test_what_is_not_judged() -> None:
    config = configuration(jwt=[jwt(maps={"username": {"expression": "claims."}})])
    with pytest.raises(NotJudged, match="doesn't compile"):
        login(config, CLAIMS)
