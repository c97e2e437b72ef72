"""Plain forms: nulls, whole floats, server-written fields."""

from __future__ import annotations

import pytest

from trainer.manifests.defaults.plain import (
    copied,
    fill,
    made_mapping,
    normalised,
    without_server_fields,
)
from trainer.manifests.model import Document, Manifest
from trainer.manifests.schema.data import schema_for
from trainer.versions import DEFAULT


def test_copied_shares_no_container() -> None:
    value = {"a": [{"b": 1}], "c": None}
    copy = copied(value)
    assert copy == value
    copy["a"][0]["b"] = 2
    assert value == {"a": [{"b": 1}], "c": None}


@pytest.mark.parametrize(
    ("name", "value", "plain"),
    [
        (
            "core.v1.Container",
            {"name": "a", "command": None, "args": ["x", None]},
            {"name": "a", "args": ["x", ""]},
        ),
        ("core.v1.PodSecurityContext", {"runAsUser": 1000.0, "fsGroup": None}, {"runAsUser": 1000}),
        ("core.v1.HTTPGetAction", {"port": 80.0}, {"port": 80}),
        ("core.v1.ResourceRequirements", {"limits": {"cpu": 1.0}}, {"limits": {"cpu": 1.0}}),
        ("meta.v1.LabelSelector", {"matchLabels": {"a": None}}, {"matchLabels": {"a": ""}}),
        ("core.v1.PodSpec", {"containers": [None], "volumes": None}, {"containers": [{}]}),
        (
            "core.v1.PodSpec",
            {"unheard": {"a": None}, "containers": "x"},
            {"unheard": {"a": None}, "containers": "x"},
        ),
    ],
)
def test_normalised(name: str, value: object, plain: object) -> None:
    schema = schema_for(DEFAULT)
    assert normalised(schema, schema.node(name), value) == plain


def test_without_server_fields_is_what_one_would_apply() -> None:
    data = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {
            "name": "a",
            "uid": "1",
            "resourceVersion": "2",
            "generation": 1,
            "creationTimestamp": "2026-01-01T00:00:00Z",
            "managedFields": [{}],
            "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}"},
        },
        "spec": {"template": {"metadata": {"creationTimestamp": None, "labels": {"a": "b"}}}},
        "status": {"replicas": 1},
    }
    manifest = Manifest(data, Document(data, "a.yaml", 1, 1, {}))
    assert without_server_fields(manifest).data == {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "a"},
        "spec": {"template": {"metadata": {"labels": {"a": "b"}}}},
    }
    assert "status" in data


def test_other_annotations_stay() -> None:
    last = "kubectl.kubernetes.io/last-applied-configuration"
    data = {"kind": "Pod", "metadata": {"annotations": {last: "{}", "a": "b"}}}
    manifest = Manifest(data, Document(data, "a.yaml", 1, 1, {}))
    assert without_server_fields(manifest).metadata == {"annotations": {"a": "b"}}


def test_fields_are_filled_where_they_are_missing() -> None:
    value = {"a": {"b": 1}, "e": "", "f": None}
    made = made_mapping(value, "g")
    made["h"] = 1
    assert value["g"] == {"h": 1}
    assert made_mapping(value, "a") is value["a"]
    assert made_mapping(value, "e") == {}
    fill(value, a=1, e="x", f=2, h=3)
    assert value["a"] == {"b": 1}
    assert (value["e"], value["f"], value["h"]) == ("x", 2, 3)
