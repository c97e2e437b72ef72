"""Family `rbac`: the authorizer, the subject locator, the rule resolver and the escalation check."""

from __future__ import annotations

from typing import Any

from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.access.authorizer import Authorizer, covers
from trainer.simulate.access.policy_rules import PolicyRule, rules_of, url_covers
from trainer.simulate.access.requests import Identity, Request


def judge(case: dict[str, Any]) -> str | None:
    """None where we agree with the case, else what we say instead."""
    return _JUDGES[case["kind"]](case)


def _manifests(case: dict[str, Any]) -> list[Manifest]:
    return [
        Manifest(document.value, document)
        for name, text in case["files"].items()
        for document in parse(text.encode(), name).documents
    ]


def _request(asked: dict[str, Any]) -> Request:
    identity = Identity(asked.get("user", ""), tuple(asked.get("groups") or ()))
    if asked.get("nonResourceURL"):
        return Request(identity, asked["verb"], path=asked["nonResourceURL"])
    return Request(
        identity,
        asked.get("verb", ""),
        asked.get("resource", ""),
        asked.get("apiGroup", ""),
        asked.get("subresource", ""),
        asked.get("namespace", ""),
        asked.get("name", ""),
    )


def _can_i(case: dict[str, Any]) -> str | None:
    access = Authorizer(_manifests(case)).decide(_request(case["request"]))
    said = "allow" if access.allowed else "deny"
    return None if said == case["expected"] else said


def _who_can(case: dict[str, Any]) -> str | None:
    found = Authorizer(_manifests(case)).who_can(_request(case["request"]))
    said = {(subject.kind, subject.name, subject.namespace) for subject in found}
    expected = {(s["kind"], s["name"], s.get("namespace", "")) for s in case["expected_subjects"]}
    return None if said == expected else str(sorted(said))


def _rules_for(case: dict[str, Any]) -> str | None:
    found = Authorizer(_manifests(case)).rules_for(_request(case["request"]))
    said = sorted(_plain(rule) for rule in found)
    expected = sorted(_written(rule) for rule in case["expected_rules"])
    return None if said == expected else str(said)


def _escalation(case: dict[str, Any]) -> str | None:
    roles = {manifest.name: rules_of(manifest) for manifest in _manifests(case)}
    said = "not-covered" if covers(roles["owner"], roles["servant"]) else "covered"
    return None if said == case["expected"] else said


def _url_match(case: dict[str, Any]) -> str | None:
    said = "covered" if url_covers(case["request"]["rule"], case["request"]["path"]) else "not-covered"
    return None if said == case["expected"] else said


def _plain(rule: PolicyRule) -> tuple[tuple[str, ...], ...]:
    return rule.verbs, rule.groups, rule.resources, rule.names, rule.urls


def _written(rule: dict[str, Any]) -> tuple[tuple[str, ...], ...]:
    fields = ("verbs", "apiGroups", "resources", "resourceNames", "nonResourceURLs")
    return tuple(tuple(rule.get(field) or ()) for field in fields)


_JUDGES = {
    "can-i": _can_i,
    "who-can": _who_can,
    "rules-for": _rules_for,
    "escalation": _escalation,
    "url-match": _url_match,
}
