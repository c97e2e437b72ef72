"""The generator of the reduced schemas, on a small OpenAPI."""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tools import generate_schema
from tools.generate_schema import CLUSTER_SCOPED, NAMESPACED, main, reduced, type_text
from trainer.manifests.schema.data import schema_for
from trainer.versions import SUPPORTED, Version

CORE = "io.k8s.api.core.v1"
DEFINITIONS: dict[str, Any] = {
    f"{CORE}.Pod": {
        "properties": {
            "spec": {"$ref": f"#/$defs/{CORE}.PodSpec"},
            "status": {"additionalProperties": {"type": "string"}, "type": ["object", "null"]},
        },
        "x-kubernetes-group-version-kind": [{"group": "", "version": "v1", "kind": "Pod"}],
    },
    f"{CORE}.PodList": {
        "properties": {"items": {"type": "array", "items": {"$ref": f"#/$defs/{CORE}.Pod"}}},
        "x-kubernetes-group-version-kind": [{"group": "", "version": "v1", "kind": "PodList"}],
    },
    f"{CORE}.PodSpec": {
        "required": ["ports"],
        "properties": {
            "ports": {
                "type": ["array", "null"],
                "items": {"$ref": f"#/$defs/{CORE}.Port"},
                "x-kubernetes-list-map-keys": ["port", "protocol"],
            },
            "names": {
                "type": "array",
                "items": {"$ref": f"#/$defs/{CORE}.Port"},
                "x-kubernetes-patch-merge-key": "name",
            },
            "ids": {"type": "array", "items": {"type": "string"}, "x-kubernetes-list-type": "set"},
        },
    },
    f"{CORE}.Port": {"properties": {"port": {"format": "int32", "type": ["integer", "null"]}}},
    f"{CORE}.Unused": {"properties": {}},
    "io.k8s.api.node.v1alpha1.New": {
        "properties": {},
        "x-kubernetes-group-version-kind": [{"group": "node.k8s.io", "version": "v1alpha1", "kind": "New"}],
    },
    "io.k8s.api.core.v1.Namespace": {
        "properties": {},
        "x-kubernetes-group-version-kind": [{"group": "", "version": "v1", "kind": "Namespace"}],
    },
}


def test_reduced_keeps_what_served_kinds_reach() -> None:
    assert reduced(DEFINITIONS, "1.40") == {
        "kubernetes": "1.40",
        "kinds": {
            "v1 Pod": ["core.v1.Pod", "Namespaced"],
            "v1 Namespace": ["core.v1.Namespace", "Cluster"],
            "node.k8s.io/v1alpha1 New": ["", "Namespaced"],
        },
        "types": {
            "core.v1.Pod": {"spec": "core.v1.PodSpec", "status": "{}string"},
            "core.v1.PodSpec": {
                "ports": "![port,protocol]core.v1.Port",
                "names": "[name]core.v1.Port",
                "ids": "[=]string",
            },
            "core.v1.Port": {"port": "int32"},
            "core.v1.Namespace": {},
        },
    }


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"$ref": "#/$defs/io.k8s.apimachinery.pkg.api.resource.Quantity"}, "quantity"),
        ({"$ref": "#/definitions/io.k8s.apimachinery.pkg.runtime.RawExtension"}, "any"),
        ({"type": "string", "format": "byte"}, "bytes"),
        ({"type": "number", "format": "double"}, "number"),
        ({"type": "integer"}, "int64"),
        ({"type": "object"}, "any"),
        ({}, "any"),
        ({"type": "array", "items": {"type": "array", "items": {"type": "boolean"}}}, "[][]bool"),
    ],
)
def test_type_text(value: dict[str, Any], text: str) -> None:
    assert type_text(value, []) == text


def test_one_command_writes_a_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wheel = tmp_path / "kubernetes_validate-1.40.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("x/v1.40.0-local/_definitions.json", json.dumps({"$defs": DEFINITIONS}))
    monkeypatch.setattr(generate_schema, "FOLDER", tmp_path)
    monkeypatch.setattr(sys, "argv", ["generate_schema", "1.40", "--wheel", str(wheel)])
    assert main() == 0
    assert (tmp_path / "v1.40.json.gz").is_file()
    assert "New is new: taken for namespaced" in capsys.readouterr().out


def test_a_wheel_without_the_version_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = tmp_path / "empty.whl"
    zipfile.ZipFile(wheel, "w").close()
    monkeypatch.setattr(sys, "argv", ["generate_schema", "1.40", "--wheel", str(wheel)])
    with pytest.raises(SystemExit, match="holds no definitions for Kubernetes"):
        main()


@pytest.mark.parametrize("kubernetes", SUPPORTED)
def test_the_scope_of_every_kind_in_the_stored_schemas_is_known(kubernetes: Version) -> None:
    kinds = {key.split(" ")[1] for key in schema_for(kubernetes).kinds}
    assert kinds - CLUSTER_SCOPED - NAMESPACED == set()
    assert set() == CLUSTER_SCOPED & NAMESPACED
