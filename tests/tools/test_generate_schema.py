"""The generator of the reduced schemas, on a small OpenAPI."""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.table import each_row
from tools import generate_schema
from tools.generate_schema import descriptions, layered, main, read_scopes, reduced, type_text

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


SCOPES = {"pod": "Namespaced", "new": "Cluster", "namespace": "Cluster"}
CLIENT = """
class CoreV1Api(object):
    def create_namespace(self, body, **kwargs):
    def create_namespaced_pod(self, namespace, body, **kwargs):
    def create_namespaced_pod_binding(
        self,
    def read_csi_driver_with_http_info(self, name):
    def read_component_status(self, name, **kwargs):
    def list_node(self, **kwargs):
    def _create_namespaced_secret_serialize(self):
"""


def wheel_at(path: Path, name: str, text: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, text)
    return path


def test_the_client_says_what_lives_in_a_namespace(tmp_path: Path) -> None:
    client = wheel_at(tmp_path / "kubernetes.whl", "kubernetes/client/api/core_v1_api.py", CLIENT)
    assert read_scopes(client) == {
        "namespace": "Cluster",
        "pod": "Namespaced",
        "podbinding": "Namespaced",
        "csidriverwithhttpinfo": "Cluster",
        "componentstatus": "Cluster",
    }


def test_a_kind_that_the_client_does_not_have_ends_the_run() -> None:
    with pytest.raises(SystemExit, match=r"neither creates nor reads Pod: is it of version 1\.40\?"):
        reduced(DEFINITIONS, "1.40", {"namespace": "Cluster"})


def test_reduced_keeps_what_served_kinds_reach() -> None:
    assert reduced(DEFINITIONS, "1.40", SCOPES) == {
        "kubernetes": "1.40",
        "kinds": {
            "v1 Pod": ["core.v1.Pod", "Namespaced"],
            "v1 Namespace": ["core.v1.Namespace", "Cluster"],
            "node.k8s.io/v1alpha1 New": ["", "Cluster"],
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


@each_row(
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
    text = json.dumps({"$defs": DEFINITIONS})
    wheel = wheel_at(tmp_path / "kubernetes_validate.whl", "x/v1.40.0-local/_definitions.json", text)
    methods = "    def create_namespace(\n    def create_namespaced_pod(\n    def create_new(\n"
    client = wheel_at(tmp_path / "kubernetes.whl", "kubernetes/client/api/core_v1_api.py", methods)
    monkeypatch.setattr(generate_schema, "FOLDER", tmp_path)
    arguments = ["--wheel", str(wheel), "--client", str(client)]
    monkeypatch.setattr(sys, "argv", ["generate_schema", "1.40", *arguments])
    assert main() == 0
    assert (tmp_path / "v1.40.json.gz").is_file()
    assert capsys.readouterr().out.startswith("v1.40.json.gz: 3 kinds, 4 types, ")


def test_a_wheel_without_the_version_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = tmp_path / "empty.whl"
    zipfile.ZipFile(wheel, "w").close()
    monkeypatch.setattr(
        sys, "argv", ["generate_schema", "1.40", "--wheel", str(wheel), "--client", str(wheel)]
    )
    with pytest.raises(SystemExit, match="has no definitions for Kubernetes"):
        main()


def test_descriptions_are_kept_once_and_each_version_has_its_own() -> None:
    definitions = {
        f"{CORE}.Pod": {"description": "A Pod.", "properties": {"spec": {"description": "What."}, "x": {}}},
        f"{CORE}.Unused": {"description": "Not in the schema.", "properties": {}},
    }
    old = descriptions(definitions, {"core.v1.Pod": {}})
    assert old == {"core.v1.Pod": {"": "A Pod.", "spec": "What."}}
    new = {"core.v1.Pod": {"": "A Pod.", "spec": "How."}}
    layers = layered(layered({}, "1.41", old), "1.42", new)
    assert layers == {"1.41": old, "1.42": {"core.v1.Pod": {"spec": "How."}}}
    # an older version comes later; a version is made again
    assert layered(layers, "1.40", old) == {
        "1.40": old,
        "1.41": {},
        "1.42": {"core.v1.Pod": {"spec": "How."}},
    }
    assert layered(layers, "1.41", new) == {"1.41": new, "1.42": {}}
