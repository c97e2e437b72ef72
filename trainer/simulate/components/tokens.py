"""JSON Web Tokens: which user does kube-apiserver take the bearer for, and why does it refuse others?

Follows `plugin/pkg/authenticator/token/oidc/oidc.go` of k8s.io/apiserver v1.36 (`AuthenticateToken`): the
authenticator whose `url` is the token's `iss` decides; then `aud`, the mappings, the claim rules and the user
rules. Signatures and dates are taken for right. Distributed claims aren't resolved.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.model import Manifest, Path
from trainer.manifests.values import indexed, indexed_texts, mapping, text
from trainer.simulate.cel.evaluate import evaluate
from trainer.simulate.cel.values import CelError, TooExpensiveError
from trainer.simulate.components.expressions import expression
from trainer.verdict import Location

Claims = Mapping[str, Any]
_GOOGLE = ("accounts.google.com", "https://accounts.google.com")


class Login(msgspec.Struct, frozen=True):
    """Who a token makes of its bearer; `refused` says why nobody."""

    user: str = ""
    groups: tuple[str, ...] = ()
    refused: str = ""
    location: Location | None = None
    """Where that is decided."""


class RefusedError(Exception):
    """A token isn't accepted; where that is decided is a path in the file."""

    def __init__(self, why: str, path: Path) -> None:
        super().__init__(why)
        self.why, self.path = why, path


def login(manifest: Manifest, claims: Claims) -> Login:
    """What an AuthenticationConfiguration makes of a token. Raises `NotJudged`."""
    issuer = text(claims.get("iss"))
    issuer = _GOOGLE[1] if issuer == _GOOGLE[0] else issuer
    for index, one in indexed(manifest.get("jwt")):
        if text(mapping(one.get("issuer")).get("url")) == issuer:
            path: Path = ("jwt", index)
            try:
                user, groups = _Authenticator(manifest, path, one, claims).login()
            except RefusedError as error:
                return Login(refused=error.why, location=manifest.where(*error.path))
            return Login(user, tuple(groups), location=manifest.where(*path, "claimMappings"))
    entries = indexed(manifest.get("jwt"))
    path = ("jwt", entries[0][0], "issuer", "url") if len(entries) == 1 else ("jwt",)
    return Login(refused=f"no issuer has the url {issuer or 'of the token'}", location=manifest.where(*path))


