"""The requests that audit rules tell apart: one of each sort, so that "all other requests" can be judged.

Rules look at the user, the groups, the verb, the namespace, the resource and its name, or the path. What the
rules name, and what they don't name, one of each kind, stand for all values. Every combination that the API
server can receive is tried: the verbs of a resource, a namespace only where it has one, the groups of a user.
The result is exact up to these values, and needs no list of sample requests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.values import mappings, texts
from trainer.simulate.access.requests import (
    ACCOUNT_PREFIX,
    ANY_NAME,
    ANY_NAMESPACE,
    ANY_USER,
    Identity,
    Request,
    parse_identity,
    service_account,
)
from trainer.simulate.access.resources import ALL, GET_PUT, Resource, api_resources, may_be_custom
from trainer.simulate.components.audit import resources_match, url_matches

MOST_SORTS = 200_000
"""More combinations than this aren't tried."""

_NODE, _GROUP_OF_NODES = f"system:node:{ANY_NAME}", "system:nodes"
_FIRST = ("pods", "deployments", "secrets", "configmaps", "nodes")
"""The resources that stand for others where rules don't distinguish them."""
_PATHS = ("/version", "/metrics", "/api", "/apis", "/openapi/v3", "/healthz", "/livez", "/readyz")
_METHODS = ("post", "put", "patch", "delete", "head", "options")
_UNSPOKEN = "head"
"""The method that stands for those that no rule names: load balancers send it to health endpoints."""
_VERBS = ("get", "create", "update", "patch", "delete", "list", "watch", "deletecollection")
_COLLECTIONS = ("list", "watch", "deletecollection")

Rule = dict[str, Any]


class Sort(msgspec.Struct, frozen=True):
    """A request that stands for its sort. `decided` has, for each list of rules, the 0-based index of the
    first rule that matches, or -1."""

    request: Request
    decided: tuple[int, ...]


def sorts(*lists: Sequence[Rule]) -> list[Sort]:
    """One request for each combination of deciding rules. Raises `NotJudged` for too many combinations."""
    rules = [rule for rules in lists for rule in rules]
    bounds = [sum(map(len, lists[:number])) for number in range(len(lists) + 1)]
    people: dict[int, Identity] = {}
    holds = _by_person(rules)
    for who in _identities(rules):
        people.setdefault(holds(who), who)
    found: dict[tuple[int, ...], Request] = {}
    targets = [*_targets(rules), *_path_targets(rules)]
    if (count := len(people) * len(targets)) > MOST_SORTS:
        raise NotJudged(f"an audit policy that tells {count} sorts of requests apart")
    for allowed, who in people.items():
        for request, mask in targets:
            decided = _first(mask & allowed, bounds)
            if decided not in found:
                found[decided] = msgspec.structs.replace(request, subject=who)
    return [Sort(request, decided) for decided, request in found.items()]


def _first(mask: int, bounds: Sequence[int]) -> tuple[int, ...]:
    """The lowest bit of a mask in each part, counted from the start of the part."""
    decided = []
    for start, end in pairwise(bounds):
        part = mask >> start & ((1 << (end - start)) - 1)
        decided.append((part & -part).bit_length() - 1)
    return tuple(decided)


def _mask(rules: Iterable[Rule], holds: Callable[[Rule], bool]) -> int:
    return sum(1 << number for number, rule in enumerate(rules) if holds(rule))


def _by_person(rules: Sequence[Rule]) -> Callable[[Identity], int]:
    """Gives the mask of the rules that hold for somebody, in time that doesn't grow with the rules."""
    anybody = {"users": 0, "userGroups": 0}
    named: dict[tuple[str, str], int] = {}
    for number, rule in enumerate(rules):
        for field in anybody:
            if not (names := texts(rule.get(field))):
                anybody[field] |= 1 << number
            for name in names:
                named[field, name] = named.get((field, name), 0) | 1 << number

    def holds(who: Identity) -> int:
        by_group = anybody["userGroups"]
        for group in who.groups:
            by_group |= named.get(("userGroups", group), 0)
        return by_group & (anybody["users"] | named.get(("users", who.user), 0))

    return holds


