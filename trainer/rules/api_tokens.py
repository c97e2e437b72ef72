"""Judges which JSON Web Tokens kube-apiserver accepts, and which user and groups a token gives.

Looks at the file of `--authentication-config` as kube-apiserver reads it, with the claims of sample tokens.
What tokens give is written with claims in braces (`corp:{sub}`). Accepted tokens are also tried with other
values of each claim: one that nobody names, `system:masters`, and every text in the answer's expressions.
A required value is also tried with more text around it, with less, and in upper case.
`rest: refused` also tries every other issuer and audience that the answer names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.model import Manifest
from trainer.manifests.values import indexed, indexed_texts, mapping, mappings, text
from trainer.patterns import regex
from trainer.picture import Fact, Picture, nothing_to_see, of_facts
from trainer.rules import Live, Reads
from trainer.rules._component.answer import DOWN, component_of, reasons_of, start_problems_of
from trainer.simulate.access.roles import KINDS as ROLES
from trainer.simulate.components.expressions import expression, nodes
from trainer.simulate.components.files import configuration
from trainer.simulate.components.tokens import Login, login
from trainer.simulate.world import World
from trainer.verdict import Location, Outcome, Reason

READS = Reads(Live.NEVER, kinds=("Pod", *ROLES))

FLAG = "authentication-config"
_CLAIM = regex(r"\{([A-Za-z0-9_]+)\}")
_UNSEEN = "any-other"
_MASTERS = "system:masters"
_MOST = 3
"""Wrong tokens that are reported."""


class Sample(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A token, and whether it must be accepted."""

    claims: dict[str, Any]
    """Its claims, with `iss` and `aud`."""
    accepted: bool = True
    """Whether it must be accepted or refused."""


class _Token(msgspec.Struct, frozen=True):
    """A token to try. `accepted` is None if it may be refused, but gives nothing else if it isn't."""

    claims: dict[str, Any]
    accepted: bool | None = True


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The tokens, and what accepted ones give."""

    tokens: tuple[Sample, ...]
    """Sample tokens."""
    user: str = ""
    """The user that an accepted token gives: `corp:{sub}`; empty: any."""
    groups: str | None = None
    """The groups that it gives, one for each text of a claim: `corp:{groups}`; empty: none; omitted: any."""
    required: dict[str, str] = {}
    """Claims that a token must have, with their only value."""
    rest: Literal["refused", "ignored"] = "ignored"
    """`refused`: no other issuer and audience than those of accepted tokens."""
    files: dict[str, str] = {}
    """Files of the answer, and their paths on the node: `{auth.yaml: /etc/kubernetes/auth.yaml}`."""
    manifest: str = ""
    """The path of the manifest on the node, if it isn't the usual one."""

    def __post_init__(self) -> None:
        """Raises `ValueError` where `groups` names no claim, or several."""
        if self.groups and len(_CLAIM.findall(self.groups)) != 1:
            raise ValueError("groups names one claim in braces")


def judge(world: World, params: Params) -> Outcome:
    """FAIL with every token that has another outcome, and the line that decides."""
    component = component_of(world, "kube-apiserver", params.files, params.manifest)
    if isinstance(component, Outcome):
        return component
    if problems := start_problems_of(component, world):
        return Outcome.of(reasons_of(problems, "kube-apiserver doesn't start"), [DOWN])
    assert component.pod is not None  # noqa: S101 - only the kubelet has none
    place = component.pod.where("command")
    if not component.pod.command.text(FLAG):
        reason = Reason(f"--{FLAG} isn't set: no token of another issuer is accepted.", place)
        return Outcome.of([reason], ["Every request with such a token is refused (401)."])
    found = configuration(component.pod, FLAG, component.node)
    if found is None:
        raise NotJudged("an AuthenticationConfiguration that is not among the files", place)
    wrong = [one for sample in _tokens(found, params) if (one := _complaint(found, sample, params))]
    shown = list(dict.fromkeys(wrong))[:_MOST]
    return Outcome.of([reason for reason, _ in shown], [effect for _, effect in shown])


def picture(world: World, params: Params) -> Picture:
    """What becomes of tokens: refused, or the user and groups that they give."""
    title = "What tokens give"
    component = component_of(world, "kube-apiserver", params.files, params.manifest)
    if isinstance(component, Outcome):
        return nothing_to_see(title, component)
    if start_problems_of(component, world) or component.pod is None or not component.pod.command.text(FLAG):
        return of_facts(title, [], judge(world, params))
    found = configuration(component.pod, FLAG, component.node)
    if found is None:
        return of_facts(title, [], judge(world, params))
    facts: dict[str, Fact] = {}
    samples = [_Token(one.claims, one.accepted) for one in params.tokens]
    for sample in (*samples, *_tokens(found, params)):
        wrong = _complaint(found, sample, params)
        if wrong is not None or sample in samples:
            head = _title(sample.claims).removeprefix("A ")
            word, place = _outcome(login(found, sample.claims)), wrong[0].location if wrong else None
            facts.setdefault(head, Fact(head, word, wrong is None, place))
    return of_facts(title, facts.values(), Outcome.of([]))


def _tokens(found: Manifest, params: Params) -> Iterator[_Token]:
    """The samples, and tokens that differ from the accepted ones in one claim."""
    yield from (_Token(one.claims, one.accepted) for one in params.tokens)
    accepted = [one.claims for one in params.tokens if one.accepted]
    mapped = set(_CLAIM.findall(f"{params.user} {params.groups or ''}"))
    texts = [_UNSEEN, _MASTERS, *sorted(_literals(found))]
    for base in accepted:
        for claim, value in params.required.items():
            yield _Token({name: base[name] for name in base if name != claim}, accepted=False)
            others = [*texts, *_near(value)]
            yield from (_changed(base, claim, one, accepted=False) for one in others if one != value)
        for claim in (one for one in base if one not in ("iss", "aud", *params.required)):
            for value in texts:
                surely = claim in mapped and not value.startswith("system:")
                yield _changed(base, claim, value, accepted=surely or None)
    if params.rest == "refused":
        yield from _others(found, accepted)


