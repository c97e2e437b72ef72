"""AuthenticationConfiguration: cases of `validation_test.go` of k8s.io/apiserver v1.36."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.certificate_maker import make
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.manifests.model import Manifest, path_text
from trainer.manifests.reading.parse import parse
from trainer.simulate.components.authentication import problems_of
from trainer.versions import DEFAULT

ISSUER = {"url": "https://a.example", "audiences": ["k"]}
NAME = {"claim": "sub", "prefix": ""}


def configuration(**fields: Any) -> Manifest:
    value = {"apiVersion": "apiserver.config.k8s.io/v1", "kind": "AuthenticationConfiguration", **fields}
    document = parse(msgspec.json.encode(value), "auth.yaml").documents[0]
    return Manifest(document.value, document)


def jwt(
    *, issuer: dict[str, Any] | None = None, maps: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    mappings = {"username": NAME, **(maps or {})}
    return {"issuer": {**ISSUER, **(issuer or {})}, "claimMappings": mappings, **more}


def messages(*entries: dict[str, Any]) -> list[str]:
    return [one.message for one in problems_of(configuration(jwt=entries), DEFAULT, ["https://own.example"])]


def expressed(written: str, **more: Any) -> dict[str, Any]:
    return jwt(maps={"username": {"expression": written}}, **more)


VERIFIED = "claims.email_verified == true"


@each_row(
    "entry",
    [
        jwt(),
        jwt(issuer={"audienceMatchPolicy": "MatchAny"}),
        jwt(issuer={"audiences": ["a", "b"], "audienceMatchPolicy": "MatchAny"}),
        jwt(issuer={"discoveryURL": "https://b.example/.well-known/openid-configuration"}),
        jwt(issuer={"certificateAuthority": make("ca")[0].decode()}),
        jwt(maps={"groups": {"claim": "groups", "prefix": "x:"}, "uid": {"claim": "sub"}}),
        jwt(maps={"groups": {}}),
        jwt(maps={"extra": [{"key": "example.org/a", "valueExpression": "claims.a"}]}),
        jwt(claimValidationRules=[{"claim": "a", "requiredValue": "b"}, {"claim": "c"}]),
        jwt(userValidationRules=[{"expression": "user.username != 'x'", "message": "no"}]),
        expressed("claims.sub + 'x'"),
        expressed("claims.?email_verified.orValue(true) ? claims.email : claims.sub"),
        expressed("claims.email", claimValidationRules=[{"expression": VERIFIED}]),
        expressed("claims['email']"),
        jwt(maps={"username": {"claim": "email", "prefix": ""}}),
    ],
)
def test_what_is_accepted(entry: dict[str, Any]) -> None:
    assert messages(entry) == []


@each_row(
    ("entry", "message"),
    [
        (jwt(issuer={"url": ""}), "`url` is missing"),
        (jwt(issuer={"url": "http://a.example"}), "its scheme must be https"),
        (jwt(issuer={"url": "https://me:pw@a.example"}), "it must not contain a user"),
        (jwt(issuer={"url": "https://a.example?x=y"}), "it must not contain a query"),
        (jwt(issuer={"url": "https://a.example#x"}), "it must not contain a fragment"),
        (jwt(issuer={"url": "https://[a"}), "it isn't a URL"),
        (jwt(issuer={"url": "https://own.example"}), "ServiceAccount tokens have this issuer already"),
        (jwt(issuer={"discoveryURL": "https://a.example/"}), "it must differ from `url`"),
        (
            jwt(issuer={"discoveryURL": "http://b.example"}),
            "`discoveryURL` is `http://b.example`: its scheme",
        ),
        (jwt(issuer={"audiences": []}), "`audiences` is missing"),
        (jwt(issuer={"audiences": [""]}), "an audience isn't empty"),
        (jwt(issuer={"audiences": ["a", "a"], "audienceMatchPolicy": "MatchAny"}), "for the second time"),
        (jwt(issuer={"audiences": ["a", "b"]}), "several audiences need `MatchAny`"),
        (jwt(issuer={"audienceMatchPolicy": "MatchAll"}), "the only value is `MatchAny`"),
        (jwt(issuer={"certificateAuthority": "no"}), "holds no certificate"),
        (jwt(issuer={"egressSelectorType": "etcd"}), "it is controlplane or cluster"),
        (jwt(maps={"username": {}}), "needs `claim` or `expression`"),
        (jwt(maps={"username": {"claim": "sub"}}), "`prefix` is missing"),
        (jwt(maps={"username": {"claim": "sub", "expression": "claims.sub"}}), "can't both be set"),
        (jwt(maps={"username": {"expression": "claims.sub", "prefix": "x"}}), "`prefix` can't be set here"),
        (jwt(maps={"groups": {"claim": "groups"}}), "`prefix` is missing"),
        (jwt(maps={"groups": {"expression": "claim.groups"}}), "undeclared reference"),
        (jwt(maps={"uid": {"claim": "a", "expression": "claims.b"}}), "can't both be set"),
        (jwt(maps={"uid": {"expression": "claims."}}), "does not compile"),
        (jwt(maps={"extra": [{"key": "a", "valueExpression": "claims.a"}]}), "a domain with a path"),
        (jwt(maps={"extra": [{"key": "example.org/A", "valueExpression": "claims.a"}]}), "lower case"),
        (
            jwt(maps={"extra": [{"key": "x.k8s.io/a", "valueExpression": "claims.a"}]}),
            "reserved for Kubernetes",
        ),
        (jwt(maps={"extra": [{"key": "example.org/a"}]}), "`valueExpression` is missing"),
        (
            jwt(maps={"extra": [{"key": "example.org/a", "valueExpression": "claims.a"}] * 2}),
            "a key is listed once",
        ),
        (jwt(claimValidationRules=[{}]), "A rule needs `claim` or `expression`"),
        (jwt(claimValidationRules=[{"claim": "a", "expression": VERIFIED}]), "can't both be set"),
        (jwt(claimValidationRules=[{"claim": "a", "message": "b"}]), "`message` can't be set here"),
        (jwt(claimValidationRules=[{"expression": VERIFIED, "requiredValue": "b"}]), "`requiredValue` can't"),
        (jwt(claimValidationRules=[{"claim": "a"}, {"claim": "a"}]), "a rule is listed once"),
        (jwt(claimValidationRules=[{"expression": "claims.a"}]), "must evaluate to bool"),
        (jwt(userValidationRules=[{"message": "b"}]), "`expression` is missing"),
        (jwt(userValidationRules=[{"expression": "user.username != 'x'"}] * 2), "a rule is listed once"),
        (jwt(userValidationRules=[{"expression": "claims.sub != 'x'"}]), "undeclared reference"),
        (expressed("claims.email"), "needs `claims.email_verified`"),
        (expressed("claims.email", claimValidationRules=[{"claim": "email_verified"}]), "email_verified"),
    ],
)
def test_what_is_refused(entry: dict[str, Any], message: str) -> None:
    found = messages(entry)
    assert len(found) == 1, found
    assert message in found[0]


def test_several_issuers() -> None:
    discovery = {"url": "https://b.example", "discoveryURL": "https://c.example"}
    assert "`url` is `https://a.example` for the second time" in messages(jwt(), jwt())[0]
    (problem,) = messages(jwt(issuer=discovery), jwt(issuer={**discovery, "url": "https://d.example"}))
    assert "`discoveryURL` is `https://c.example` for the second time" in problem
    assert messages(*[jwt()] * 65) == ["`jwt` has 65 issuers; 64 is the limit."]


def test_places_and_anonymous_conditions() -> None:
    found = configuration(jwt=[jwt(issuer={"audiences": []})], anonymous={"conditions": [{"path": "/livez"}]})
    problems = problems_of(found, DEFAULT)
    assert [one.location.path for one in problems if one.location] == [
        path_text(("jwt", 0, "issuer", "audiences")),
        path_text(("anonymous", "conditions")),
    ]


def test_an_egress_selector_is_not_judged() -> None:
    with pytest.raises(NotJudged, match="an egress selector"):
        messages(jwt(issuer={"egressSelectorType": "cluster"}))
