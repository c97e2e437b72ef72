"""What an audit Policy records of a request: the level, the omitted stages, the deciding rule.

Follows https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/ and, for the details, the
checker, loader and validation of k8s.io/apiserver v1.35 (`pkg/audit/policy/checker.go`,
`pkg/audit/policy/reader.go`, `pkg/apis/audit/validation/validation.go`). `group: "*"` came with v1.36
(kubernetes/kubernetes pull request 135262): before, the server refuses to start with it.
"""

from __future__ import annotations

from typing import Any

import msgspec

from trainer.manifests.model import Manifest, Path
from trainer.manifests.validation.audit_policy import EVERY_GROUP_SINCE
from trainer.manifests.values import indexed, indexed_texts, mapping, mappings, texts
from trainer.patterns import regex
from trainer.simulate.access.requests import Request
from trainer.verdict import Location, Problem, Severity
from trainer.versions import DEFAULT, Version

LEVELS = ("None", "Metadata", "Request", "RequestResponse")
"""Audit levels, from nothing to everything."""

STAGES = ("RequestReceived", "ResponseStarted", "ResponseComplete", "Panic")

RULE_FIELDS = frozenset({"level", "users", "userGroups", "verbs", "resources", "namespaces"}) | frozenset(
    {"nonResourceURLs", "omitStages", "omitManagedFields"}
)
RESOURCE_FIELDS = frozenset({"group", "resources", "resourceNames"})
POLICY_FIELDS = frozenset({"apiVersion", "kind", "metadata", "rules", "omitStages", "omitManagedFields"})

