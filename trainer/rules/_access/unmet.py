"""Why a request that must be allowed is denied: what `rbac-access` says, and where."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from trainer.manifests.schema.suggest import similar
from trainer.manifests.values import indexed, text
from trainer.rules._access.entries import EVERY, Case, subject_grants
from trainer.simulate.access.authorizer import Access, Grant
from trainer.simulate.access.defaults import BUILT_IN
from trainer.simulate.access.requests import ANY_NAME, Request
from trainer.simulate.access.resources import api_resources, find_resource, may_be_custom
from trainer.verdict import Location, Reason


def unmet(case: Case, request: Request, access: Access) -> Reason:
    """Why a request that must be allowed is denied: the nearest rule or binding, and what is missing."""
    for binding in access.dangling:
        name = binding.get("roleRef", "name", default="")
        kind = binding.get("roleRef", "kind", default="role")
        message = f"{binding.title} refers to the {kind} {name}, which doesn't exist: it grants nothing."
        return Reason(message, binding.where("roleRef"))
    grants = [grant for grant in subject_grants(case) if grant.binding.document.file != BUILT_IN]
    # A rule for the resource itself says more than one that misspells it, or one for its parent.
    for near in (_near_misses, _misspelled, _parent_misses):
        for grant in grants if near is not _misspelled else grants[:_MOST]:
            for nearest, why, place in near(grant, request):
                if nearest:
                    return Reason(f"{why} ({grant.title}).", place)
    asked = request.title.partition(": ")[2]
    if grants:
        return Reason(f"No rule allows this: {asked}.", grants[0].role.where("rules"))
    return _unnamed(case)


def _unnamed(case: Case) -> Reason:
    """No binding of the answer names the subject: one may name another subject of the same name."""
    answer, who = case.world.answer, case.identity.title
    wanted = case.identity.user or next(iter(case.identity.groups), "")
    bindings = [one for one in answer if one.kind in ("RoleBinding", "ClusterRoleBinding")]
    for binding in bindings:
        for index, subject in indexed(binding.get("subjects")):
            kind, name = text(subject.get("kind")), text(subject.get("name"))
            if name and name.rpartition(":")[2] == wanted.rpartition(":")[2]:
                space = text(subject.get("namespace"))
                other = f"{kind} {space}/{name}" if space else f"{kind} {name}"
                return Reason(f"This names {other}, not {who}.", binding.where("subjects", index))
    place = bindings[0].where("subjects") if bindings else answer[0].where() if answer else None
    return Reason(f"No binding names {who}.", place)


_MOST, _LONGEST = 50, 80
"""How many rules, and words of each, are looked at for misspelled ones, and how long such a word is."""

_Miss = tuple[bool, str, Location]
"""Whether it is one, what is wrong, and where."""


def _near_misses(grant: Grant, request: Request) -> Iterator[_Miss]:
    """The rule is about the resource, but lacks the group, the name, the place or the verb."""
    rule = grant.rule
    if not request.is_resource:
        return
    verb = bool({request.verb, EVERY} & set(rule.verbs))
    in_group = bool({request.group, EVERY} & set(rule.groups))
    whole = f"{request.resource}/{request.subresource}" if request.subresource else request.resource
    resource = bool({whole, EVERY} & set(rule.resources))
    here = grant.namespace in ("", request.namespace)
    group = request.group or '""'
    yield (
        resource and verb and not in_group,
        f"{whole} are in the API group {group}: for the groups in this rule it grants nothing",
        grant.location,
    )
    yield (
        resource and in_group and verb and here and bool(rule.names),
        f"resourceNames limit this rule: it doesn't allow {request.verb} {whole} "
        + (
            "as a whole"
            if not request.name
            else "of any name"
            if request.name == ANY_NAME
            else f"of {request.name}"
        ),
        grant.location,
    )
    where = request.namespace or "every namespace"
    yield (
        resource and in_group and verb and not here,
        f"This access is limited to {grant.namespace}: it doesn't apply in {where}",
        grant.location,
    )
    yield resource and in_group and not verb and here, f"The verb {request.verb} is missing", grant.location


def _misspelled(grant: Grant, request: Request) -> Iterator[_Miss]:
    """The rule has a word that no resource has, and that is nearly the one of the request."""
    whole = f"{request.resource}/{request.subresource}" if request.subresource else request.resource
    if any(may_be_custom(group) for group in grant.rule.groups[:_MOST]):
        return
    for index, word in enumerate(grant.rule.resources[:_MOST]):
        if _is_meant(word, whole):
            yield True, f"`{word}` is not a resource: the name is `{whole}`", _word_place(grant, index)


@lru_cache(maxsize=1024)
def _is_meant(word: str, resource: str) -> bool:
    """Whether a word that no resource has is probably this one: `pod`, `pods/logs`, `deployments.apps`."""
    if len(word) > _LONGEST or any(one.name == word for one in api_resources()):
        return False
    meant = find_resource(word.partition(".")[0])
    if meant is not None and meant.name == resource:
        return True
    return similar(word, [resource]) is not None or word.removesuffix("s") == resource.partition("/")[2]


def _word_place(grant: Grant, index: int) -> Location:
    """The place of one of a rule's resources; that of the rule if another role brings it."""
    for position, _ in indexed(grant.role.get("rules")):
        if grant.role.where("rules", position) == grant.location:
            return grant.role.where("rules", position, "resources", index)
    return grant.location


def _parent_misses(grant: Grant, request: Request) -> Iterator[_Miss]:
    """The rule names Pods although the task is about their logs."""
    rule = grant.rule
    yield (
        bool(request.subresource)
        and bool({request.verb, EVERY} & set(rule.verbs))
        and bool({request.group, EVERY} & set(rule.groups))
        and request.resource in rule.resources,
        f"{request.resource} does not include {request.resource}/{request.subresource}: "
        "name the subresource itself",
        grant.location,
    )