def _identities(rules: Sequence[Rule]) -> Iterator[Identity]:
    """Who sends requests: an unseen user and ServiceAccount, a node, anonymous, and all named ones."""
    users = dict.fromkeys(user for rule in rules for user in texts(rule.get("users")) if user)
    groups = dict.fromkeys(group for rule in rules for group in texts(rule.get("userGroups")) if group)
    places = [group.removeprefix("system:serviceaccounts:") for group in groups]
    named = [place for place, group in zip(places, groups, strict=True) if place != group]
    own = (_GROUP_OF_NODES, "system:authenticated", "system:unauthenticated")
    plain = [one for one in groups if one not in own and not one.startswith("system:serviceaccounts")]
    yield parse_identity(f"user:{ANY_USER}")
    yield _person(_NODE, ())
    yield parse_identity("user:system:anonymous")
    for namespace in (ANY_NAMESPACE, *named):
        yield service_account(namespace, ANY_NAME)
    for user in (ANY_USER, *users):
        yield _person(user, ())
        for group in () if user.startswith("system:") else plain:
            yield _person(user, (group,))


def _person(user: str, groups: tuple[str, ...]) -> Identity:
    if user.startswith("system:node:"):
        groups = (*groups, _GROUP_OF_NODES)
    if user.startswith(ACCOUNT_PREFIX):
        namespace, _, name = user.removeprefix(ACCOUNT_PREFIX).partition(":")
        return service_account(namespace, name, groups)
    standing = "system:unauthenticated" if user == "system:anonymous" else "system:authenticated"
    return Identity(user, (*groups, standing))


def _targets(rules: Sequence[Rule]) -> Iterator[tuple[Request, int]]:
    """Requests without a subject for the resources that the rules tell apart, with the rules that match."""
    by_place = {place: _mask(rules, partial(_in_place, place)) for place in _places(rules)}
    by_verb = {verb: _mask(rules, partial(_has_verb, verb)) for verb in _VERBS}
    names = (ANY_NAME, *_named(rules))
    entries = {
        number: found for number, rule in enumerate(rules) if (found := mappings(rule.get("resources")))
    }
    every = _mask(rules, _about_every_resource)
    alike: set[tuple[Any, ...]] = set()
    seen: set[int] = set()
    for resource in _resources(rules):
        plain, _, subresource = resource.name.partition("/")
        bare = Request(_NOBODY, "", plain, resource.group, subresource)
        by_name = {name: every | _listed(entries, _named_as(bare, name)) for name in ("", *names)}
        key = (resource.namespaced, resource.verbs, plain == "namespaces", *by_name.values())
        if key in alike:
            continue
        alike.add(key)
        for verb in (one for one in _VERBS if one in resource.verbs):
            whole = verb in _COLLECTIONS or (verb == "create" and not subresource)
            for name in ("",) if whole else names:
                for place in _where(resource, verb, name, by_place):
                    mask = by_name[name] & by_verb[verb] & by_place.get(place, by_place[ANY_NAMESPACE])
                    if mask not in seen:
                        seen.add(mask)
                        yield _sent(bare, verb, place, name), mask


_NOBODY = Identity("")


def _named_as(request: Request, name: str) -> Request:
    return msgspec.structs.replace(request, name=name)


def _sent(request: Request, verb: str, place: str, name: str) -> Request:
    """A request for a Namespace has its name as its namespace."""
    own = (
        request.resource == "namespaces" and not request.group and name == ANY_NAME and place != ANY_NAMESPACE
    )
    return msgspec.structs.replace(request, verb=verb, namespace=place, name=place if own else name)


def _where(resource: Resource, verb: str, name: str, places: Iterable[str]) -> list[str]:
    """The namespaces that a request can have."""
    if resource.name.partition("/")[0] == "namespaces" and not resource.group:
        return [name] if name != ANY_NAME else [place for place in places if place]
    if not resource.namespaced:
        return [""]
    return [place for place in places if place or verb in ("list", "watch")]


