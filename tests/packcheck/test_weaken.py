"""Tests of `packcheck.weaken`: mutations that weaken Kubernetes objects."""

from __future__ import annotations

import json
from typing import Any

from trainer.manifests.model import path_text
from trainer.packcheck.weaken import weaken_edits


def edits(value: Any) -> dict[str, list[Any]]:
    before = json.dumps(value)
    found: dict[str, list[Any]] = {}
    for edit in weaken_edits(value):
        assert json.dumps(edit.value) != before
        found.setdefault(f"{edit.mutation} {path_text(edit.path)}", []).append(edit.value)
    assert json.dumps(value) == before
    return found


def test_roles_get_more() -> None:
    rule = {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}
    found = edits({"kind": "Role", "rules": [rule]})
    rules = [value["rules"] for values in found.values() for value in values]
    assert [rule, {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}] in rules
    assert [{**rule, "verbs": ["*"]}] in rules
    assert [{**rule, "verbs": ["get", "*"]}] in rules
    assert [{**rule, "resources": ["pods", "secrets"]}] in rules
    assert edits({"kind": "Role"}).keys() == {"widen rules[0]"}


def test_bindings_bind_more() -> None:
    binding = {
        "kind": "RoleBinding",
        "metadata": {"name": "a", "namespace": "sun"},
        "roleRef": {"kind": "Role", "name": "r"},
        "subjects": [{"kind": "User", "name": "jane"}],
    }
    found = edits(binding)
    names = [value["subjects"][1]["name"] for value in found["widen subjects[1]"]]
    assert names == ["system:authenticated", "system:unauthenticated", "system:serviceaccounts", "default"]
    assert found["widen roleRef"][0]["roleRef"]["name"] == "cluster-admin"
    assert found["widen kind"][0]["metadata"] == {"name": "a"}


def test_where_the_first_match_counts_neighbours_are_exchanged() -> None:
    policy = {"kind": "Policy", "rules": [{"level": "None"}, {"level": "Metadata"}]}
    assert edits(policy)["move rules[0]"][0]["rules"] == [{"level": "Metadata"}, {"level": "None"}]
    config = {
        "kind": "EncryptionConfiguration",
        "resources": [{"providers": [{"identity": {}}, {"aescbc": {}}]}],
    }
    assert edits(config)["move resources[0].providers[0]"][0]["resources"][0]["providers"][0] == {
        "aescbc": {}
    }


def test_odd_objects_do_not_break_it() -> None:
    odds: tuple[Any, ...] = (
        None,
        [],
        "x",
        {"kind": "Pod"},
        {"kind": "Pod", "spec": {"containers": ["x", None]}},
    )
    for odd in odds:
        assert edits(odd) == {}
    assert edits({"kind": "NetworkPolicy", "spec": {"ingress": [None]}})
    assert edits({"kind": "Role", "rules": ["x"]})
