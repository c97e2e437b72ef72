"""The audit Policy of the API server: a file, no object of the API.

Follows apiserver pkg/apis/audit/validation/validation.go, and pkg/audit/policy/reader.go for a
policy without rules (v1.35). `group: "*"` came with v1.36 (kubernetes/kubernetes pull request 135262).
"""

from __future__ import annotations

from typing import Any

from trainer.manifests.validation.collect import At, Map
from trainer.manifests.validation.names import dns_subdomain
from trainer.manifests.values import indexed, indexed_texts, items, text
from trainer.versions import Version

_LEVELS = ("None", "Metadata", "Request", "RequestResponse")
EVERY_GROUP_SINCE = Version(1, 36)
"""From this version on, `group: "*"` means every group."""
_STAGES = ("RequestReceived", "ResponseStarted", "ResponseComplete", "Panic")


def audit_policy(at: At, data: Map) -> None:
    """An audit Policy (`ValidatePolicy`)."""
    _stages(at, data.get("omitStages"))
    if not items(data.get("rules")):
        at.missing("rules", why="a policy has at least one rule")
    for index, rule in indexed(data.get("rules")):
        place = at.to("rules", index)
        place.choice(
            "level", value=rule.get("level"), allowed=_LEVELS, needed="a rule says how much is logged"
        )
        _stages(place, rule.get("omitStages"))
        _urls(place, rule)
        for which, group in indexed(rule.get("resources")):
            _group(place.to("resources", which, "group"), text(group.get("group")))
            if group.get("resourceNames") and not group.get("resources"):
                place.missing("resources", which, "resources", why="it goes with `resourceNames`")


def _group(at: At, group: str) -> None:
    """An API group: a plain name, or from v1.36 on `*` for all."""
    plain, slash, _ = group.partition("/")
    if group == "*":
        if at.kubernetes < EVERY_GROUP_SINCE:
            why = f"an API server before {EVERY_GROUP_SINCE} doesn't start with it"
            at.invalid(value=group, why=why, fix="Write an entry of `resources` for each API group.")
    elif slash and plain and not dns_subdomain(plain):
        at.invalid(value=group, why="a group has no version", fix=f"Write `{plain}`.")
    elif group:
        at.name(value=group, rule=dns_subdomain)


def _urls(at: At, rule: Map) -> None:
    urls = rule.get("nonResourceURLs")
    if urls and (rule.get("resources") or rule.get("namespaces")):
        at.forbidden("nonResourceURLs", why="a rule is either for resources or for URLs")
    for index, url in indexed_texts(urls):
        if url == "*":
            continue
        if not url.startswith("/"):
            at.invalid("nonResourceURLs", index, value=url, why="a URL's path starts with `/`")
        elif "*" in url[:-1]:
            at.invalid("nonResourceURLs", index, value=url, why="`*` is allowed at the end only")


def _stages(at: At, value: Any) -> None:
    for index, stage in indexed_texts(value):
        at.choice("omitStages", index, value=stage, allowed=_STAGES, needed="it names a stage")
