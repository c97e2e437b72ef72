"""Judges that no other subject's access changed: only the named subjects have other rights than before.

Looks at every subject that a binding names, given or in the answer: users, groups and
ServiceAccounts. A binding without effect (if its role doesn't exist, for example) isn't a change.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import chain

import msgspec

from trainer.errors import UsageError
from trainer.rules import Live, Reads
from trainer.rules._access.changes import gained, lost
from trainer.rules._access.entries import Case
from trainer.simulate.access.authorizer import (
    SERVICE_ACCOUNT,
    Authorizer,
    BoundSubject,
    Grant,
    bound_subjects,
)
from trainer.simulate.access.defaults import default_policy
from trainer.simulate.access.requests import Identity, parse_identity, service_account
from trainer.simulate.access.roles import KINDS as ROLES
from trainer.simulate.world import World
from trainer.verdict import Location, Outcome, Reason

READS = Reads(Live.OBJECTS, kinds=("Namespace", *ROLES))

MOST_SHOWN = 100
"""How many changes are shown: a binding may give every rule of a role to every subject."""

_Roles = tuple[tuple[tuple[int, str], ...], ...]
"""The roles, by their identity, and where each holds; before and after."""

_KINDS = ("User", "Group", "ServiceAccount")


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The subjects whose access may change."""

    besides: tuple[str, ...] = ()
    """The subjects whose access may change: `sa:ci/deployer`, `user:jane`, `group:developers`."""

    def __post_init__(self) -> None:
        """Raises `ValueError` for a text that names no subject."""
        for text in self.besides:
            try:
                parse_identity(text)
            except UsageError as error:
                raise ValueError(str(error)) from error


def judge(world: World, params: Params) -> Outcome:
    """FAIL with every other subject that gained or lost rights, and the binding and rule responsible."""
    before = Authorizer((*default_policy(), *world.given))
    after = Authorizer((*default_policy(), *world.objects))
    place = partial(_place, before)
    besides = {_key(parse_identity(text)) for text in params.besides}
    reasons: dict[Reason, None] = {}
    evidence: dict[str, None] = {}
    same: set[_Roles] = set()
    for identity in _subjects(before, after):
        if _key(identity) in besides or (roles := _roles(identity, before, after)) in same:
            continue
        case = Case(identity, after, world)
        found = False
        for change in chain(gained(case, before, (), place), lost(case, before, ())):
            found = True
            if len(evidence) == MOST_SHOWN:
                evidence[f"The first {MOST_SHOWN} are shown."] = None
                return Outcome.of(list(reasons), list(evidence))
            reasons[change.reason] = evidence[change.effect] = None
        if not found:
            same.add(roles)
    return Outcome.of(list(reasons), list(evidence))


def _roles(identity: Identity, before: Authorizer, after: Authorizer) -> _Roles:
    """All that decides whether a subject's access changed: many subjects of one binding are alike."""
    return tuple(
        (
            *((id(one.role), one.namespace) for one in authorizer.memberships(identity)),
            *((id(binding), "") for binding in authorizer.dangling(identity)),
        )
        for authorizer in (before, after)
    )


def _place(before: Authorizer, grant: Grant) -> Location:
    """The subject, if the binding didn't name it before; else the rule."""
    binding = grant.binding
    earlier = before.roles.objects.get(before.roles.key(binding))
    if earlier is not None and grant.subject in bound_subjects(earlier, before.roles.namespace_of(earlier)):
        return grant.location
    return binding.where("subjects", grant.subject_index)


def _key(identity: Identity) -> tuple[str, str]:
    return (identity.user, "") if identity.user else ("", identity.groups[0])


def _subjects(*authorizers: Authorizer) -> Iterator[Identity]:
    """The subjects that the bindings name, each once."""
    seen: set[BoundSubject] = set()
    for authorizer in authorizers:
        for binding in authorizer.bindings:
            for subject in bound_subjects(binding, authorizer.roles.namespace_of(binding)):
                if subject not in seen and subject.name and subject.kind in _KINDS:
                    seen.add(subject)
                    yield _identity(subject)


def _identity(subject: BoundSubject) -> Identity:
    if subject.kind == "ServiceAccount":
        return service_account(subject.namespace, subject.name)
    if subject.kind == "User" and subject.name.startswith(SERVICE_ACCOUNT):
        namespace, _, name = subject.name.removeprefix(SERVICE_ACCOUNT).partition(":")
        return service_account(namespace, name)
    return parse_identity(f"{'user' if subject.kind == 'User' else 'group'}:{subject.name}")
