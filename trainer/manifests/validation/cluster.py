"""Small kinds: Namespace, Node, Lease, reviews, ControllerRevision, APIService.

Follows the validation of Kubernetes pkg/apis/core, coordination, authorization, apps and
kube-aggregator (v1.35).
"""

from __future__ import annotations

from trainer.manifests.validation.addresses import check_cidr
from trainer.manifests.validation.collect import At, Map
from trainer.manifests.validation.meta import finalizer, label_key
from trainer.manifests.validation.names import dns_label_1035, dns_subdomain, label_value
from trainer.manifests.validation.scheduling import EFFECTS
from trainer.manifests.values import indexed, indexed_texts, items, mapping, number, text


def namespace(at: At, data: Map) -> None:
    """A Namespace (`ValidateNamespace`)."""
    for index, name in indexed_texts(mapping(data.get("spec")).get("finalizers")):
        finalizer(at.to("spec", "finalizers"), name, index)


def node(at: At, data: Map) -> None:
    """A Node (`ValidateNode`)."""
    spec = mapping(data.get("spec"))
    seen: set[tuple[str, str]] = set()
    for index, taint in indexed(spec.get("taints")):
        place = at.to("spec", "taints", index)
        key, effect = text(taint.get("key")), text(taint.get("effect"))
        label_key(place, key, "key")
        if label_value(text(taint.get("value"))):
            place.invalid("value", value=taint.get("value"), why=label_value(text(taint.get("value"))))
        place.choice("effect", value=effect, allowed=EFFECTS, needed="a taint says what it does")
        if (key, effect) in seen:
            place.duplicate("key", value=key, why="a key has one taint of each effect")
        seen.add((key, effect))
    single, cidrs = text(spec.get("podCIDR")), indexed_texts(spec.get("podCIDRs"))
    if single and (not cidrs or cidrs[0][1] != single):  # the old field replaces others (conversion.go)
        check_cidr(at.to("spec", "podCIDR"), single)
        return
    for index, cidr in cidrs:
        check_cidr(at.to("spec", "podCIDRs", index), cidr)


def lease(at: At, data: Map) -> None:
    """A Lease (`ValidateLeaseSpec`)."""
    spec = mapping(data.get("spec"))
    at.at_least("spec", "leaseDurationSeconds", value=number(spec.get("leaseDurationSeconds")), least=1)
    at.at_least("spec", "leaseTransitions", value=number(spec.get("leaseTransitions")))


def subject_access_review(at: At, data: Map) -> None:
    """A SubjectAccessReview (`ValidateSubjectAccessReviewSpec`)."""
    spec = mapping(data.get("spec"))
    if not text(spec.get("user")) and not items(spec.get("groups")):
        at.missing("spec", "user", why="it names the subject of the review: `user`, `groups` or both")
    _question(at, data)


def self_subject_access_review(at: At, data: Map) -> None:
    """A SelfSubjectAccessReview (`ValidateSelfSubjectAccessReviewSpec`)."""
    _question(at, data)


def local_subject_access_review(at: At, data: Map) -> None:
    """A LocalSubjectAccessReview (`ValidateLocalSubjectAccessReview`)."""
    subject_access_review(at, data)
    spec = mapping(data.get("spec"))
    attributes = mapping(spec.get("resourceAttributes"))
    if spec.get("nonResourceAttributes") is not None:
        at.forbidden("spec", "nonResourceAttributes", why="a local review is about a namespace")
    inside, outside = text(attributes.get("namespace")), text(mapping(data.get("metadata")).get("namespace"))
    if attributes and outside and inside != outside:
        why = f"it must be the review's own namespace, `{outside}`"
        at.invalid("spec", "resourceAttributes", "namespace", value=inside, why=why)


def _question(at: At, data: Map) -> None:
    spec = mapping(data.get("spec"))
    resource, url = spec.get("resourceAttributes"), spec.get("nonResourceAttributes")
    if (resource is None) == (url is None):
        at.say("A review asks about `resourceAttributes` or `nonResourceAttributes`: one of them.", "spec")


def token_review(at: At, data: Map) -> None:
    """A TokenReview."""
    if not text(mapping(data.get("spec")).get("token")):
        at.missing("spec", "token", why="it is the token to be checked")


def controller_revision(at: At, data: Map) -> None:
    """A ControllerRevision (`ValidateControllerRevision`)."""
    if data.get("data") is None:
        at.missing("data", why="a revision holds data")
    at.at_least("revision", value=data.get("revision"))


def api_service(at: At, data: Map) -> None:
    """An APIService (`ValidateAPIService`)."""
    spec = mapping(data.get("spec"))
    place = at / "spec"
    group, version = text(spec.get("group")), text(spec.get("version"))
    name = text(mapping(data.get("metadata")).get("name"))
    if name and name != f"{version}.{group}":
        at.invalid("metadata", "name", value=name, why=f"it must be version and group, `{version}.{group}`")
    if group:
        place.name("group", value=group, rule=dns_subdomain)
    if not version:
        place.missing("version", why="it says which version is served")
    else:
        place.name("version", value=version, rule=dns_label_1035)
    for field, most in (("groupPriorityMinimum", 20000), ("versionPriority", 1000)):
        value = number(spec.get(field)) or 0
        if not 0 < value <= most:
            place.invalid(field, value=value, why=f"it is a number from 1 to {most}")
    service = spec.get("service")
    if isinstance(service, dict):
        for field in ("name", "namespace"):
            if not text(service.get(field)):
                place.missing("service", field, why="a Service is named by name and namespace")
    elif spec.get("caBundle"):
        place.forbidden("caBundle", why="a local API needs none")
    if spec.get("insecureSkipTLSVerify") is True and spec.get("caBundle"):
        place.forbidden("insecureSkipTLSVerify", why="there is a `caBundle`")
