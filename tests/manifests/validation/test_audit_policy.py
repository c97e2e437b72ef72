"""Tests of `manifests.validation.audit_policy`: the audit Policy of the API server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row
from trainer.manifests.model import Document, Manifest
from trainer.manifests.validation import validate
from trainer.versions import DEFAULT, Version

Paths = Callable[..., list[str]]


@each_row(
    ("fields", "paths"),
    [
        ({"rules": [{"level": "Metadata"}]}, []),
        ({}, ["rules"]),
        ({"rules": [{"level": "metadata"}]}, ["rules[0].level"]),
        ({"rules": [{}]}, ["rules[0].level"]),
        ({"rules": [{"level": "None", "omitStages": ["RequestReceived"]}]}, []),
        ({"omitStages": ["Received"], "rules": [{"level": "None"}]}, ["omitStages[0]"]),
        ({"rules": [{"level": "None", "nonResourceURLs": ["/healthz*", "*"]}]}, []),
        (
            {"rules": [{"level": "None", "nonResourceURLs": ["healthz", "/a*b"]}]},
            ["rules[0].nonResourceURLs[0]", "rules[0].nonResourceURLs[1]"],
        ),
        (
            {"rules": [{"level": "None", "nonResourceURLs": ["/a"], "namespaces": ["b"]}]},
            ["rules[0].nonResourceURLs"],
        ),
        ({"rules": [{"level": "None", "resources": [{"group": "", "resources": ["pods"]}]}]}, []),
        ({"rules": [{"level": "None", "resources": [{"group": "A"}]}]}, ["rules[0].resources[0].group"]),
        (
            {"rules": [{"level": "None", "resources": [{"resourceNames": ["a"]}]}]},
            ["rules[0].resources[0].resources"],
        ),
    ],
)
def test_audit_policies(paths_of: Paths, fields: dict[str, Any], paths: list[str]) -> None:
    assert paths_of({"apiVersion": "audit.k8s.io/v1", "kind": "Policy", **fields}) == paths


@each_row(
    ("group", "version", "fix"),
    [
        ("apps/v1", DEFAULT, "Write `apps`."),
        ("apps_v1", DEFAULT, "Write `apps-v1`."),
        ("*", Version(1, 35), "Write an entry of `resources` for each API group."),
        ("*", Version(1, 36), ""),
        ("v1", DEFAULT, ""),
    ],
)
def test_groups_are_plain_names(group: str, version: Version, fix: str) -> None:
    rules = [{"level": "None", "resources": [{"group": group, "resources": ["deployments"]}]}]
    data = {"apiVersion": "audit.k8s.io/v1", "kind": "Policy", "rules": rules}
    found = validate(Manifest(data, Document(data, "a.yaml", 1, 1, {})), version)
    assert [problem.remedy for problem in found] == ([fix] if fix else [])