def _near(value: str) -> list[str]:
    """Texts that a pattern or a part of the value takes for the value."""
    return [f"{value}-x", f"x-{value}", f"x-{value}-x", value[:-1], value[1:], value.upper(), f" {value} "]


def _changed(base: dict[str, Any], claim: str, value: str, *, accepted: bool | None) -> _Token:
    return _Token({**base, claim: [value] if isinstance(base.get(claim), list) else value}, accepted)


def _others(found: Manifest, accepted: list[dict[str, Any]]) -> Iterator[_Token]:
    """Accepted tokens with another issuer or audience: those of the answer, and one that nobody names."""
    issuers = {one.get("iss") for one in accepted}
    named = [mapping(one.get("issuer")) for one in mappings(found.get("jwt"))]
    urls = [text(one.get("url")) for one in named]
    for base in accepted[:1]:
        for url in [*urls, f"https://{_UNSEEN}.example"]:
            audiences = [
                one
                for known in named
                if known.get("url") == url
                for _, one in indexed_texts(known.get("audiences"))
            ]
            own = [one for token in accepted if token.get("iss") == url for one in _each(token.get("aud"))]
            for audience in [*audiences, _UNSEEN]:
                if url not in issuers or audience not in own:
                    yield _Token({**base, "iss": url, "aud": audience}, accepted=False)


def _literals(found: Manifest) -> set[str]:
    """The texts in the expressions of the answer."""
    texts: set[str] = set()
    for index, one in indexed(found.get("jwt")):
        for subject, value in _expressions(one):
            tree = expression(value, subject, found.where("jwt", index)).tree
            texts |= {node.value for node in nodes(tree) if isinstance(node.value, str)} if tree else set()
    return texts - {""}


def _expressions(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The expressions of an entry, each with what it is about."""
    maps = mapping(entry.get("claimMappings"))
    holders = [mapping(maps.get(name)) for name in ("username", "groups", "uid")]
    holders += mappings(entry.get("claimValidationRules"))
    found = [("claims", text(one.get("expression"))) for one in holders]
    found += [("claims", text(one.get("valueExpression"))) for one in mappings(maps.get("extra"))]
    found += [("user", text(one.get("expression"))) for one in mappings(entry.get("userValidationRules"))]
    return (one for one in found if one[1])


def _complaint(found: Manifest, sample: _Token, params: Params) -> tuple[Reason, str] | None:
    """What is wrong with the outcome of a token, with what decides, and the effect."""
    got = login(found, sample.claims)
    what = _title(sample.claims)
    outcome = f"{what}: {_outcome(got)}."
    if got.refused:
        if not sample.accepted:
            return None
        return Reason(f"{what} must be accepted, but {got.refused}.", got.location), outcome
    if sample.accepted is False:
        return Reason(f"{what} must be refused; it is accepted.", _opened(found, sample, params)), outcome
    user = _filled(params.user, sample.claims)
    if user and got.user != user[0]:
        message = f"{what} gives the user {got.user}; {user[0]} is required."
        return Reason(message, _mapping_of(found, sample, "username")), outcome
    wanted = _filled(params.groups, sample.claims) if params.groups is not None else None
    if wanted is not None and sorted(set(got.groups)) != sorted(set(wanted)):
        message = f"{what} gives {_listed(got.groups)}; required: {_listed(wanted)}."
        return Reason(message, _mapping_of(found, sample, "groups")), outcome
    return None


def _filled(pattern: str | None, claims: Mapping[str, Any]) -> list[str]:
    """A pattern with the claims of a token: one text, or one for each item of a list."""
    if not pattern:
        return []
    claim = _CLAIM.findall(pattern)
    if not claim:
        return [pattern]
    values = _each(claims.get(claim[0], []))
    return [pattern.replace(f"{{{claim[0]}}}", str(value)) for value in values]


def _title(claims: Mapping[str, Any]) -> str:
    """A token in words: its issuer and audience, then its claims in the order in which a check has them."""
    said = (f"{name} {_said(value)}" for name, value in claims.items() if name not in ("iss", "aud"))
    return f"A token of {claims.get('iss')} for {_said(claims.get('aud'))} with {'; '.join(said)}"


def _said(value: Any) -> str:
    return ", ".join(str(one).lower() if isinstance(one, bool) else str(one) for one in _each(value))


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _outcome(got: Login) -> str:
    return "refused (401)" if got.refused else f"user {got.user}, {_listed(got.groups)}"


def _listed(groups: tuple[str, ...] | list[str]) -> str:
    return f"the group{'s' if len(groups) > 1 else ''} {', '.join(groups)}" if groups else "no group"


def _opened(found: Manifest, sample: _Token, params: Params) -> Location:
    """What lets a token in: a missing rule for a claim, or an audience or an issuer."""
    if any(sample.claims.get(claim) != value for claim, value in params.required.items()):
        return found.where("jwt", _entry_of(found, sample), "claimValidationRules")
    return found.where("jwt", _entry_of(found, sample), "issuer")


def _mapping_of(found: Manifest, sample: _Token, name: str) -> Location:
    return found.where("jwt", _entry_of(found, sample), "claimMappings", name)


def _entry_of(found: Manifest, sample: _Token) -> int:
    urls = [text(mapping(one.get("issuer")).get("url")) for one in mappings(found.get("jwt"))]
    return urls.index(sample.claims["iss"])
