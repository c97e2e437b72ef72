"""Which requests a ValidatingAdmissionPolicy or its binding matches.

Follows https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/#match-constraints
and k8s.io/apiserver v1.35 `pkg/admission/plugin/policy/matching/matching.go`: an excluding rule wins,
selectors look at the new and at the old object, a namespace selector does not limit cluster-scoped
objects. Equivalent resources (`matchPolicy: Equivalent`) are other versions that the API serves.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import msgspec

from trainer.manifests.model import Manifest
from trainer.manifests.values import indexed, mapping, texts
from trainer.simulate.access.requests import Identity
from trainer.simulate.access.resources import find_resource
from trainer.simulate.labels import EVERYTHING, Selector, label_selector

_EQUIVALENT = {("autoscaling", "horizontalpodautoscalers"): frozenset({"v1", "v2"})}
"""Resources that the API serves in several versions (v1.35, without alpha and beta)."""


class AdmissionRequest(msgspec.Struct, frozen=True, eq=False, dict=True):
    """One request as admission sees it. `object` is None on DELETE, `old` on CREATE.

    On a subresource whose object is of another kind (`pods/eviction` takes an Eviction), `parent` is the
    object that has the subresource.
    """

    operation: str
    object: Manifest | None
    old: Manifest | None = None
    identity: Identity = Identity("kubernetes-admin", ("system:masters", "system:authenticated"))
    subresource: str = ""
    parent: Manifest | None = None
    namespace_labels: Mapping[str, str] = {}
    namespace_object: dict[str, Any] | None = None
    dry_run: bool = False

    @cached_property
    def subject(self) -> Manifest:
        """The object, or on DELETE the old object."""
        found = self.object or self.old
        assert found is not None  # noqa: S101 - a request is about an object
        return found

    @cached_property
    def target(self) -> Manifest:
        """The object whose resource the request is for."""
        return self.parent or self.subject

    @cached_property
    def resource(self) -> str:
        """The plural name of the resource."""
        known = find_resource(self.target.kind, self.target.group)
        return known.name if known else plural(self.target.kind)

    @cached_property
    def version(self) -> str:
        """The resource's API version without its group."""
        return self.target.api_version.rpartition("/")[2]

    @cached_property
    def sort(self) -> tuple[str | bool, ...]:
        """What rules look at: requests of one sort are alike for them."""
        target = self.target
        kind = (target.api_version, target.kind, self.subresource, self.operation)
        return (*kind, target.name, bool(target.namespace))

    @cached_property
    def exempt(self) -> bool:
        """Whether no policy ever matches it."""
        return self.target.kind in _EXEMPT.get(self.target.group, ())

    @property
    def resource_title(self) -> str:
        """The resource as `kubectl` writes it: `pods/eviction`, `deployments.apps`."""
        name = f"{self.resource}.{self.target.group}" if self.target.group else self.resource
        return f"{name}/{self.subresource}" if self.subresource else name

    @cached_property
    def namespace(self) -> str:
        """The namespace, empty for cluster-scoped objects; of a Namespace its own name."""
        return self.subject.name if self.subject.kind == "Namespace" else self.subject.namespace

    @property
    def title(self) -> str:
        """For people: `CREATE of Deployment prod/web`."""
        on = f"{self.resource_title} of " if self.subresource else ""
        return f"{self.operation} of {on}{self.target.title}"


def plural(kind: str) -> str:
    """The usual plural name of a kind's resource: `widgets` for Widget."""
    lowered = kind.lower()
    if lowered.endswith("y") and lowered[-2:-1] not in "aeiou":
        return lowered[:-1] + "ies"
    return lowered + ("es" if lowered.endswith(("s", "x", "ch", "sh")) else "s")


_EXEMPT = {
    "admissionregistration.k8s.io": (
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "MutatingAdmissionPolicy",
        "MutatingAdmissionPolicyBinding",
    ),
    "authentication.k8s.io": ("SelfSubjectReview", "TokenReview"),
    "authorization.k8s.io": (
        "LocalSubjectAccessReview",
        "SelfSubjectAccessReview",
        "SelfSubjectRulesReview",
        "SubjectAccessReview",
    ),
}
"""What no policy ever matches (`policy/generic/plugin.go`, isPolicyResource;
`pkg/kubeapiserver/admission/exclusion/resources.go`): nobody can lock themselves out."""


class Mismatch(msgspec.Struct, frozen=True):
    """Why match constraints exclude a request: the path of the deciding field, and a sentence."""

    path: tuple[str | int, ...]
    why: str


def matches(resources: Any, request: AdmissionRequest, *, need_rule: bool) -> bool:
    """Whether `matchConstraints` (`need_rule`) or a binding's `matchResources` cover the request."""
    return Constraints(resources, need_rule=need_rule).mismatch(request) is None


