"""Tests of `packcheck.weaken_rules`: further verbs and resources in rules about requests."""

from __future__ import annotations

from typing import Any

from tests.table import each_row
from trainer.manifests.model import path_text
from trainer.packcheck.weaken_rules import rule_edits


def edits(value: Any) -> list[tuple[str, str, str]]:
    return [(path_text(edit.path), edit.mutation, edit.what) for edit in rule_edits(value)]


def role(kind: str = "Role", **rule: Any) -> dict[str, Any]:
    return {"kind": kind, "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"], **rule}]}


def test_a_role_gets_what_exists() -> None:
    found = edits(role())
    assert ("rules[0].verbs[1]", "add", "`create` added") in found
    assert ("rules[0].resources[1]", "add", "`pods/exec` added") in found
    assert ("rules[0].resources[1]", "add", "`secrets` added") in found
    assert ("rules[0].verbs", "widen", 'set to ["*"]') in found
    assert not [what for _, _, what in found if "x`" in what or "`get`" in what]


def test_a_wildcard_gets_no_more() -> None:
    found = edits(role(verbs=["*"], resources=["*"]))
    assert {path for path, *_ in found} == {"rules[0].apiGroups", "rules[0].apiGroups[1]", "rules[1]"}


def test_urls_are_for_cluster_roles() -> None:
    url = ("rules[1]", "widen", '{"nonResourceURLs": ["*"], "verbs": ["get"]} added')
    assert url not in edits(role())
    assert url in edits(role("ClusterRole"))


def test_an_audit_policy() -> None:
    resources = {"group": "", "resources": ["pods", "secrets"]}
    found = edits(
        {"kind": "Policy", "rules": [{"level": "None", "verbs": ["get"], "resources": [resources]}]}
    )
    assert ("rules[0].verbs[1]", "add", "`deletecollection` added") in found
    assert ("rules[0].resources[0].resources[2]", "add", "`pods/exec` added") in found
    assert ("rules[0].resources[0].resources[2]", "add", "`pods/*` added") in found
    assert not [what for *_, what in found if "secrets" in what]
    assert edits({"kind": "Policy", "rules": [{"level": "None"}, {"resources": [{"group": "apps"}]}]}) == []


def test_encryption() -> None:
    value = {
        "kind": "EncryptionConfiguration",
        "resources": [{"resources": ["secrets"]}, {"resources": ["*.*"]}],
    }
    assert ("resources[0].resources[1]", "add", "`leases.coordination.k8s.io` added") in edits(value)


def test_admission() -> None:
    rules = [{"apiGroups": [""], "resources": ["pods"], "operations": ["CREATE"]}]
    value = {"kind": "ValidatingAdmissionPolicy", "spec": {"matchConstraints": {"resourceRules": rules}}}
    place = "spec.matchConstraints.resourceRules[0].resources[1]"
    found = edits(value)
    assert {(place, "add", f"`{one}` added") for one in ("pods/exec", "secrets", "pods/*", "*")} <= set(found)


@each_row(
    "value",
    [
        {"kind": "Pod", "rules": [{"verbs": ["get"]}]},
        {"kind": "Policy"},
        {"kind": "Policy", "rules": "x"},
        {"kind": "EncryptionConfiguration", "resources": [None, {"resources": "x"}]},
        {"kind": "ValidatingAdmissionPolicy", "spec": []},
    ],
)
def test_nothing_of_that_form(value: Any) -> None:
    assert edits(value) == []
