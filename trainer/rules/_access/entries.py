"""What `rbac-access` shares: the entries of a check, the requests they mean, and what goes beyond."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import product

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.access.authorizer import Authorizer, Grant
from trainer.simulate.access.defaults import BUILT_IN, default_policy
from trainer.simulate.access.policy_rules import NAMELESS_VERBS, PolicyRule
from trainer.simulate.access.requests import ANY_NAME, ANY_NAMESPACE, Identity, Request
from trainer.simulate.access.resources import (
    Resource,
    api_resources,
    find_resource,
    may_be_custom,
    split_resource,
)
from trainer.simulate.world import World
from trainer.verdict import Location, Reason

EVERY = "*"
COLLECTION_VERBS = NAMELESS_VERBS | {"list", "watch"}

SPECIAL_VERBS = {
    ("", "users"): ("impersonate",),
    ("", "groups"): ("impersonate",),
    ("", "serviceaccounts"): ("impersonate",),
    ("authentication.k8s.io", "userextras"): ("impersonate",),
    ("authentication.k8s.io", "uids"): ("impersonate",),
    ("rbac.authorization.k8s.io", "roles"): ("bind", "escalate"),
    ("rbac.authorization.k8s.io", "clusterroles"): ("bind", "escalate"),
    ("certificates.k8s.io", "signers"): ("approve", "sign", "attest"),
    ("policy", "podsecuritypolicies"): ("use",),
}
"""Verbs beyond those of the API itself, and resources that only RBAC rules know."""


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A set of requests: every verb on every resource, and on every name if there are names."""

    verbs: tuple[str, ...]
    """`get`, `list`, `create` and others."""
    resources: tuple[str, ...] = ()
    """`pods`, `pods/log`, `deployments.apps`; the group of a built-in resource can be omitted."""
    names: tuple[str, ...] = ()
    """Names of single objects; omitted: every name."""
    namespace: str = ""
    """One namespace, `*` for all and for requests across them, empty for cluster-wide."""
    urls: tuple[str, ...] = ()
    """Non-resource paths instead of resources: `/healthz`."""

    def rule(self, resource: str) -> PolicyRule:
        """The policy rule that grants exactly this entry's access to one of its resources."""
        group, plain, subresource = split_resource(resource)
        whole = f"{plain}/{subresource}" if subresource else plain
        return PolicyRule(self.verbs, (group,), (whole,), self.names)

    def allows(self, request: Request) -> bool:
        """Whether a request belongs to this entry."""
        if not request.is_resource:
            return PolicyRule(self.verbs, urls=self.urls).allows(request)
        here = self.namespace in (EVERY, request.namespace)
        return here and any(self.rule(resource).allows(request) for resource in self.resources)


class Case(msgspec.Struct, frozen=True, eq=False):
    """A subject, everything that is granted in its world, and the world."""

    identity: Identity
    authorizer: Authorizer
    world: World

    @property
    def namespaces(self) -> list[str]:
        """The world's namespaces, and one that it doesn't have."""
        return _namespaces(self.world)

    def requests(self, entry: Entry) -> Iterator[Request]:
        """Every request that an entry means."""
        for verb in entry.verbs:
            for url in entry.urls:
                yield Request(self.identity, verb, path=url)
            for text in entry.resources:
                group, resource, subresource = split_resource(text)
                names = entry.names or (() if verb in COLLECTION_VERBS else (ANY_NAME,))
                for namespace in self._places(entry, verb, find_resource(resource, group)):
                    for name in names or ("",):
                        yield Request(self.identity, verb, resource, group, subresource, namespace, name)

    def place_of(self, grant: Grant) -> Location:
        """Where the answer grants this: the rule, or the `roleRef` to a role that it doesn't have."""
        files = {one.document.file for one in self.world.answer}
        if grant.binding.document.file in files and grant.location.file not in files:
            return grant.binding.where("roleRef")
        return grant.location

    def _places(self, entry: Entry, verb: str, resource: Resource | None) -> list[str]:
        if resource is not None and not resource.namespaced and not _is_bind(resource, verb):
            return [entry.namespace if resource.name == "namespaces" and entry.namespace != EVERY else ""]
        return ["", *self.namespaces] if entry.namespace == EVERY else [entry.namespace]


@lru_cache(maxsize=2)
def _namespaces(world: World) -> list[str]:
    names = {manifest.name for manifest in world.find("Namespace")}
    names |= {manifest.namespace for manifest in world.objects if manifest.namespace}
    return [*sorted(names), ANY_NAMESPACE]


class Excess(msgspec.Struct, frozen=True):
    """Access that goes beyond what a check allows."""

    reason: Reason
    effect: str
    request: Request
    """One of the requests that it is about."""


def beyond(case: Case, allowed: Iterable[Entry]) -> Iterator[Excess]:
    """What the subject can do beyond `allowed` and what a new cluster lets everybody do: one for each rule.

    An answer may also change a default role, so that a default binding grants more.
    """
    entries = tuple(allowed)
    refuse_unknown_roles(case)
    standing = new_cluster()
    for grant in subject_grants(case):
        if BUILT_IN == grant.binding.document.file == grant.rule.location.file:
            continue
        found = next(
            (
                request
                for request in effects(case, grant)
                if not any(entry.allows(request) for entry in entries)
                and not standing.decide(request).allowed
            ),
            None,
        )
        if found is not None:
            yield Excess(
                Reason(
                    f"{grant.title}, and its rule allows more than the task requires.", case.place_of(grant)
                ),
                f"{found.title}: allowed by the rule `{grant.rule.text}`.",
                found,
            )


