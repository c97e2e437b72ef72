"""AuthenticationConfiguration: what kube-apiserver refuses in the file of `--authentication-config`.

Follows `pkg/apis/apiserver/validation/validation.go` of k8s.io/apiserver v1.36
(`ValidateAuthenticationConfiguration`), and `pkg/kubeapiserver/options/authentication.go` of Kubernetes
v1.36: the issuers of ServiceAccount tokens can't be issuers of the file. Egress selectors are outside the
subset.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from trainer.errors import NotJudged
from trainer.manifests.model import Manifest
from trainer.manifests.validation.collect import At, Map
from trainer.manifests.validation.signers import domain_path
from trainer.manifests.values import indexed, indexed_texts, mapping, text
from trainer.manifests.x509 import certificates
from trainer.simulate.cel.syntax import Node
from trainer.simulate.components.expressions import expression, selects
from trainer.verdict import Problem
from trainer.versions import Version

_MOST = 64
_RESERVED = ("kubernetes.io", "k8s.io")


def problems_of(manifest: Manifest, kubernetes: Version, issuers: Sequence[str] = ()) -> list[Problem]:
    """Everything that the validation refuses; `issuers` are those of ServiceAccount tokens.

    Raises `NotJudged` for an expression outside the subset.
    """
    problems: list[Problem] = []
    at = At(manifest, kubernetes, (), problems)
    jwt = indexed(manifest.get("jwt"))
    if len(jwt) > _MOST:
        at.say(f"`jwt` has {len(jwt)} issuers; {_MOST} is the limit.", "jwt")
        return problems
    seen: set[tuple[str, str]] = set()
    for index, one in jwt:
        place = at.to("jwt", index)
        _issuer(place / "issuer", mapping(one.get("issuer")), issuers)
        _rules_and_mappings(place, one)
        for field in ("url", "discoveryURL"):
            url = text(mapping(one.get("issuer")).get(field))
            if url and (field, url) in seen:
                place.duplicate("issuer", field, value=url, why="every issuer has its own")
            seen.add((field, url))
    anonymous = mapping(manifest.get("anonymous"))
    if anonymous.get("conditions") and anonymous.get("enabled") is not True:
        at.say("`conditions` need `enabled: true`", "anonymous", "conditions")
    return problems


def _issuer(at: At, issuer: Map, taken: Sequence[str]) -> None:
    url, discovery = text(issuer.get("url")), text(issuer.get("discoveryURL"))
    if not url:
        at.missing("url", why="tokens name it as `iss`")
    else:
        if url in taken:
            at.invalid("url", value=url, why="ServiceAccount tokens have this issuer already")
        _https(at, "url", url)
    if discovery:
        if discovery.rstrip("/") == url.rstrip("/"):
            at.invalid("discoveryURL", value=discovery, why="it must differ from `url`")
        _https(at, "discoveryURL", discovery)
    _audiences(at, issuer)
    if authority := text(issuer.get("certificateAuthority")):
        try:
            certificates(authority.encode())
        except ValueError:
            at.say("`certificateAuthority` holds no certificate in PEM form.", "certificateAuthority")
    selector = text(issuer.get("egressSelectorType"))
    if selector in ("controlplane", "cluster"):
        raise NotJudged("an egress selector", at.manifest.where(*at.path, "egressSelectorType"))
    if selector:
        at.invalid("egressSelectorType", value=selector, why="it is controlplane or cluster")


def _https(at: At, field: str, url: str) -> None:
    try:
        parts = urlsplit(url)
        has_user = parts.username is not None
    except ValueError:
        at.invalid(field, value=url, why="it isn't a URL")
        return
    if parts.scheme != "https":
        at.invalid(field, value=url, why="its scheme must be https")
    for found, what in ((has_user, "a user"), (parts.query, "a query"), (parts.fragment, "a fragment")):
        if found:
            at.invalid(field, value=url, why=f"it must not contain {what}")


def _audiences(at: At, issuer: Map) -> None:
    audiences = [one for _, one in indexed_texts(issuer.get("audiences"))]
    if not audiences:
        at.missing("audiences", why="a token must name one of them as `aud`")
        return
    for index, audience in enumerate(audiences):
        if not audience:
            at.missing("audiences", index, why="an audience isn't empty")
        if audience in audiences[:index]:
            at.duplicate("audiences", index, value=audience, why="an audience is listed once")
    policy = text(issuer.get("audienceMatchPolicy"))
    if policy != "MatchAny" and (policy or len(audiences) > 1):
        why = "several audiences need `MatchAny`" if len(audiences) > 1 else "the only value is `MatchAny`"
        at.invalid("audienceMatchPolicy", value=policy, why=why)


def _rules_and_mappings(at: At, one: Map) -> None:
    """Rules and mappings, in which an email address as user name needs a look at `email_verified`."""
    rules = list(_claim_rules(at / "claimValidationRules", one))
    names, extras = _mappings(at / "claimMappings", mapping(one.get("claimMappings")))
    verified = any(selects(tree, "claims", "email_verified") for tree in (*rules, *names, *extras))
    if any(selects(tree, "claims", "email") for tree in names) and not verified:
        at.say(
            "`claims.email` as user name needs `claims.email_verified` in the same expression, in one of"
            " `extra`, or in a claim validation rule.",
            *("claimMappings", "username", "expression"),
        )
    users = at / "userValidationRules"
    seen: set[str] = set()
    for index, rule in indexed(one.get("userValidationRules")):
        written = text(rule.get("expression"))
        if not written:
            users.missing(index, "expression", why="it says which users are valid")
        elif written in seen:
            users.duplicate(index, "expression", value=written, why="a rule is listed once")
        else:
            _expression(users / index, "expression", written, "user", "bool")
        seen.add(written)


def _claim_rules(at: At, one: Map) -> Iterator[Node]:
    """The trees of the claim validation rules that are expressions."""
    seen: set[tuple[str, str]] = set()
    for index, rule in indexed(one.get("claimValidationRules")):
        claim, written = text(rule.get("claim")), text(rule.get("expression"))
        place = at / index
        field, value = ("claim", claim) if claim else ("expression", written)
        if claim and written:
            place.say("`claim` and `expression` can't both be set.")
        elif not value:
            place.say("A rule needs `claim` or `expression`.")
        elif claim and rule.get("message"):
            place.forbidden("message", why="it belongs to an expression")
        elif written and rule.get("requiredValue"):
            place.forbidden("requiredValue", why="it belongs to a claim")
        if value and not (claim and written):
            if (field, value) in seen:
                place.duplicate(field, value=value, why="a rule is listed once")
            elif written and (tree := _expression(place, "expression", written, "claims", "bool")):
                yield tree
            seen.add((field, value))


def _mappings(at: At, mappings: Map) -> tuple[list[Node], list[Node]]:
    """The trees of the user name and of `extra`."""
    names = _claim_or_expression(at / "username", mapping(mappings.get("username")), is_required=True)
    _claim_or_expression(at / "groups", mapping(mappings.get("groups")))
    uid = mapping(mappings.get("uid"))
    if uid.get("claim") and uid.get("expression"):
        at.say("`claim` and `expression` can't both be set.", "uid")
    elif uid.get("expression"):
        _expression(at / "uid", "expression", text(uid["expression"]), "claims")
    extras: list[Node] = []
    seen: set[str] = set()
    for index, extra in indexed(mappings.get("extra")):
        place, key = at.to("extra", index), text(extra.get("key"))
        domain_path(place, "key", key)
        if key != key.lower():
            place.invalid("key", value=key, why="it must be lower case")
        if f".{key.partition('/')[0]}".endswith(tuple(f".{one}" for one in _RESERVED)):
            place.invalid("key", value=key, why="this domain is reserved for Kubernetes")
        if key in seen:
            place.duplicate("key", value=key, why="a key is listed once")
            continue
        seen.add(key)
        written = text(extra.get("valueExpression"))
        if not written:
            place.missing("valueExpression", why="it makes the values")
        elif tree := _expression(place, "valueExpression", written, "claims"):
            extras.append(tree)
    return names, extras


def _claim_or_expression(at: At, found: Map, *, is_required: bool = False) -> list[Node]:
    claim, written = text(found.get("claim")), text(found.get("expression"))
    if claim and written:
        at.say("`claim` and `expression` can't both be set.")
    elif not claim and not written and is_required:
        at.say("The user name needs `claim` or `expression`.")
    elif written:
        if found.get("prefix") is not None:
            at.forbidden("prefix", why="an expression adds its own")
        tree = _expression(at, "expression", written, "claims")
        return [tree] if tree else []
    elif claim and found.get("prefix") is None:
        at.missing("prefix", why="a claim needs one", fix='Add `prefix`, or `prefix: ""` for none.')
    return []


def _expression(at: At, field: str, written: str, subject: str, wanted: str = "") -> Node | None:
    found = expression(written, subject, at.manifest.where(*at.path, field), wanted)
    if found.error:
        at.say(f"`{field}`: {found.error}.", field)
    return found.tree
