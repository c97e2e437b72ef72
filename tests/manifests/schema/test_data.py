"""The reduced schemas: what is in them, and how they are read."""

from __future__ import annotations

import pytest

from trainer.errors import UsageError
from trainer.manifests.schema.data import Shape, extra_kind, schema_for, versions


def test_both_versions_are_there_and_the_oldest_comes_first() -> None:
    assert versions()[:2] == ("1.35", "1.36")


@pytest.mark.parametrize("kubernetes", versions())
def test_every_type_that_a_served_kind_reaches_is_described(kubernetes: str) -> None:
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


def test_a_patch_version_means_its_minor() -> None:
    assert schema_for("v1.35.2").kubernetes == "1.35"


@pytest.mark.parametrize("version", ["1.34", "1", "", "latest", "../1.35", "1.35/../../x"])
def test_an_unknown_version_is_a_usage_error(version: str) -> None:
    with pytest.raises(UsageError, match="is not known here"):
        schema_for(version)


def test_lists_know_their_keys() -> None:
    fields = schema_for("1.35").fields("core.v1.Container")
    assert fields["ports"].keys == ("containerPort", "protocol")
    assert fields["volumeMounts"].keys == ("mountPath",)
    assert fields["args"].keys == ()
    assert schema_for("1.35").fields("meta.v1.ObjectMeta")["finalizers"].is_set is True


def test_required_fields_are_marked() -> None:
    fields = schema_for("1.35").fields("core.v1.Container")
    assert [name for name, node in fields.items() if node.required] == ["name"]


def test_step_walks_structs_lists_and_maps() -> None:
    schema = schema_for("1.35")
    node = schema.root("v1", "Pod")
    for step in ("spec", "containers", 3, "resources", "limits", "cpu"):
        assert node is not None
        node = schema.step(node, step)
    assert node is not None
    assert node.name == "quantity"
    assert schema.step(node, "more") is None


def test_an_unserved_version_has_no_root() -> None:
    schema = schema_for("1.35")
    assert schema.kinds["networking.k8s.io/v1beta1 IPAddress"][0] == ""
    assert schema.root("networking.k8s.io/v1beta1", "IPAddress") is None


def test_hand_described_kinds_are_found_beside_the_published_ones() -> None:
    schema = schema_for("1.35")
    root = schema.root("audit.k8s.io/v1", "Policy")
    assert root is not None
    assert schema.fields(root.name)["rules"].required is True
    assert extra_kind("v1", "Pod") is None
    assert extra_kind("v1", "Config") is not None
