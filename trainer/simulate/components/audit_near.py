"""Which rule of an audit policy was probably meant for a request that another rule decides.

A rule with the required level that misses the request in one field only, or that comes too late, is
nearly always the one that its author meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from trainer.manifests.model import Manifest
from trainer.manifests.values import indexed, mappings, texts
from trainer.simulate.access.requests import Request
from trainer.simulate.access.resources import find_resource
from trainer.simulate.components.audit import matches
from trainer.verdict import Location


class Near(msgspec.Struct, frozen=True):
    """What keeps a rule from deciding, as the rest of a sentence, and where."""

    rule: int
    why: str
    location: Location


def nearest(
    policy: Manifest, request: Request, level: str, decided: int, *, for_the_rest: bool = False
) -> Near | None:
    """The rule with that level that was probably meant, if any; `decided` is the index of the deciding rule.

    A rule that matches everything is meant for the rest (`for_the_rest`), else only if no other one is.
    """
    rules = [(index, rule) for index, rule in indexed(policy.data.get("rules")) if rule.get("level") == level]
    later = [(index, rule) for index, rule in rules if index > decided >= 0 and matches(rule, request)]
    limited = next((index for index, rule in later if _limits(rule)), None)
    found = {index: list(_misses(rule, request)) for index, rule in rules}
    alike = [index for index, rule in rules if bool(rule.get("nonResourceURLs")) is not request.is_resource]
    for index in (*alike, *found) if limited is None and not for_the_rest else ():
        if len(found[index]) == 1:
            [(field, why)] = found[index]
            return Near(index, why, policy.where("rules", index, *field))
    if not later:
        return None
    index = later[0][0] if limited is None else limited
    return Near(index, f"rule {decided + 1} comes first", policy.where("rules", decided))


_LIMITS = ("users", "userGroups", "verbs", "resources", "namespaces", "nonResourceURLs")


def _limits(rule: dict[str, Any]) -> bool:
    return any(rule.get(field) for field in _LIMITS)


def _misses(rule: dict[str, Any], request: Request) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The fields of a rule that don't match the request, each with what it says instead."""
    users, groups = texts(rule.get("users")), texts(rule.get("userGroups"))
    if users and request.subject.user not in users:
        wrong = next((one for one in request.subject.groups if one in users), "")
        yield ("users",), f"names {wrong}, a group, as a user" if wrong else f"only matches {_listed(users)}"
    if groups and set(groups).isdisjoint(request.subject.groups):
        user = request.subject.user
        yield (
            ("userGroups",),
            f"names {user}, a user, as a group" if user in groups else f"only matches {_listed(groups)}",
        )
    if (verbs := texts(rule.get("verbs"))) and request.verb not in verbs:
        star = ": `*` isn't a wildcard here" if "*" in verbs else ""
        yield ("verbs",), f"leaves out the verb {request.verb}{star}"
    resources, places = mappings(rule.get("resources")), texts(rule.get("namespaces"))
    urls = texts(rule.get("nonResourceURLs"))
    if not request.is_resource:
        if resources or places:
            yield ("resources" if resources else "namespaces",), "only matches resources, not paths"
        elif urls and not matches({"nonResourceURLs": urls}, request):
            yield ("nonResourceURLs",), f"only matches {', '.join(urls)}"
        return
    if urls:
        yield ("nonResourceURLs",), "only matches paths"
    if places and request.namespace not in places:
        named = [place for place in places if place]
        yield (
            ("namespaces",),
            f"only matches requests in {_listed(named)}"
            if named
            else "only matches requests in no Namespace",
        )
    if resources and not matches({"resources": resources}, request):
        yield min((_entry_miss(index, one, request) for index, one in indexed(rule["resources"])), key=_depth)


def _depth(miss: tuple[tuple[str | int, ...], str]) -> int:
    """Misses that name a field of an entry before those of an entry that is about something else."""
    return -len(miss[0])


def _entry_miss(index: int, entry: dict[str, Any], request: Request) -> tuple[tuple[str | int, ...], str]:
    group, names = str(entry.get("group") or ""), texts(entry.get("resources"))
    whole = f"{request.resource}/{request.subresource}" if request.subresource else request.resource
    here = ("resources", index)
    if {whole, f"{request.resource}/*"} & set(names) and group != request.group:
        return (*here, "group"), f"names {_group(group)}, which {_serves(group, names, whole, request.group)}"
    if request.subresource and request.resource in names and group == request.group:
        return (*here, "resources"), f"names {request.resource}, which doesn't include {whole}"
    if {whole, "*"} & set(names) and group == request.group and texts(entry.get("resourceNames")):
        listed = _listed(texts(entry.get("resourceNames")))
        return (*here, "resourceNames"), f"only matches the objects {listed}"
    written = f"{whole}.{request.group}" if request.group else whole
    return ("resources",), f"doesn't name {written}"


def _group(group: str) -> str:
    return f"the group `{group}`" if group else "the core group"


def _serves(group: str, names: list[str], whole: str, right: str) -> str:
    """What a wrong group has of the named resources, and where the required one is."""
    none = not any(find_resource(name, group) for name in names)
    which = "none of its resources" if none and len(names) > 1 else f"no {whole}"
    return f"has {which}: {_group(right)} has {whole}"


def _listed(values: list[str]) -> str:
    """Values of fields in which `*` stands for itself."""
    star = ", where `*` isn't a wildcard" if any("*" in one for one in values) else ""
    return f"{', '.join(values)}{star}"