class Constraints:
    """`matchConstraints` (`need_rule`) or `matchResources`, for any number of requests.

    Requests that are alike for rules are compared with these once.
    """

    def __init__(self, resources: Any, *, need_rule: bool) -> None:
        self._match = mapping(resources)
        self._need_rule = need_rule
        self._said: dict[tuple[str | bool, ...], Mismatch | None] = {}

    @cached_property
    def _of_namespaces(self) -> Selector:
        return label_selector(self._match.get("namespaceSelector"), missing=EVERYTHING)

    @cached_property
    def _of_objects(self) -> Selector:
        return label_selector(self._match.get("objectSelector"), missing=EVERYTHING)

    def mismatch(self, request: AdmissionRequest) -> Mismatch | None:
        """What excludes the request, or None if they cover it."""
        if request.exempt:
            return Mismatch((), f"no policy ever matches a {request.target.kind}")
        unlike = self._unlike(request)
        if unlike is not None:
            return unlike
        alike = request.sort
        if alike not in self._said:
            self._said[alike] = self._by_rules(request)
        return self._said[alike]

    def _by_rules(self, request: AdmissionRequest) -> Mismatch | None:
        match = self._match
        for index, rule in indexed(match.get("excludeResourceRules")):
            if not _misses(rule, request, match):
                why = f"`excludeResourceRules[{index}]` excludes it"
                return Mismatch(("excludeResourceRules", index), why)
        rules = indexed(match.get("resourceRules"))
        if not rules:
            return Mismatch(("resourceRules",), "it has no `resourceRules`") if self._need_rule else None
        missed = []
        for index, rule in rules:
            misses = _misses(rule, request, match)
            if not misses:
                return None
            missed.append((index, misses))
        index, misses = min(missed, key=lambda one: len(one[1]))
        field, why = next(iter(misses.items()))
        return Mismatch(("resourceRules", index, field), f"`resourceRules[{index}]{why}")

    def _unlike(self, request: AdmissionRequest) -> Mismatch | None:
        """The selector that does not match the Namespace or the object."""
        selector = self._of_namespaces
        if not selector.everything and request.namespace:
            own = request.target.kind == "Namespace"
            labels = request.subject.labels if own else request.namespace_labels
            if not selector.matches(labels):
                where = f"Namespace {request.namespace} has {_shown(labels)}"
                return Mismatch(("namespaceSelector",), f"`namespaceSelector` selects {selector}; {where}")
        selector = self._of_objects
        if selector.everything:
            return None
        versions = [one for one in (request.object, request.old) if one is not None]
        if any(selector.matches(one.labels) for one in versions):
            return None
        has = f"{request.subject.title} has {_shown(request.subject.labels)}"
        return Mismatch(("objectSelector",), f"`objectSelector` selects {selector}; {has}")


def matching_rule(resources: Any, request: AdmissionRequest) -> int | None:
    """The first of `resourceRules` that covers the request, by its index; None if none does."""
    match = mapping(resources)
    rules = indexed(match.get("resourceRules"))
    return next((index for index, rule in rules if not _misses(rule, request, match)), None)


def _shown(labels: Mapping[str, str]) -> str:
    """Labels for people, without the one that every Namespace has."""
    own = {key: value for key, value in labels.items() if key != "kubernetes.io/metadata.name"}
    return "the label " * (len(own) == 1) + ",".join(f"{k}={v}" for k, v in own.items()) or "no labels"


def _misses(rule: dict[str, Any], request: AdmissionRequest, match: dict[str, Any]) -> dict[str, str]:
    """The fields of a rule that don't match the request, each with the rest of a sentence."""
    target, resource, version = request.target, request.resource, request.version
    group = target.group
    served = {"*", version}
    if match.get("matchPolicy", "Equivalent") == "Equivalent":
        served |= _EQUIVALENT.get((group, resource), frozenset())
    groups, versions = texts(rule.get("apiGroups")), texts(rule.get("apiVersions"))
    resources, operations = texts(rule.get("resources")), texts(rule.get("operations"))
    names = texts(rule.get("resourceNames"))
    scope = rule.get("scope") or "*"
    misses: dict[str, str] = {}
    fits = any(_resource_matches(pattern, resource, request.subresource) for pattern in resources)
    if not fits:
        said = ", ".join(_written(one, other) for one in resources for other in groups)
        misses["resources"] = f"` matches {said or 'nothing'}, not {request.resource_title}"
    elif not ("*" in groups or group in groups):
        where = f"the group `{group}`" if group else 'the core group, `""`'
        misses["apiGroups"] = f".apiGroups` is [{', '.join(groups)}]: {resource} are in {where}"
    if served.isdisjoint(versions):
        misses["apiVersions"] = f".apiVersions` is [{', '.join(versions)}], not {version}"
    if not ("*" in operations or request.operation in operations):
        asked = _ASKED.get(request.operation, request.operation)
        misses["operations"] = (
            f".operations` is [{', '.join(operations)}]: the policy doesn't apply to {asked}"
        )
    if names and target.name not in names:
        misses["resourceNames"] = f".resourceNames` is [{', '.join(names)}], not {target.name}"
    if scope != "*" and (scope == "Namespaced") is not bool(target.namespace):
        misses["scope"] = f".scope` is {scope}"
    return misses


_ASKED = {"CREATE": "creations", "UPDATE": "updates", "DELETE": "deletions", "CONNECT": "connections"}


def _written(resource: str, group: str) -> str:
    return f"{resource}.{group}" if group else resource


def _resource_matches(pattern: str, resource: str, subresource: str) -> bool:
    plain, _, inner = pattern.partition("/")
    if plain not in ("*", resource):
        return False
    if pattern == "*":
        return not subresource
    return inner in ("*", subresource)
