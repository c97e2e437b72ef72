"""One policy rule of a role: which requests it allows, and whether it covers another rule.

Follows `pkg/apis/rbac/v1/evaluation_helpers.go` and `policy_comparator.go` of Kubernetes v1.35:
`pods` is not `pods/log`, `*/scale` is the scale subresource of everything, `/foo/*` is not `/foo`,
and verbs that act on a collection are not limited by `resourceNames` unless the request names one.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from trainer.manifests.model import Manifest
from trainer.manifests.values import texts
from trainer.simulate.access.requests import Request
from trainer.verdict import Location

NAMELESS_VERBS = frozenset({"create", "deletecollection"})
"""Verbs whose requests contain no object name, so that `resourceNames` can't allow them.

`list` and `watch` contain one only with a field selector on `metadata.name`.
"""


class Words(tuple[str, ...]):
    """The texts of one field of a rule: `in` takes the same time however many they are."""

    def __contains__(self, word: object) -> bool:
        if len(self) <= _FEW:
            return super().__contains__(word)
        if not hasattr(self, "_known"):
            self._known = frozenset(self)
        return word in self._known


_FEW = 8
"""So many words are found faster without a set."""


class PolicyRule(msgspec.Struct, frozen=True):
    """One entry of `rules`, with its place."""

    verbs: tuple[str, ...]
    groups: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    location: Location = Location("", 0, 0)

    def allows(self, request: Request) -> bool:
        """Whether this rule alone allows the request."""
        if "*" not in self.verbs and request.verb not in self.verbs:
            return False
        if not request.is_resource:
            return any(url_covers(url, request.path) for url in self.urls)
        return (
            ("*" in self.groups or request.group in self.groups)
            and self._allows_resource(request.resource, request.subresource)
            and (not self.names or request.name in self.names)
        )

    def _allows_resource(self, resource: str, subresource: str) -> bool:
        if "*" in self.resources:
            return True
        if subresource:
            return f"{resource}/{subresource}" in self.resources or f"*/{subresource}" in self.resources
        return resource in self.resources

    def singles(self) -> Iterator[PolicyRule]:
        """The same rights as rules with one verb, group, resource and name each."""
        for verb in self.verbs:
            for group in self.groups:
                for resource in self.resources:
                    for name in self.names or ("",):
                        names = (name,) if self.names else ()
                        yield PolicyRule((verb,), (group,), (resource,), names, location=self.location)
            for url in self.urls:
                yield PolicyRule((verb,), urls=(url,), location=self.location)

    def covers(self, other: PolicyRule) -> bool:
        """Whether this rule covers everything that `other` grants."""
        return (
            ("*" in self.verbs or all(verb in self.verbs for verb in other.verbs))
            and ("*" in self.groups or all(group in self.groups for group in other.groups))
            and all(self._covers_resource(resource) for resource in other.resources)
            and all(any(url_covers(own, url) for own in self.urls) for url in other.urls)
            and (not self.names or (bool(other.names) and all(name in self.names for name in other.names)))
        )

    def _covers_resource(self, resource: str) -> bool:
        if "*" in self.resources or resource in self.resources:
            return True
        _, slash, subresource = resource.partition("/")
        return bool(slash) and f"*/{subresource}" in self.resources

    @property
    def text(self) -> str:
        """For people: `get, list secrets`, `* *.*`, `get /healthz`."""
        verbs = ", ".join(self.verbs)
        if self.urls:
            return f"{verbs} {', '.join(self.urls)}"
        resources = [
            f"{resource}.{group}" if group else resource
            for resource in self.resources
            for group in self.groups
        ]
        named = f" named {', '.join(self.names)}" if self.names else ""
        return f"{verbs} {', '.join(resources)}{named}"


def rules_of(role: Manifest) -> tuple[PolicyRule, ...]:
    """The rules written in a Role or ClusterRole."""
    rules = role.get("rules", default=[])
    if not isinstance(rules, list):
        return ()
    return tuple(
        PolicyRule(
            Words(texts(rule.get("verbs"))),
            Words(texts(rule.get("apiGroups"))),
            Words(texts(rule.get("resources"))),
            Words(texts(rule.get("resourceNames"))),
            Words(texts(rule.get("nonResourceURLs"))),
            role.where("rules", index),
        )
        for index, rule in enumerate(rules)
        if isinstance(rule, dict)
    )


def url_covers(pattern: str, path: str) -> bool:
    """Whether a pattern of `nonResourceURLs` covers a path, or another pattern.

    >>> url_covers("/foo/*", "/foo")
    False
    """
    if pattern == path:
        return True
    return pattern.endswith("*") and path.startswith(pattern.rstrip("*"))
