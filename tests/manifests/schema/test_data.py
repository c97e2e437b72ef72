"""The reduced schemas: what is in them, and how they are read."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.errors import UsageError
from trainer.manifests.schema.data import FOLDER, Shape, extra_kind, schema_for
from trainer.versions import DEFAULT, SUPPORTED, Version


def test_there_is_a_schema_of_every_supported_version_and_no_other() -> None:
    assert sorted(path.name for path in FOLDER.glob("v*")) == sorted(f"v{one}.json.gz" for one in SUPPORTED)
    assert [schema_for(one).kubernetes for one in SUPPORTED] == list(SUPPORTED)


@each_row("kubernetes", SUPPORTED)
def test_every_type_that_a_served_kind_reaches_is_described(kubernetes: Version) -> None:
    schema = schema_for(kubernetes)
    waiting = [entry[0] for entry in schema.kinds.values() if entry[0]]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            for node in schema.fields(name).values():
                while node.item is not None:
                    node = node.item  # noqa: PLW2901
                if node.shape is Shape.STRUCT:
                    waiting.append(node.name)
    assert len(seen) > 400


def test_an_unsupported_version_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match=r"Kubernetes 1\.9 is not supported"):
        schema_for(Version(1, 9))


def test_lists_know_their_keys() -> None:
    fields = schema_for(DEFAULT).fields("core.v1.Container")
    assert fields["ports"].keys == ("containerPort", "protocol")
    assert fields["volumeMounts"].keys == ("mountPath",)
    assert fields["args"].keys == ()
    assert schema_for(DEFAULT).fields("meta.v1.ObjectMeta")["finalizers"].is_set is True


def test_required_fields_are_marked() -> None:
    fields = schema_for(DEFAULT).fields("core.v1.Container")
    assert [name for name, node in fields.items() if node.required] == ["name"]


def test_step_walks_structs_lists_and_maps() -> None:
    schema = schema_for(DEFAULT)
    node = schema.root("v1", "Pod")
    for step in ("spec", "containers", 3, "resources", "limits", "cpu"):
        assert node is not None
        node = schema.step(node, step)
    assert node is not None
    assert node.name == "quantity"
    assert schema.step(node, "more") is None


def test_an_unserved_version_has_no_root() -> None:
    schema = schema_for(DEFAULT)
    assert schema.kinds["networking.k8s.io/v1beta1 IPAddress"][0] == ""
    assert schema.root("networking.k8s.io/v1beta1", "IPAddress") is None


def test_hand_described_kinds_are_found_beside_the_published_ones() -> None:
    schema = schema_for(DEFAULT)
    root = schema.root("audit.k8s.io/v1", "Policy")
    assert root is not None
    assert schema.fields(root.name)["rules"].required is True
    assert extra_kind("v1", "Pod") is None
    assert extra_kind("v1", "Config") is not None
