"""Which requests a ValidatingAdmissionPolicy or its binding is about.

Follows https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/#match-constraints
and k8s.io/apiserver v1.35 `pkg/admission/plugin/policy/matching/matching.go`: an excluding rule wins,
selectors look at the new and at the old object, a namespace selector does not limit cluster-scoped
objects. Equivalent resources (`matchPolicy: Equivalent`) are other versions that the API serves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from trainer.manifests.model import Manifest
from trainer.manifests.values import mapping, mappings, texts
from trainer.simulate.access.requests import Identity
from trainer.simulate.access.resources import find_resource
from trainer.simulate.labels import EVERYTHING, label_selector

_EQUIVALENT = {("autoscaling", "horizontalpodautoscalers"): frozenset({"v1", "v2"})}
"""Resources that the API serves in several versions (v1.35, without alpha and beta)."""


class AdmissionRequest(msgspec.Struct, frozen=True, eq=False):
    """One request as admission sees it. `object` is None on DELETE, `old` on CREATE."""

    operation: str
    object: Manifest | None
    old: Manifest | None = None
    identity: Identity = Identity("kubernetes-admin", ("system:masters", "system:authenticated"))
    subresource: str = ""
    namespace_labels: Mapping[str, str] = {}
    namespace_object: dict[str, Any] | None = None
    dry_run: bool = False

    @property
    def subject(self) -> Manifest:
        """The object, or on DELETE what it was."""
        found = self.object or self.old
        assert found is not None  # noqa: S101 - a request is about an object
        return found

    @property
    def resource(self) -> str:
        """The plural name of the object's resource."""
        known = find_resource(self.subject.kind, self.subject.group)
        return known.name if known else _plural(self.subject.kind)

    @property
    def version(self) -> str:
        """The API version without its group."""
        return self.subject.api_version.rpartition("/")[2]

    @property
    def namespace(self) -> str:
        """The namespace, empty for cluster-scoped objects; of a Namespace its own name."""
        return self.subject.name if self.subject.kind == "Namespace" else self.subject.namespace

    @property
    def title(self) -> str:
        """For people: `CREATE of Deployment prod/web`."""
        return f"{self.operation} of {self.subject.title}"


def _plural(kind: str) -> str:
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
"""What no policy is ever asked about (`policy/generic/plugin.go`, isPolicyResource;
`pkg/kubeapiserver/admission/exclusion/resources.go`): nobody can lock themselves out."""


def matches(resources: Any, request: AdmissionRequest, *, need_rule: bool) -> bool:
    """Whether `matchConstraints` (`need_rule`) or a binding's `matchResources` cover the request."""
    if request.subject.kind in _EXEMPT.get(request.subject.group, ()):
        return False
    match = mapping(resources)
    if not _labels_match(match, request):
        return False
    if any(_rule_matches(rule, request, match) for rule in mappings(match.get("excludeResourceRules"))):
        return False
    rules = mappings(match.get("resourceRules"))
    if not rules:
        return not need_rule
    return any(_rule_matches(rule, request, match) for rule in rules)


def _labels_match(match: dict[str, Any], request: AdmissionRequest) -> bool:
    in_namespace = bool(request.namespace)
    if in_namespace:
        selector = label_selector(match.get("namespaceSelector"), missing=EVERYTHING)
        labels = request.subject.labels if request.subject.kind == "Namespace" else request.namespace_labels
        if not selector.matches(labels):
            return False
    selector = label_selector(match.get("objectSelector"), missing=EVERYTHING)
    return any(one is not None and selector.matches(one.labels) for one in (request.object, request.old))


def _rule_matches(rule: dict[str, Any], request: AdmissionRequest, match: dict[str, Any]) -> bool:
    names = texts(rule.get("resourceNames"))
    if names and request.subject.name not in names:
        return False
    scope = rule.get("scope") or "*"
    namespaced = bool(request.subject.namespace)
    if scope != "*" and (scope == "Namespaced") is not namespaced:
        return False
    served = {request.version}
    if match.get("matchPolicy", "Equivalent") == "Equivalent":
        served |= _EQUIVALENT.get((request.subject.group, request.resource), frozenset())
    groups, versions = texts(rule.get("apiGroups")), texts(rule.get("apiVersions"))
    return (
        bool({"*", request.operation} & set(texts(rule.get("operations"))))
        and bool({"*", request.subject.group} & set(groups))
        and bool(({"*"} | served) & set(versions))
        and any(_resource_matches(pattern, request) for pattern in texts(rule.get("resources")))
    )


def _resource_matches(pattern: str, request: AdmissionRequest) -> bool:
    resource, _, subresource = pattern.partition("/")
    if resource not in ("*", request.resource):
        return False
    if pattern == "*":
        return not request.subresource
    return subresource in ("*", request.subresource)
