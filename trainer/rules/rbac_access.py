"""Judges what a subject can do: what must be allowed, what must be denied, and nothing beyond that.

All RBAC objects of the world count, together with the default roles and bindings of a new
cluster. `rest: denied` looks at everything that bindings give the subject, including wildcards
and unknown groups; a grant without effect (a resource that its API group does not have) isn't
access. `escalation: none` searches for privilege escalation: workloads as other ServiceAccounts,
Secrets with tokens, impersonate, bind, escalate, exec and similar.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from trainer.match.target import WORKLOAD
from trainer.picture import Picture
from trainer.rules import Live, Reads
from trainer.rules._access.changes import gained, gained_and_lost
from trainer.rules._access.entries import Case, Entry, Excess, beyond, by_name
from trainer.rules._access.unmet import unmet
from trainer.simulate.access.authorizer import Authorizer
from trainer.simulate.access.defaults import default_policy
from trainer.simulate.access.escalation import Chain, escalations
from trainer.simulate.access.requests import parse_identity
from trainer.simulate.access.roles import KINDS as ROLES
from trainer.simulate.world import World
from trainer.verdict import Outcome, Reason

READS = Reads(Live.OBJECTS, kinds=("Namespace", "Secret", "ServiceAccount", WORKLOAD, *ROLES))

SHOWN = 3
"""How many escalation paths, and how many requests of a sort, are shown; the shortest paths first."""


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The subject, and the access it must have."""

    subject: str
    """`sa:ci/deployer`, `user:jane` or `group:developers`; the built-in groups are added."""
    allow: tuple[Entry, ...] = ()
    """Requests that must be allowed."""
    deny: tuple[Entry, ...] = ()
    """Requests that must be denied, except those of `allow`; without names: for every name."""
    rest: Literal["denied", "unchanged", "no-more", "ignored"] = "ignored"
    """Everything else: denied except what every subject of a new cluster has; as before; as
    before or less (`no-more`); ignored."""
    escalation: Literal["none", "ignored"] = "ignored"
    """`none`: no privilege escalation leads to rights that the subject lacks."""
    groups: tuple[str, ...] = ()
    """More groups of the subject."""


def judge(world: World, params: Params) -> Outcome:
    """FAIL with every request that has another outcome, the line that decides, and every
    privilege escalation."""
    identity = parse_identity(params.subject, params.groups)
    case = Case(identity, Authorizer((*default_policy(), *world.objects)), world)
    reasons: list[Reason] = []
    evidence: list[str] = []
    denied: list[str] = []
    for entry in params.allow:
        for request in case.requests(entry):
            access = case.authorizer.decide(request)
            if not access.allowed:
                reasons.append(unmet(case, request, access))
                denied.append(f"{request.title}: denied.")
    evidence += _first(denied, "denied")
    allowed: list[str] = []
    for entry in params.deny:
        for request in case.requests(entry):
            grant = case.authorizer.decide(request).grant
            if grant is not None:
                reasons.append(Reason(f"{grant.title}: {grant.rule.text}.", case.place_of(grant)))
                allowed.append(f"{request.title}: allowed.")
        for grant, request in by_name(case, entry, params.allow):
            reasons.append(Reason(f"{grant.title}: {grant.rule.text}.", case.place_of(grant)))
            allowed.append(f"{request.title}: allowed.")
    evidence += _first(allowed, "allowed")
    for excess in _beyond(case, params):
        reasons.append(excess.reason)
        evidence.append(excess.effect)
    for chain in _chains(case, params):
        reasons.append(Reason(f"This allows privilege escalation: {chain}.", chain.steps[0].location))
        evidence.append(f"{identity.title}: {chain}.")
    return Outcome.of(list(dict.fromkeys(reasons)), list(dict.fromkeys(evidence)))


def picture(world: World, params: Params) -> Picture:
    """What the subject may do, now and before the answer, and its ways to escalate."""
    from trainer.rules._access.picture import access_picture

    identity = parse_identity(params.subject, params.groups)
    case = Case(identity, Authorizer((*default_policy(), *world.objects)), world)
    excess = [one.request for one in _beyond(case, params)]
    return access_picture(case, params, excess, _chains(case, params))


def _beyond(case: Case, params: Params) -> Iterator[Excess]:
    """What breaks `rest`: one request for each rule."""
    if params.rest == "ignored":
        return
    if params.rest == "denied":
        yield from beyond(case, params.allow)
        return
    before = Authorizer((*default_policy(), *case.world.given))
    if params.rest == "no-more":
        yield from gained(case, before, params.allow)
    else:
        yield from gained_and_lost(case, before, params.allow, params.deny)


def _chains(case: Case, params: Params) -> list[Chain]:
    """The escalations to tell, if the check asks about them."""
    if params.escalation == "ignored":
        return []
    world = case.world
    return _various(escalations(case.authorizer, world.objects, case.identity, world.kubernetes))


def _first(effects: list[str], what: str) -> list[str]:
    """The first effects, and how many more there are."""
    more = len(effects) - SHOWN
    return effects if more <= 1 else [*effects[:SHOWN], f"{more} more such requests: {what}."]


def _various(chains: list[Chain]) -> list[Chain]:
    """The first chain by each way of starting, then others, up to what is shown."""
    found: dict[str, Chain] = {}
    for chain in chains:
        found.setdefault(chain.steps[0].by.partition(" ")[0], chain)
    first = list(found.values())
    return [*first, *(chain for chain in chains if chain not in first)][:SHOWN]
