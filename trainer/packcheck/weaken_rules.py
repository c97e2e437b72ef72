"""Mutations of rules about requests: RBAC, audit, admission and encryption, with more verbs and resources.

What is added exists: a verb or resource that doesn't exist changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trainer.manifests.model import Path
from trainer.manifests.values import items_at, mapping
from trainer.packcheck.grants import further_resources, further_verbs, with_subresources
from trainer.packcheck.tree import Edit, appended, widened, widened_list

WORDS = ("verbs", "resources", "apiGroups", "apiVersions")
"""Lists whose items are words of the API."""

KINDS = ("Role", "ClusterRole", "Policy", "EncryptionConfiguration", "ValidatingAdmissionPolicy")
"""Kinds that have such lists."""

_ALL_RULE = {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}
_SECRETS_RULE = {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "list"]}
_URL_RULE = {"nonResourceURLs": ["*"], "verbs": ["get"]}
_VERBS = ("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection")
_STORED = ("configmaps", "events", "leases.coordination.k8s.io", "deployments.apps")
"""Resources of several groups that etcd holds."""


def rule_edits(value: Any) -> Iterator[Edit]:
    """All further verbs and resources of one object; nothing for kinds without such rules."""
    kind = value.get("kind")
    if kind in ("Role", "ClusterRole"):
        yield from _role(value)
    elif kind == "Policy":
        yield from _audit(value)
    elif kind == "EncryptionConfiguration":
        for index, _ in enumerate(items_at(value, "resources")):
            yield from _more(value, ("resources", index, "resources"), _STORED)
    elif kind == "ValidatingAdmissionPolicy":
        place: Path = ("spec", "matchConstraints", "resourceRules")
        constraints = mapping(mapping(value.get("spec")).get("matchConstraints"))
        for index, rule in enumerate(items_at(constraints, "resourceRules")):
            groups, resources = _texts(rule, "apiGroups"), _texts(rule, "resources")
            further = [*further_resources(groups, resources), *with_subresources(groups, resources), "*"]
            yield from _more(value, (*place, index, "resources"), further)


def _role(value: Any) -> Iterator[Edit]:
    for index, rule in enumerate(items_at(value, "rules")):
        path: Path = ("rules", index)
        for field in ("verbs", "resources", "apiGroups"):
            items = mapping(rule).get(field)
            if isinstance(items, list) and "*" not in items:
                yield widened(value, (*path, field), ["*"])
                yield widened_list(value, (*path, field), "*")
        groups, resources, verbs = (_texts(rule, field) for field in ("apiGroups", "resources", "verbs"))
        yield from _more(value, (*path, "verbs"), further_verbs(groups, resources, verbs))
        yield from _more(value, (*path, "resources"), further_resources(groups, resources))
    rules = [_ALL_RULE, _SECRETS_RULE, *([_URL_RULE] if value.get("kind") == "ClusterRole" else [])]
    yield from (widened_list(value, ("rules",), rule) for rule in rules)


def _audit(value: Any) -> Iterator[Edit]:
    for index, rule in enumerate(items_at(value, "rules")):
        path: Path = ("rules", index)
        if _texts(rule, "verbs"):
            yield from _more(value, (*path, "verbs"), _VERBS)
        for place, entry in enumerate(items_at(mapping(rule), "resources")):
            resources = _texts(entry, "resources")
            if resources:
                group = [str(mapping(entry).get("group", ""))]
                further = [*further_resources(group, resources), *with_subresources(group, resources)]
                yield from _more(value, (*path, "resources", place, "resources"), further)


def _more(value: Any, path: Path, items: Any) -> Iterator[Edit]:
    """The list at a path with each of the items that it doesn't have."""
    listed: Any = value
    for step in path:
        listed = listed[step] if isinstance(step, int) else mapping(listed).get(step)
    if not isinstance(listed, list) or "*" in listed:
        return
    for item in dict.fromkeys(items):
        if item not in listed:
            yield Edit((*path, len(listed)), "add", f"`{item}` added", appended(value, path, item))


def _texts(rule: Any, field: str) -> list[str]:
    return [item for item in items_at(mapping(rule), field) if isinstance(item, str)]
