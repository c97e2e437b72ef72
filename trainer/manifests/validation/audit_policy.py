"""The audit Policy of the API server: a file, no object of the API.

Follows apiserver pkg/apis/audit/validation/validation.go, and pkg/audit/policy/reader.go for a
policy without rules (v1.35).
"""

from __future__ import annotations

from typing import Any

from trainer.manifests.validation.collect import At, Map
from trainer.manifests.validation.names import dns_subdomain
from trainer.manifests.values import indexed, indexed_texts, items, text
from trainer.versions import Version

_LEVELS = ("None", "Metadata", "Request", "RequestResponse")
_STAGES = ("RequestReceived", "ResponseStarted", "ResponseComplete", "Panic")

_EVERY_GROUP = Version(1, 36)
"""From this version on, `group: "*"` means every group."""


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
            name = text(group.get("group"))
            if name and not (name == "*" and at.kubernetes >= _EVERY_GROUP):
                place.name("resources", which, "group", value=name, rule=dns_subdomain)
            if group.get("resourceNames") and not group.get("resources"):
                place.missing("resources", which, "resources", why="it goes with `resourceNames`")


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
            at.invalid("nonResourceURLs", index, value=url, why="`*` stands at the end only")


def _stages(at: At, value: Any) -> None:
    for index, stage in indexed_texts(value):
        at.choice("omitStages", index, value=stage, allowed=_STAGES, needed="it names a stage")
