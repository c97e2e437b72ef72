"""Rule `api-tokens`."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.pictures import judging
from tests.static_pod_maker import APISERVER, with_flags, with_mount
from tests.table import each_row
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.rules import api_tokens
from trainer.rules.api_tokens import Params
from trainer.simulate.world import World
from trainer.verdict import Outcome, Status

judge = judging(api_tokens)

PLACE = "/etc/kubernetes/auth/auth.yaml"
CONFIG = """\
apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt:
- issuer: {url: "https://a.example", audiences: [k]}
  claimValidationRules: [{claim: tenant, requiredValue: acme}]
  claimMappings:
    username: {claim: sub, prefix: "u:"}
    groups: {claim: groups, prefix: "g:"}
"""
JANE = {"iss": "https://a.example", "aud": "k", "tenant": "acme", "sub": "jane", "groups": ["dev"], "age": 7}
ALL: dict[str, Any] = {
    "tokens": [{"claims": JANE}, {"claims": {**JANE, "aud": "x"}, "accepted": False}],
    "user": "u:{sub}",
    "groups": "g:{groups}",
    "required": {"tenant": "acme"},
    "rest": "refused",
}
MANIFEST = with_mount(with_flags(APISERVER, f"--authentication-config={PLACE}"), "/etc/kubernetes/auth")


def outcome(config: str = CONFIG, params: dict[str, Any] = ALL, manifest: str = MANIFEST) -> Outcome:
    texts = {"kube-apiserver.yaml": manifest, "auth.yaml": config}
    documents = {name: parse(text.encode(), name).documents for name, text in texts.items()}
    answer = tuple(Manifest(one.value, one) for found in documents.values() for one in found)
    world = World(answer, answer=answer, documents=documents, texts=texts)
    return judge(world, msgspec.convert({**params, "files": {"auth.yaml": PLACE}}, Params))


def test_as_required() -> None:
    found = outcome()
    assert (found.status, found.reasons) == (Status.PASS, ())


@each_row(
    ("old", "new", "message", "path"),
    [
        ('"u:"', '"v:"', "gives the user v:jane; u:jane is required", "username"),
        ('"g:"', '""', "gives the group dev; required: the group g:dev", "groups"),
        ("claim: groups", "claim: teams", "gives no group; required: the group g:dev", "groups"),
        ("[k]", "[l]", "must be accepted, but its audience is k", "audiences"),
        ("[k]", "[k, x], audienceMatchPolicy: MatchAny", "must be refused; it is accepted", "issuer"),
        ("[k]", "[k, z], audienceMatchPolicy: MatchAny", "for z with tenant acme", "issuer"),
        (
            "[{claim: tenant, requiredValue: acme}]",
            "[]",
            "A token of https://a.example for k with sub jane; groups dev; age 7 must be refused",
            "claimValidationRules",
        ),
        (
            "{claim: tenant, requiredValue: acme}",
            "{expression: \"claims.tenant in ['acme', 'evil']\"}",
            "with tenant evil;",
            "claimValidationRules",
        ),
        (
            "{claim: tenant, requiredValue: acme}",
            "{expression: \"claims.tenant.startsWith('acme')\"}",
            "with tenant acme-x;",
            "claimValidationRules",
        ),
        (
            "{claim: tenant, requiredValue: acme}",
            "{expression: \"claims.tenant.matches('(?i)^acme$')\"}",
            "with tenant ACME;",
            "claimValidationRules",
        ),
        (
            '{claim: sub, prefix: "u:"}',
            "{expression: \"claims.sub == 'root' ? 'system:admin' : 'u:' + claims.sub\"}",
            "sub root; groups dev; age 7 gives the user system:admin; u:root is required",
            "username",
        ),
        (
            '{claim: groups, prefix: "g:"}',
            "{expression: \"claims.sub == 'root' ? ['x'] : claims.groups.map(g, 'g:' + g)\"}",
            "gives the group x; required: the group g:dev",
            "groups",
        ),
        (
            "jwt:\n",
            "jwt:\n- issuer: {url: 'https://b.example', audiences: [z]}\n"
            "  claimMappings: {username: {claim: sub, prefix: ''}}\n",
            "A token of https://b.example for z",
            "issuer",
        ),
    ],
)
def test_what_is_not_as_required(old: str, new: str, message: str, path: str) -> None:
    assert old in CONFIG
    found = outcome(CONFIG.replace(old, new, 1))
    assert found.status is Status.FAIL
    assert any(message in one.message for one in found.reasons), found.reasons
    place = found.reasons[0].location
    assert place is not None
    assert (place.path or "").endswith(path)
    assert len(found.reasons) == len(found.evidence) <= 3


@each_row(
    "rule",
    [
        "user.username.startsWith('u:')",
        "!user.groups.exists(group, group.startsWith('system:'))",
        "user.username != 'system:masters'",
    ],
)
def test_a_rule_that_shuts_out_nobody_who_counts(rule: str) -> None:
    assert outcome(f'{CONFIG}  userValidationRules: [{{expression: "{rule}"}}]\n').status is Status.PASS


def test_a_rule_that_shuts_out_a_user() -> None:
    found = outcome(CONFIG + "  userValidationRules: [{expression: \"user.username != 'u:any-other'\"}]\n")
    assert (
        "sub any-other; groups dev; age 7 must be accepted, but this rule of the user"
        in found.reasons[0].message
    )


def test_without_the_flag_or_with_a_broken_file() -> None:
    found = outcome(manifest=APISERVER)
    assert "--authentication-config isn't set" in found.reasons[0].message
    found = outcome(CONFIG.replace(', prefix: "u:"', ""))
    assert "kube-apiserver doesn't start: `prefix` is missing" in found.reasons[0].message
    assert found.status is Status.FAIL


def test_groups_need_one_claim() -> None:
    with pytest.raises(msgspec.ValidationError, match="one claim in braces"):
        msgspec.convert({"tokens": [], "groups": "g:{a}{b}"}, Params)