class _Authenticator:
    """One entry of `jwt`, at the claims of one token."""

    def __init__(self, manifest: Manifest, path: Path, entry: Mapping[str, Any], claims: Claims) -> None:
        self.manifest, self.path, self.entry = manifest, path, entry
        self.claims = {name: _json(value) for name, value in claims.items()}

    def login(self) -> tuple[str, list[str]]:
        audiences = [one for _, one in indexed_texts(mapping(self.entry.get("issuer")).get("audiences"))]
        asked = self.claims.get("aud")
        asked = [str(one) for one in (asked if isinstance(asked, list) else [asked])]
        if not set(audiences) & set(asked):
            why = f"its audience is {', '.join(asked)}, and `audiences` is {', '.join(audiences)}"
            raise RefusedError(why, (*self.path, "issuer", "audiences"))
        mappings = mapping(self.entry.get("claimMappings"))
        user = self.user(mapping(mappings.get("username")))
        groups = self.groups(mapping(mappings.get("groups")))
        uid = self.uid(mapping(mappings.get("uid")))
        extra = self.extras(mappings)
        self.claim_rules()
        self.user_rules({"username": user, "groups": groups, "uid": uid, "extra": extra})
        return user, groups

    def user(self, found: Mapping[str, Any]) -> str:
        place: Path = (*self.path, "claimMappings", "username")
        if found.get("expression"):
            user = self.value("claims", text(found["expression"]), (*place, "expression"))
            if not isinstance(user, str) or not user:
                raise RefusedError("the expression makes no user name", (*place, "expression"))
            return user
        claim = text(found.get("claim"))
        user = self.claims.get(claim)
        if not isinstance(user, str):
            raise RefusedError(f"it has no text as claim {claim}", (*place, "claim"))
        if claim == "email" and self.claims.get("email_verified", True) is not True:
            raise RefusedError("its email address isn't verified", (*place, "claim"))
        return text(found.get("prefix")) + user

    def groups(self, found: Mapping[str, Any]) -> list[str]:
        place: Path = (*self.path, "claimMappings", "groups")
        claim = text(found.get("claim"))
        if claim in self.claims:
            groups = self.claims[claim]
            groups = [groups] if isinstance(groups, str) else groups
            if not isinstance(groups, list) or not all(isinstance(one, str) for one in groups):
                raise RefusedError(f"its claim {claim} isn't a list of texts", (*place, "claim"))
            return [text(found.get("prefix")) + one for one in groups]
        if not found.get("expression"):
            return []
        place = (*place, "expression")
        return _texts(self.value("claims", text(found["expression"]), place), place)

    def uid(self, found: Mapping[str, Any]) -> str:
        place: Path = (*self.path, "claimMappings", "uid")
        if not found.get("claim") and not found.get("expression"):
            return ""
        claim = text(found.get("claim"))
        value = self.claims.get(claim)
        if not claim:
            value = self.value("claims", text(found["expression"]), (*place, "expression"))
        if not isinstance(value, str):
            raise RefusedError("it has no text as UID", place)
        return value

    def extras(self, mappings: Mapping[str, Any]) -> dict[str, list[str]]:
        made = {}
        for index, one in indexed(mappings.get("extra")):
            place: Path = (*self.path, "claimMappings", "extra", index, "valueExpression")
            values = _texts(self.value("claims", text(one.get("valueExpression")), place), place)
            if values:
                made[text(one.get("key"))] = values
        return made

    def claim_rules(self) -> None:
        rules = indexed(self.entry.get("claimValidationRules"))
        for index, rule in rules:
            claim, wanted = text(rule.get("claim")), text(rule.get("requiredValue"))
            if claim and self.claims.get(claim) != wanted:
                why = f"its claim {claim} isn't {wanted or 'an empty text'}"
                raise RefusedError(why, (*self.path, "claimValidationRules", index))
        for index, rule in rules:
            if not rule.get("claim"):
                self.rule("claims", rule, (*self.path, "claimValidationRules", index, "expression"))

    def user_rules(self, user: Mapping[str, Any]) -> None:
        for index, rule in indexed(self.entry.get("userValidationRules")):
            self.rule("user", rule, (*self.path, "userValidationRules", index, "expression"), user)

    def rule(
        self, subject: str, rule: Mapping[str, Any], place: Path, user: Mapping[str, Any] | None = None
    ) -> None:
        if self.value(subject, text(rule.get("expression")), place, user) is not True:
            said = text(rule.get("message"))
            why = f"this rule of the {'user' if user else 'claims'} is false"
            raise RefusedError(f"{why} ({said})" if said else why, place)

    def value(self, subject: str, written: str, place: Path, user: Mapping[str, Any] | None = None) -> Any:
        """The value of an expression. Raises `RefusedError` if it fails, `NotJudged` if it takes too long."""
        where = self.manifest.where(*place)
        tree = expression(written, subject, where).tree
        if tree is None:
            raise NotJudged("an expression that doesn't compile", where)
        try:
            return evaluate(tree, {subject: self.claims if user is None else dict(user)})
        except CelError as error:
            raise RefusedError(f"the expression fails: {error.message}", place) from error
        except TooExpensiveError as error:
            raise NotJudged(error.message, where) from error


def _json(value: Any) -> Any:
    """A value as Go reads it from JSON: every number is a double."""
    if isinstance(value, list | tuple):
        return [_json(one) for one in value]
    if isinstance(value, dict):
        return {str(key): _json(one) for key, one in value.items()}
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _texts(value: Any, place: Path) -> list[str]:
    """What `convertCELValueToStringList` makes of a value: a text, or a list of texts, without empty ones."""
    values = [value] if isinstance(value, str) else value if isinstance(value, list) else None
    if value is None:
        return []
    if values is None or not all(isinstance(one, str) for one in values):
        raise RefusedError("the expression makes no list of texts", place)
    return [one for one in values if one]
