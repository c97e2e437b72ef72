"""Tests of `simulate.custom.resources`: custom resources and their definition.

Expected is what an API server of v1.36 says (pkg/registry/customresource and pkg/apiserver/schema of
apiextensions-apiserver).
"""

from __future__ import annotations

import copy
from typing import Any

from tests.table import each_row
from trainer.manifests.model import Document, Manifest
from trainer.simulate.custom.resources import admit, resource_for, resources_of, update_problems
from trainer.versions import DEFAULT

ITEM = {
    "type": "object",
    "required": ["k"],
    "properties": {"k": {"type": "string"}, "n": {"type": "integer"}},
    "x-kubernetes-validations": [{"rule": "self.n >= oldSelf.n", "message": "n shrinks"}],
}
SPEC: dict[str, Any] = {
    "type": "object",
    "properties": {
        "n": {"type": "integer", "default": 1},
        "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
        "pod": {
            "type": "object",
            "x-kubernetes-embedded-resource": True,
            "x-kubernetes-preserve-unknown-fields": True,
        },
        "items": {
            "type": "array",
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["k"],
            "items": ITEM,
        },
        "first": {
            "type": "string",
            "x-kubernetes-validations": [
                {"rule": "!oldSelf.hasValue() || oldSelf.value() == self", "optionalOldSelf": True}
            ],
        },
    },
    "x-kubernetes-validations": [{"rule": "self.n < 10"}, {"rule": "10 / self.n > 0"}],
}


def made(data: dict[str, Any]) -> Manifest:
    return Manifest(data, Document(data, "a.yaml", 1, 1, {}))


def definition(scope: str = "Namespaced", **version: Any) -> Manifest:
    schema = {
        "openAPIV3Schema": {"type": "object", "properties": {"spec": SPEC, "status": {"type": "object"}}}
    }
    spec = {
        "group": "example.com",
        "scope": scope,
        "names": {"kind": "Widget"},
        "versions": [{"name": "v1", "served": True, "schema": schema, **version}],
    }
    return made({"kind": "CustomResourceDefinition", "spec": spec})


def widget(spec: dict[str, Any], **fields: Any) -> Manifest:
    data = {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "a"}, "spec": spec}
    return made(copy.deepcopy({**data, **fields}))


KNOWN = resources_of([definition()])


def refusals(manifest: Manifest) -> list[str]:
    resource = resource_for(manifest, KNOWN)
    assert resource is not None
    stored, problems = admit(manifest, resource, DEFAULT)
    assert (stored is None) == bool(problems)
    return [problem.location.path for problem in problems if problem.location]


def test_only_served_versions_are_known() -> None:
    assert list(KNOWN) == ["example.com/v1 Widget"]
    assert resources_of([definition(served=False), widget({})]) == {}
    assert resource_for(widget({}, apiVersion="example.com/v2"), KNOWN) is None


@each_row(
    ("spec", "paths"),
    [
        ({}, []),
        ({"n": 11}, ["spec", "spec"]),
        ({"n": 0}, ["spec"]),
        ({"n": "1"}, ["spec.n"]),
        ({"m": 1}, ["spec.m"]),
        ({"free": {"m": 1}}, []),
        ({"items": [{"k": "a"}, {"k": "b"}]}, []),
        ({"items": [{"k": "a"}, {"k": "a"}]}, ["spec.items[1]"]),
        ({"items": [{}]}, ["spec.items[0]"]),
        ({"first": "a"}, []),
        ({"pod": {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {"x": 1}}}, []),
        ({"pod": {"kind": "Pod"}}, ["spec.pod.apiVersion"]),
        (
            {"pod": {"apiVersion": "v1", "kind": "a b", "metadata": {"zz": 1}}},
            ["spec.pod.metadata.zz", "spec.pod.kind"],
        ),
    ],
)
def test_what_is_refused(spec: dict[str, Any], paths: list[str]) -> None:
    assert refusals(widget(spec)) == paths


def test_metadata_is_that_of_every_object() -> None:
    assert refusals(widget({}, metadata={"name": "A b"})) == ["metadata.name"]
    assert refusals(widget({}, metadata={"name": "a", "label": {}})) == ["metadata.label"]


def test_how_it_is_stored() -> None:
    status = definition("Cluster", subresources={"status": {}})
    [resource] = resources_of([status]).values()
    manifest = widget({}, metadata={"name": "a", "namespace": "x"}, status={"y": 1})
    stored, problems = admit(widget({}, status={}), KNOWN["example.com/v1 Widget"], DEFAULT)
    assert stored is not None
    assert (stored.namespace, stored.data["spec"], stored.data["status"]) == ("default", {"n": 1}, {})
    assert admit(manifest, resource, DEFAULT)[0] is None
    stored, problems = admit(
        widget({}, metadata={"name": "a", "namespace": "x"}, status={}), resource, DEFAULT
    )
    assert problems == []
    assert stored is not None
    assert (stored.namespace, "status" in stored.data) == ("", False)


@each_row(
    ("old", "new", "said"),
    [
        ({"items": [{"k": "a", "n": 2}]}, {"items": [{"k": "b", "n": 1}, {"k": "a", "n": 2}]}, ""),
        ({"items": [{"k": "a", "n": 2}]}, {"items": [{"k": "b", "n": 1}, {"k": "a", "n": 1}]}, "n shrinks"),
        ({"first": "a"}, {"first": "a"}, ""),
        ({"first": "a"}, {"first": "b"}, "failed rule"),
        ({}, {"first": "b"}, ""),
    ],
)
def test_rules_with_the_old_value(old: dict[str, Any], new: dict[str, Any], said: str) -> None:
    one, two = widget({"n": 1, **old}), widget({"n": 1, **new})
    found = [problem.message for problem in update_problems(one, two, KNOWN["example.com/v1 Widget"])]
    assert len(found) == bool(said)
    assert all(said in message for message in found)