@cache
def new_cluster() -> Authorizer:
    """What every subject may do in a new cluster."""
    return Authorizer(default_policy())


def by_name(case: Case, denied: Entry, allowed: Iterable[Entry]) -> Iterator[tuple[Grant, Request]]:
    """Rules that open by name what an entry denies as a whole: the first request of each.

    A list or watch by name, with a field selector, shows the one object that `get` of that name shows.
    """
    exempt = tuple(allowed)
    for grant in subject_grants(case):
        if not grant.rule.names or denied.names:
            continue
        for request in effects(case, grant):
            asked = [request]
            if request.name and request.verb in ("list", "watch"):
                asked.append(msgspec.structs.replace(request, verb="get"))
            if denied.allows(request) and not any(entry.allows(one) for entry in exempt for one in asked):
                yield grant, request
                break


def subject_grants(case: Case) -> list[Grant]:
    """Every grant of the subject, in any namespace."""
    order = {namespace: place for place, namespace in enumerate(("", *case.namespaces))}
    held = [one for one in case.authorizer.memberships(case.identity) if one.namespace in order]
    held.sort(key=lambda one: order[one.namespace])
    return [grant for one in held for grant in one.grants]


def refuse_unknown_roles(case: Case) -> None:
    """Roles of control plane components are not in our default policy: never guess what they grant."""
    for binding in case.authorizer.dangling(case.identity):
        name = str(binding.get("roleRef", "name", default=""))
        if name.startswith("system:"):
            raise NotJudged(f"the default role {name}", binding.where("roleRef", "name"))


def effects(case: Case, grant: Grant) -> Iterator[Request]:
    """The requests that a grant really allows: wildcards expanded, combinations without effect left out."""
    places = [grant.namespace] if grant.namespace else ["", *case.namespaces]
    rule = grant.rule
    groups = [group for group in rule.groups if _has_resources(group)]
    for verb in rule.verbs:
        for group, resource in product(groups, rule.resources):
            for known, verbs in _matching(group, resource):
                for concrete in verbs if verb == EVERY else (verb,):
                    if concrete in verbs:
                        yield from _named(case, grant, known, concrete, places)
        if not grant.namespace:
            yield from (Request(case.identity, verb, path=url) for url in rule.urls)


def _named(case: Case, grant: Grant, known: Resource, verb: str, places: list[str]) -> Iterator[Request]:
    """The requests of one verb on one resource, for each name and place of a grant."""
    plain, slash, subresource = known.name.partition("/")
    if grant.rule.names and verb in NAMELESS_VERBS and not slash:
        return  # an object has no name before it is created; the parent of a subresource has
    for name in grant.rule.names or ("" if verb in COLLECTION_VERBS else ANY_NAME,):
        for place in _scoped(known, verb, grant.namespace, places):
            yield Request(case.identity, verb, plain, known.group, subresource, place, name)


def _has_resources(group: str) -> bool:
    return group == EVERY or group in _by_group() or may_be_custom(group)


def _scoped(resource: Resource, verb: str, granted: str, places: list[str]) -> list[str]:
    """Where a grant has an effect: a RoleBinding opens its own Namespace object, not the list of them."""
    if resource.namespaced or _is_bind(resource, verb):
        return places
    if granted:
        own = resource.name.partition("/")[0] == "namespaces" and verb not in COLLECTION_VERBS
        return [granted] if own else []
    return [""]


def _is_bind(resource: Resource, verb: str) -> bool:
    """Whether it is `bind` on ClusterRoles: needed in the namespace of the RoleBinding that refers to one.

    Mirrors `BindingAuthorized` of pkg/registry/rbac/escalation_check.go (v1.35).
    """
    return verb == "bind" and resource.name == "clusterroles"


@lru_cache(maxsize=1024)
def _matching(group: str, resource: str) -> tuple[tuple[Resource, tuple[str, ...]], ...]:
    """The API's resources that a rule's group and resource mean, each with all its verbs.

    A group that isn't in the API may belong to custom resources.
    """
    found = []
    for known in _universe() if group == EVERY else _by_group().get(group, ()):
        _, slash, subresource = known.name.partition("/")
        named = resource in (EVERY, known.name) or (bool(slash) and resource == f"*/{subresource}")
        if named:
            found.append((known, known.verbs))
    if group == EVERY or (may_be_custom(group) and not found):
        name = "customresources" if resource == EVERY else resource
        unknown = "example.com" if group == EVERY else group
        if not found or EVERY in (group, resource):
            found.append((Resource(unknown, name, name, True, _CRUD), _CRUD))
    return tuple(found)


_CRUD = ("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection")


@cache
def _universe() -> tuple[Resource, ...]:
    """The API's resources with every verb that has an effect, and the resources that only RBAC
    rules know."""
    known = {(resource.group, resource.name) for resource in api_resources()}
    return (
        *(_with_special_verbs(resource) for resource in api_resources()),
        *(
            Resource(group, name, name, False, verbs)
            for (group, name), verbs in SPECIAL_VERBS.items()
            if (group, name) not in known
        ),
    )


@cache
def _by_group() -> dict[str, tuple[Resource, ...]]:
    groups: dict[str, list[Resource]] = {}
    for resource in _universe():
        groups.setdefault(resource.group, []).append(resource)
    return {group: tuple(found) for group, found in groups.items()}


def _with_special_verbs(resource: Resource) -> Resource:
    special = SPECIAL_VERBS.get((resource.group, resource.name), ())
    return msgspec.structs.replace(resource, verbs=resource.verbs + special) if special else resource