_SUBDOMAIN = regex(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\Z")


class AuditDecision(msgspec.Struct, frozen=True):
    """How a request is recorded. `rule` is the 0-based index of the deciding rule, -1 if none matches."""

    level: str
    omit_stages: tuple[str, ...]
    omit_managed_fields: bool
    rule: int
    location: Location

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages at which an event is written: none at level None."""
        return () if self.level == "None" else tuple(s for s in STAGES if s not in self.omit_stages)


def decide(policy: Manifest, request: Request) -> AuditDecision:
    """The decision for one request: the first rule that matches, else level None."""
    rules = indexed(policy.data.get("rules"))
    return decided_by(policy, next((index for index, rule in rules if matches(rule, request)), -1))


def decided_by(policy: Manifest, index: int) -> AuditDecision:
    """The decision of one rule of a policy; -1 for a request that no rule matches."""
    omitted = texts(policy.data.get("omitStages"))
    omit_fields = policy.data.get("omitManagedFields") is True
    if index < 0:
        return AuditDecision("None", tuple(omitted), omit_fields, -1, policy.where("rules"))
    rule = mapping(policy.data["rules"][index])
    own = rule.get("omitManagedFields")
    return AuditDecision(
        level=str(rule.get("level", "")),
        omit_stages=tuple(dict.fromkeys((*omitted, *texts(rule.get("omitStages"))))),
        omit_managed_fields=own if isinstance(own, bool) else omit_fields,
        rule=index,
        location=policy.where("rules", index),
    )


def matches(rule: dict[str, Any], request: Request) -> bool:
    """Whether one rule matches a request."""
    users, groups = texts(rule.get("users")), texts(rule.get("userGroups"))
    if users and request.subject.user not in users:
        return False
    if groups and not any(group in groups for group in request.subject.groups):
        return False
    verbs = texts(rule.get("verbs"))
    if verbs and request.verb not in verbs:
        return False
    namespaces, resources = texts(rule.get("namespaces")), mappings(rule.get("resources"))
    if namespaces or resources:
        in_namespace = not namespaces or request.namespace in namespaces
        return request.is_resource and in_namespace and resources_match(resources, request)
    urls = texts(rule.get("nonResourceURLs"))
    if urls:
        return not request.is_resource and any(url_matches(request.path, url) for url in urls)
    return True


def resources_match(group_resources: list[dict[str, Any]], request: Request) -> bool:
    """Whether the `resources` of a rule include the request's resource; none include every resource."""
    return not group_resources or any(_matches_group(entry, request) for entry in group_resources)


def _matches_group(entry: dict[str, Any], request: Request) -> bool:
    if (entry.get("group") or "") not in (request.group, "*"):
        return False
    resources, names = texts(entry.get("resources")), texts(entry.get("resourceNames"))
    if not resources:
        return True
    if names and request.name not in names:
        return False
    return any(_matches_resource(pattern, request) for pattern in resources)


def _matches_resource(pattern: str, request: Request) -> bool:
    # As in the checker, `pods/*` also matches `pods` itself.
    combined = f"{request.resource}/{request.subresource}" if request.subresource else request.resource
    if pattern in (combined, "*"):
        return True
    if request.subresource and pattern == f"*/{request.subresource}":
        return True
    return pattern == f"{request.resource}/*"


def url_matches(path: str, pattern: str) -> bool:
    """Whether a non-resource path matches: exactly, or by a prefix that ends in `*`."""
    if pattern.endswith("*"):
        return path.startswith(pattern.rstrip("*"))
    return path == pattern


def problems_of(policy: Manifest, kubernetes: Version = DEFAULT) -> list[Problem]:
    """Why the API server would refuse to start with this policy (errors), and what it would ignore.

    The server falls back to lenient decoding for unknown fields and only logs a warning; the rule
    then matches more than it seems to. Such fields are warnings here.
    """
    found = [
        _warning(policy, f"`{name}` is not a field of an audit Policy: the API server ignores it", name)
        for name in policy.data
        if name not in POLICY_FIELDS
    ]
    if policy.api_version != "audit.k8s.io/v1" or policy.kind != "Policy":
        message = f"an audit policy is `kind: Policy` of `audit.k8s.io/v1`, not {policy.kind} of "
        found.append(
            Problem(message + (policy.api_version or "nothing"), location=policy.where("apiVersion"))
        )
    rules = mappings(policy.data.get("rules"))
    if not rules:
        message = "the policy has no rules"
        found.append(Problem(message, location=policy.where("rules")))
    for index, rule in enumerate(rules):
        found += _rule_problems(policy, ("rules", index), rule, kubernetes)
    return found + _stage_problems(policy, (), policy.data)


def _rule_problems(policy: Manifest, path: Path, rule: dict[str, Any], kubernetes: Version) -> list[Problem]:
    found = [
        _warning(policy, f"`{name}` is not a field of an audit rule: the API server ignores it", *path, name)
        for name in rule
        if name not in RULE_FIELDS
    ]

    def refuse(message: str, *where: str | int) -> None:
        found.append(Problem(message, location=policy.where(*path, *where)))

    level = rule.get("level")
    if not level:
        refuse("every rule needs a level: None, Metadata, Request or RequestResponse", "level")
    elif level not in LEVELS:
        refuse(f"{level!r} is not a level: write None, Metadata, Request or RequestResponse", "level")
    urls = texts(rule.get("nonResourceURLs"))
    if urls and (mappings(rule.get("resources")) or texts(rule.get("namespaces"))):
        refuse("a rule is either for resources and namespaces, or for nonResourceURLs", "nonResourceURLs")
    for index, url in enumerate(urls):
        if url != "*" and not url.startswith("/"):
            refuse(f"{url!r} must start with a slash", "nonResourceURLs", index)
        elif "*" in url[:-1]:
            refuse(f"{url!r}: a wildcard is allowed only at the end", "nonResourceURLs", index)
    for index, entry in indexed(rule.get("resources")):
        found += _resource_problems(policy, (*path, "resources", index), entry, kubernetes)
    return found + _stage_problems(policy, path, rule)


def _resource_problems(
    policy: Manifest, path: Path, entry: dict[str, Any], kubernetes: Version
) -> list[Problem]:
    found = [
        _warning(
            policy,
            f"`{name}` is not a field of `resources`: the API server ignores it, and the rule matches more",
            *path,
            name,
        )
        for name in entry
        if name not in RESOURCE_FIELDS
    ]
    group = entry.get("group") or ""
    everything = group == "*" and kubernetes >= EVERY_GROUP_SINCE
    if (
        group
        and not everything
        and not (isinstance(group, str) and len(group) <= 253 and _SUBDOMAIN.match(group))
    ):
        message = f"{group!r} is not an API group: write its plain name, without version or wildcard"
        found.append(Problem(message, location=policy.where(*path, "group")))
    if texts(entry.get("resourceNames")) and not texts(entry.get("resources")):
        message = "resourceNames need at least one resource"
        found.append(Problem(message, location=policy.where(*path, "resourceNames")))
    return found


def _stage_problems(policy: Manifest, path: Path, owner: dict[str, Any]) -> list[Problem]:
    return [
        Problem(
            f"{stage!r} is not a stage: write {', '.join(STAGES)}",
            location=policy.where(*path, "omitStages", index),
        )
        for index, stage in indexed_texts(owner.get("omitStages"))
        if stage not in STAGES
    ]


def _warning(policy: Manifest, message: str, *path: str | int) -> Problem:
    return Problem(message, Severity.WARNING, policy.where(*path))
