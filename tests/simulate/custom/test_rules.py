"""Tests of `simulate.custom.rules`: which rules of a CustomResourceDefinition compile (v1.36)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.table import each_row
from trainer.errors import NotJudged
from trainer.manifests.model import Document, Manifest
from trainer.simulate.custom.rules import problems_of

SIZE = {"type": "integer"}
PORT = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "port": SIZE}}
SPEC = {
    "type": "object",
    "properties": {
        "size": SIZE,
        "mode": {"type": "string"},
        "since": {"type": "string", "format": "date-time"},
        "either": {"x-kubernetes-int-or-string": True},
        "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "ports": {"type": "array", "items": PORT},
    },
}


def definition(spec: dict[str, Any], *root_rules: dict[str, Any]) -> Manifest:
    schema: dict[str, Any] = {"type": "object", "properties": {"spec": spec}}
    if root_rules:
        schema["x-kubernetes-validations"] = list(root_rules)
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    data = {"kind": "CustomResourceDefinition", "spec": {"versions": [version]}}
    return Manifest(data, Document(data, "a.yaml", 1, 1, {}))


def paths(manifest: Manifest) -> list[str]:
    base = "spec.versions[0].schema.openAPIV3Schema."
    return [one.location.path.removeprefix(base) for one in problems_of(manifest) if one.location]


@each_row(
    ("rule", "good"),
    [
        ({"rule": "self.size > 0"}, True),
        ({"rule": "self.size"}, False),
        ({"rule": "0"}, False),
        ({"rule": "self.other > 0"}, False),
        ({"rule": "self.size > "}, False),
        ({"rule": "self.mode > 0"}, False),
        ({"rule": "self.size > 0", "messageExpression": "'size is ' + string(self.size)"}, True),
        ({"rule": "self.size > 0", "messageExpression": "self.size"}, False),
        ({"rule": "self.either == 5 || self.either == '5'"}, True),
        ({"rule": "has(self.free.a)"}, False),
        ({"rule": "has(self.free)"}, True),
        ({"rule": "self.labels.all(key, key.startsWith('a') && self.labels[key] != '')"}, True),
        ({"rule": "self.ports.all(port, port.port > 0 && port.name.size() < 5)"}, True),
        ({"rule": "self.ports.exists(port, port.protocol == 'TCP')"}, False),
        ({"rule": "self.since < timestamp('2026-01-01T00:00:00Z')"}, True),
        ({"rule": "self.size == oldSelf.size"}, True),
        ({"rule": "self.size == oldSelf.size", "optionalOldSelf": True}, False),
        ({"rule": "!oldSelf.hasValue() || oldSelf.value().size <= self.size", "optionalOldSelf": True}, True),
        ({"rule": "self.size > 0", "optionalOldSelf": False}, False),
        ({"rule": "object.size > 0"}, False),
        ({"rule": "[3, 1].sort()[0] == 1"}, True),
    ],
)
def test_rules_of_a_field(rule: dict[str, Any], good: bool) -> None:
    field = "messageExpression" if "messageExpression" in rule else "rule"
    found = paths(definition({**SPEC, "x-kubernetes-validations": [rule]}))
    assert found == ([] if good else [f"properties.spec.x-kubernetes-validations[0].{field}"])


def test_rules_of_the_whole_resource_see_its_name() -> None:
    good = {"rule": "self.metadata.name == self.spec.mode && self.kind != ''"}
    assert paths(definition(SPEC, good)) == []
    assert paths(definition(SPEC, good, {"rule": "self.size > 0"})) == ["x-kubernetes-validations[1].rule"]


@each_row(
    ("extra", "good"),
    [
        ({}, False),
        ({"x-kubernetes-list-type": "atomic"}, False),
        ({"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"]}, True),
    ],
)
def test_the_old_value_of_an_item_is_known_by_its_key_only(extra: dict[str, Any], good: bool) -> None:
    item = {**PORT, "x-kubernetes-validations": [{"rule": "self.port >= oldSelf.port"}]}
    spec = {"type": "object", "properties": {"ports": {"type": "array", "items": item, **extra}}}
    assert (paths(definition(spec)) == []) == good


def test_rules_need_a_type() -> None:
    spec = {"x-kubernetes-preserve-unknown-fields": True, "x-kubernetes-validations": [{"rule": "true"}]}
    assert paths(definition(spec)) == ["properties.spec.x-kubernetes-validations[0].rule"]


def test_what_is_outside_the_subset_is_not_judged() -> None:
    deep = "(" * 100 + "true" + ")" * 100
    with pytest.raises(NotJudged):
        problems_of(definition({**SPEC, "x-kubernetes-validations": [{"rule": deep}]}))
