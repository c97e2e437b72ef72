"""Defaults as a whole: namespaces, copies, and that a second time changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.table import each_row
from trainer.errors import UsageError
from trainer.manifests.defaults import with_defaults
from trainer.manifests.model import Document, Manifest
from trainer.manifests.schema.check import check_schema
from trainer.manifests.schema.data import Node, Shape, schema_for
from trainer.versions import DEFAULT, Version

Default = Callable[[str], dict[str, Any]]

KINDS = sorted(key for key, entry in schema_for(DEFAULT).kinds.items() if entry[0])
SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "string": st.sampled_from(["", "a", "ClientIP", "RollingUpdate", "Container", "User"]),
    "bool": st.booleans(),
    "int32": st.integers(-1, 3) | st.just(1.0),
    "int64": st.integers(-1, 3),
    "number": st.floats(0, 1),
    "quantity": st.sampled_from(["1", "500m", 2, 0.5]),
    "int-or-string": st.sampled_from([0, 80, "http", ""]),
    "bytes": st.sampled_from(["", "QQ==", "QUFB\n"]),
    "time": st.just("2026-01-31T12:00:00Z"),
}


@st.composite
def values(draw: st.DrawFn, node: Node, depth: int) -> Any:
    """A value that decodes at a node: some of its fields, null now and then."""
    if node.shape is Shape.ANY:
        return draw(st.none() | st.booleans())
    if depth == 0 or draw(st.integers(0, 9)) == 0:
        return None
    if node.shape is Shape.SCALAR:
        return draw(SCALARS[node.name])
    if node.shape is Shape.LIST and node.item is not None:
        return [draw(values(node.item, depth - 1)) for _ in range(draw(st.integers(0, 2)))]
    if node.shape is Shape.MAP and node.item is not None:
        return {key: draw(values(node.item, depth - 1)) for key in draw(st.sampled_from(["", "a", "ab"]))}
    fields = schema_for(DEFAULT).fields(node.name)
    wanted = {name for name in fields if name in ("spec", "template", "containers", "metadata")}
    if fields:
        wanted |= draw(st.sets(st.sampled_from(sorted(fields)), max_size=6))
    return {name: draw(values(fields[name], depth - 1)) for name in sorted(wanted)}


@st.composite
def manifests(draw: st.DrawFn) -> Manifest:
    api_version, kind = draw(st.sampled_from(KINDS)).split(" ")
    root = schema_for(DEFAULT).root(api_version, kind)
    assert root is not None
    data = {**(draw(values(root, 10)) or {}), "apiVersion": api_version, "kind": kind}
    return Manifest(data, Document(data, "a.yaml", 1, 1, {}))


@settings(suppress_health_check=list(HealthCheck))
@given(manifest=manifests())
def test_defaults_are_idempotent_decode_and_leave_the_input_alone(manifest: Manifest) -> None:
    before = deepcopy(manifest.data)
    assert check_schema(manifest, DEFAULT) == []
    once = with_defaults(manifest, DEFAULT)
    assert manifest.data == before
    assert check_schema(once, DEFAULT) == []
    assert with_defaults(once, DEFAULT).data == once.data


def test_a_namespaced_object_is_in_default(defaulted: Default) -> None:
    assert defaulted("{apiVersion: v1, kind: ConfigMap}")["metadata"] == {"namespace": "default"}
    assert defaulted("{apiVersion: v1, kind: ConfigMap, metadata: {namespace: ''}}")["metadata"] == {
        "namespace": "default"
    }
    assert defaulted("{apiVersion: v1, kind: ConfigMap, metadata: {namespace: a}}")["metadata"] == {
        "namespace": "a"
    }


def test_objects_of_the_cluster_files_and_unknown_kinds_have_no_namespace(defaulted: Default) -> None:
    assert "metadata" not in defaulted("{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole}")
    assert defaulted("{apiVersion: v1, kind: Node, metadata: {name: a, namespace: b}}")["metadata"] == {
        "name": "a"
    }
    assert "metadata" not in defaulted("{apiVersion: audit.k8s.io/v1, kind: Policy}")
    assert defaulted("{apiVersion: a.example/v1, kind: B, spec: null}") == {
        "apiVersion": "a.example/v1",
        "kind": "B",
        "spec": None,
    }


def test_a_custom_resource_gets_its_namespace(defaulted: Default) -> None:
    data = defaulted("{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: a}}")
    assert data["metadata"] == {"name": "a", "namespace": "default"}


@each_row("spec", ["[]", "x", "{containers: x, volumes: [1], template: 3, ports: {}}", "{rules: 1}"])
@each_row("kind", ["v1 Pod", "apps/v1 Deployment", "batch/v1 CronJob", "v1 Service"])
def test_odd_data_does_not_crash(kind: str, spec: str, defaulted: Default) -> None:
    api_version, name = kind.split(" ")
    assert defaulted(f"{{apiVersion: {api_version}, kind: {name}, spec: {spec}}}")["kind"] == name


def test_an_unknown_version_is_a_usage_error(manifest_of: Callable[[str], Manifest]) -> None:
    with pytest.raises(UsageError, match="is not supported"):
        with_defaults(manifest_of("{apiVersion: v1, kind: Pod}"), Version(1, 9))