def _about_every_resource(rule: Rule) -> bool:
    """Whether a rule lists no resources, and not only paths."""
    if mappings(rule.get("resources")):
        return False
    return bool(texts(rule.get("namespaces"))) or not texts(rule.get("nonResourceURLs"))


def _listed(entries: Mapping[int, list[Rule]], request: Request) -> int:
    """The rules whose `resources` include that of the request."""
    return sum(1 << number for number, found in entries.items() if resources_match(found, request))


def _in_place(place: str, rule: Rule) -> bool:
    return place in (texts(rule.get("namespaces")) or (place,))


def _has_verb(verb: str, rule: Rule) -> bool:
    return verb in (texts(rule.get("verbs")) or (verb,))


def _named(rules: Iterable[Rule]) -> list[str]:
    """The objects that the rules name."""
    found = (
        name
        for rule in rules
        for entry in mappings(rule.get("resources"))
        for name in texts(entry.get("resourceNames"))
    )
    return list(dict.fromkeys(name for name in found if name))


def _places(rules: Iterable[Rule]) -> list[str]:
    named = [place for rule in rules for place in texts(rule.get("namespaces")) if place]
    return list(dict.fromkeys((*named, ANY_NAMESPACE, "")))


def _resources(rules: Sequence[Rule]) -> list[Resource]:
    """The API's resources, the custom ones that the rules name, and custom ones that nobody names."""
    known = sorted(
        api_resources(), key=lambda one: _FIRST.index(one.name) if one.name in _FIRST else len(_FIRST)
    )
    custom = []
    for entry in (entry for rule in rules for entry in mappings(rule.get("resources"))):
        group = str(entry.get("group") or "")
        for name in (*texts(entry.get("resources")), "unseen") if may_be_custom(group) else ():
            if "*" not in name:
                verbs = GET_PUT if "/" in name else ALL
                custom.append(Resource(group, name, name, True, verbs))
    widgets = [("widgets", True, ALL), ("widgets/status", True, GET_PUT), ("gadgets", False, ALL)]
    unseen = [Resource("example.com", name, name, spaced, verbs) for name, spaced, verbs in widgets]
    return [*known, *custom, *unseen]


def _path_targets(rules: Sequence[Rule]) -> Iterator[tuple[Request, int]]:
    """Requests without a subject for the paths that the rules tell apart, with the rules that match."""
    able = [rule for rule in rules if _about_paths(rule)]
    named = [path for rule in able for url in texts(rule.get("nonResourceURLs")) for path in _paths(url)]
    spoken = {verb for rule in able for verb in texts(rule.get("verbs"))}
    verbs = ("get", *(method for method in _METHODS if method in spoken or method == _UNSPOKEN))
    by_verb = {verb: _mask(rules, partial(_has_verb, verb)) for verb in verbs}
    for path in dict.fromkeys((*_PATHS, *named)):
        at_path = _mask(rules, partial(_covers_path, path))
        for verb in verbs:
            yield Request(_NOBODY, verb, path=path), at_path & by_verb[verb]


def _about_paths(rule: Rule) -> bool:
    return not (texts(rule.get("namespaces")) or mappings(rule.get("resources")))


def _covers_path(path: str, rule: Rule) -> bool:
    urls = texts(rule.get("nonResourceURLs"))
    return _about_paths(rule) and (not urls or any(url_matches(path, url) for url in urls))


def _paths(pattern: str) -> list[str]:
    """A path that a pattern names, and one below it.

    Endpoints end at a slash: the API server (v1.36) serves no path that only starts like a health endpoint,
    and answers `/healthzx` with 404. So `/healthz*`, the form of the documentation, isn't too wide.
    """
    stem = pattern.rstrip("*").rstrip("/")
    return [stem, f"{stem}/unseen"] if stem else ["/unseen"]
