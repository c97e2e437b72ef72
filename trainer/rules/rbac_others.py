"""Judges that no other subject's access changed: only the named subjects have other rights than before.

Looks at every subject that a binding names, given or in the answer: users, groups and
ServiceAccounts. A binding without effect (if its role doesn't exist, for example) isn't a change.
The roles `view`, `edit` and `admin` of every cluster count as bound, whatever the bindings say: a label that
aggregates a ClusterRole to one of these widens it for everybody who has it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import chain, islice

import msgspec

from trainer.errors import UsageError
from trainer.picture import Fact, Picture, of_facts
from trainer.rules import Live, Reads
from trainer.rules._access.changes import gained, lost
from trainer.rules._access.entries import Case, Excess
from trainer.safe_text import capitalized
from trainer.simulate.access.authorizer import (
    SERVICE_ACCOUNT,
    Authorizer,
    BoundSubject,
    Grant,
    RolesHeld,
    bound_subjects,
)
from trainer.simulate.access.defaults import AGGREGATE, cluster_binding, default_policy
from trainer.simulate.access.requests import Identity, parse_identity, service_account
from trainer.simulate.access.roles import KINDS as ROLES
from trainer.simulate.world import World
from trainer.verdict import Location, Outcome, Reason

READS = Reads(Live.OBJECTS, kinds=("Namespace", *ROLES))

MOST_SHOWN = 100
"""How many changes are shown: a binding may give every rule of a role to every subject."""

_FOR_PEOPLE = ("view", "edit", "admin")
"""Roles of every cluster that are meant to be bound to people
(https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles); `cluster-admin` has all
already."""

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
    reasons: dict[Reason, None] = {}
    evidence: dict[str, None] = {}
    for change in _changes(world, params):
        if len(evidence) == MOST_SHOWN:
            evidence[f"The first {MOST_SHOWN} are shown."] = None
            break
        reasons[change.reason] = evidence[change.effect] = None
    return Outcome.of(list(reasons), list(evidence))


def picture(world: World, params: Params) -> Picture:
    """Who else gained or lost rights: each change with the place that decides."""
    facts: dict[str, Fact] = {}
    for change in islice(_changes(world, params), MOST_SHOWN):
        facts.setdefault(change.effect, Fact(change.effect, "changed", False, change.reason.location))
    everybody = [Fact("everybody else", "the same rights as before")]
    return of_facts("What changed for others", facts.values() or everybody, Outcome.of([]))


def _changes(world: World, params: Params) -> Iterator[Excess]:
    """Every right that another subject gained or lost; without any, what changed for holders of roles."""
    before = Authorizer((*default_policy(), *world.given))
    after = Authorizer((*default_policy(), *world.objects))
    place = partial(_place, before)
    besides = {_key(parse_identity(text)) for text in params.besides}
    same: set[tuple[RolesHeld, RolesHeld]] = set()
    any_found = False
    for identity in _subjects(before, after):
        roles = (before.roles_of(identity), after.roles_of(identity))
        if _key(identity) in besides or roles in same:
            continue
        case = Case(identity, after, world)
        found = False
        for change in chain(gained(case, before, (), place), lost(case, before, ())):
            found = any_found = True
            yield change
        if not found:
            same.add(roles)
    if not any_found:
        yield from _of_holders(world)


def _of_holders(world: World) -> Iterator[Excess]:
    """What changed for whoever has a role for people, and the label that does it: one change each."""
    labels = [
        one.where("metadata", "labels", key)
        for one in (*world.answer, *world.given)
        if one.kind == "ClusterRole"
        for key in one.labels
        if key.startswith(AGGREGATE)
    ]
    if not labels and not any(one.kind == "ClusterRole" and one.name in _FOR_PEOPLE for one in world.answer):
        return
    for role in _FOR_PEOPLE:
        group, who = f"holders of {role}", f"whoever has ClusterRole {role}"
        held = (*default_policy(), cluster_binding(role, (group,)))
        before, after = Authorizer((*held, *world.given)), Authorizer((*held, *world.objects))
        identity = parse_identity(f"group:{group}")
        case = Case(identity, after, world)
        for change in islice(chain(gained(case, before, ()), lost(case, before, ())), 1):
            effect = f"{capitalized(who)}{change.effect.removeprefix(identity.title)}"
            if labels:
                what = f"A label of this ClusterRole makes its rules part of {role}"
                message = f"{what}: that changes what {who} may do."
                yield Excess(Reason(message, labels[0]), effect, change.request)
            else:
                where = change.reason.location
                yield Excess(Reason(f"This changes the access of {who}.", where), effect, change.request)


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
