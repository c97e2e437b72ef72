"""What RBAC rules grant: pairs of a resource and a verb that exist.

A verb or resource that doesn't exist grants nothing: a mutant that only adds one isn't a mutant. Follows how
the RBAC authorizer compares a request with a rule (pkg/apis/rbac/v1/evaluation_helpers.go, v1.35), and the
verbs that only RBAC and admission ask for
(https://kubernetes.io/docs/reference/access-authn-authz/authorization/#request-verbs).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from trainer.manifests.values import items, mapping
from trainer.simulate.access.resources import Resource, api_resources

ANY = "*"
"""A wildcard; as a resource of its own, it stands for those that are not built in."""

_FURTHER: dict[tuple[str, str], tuple[str, ...]] = {
    ("", "users"): ("impersonate",),
    ("", "groups"): ("impersonate",),
    ("", "serviceaccounts"): ("impersonate",),
    ("authentication.k8s.io", "uids"): ("impersonate",),
    ("rbac.authorization.k8s.io", "roles"): ("bind", "escalate"),
    ("rbac.authorization.k8s.io", "clusterroles"): ("bind", "escalate"),
    ("certificates.k8s.io", "signers"): ("approve", "sign", "attest"),
}
"""Verbs that no request to the resource itself has."""

_UNNAMED = frozenset(("create", "deletecollection"))
"""Verbs of requests without a name: a rule with resource names doesn't match them."""

Grant = tuple[str, str, str, str]
"""Group, resource, verb, and the object's name (empty for every one); or a URL in the place of a resource."""


def grants_of(rules: Any, *, cluster: bool = True) -> frozenset[Grant]:
    """Everything that the rules of a ClusterRole grant together, or those of a Role (not `cluster`)."""
    found = frozenset(grant for rule in items(rules) for grant in _granted(mapping(rule)))
    return found if cluster else frozenset(grant for grant in found if _is_in_namespaces(grant))


def _is_in_namespaces(grant: Grant) -> bool:
    """Whether a Role can grant it: what lives in namespaces, and the Namespace itself."""
    group, name, *_ = grant
    known = [one for one in api_resources() if (one.group, one.name) == (group, name)]
    return not name.startswith("/") and all(one.namespaced or name == "namespaces" for one in known)


def verbs_of(group: str, resource: str) -> tuple[str, ...]:
    """The verbs that exist for a resource, those that only RBAC asks for included."""
    found = [one.verbs for one in api_resources() if (one.group, one.name) == (group, resource)]
    return (*(found[0] if found else ()), *_FURTHER.get((group, resource), ()))


def _granted(rule: Any) -> Iterator[Grant]:
    verbs, names = _texts(rule, "verbs"), _texts(rule, "resourceNames")
    for url in _texts(rule, "nonResourceURLs"):
        yield from (("", url, verb, "") for verb in verbs)
    for group, resource in _resources(_texts(rule, "apiGroups"), _texts(rule, "resources")):
        own = verbs_of(group, resource) or (ANY, *verbs)
        for verb in own if ANY in verbs else [verb for verb in own if verb in verbs]:
            if not names:
                yield group, resource, verb, ""
            elif verb not in _UNNAMED or "/" in resource:
                yield from ((group, resource, verb, name) for name in names)


def _resources(groups: list[str], resources: list[str]) -> Iterator[tuple[str, str]]:
    known = [(one.group, one.name) for one in api_resources()]
    known += [pair for pair in _FURTHER if pair not in known]
    for group, name in known:
        if (group in groups or ANY in groups) and any(_covers(text, name) for text in resources):
            yield group, name
    built_in = {group for group, _ in known}
    for group in groups:
        if ANY in resources:
            yield group, ANY
        if group not in built_in:  # custom resources, and those of every group
            yield from ((group, text) for text in resources if text != ANY)


def _covers(text: str, name: str) -> bool:
    """Whether an entry of a rule's resources covers one: `*/scale` covers that subresource of them all."""
    if text in (ANY, name):
        return True
    return text.startswith("*/") and name.partition("/")[2] == text[2:]


def _texts(rule: Any, field: str) -> list[str]:
    value = rule.get(field)
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def further_verbs(groups: Iterable[str], resources: Iterable[str], verbs: Iterable[str]) -> list[str]:
    """Verbs that some of these resources have and that aren't listed, in the order of the resources."""
    listed = set(verbs)
    pairs = _resources(list(groups), list(resources))
    found = dict.fromkeys(verb for pair in pairs for verb in verbs_of(*pair))
    return [verb for verb in found if verb not in listed]


def further_resources(groups: Iterable[str], resources: Iterable[str]) -> list[str]:
    """Resources of these groups that aren't listed: subresources and parents of those listed, and of each
    group the most telling other ones."""
    listed = list(resources)
    groups = list(groups)
    parents = {name.partition("/")[0] for name in listed}
    near = [one for one in api_resources() if one.group in groups and one.name.partition("/")[0] in parents]
    others = [one for one in api_resources() if (one.group, one.name) in _TELLING and one.group in groups]
    found: dict[str, Resource] = {one.name: one for one in (*near, *others)}
    return [name for name in found if not any(_covers(text, name) for text in listed)]


def with_subresources(groups: Iterable[str], resources: Iterable[str]) -> list[str]:
    """`pods/*` for each of these resources that has subresources."""
    groups = list(groups)
    having = {
        one.name.partition("/")[0] for one in api_resources() if one.group in groups and "/" in one.name
    }
    return [f"{name}/*" for name in resources if name in having]


_TELLING = {
    ("", "secrets"),
    ("", "configmaps"),
    ("apps", "daemonsets"),
    ("apps", "statefulsets"),
    ("batch", "cronjobs"),
    ("rbac.authorization.k8s.io", "rolebindings"),
    ("rbac.authorization.k8s.io", "clusterrolebindings"),
}
"""Resources that are worth most to somebody who shouldn't have them."""
