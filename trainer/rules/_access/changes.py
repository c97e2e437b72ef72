"""What changed in a subject's access: `rest: unchanged` and `no-more` of `rbac-access`, and `rbac-others`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from trainer.rules._access.entries import Case, Entry, Excess, effects, refuse_unknown_roles, subject_grants
from trainer.simulate.access.authorizer import Authorizer, Grant
from trainer.simulate.access.defaults import BUILT_IN
from trainer.verdict import Location, Reason


def gained_and_lost(
    case: Case, before: Authorizer, allow: Iterable[Entry], deny: Iterable[Entry]
) -> Iterator[Excess]:
    """Requests allowed now and not before (except `allow`), then those lost (except `deny`)."""
    yield from gained(case, before, allow)
    yield from lost(case, before, deny)


def gained(
    case: Case,
    before: Authorizer,
    allow: Iterable[Entry],
    place: Callable[[Grant], Location] | None = None,
) -> Iterator[Excess]:
    """One request for each rule that now allows something that was denied before, except `allow`.

    `place` says where an excess grant is shown; by default, at the rule,
    or where the answer binds a given role.
    """
    place = place or case.place_of
    refuse_unknown_roles(case)
    allowed = tuple(allow)
    for grant in _beyond(case, case.authorizer, before):
        for request in effects(case, grant):
            if before.decide(request).allowed or any(entry.allows(request) for entry in allowed):
                continue
            message = f"{grant.title}: this grant is new and not required."
            yield Excess(
                Reason(message, place(grant)), f"{request.title}: allowed now, denied before.", request
            )
            break


def lost(case: Case, before: Authorizer, deny: Iterable[Entry]) -> Iterator[Excess]:
    """One request for each earlier rule that allowed something that is denied now, except `deny`."""
    refuse_unknown_roles(case)
    earlier = msgspec.structs.replace(case, authorizer=before)
    denied = tuple(deny)
    for grant in _beyond(case, before, case.authorizer):
        for request in effects(earlier, grant):
            if case.authorizer.decide(request).allowed or any(entry.allows(request) for entry in denied):
                continue
            message = f"{case.identity.title} can no longer {request.title.partition(': ')[2]}."
            yield Excess(
                Reason(message, _taken_away(case, grant)),
                f"{request.title}: denied now, allowed before.",
                request,
            )
            break


def _beyond(case: Case, of: Authorizer, other: Authorizer) -> list[Grant]:
    """The subject's grants in one policy that no single grant in the other covers.

    A covered grant has no request that the other policy denies. Most grants did not change, and
    one may mean thousands of requests.
    """
    held = subject_grants(msgspec.structs.replace(case, authorizer=other))
    return [
        grant
        for grant in subject_grants(msgspec.structs.replace(case, authorizer=of))
        if not any(_covers(one, grant) for one in held)
    ]


def _covers(held: Grant, grant: Grant) -> bool:
    return held.namespace in ("", grant.namespace) and held.rule.covers(grant.rule)


def _taken_away(case: Case, grant: Grant) -> Location | None:
    """Where the answer changed the role or the binding of a lost right; else a remaining role."""
    key = case.authorizer.roles.key
    for manifest in case.world.answer:
        if manifest.kind == grant.role.kind and key(manifest) == key(grant.role):
            return manifest.where("rules")
        if manifest.kind == grant.binding.kind and key(manifest) == key(grant.binding):
            return manifest.where("subjects")
    roles = [found.role.where("rules") for found in subject_grants(case)]
    return next((place for place in roles if place.file != BUILT_IN), None)
