"""Tests of `packcheck.leaves`: mutations of any object."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.manifests.model import path_text
from trainer.packcheck.leaves import OTHERS, leaf_edits


def edits(value: Any) -> list[tuple[str, str, Any]]:
    return [(path_text(edit.path), edit.mutation, edit.value) for edit in leaf_edits(value)]


def values(value: Any, path: str, mutation: str) -> list[Any]:
    return [changed for where, kind, changed in edits(value) if (where, kind) == (path, mutation)]


def test_each_leaf_is_deleted_changed_and_moved() -> None:
    assert edits({"a": {"b": True, "c": 2}}) == [
        ("a", "delete", {}),
        ("a.b", "delete", {"a": {"c": 2}}),
        ("a.b", "flip", {"a": {"b": False, "c": 2}}),
        ("a.b", "move", {"a": {"c": 2}, "b": True}),
        ("a.c", "delete", {"a": {"b": True}}),
        ("a.c", "change", {"a": {"b": True, "c": 3}}),
        ("a.c", "move", {"a": {"b": True}, "c": 2}),
    ]


@each_row(
    ("value", "path", "mutation", "changed"),
    [
        ({"x": "web"}, "x", "rename", [{"x": "webx"}]),
        ({"operator": "In"}, "operator", "rename", [{"operator": other} for other in OTHERS["operator"][1:]]),
        ({"verbs": ["get"]}, "verbs[0]", "rename", [{"verbs": ["delete"]}]),
        ({"verbs": ["get"]}, "verbs[0]", "delete", [{"verbs": []}]),
        ({"kind": "Role"}, "kind", "rename", [{"kind": "ClusterRole"}, {"kind": "Rolex"}]),
        ({"type": "RuntimeDefault"}, "type", "rename", [{"type": "Unconfined"}]),
        ({"type": "Localhost"}, "type", "rename", [{"type": "Localhostx"}]),
        ({"cidr": "10.0.0.0/8"}, "cidr", "widen", [{"cidr": "10.0.0.0/7"}, {"cidr": "0.0.0.0/0"}]),
        ({"cidr": "0.0.0.0/0"}, "cidr", "rename", [{"cidr": "0.0.0.0/0x"}]),
        (
            {"s": {"matchLabels": {"a": "b"}}},
            "s.matchExpressions",
            "add",
            [
                {
                    "s": {
                        "matchLabels": {"a": "b"},
                        "matchExpressions": [{"key": "mutant", "operator": "Exists"}],
                    }
                }
            ],
        ),
        ({"args": ["a", "b"]}, "args[2]", "add", [{"args": ["a", "b", "bx"]}]),
        ({"policyTypes": ["Ingress"]}, "policyTypes[1]", "add", [{"policyTypes": ["Ingress", "Egress"]}]),
        ({"drop": ["ALL"]}, "drop[1]", "add", []),
        ({"image": "a:1"}, "image", "rename", [{"image": "a:1x"}, {"image": "registry.example/a:1"}]),
        ({"image": "r:5000/a"}, "image", "change", []),
        ({"image": "r/a:1"}, "image", "change", [{"image": "r/a"}]),
        (
            {"serviceAccountName": "a"},
            "serviceAccountName",
            "rename",
            [{"serviceAccountName": n} for n in ("default", "ax")],
        ),
        ({"memory": "64Mi"}, "memory", "change", [{"memory": "65Mi"}]),
        ({"path": "/var/log/app"}, "path", "widen", [{"path": "/var/log"}]),
        ({"runAsUser": 1000}, "runAsUser", "change", [{"runAsUser": 1001}, {"runAsUser": 0}]),
        ({"podSelector": {}}, "podSelector", "change", [{"podSelector": {"matchLabels": {"mutant": "x"}}}]),
        (
            {"labels": {"app": "a"}},
            "labels.app",
            "rename",
            [{"labels": {"app": "ax"}}, {"labels": {"appx": "a"}}],
        ),
        ({"c": ["--profiling=false"]}, "c[0]", "flip", [{"c": ["--profiling=true"]}]),
        ({"c": ["--m=Node,RBAC"]}, "c[0]", "change", [{"c": ["--m=RBAC"]}, {"c": ["--m=Node"]}]),
        ({"c": ["--port=0"]}, "c[0]", "change", [{"c": ["--port=1"]}]),
    ],
)
def test_values_are_changed_by_what_they_mean(
    value: Any, path: str, mutation: str, changed: list[Any]
) -> None:
    assert values(value, path, mutation) == changed


trees = st.dictionaries(
    st.sampled_from(["kind", "spec", "labels", "verbs", "port", "podSelector", "cidr"]),
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(0, 9)
        | st.sampled_from(["", "web", "10.0.0.0/8", "--a=b,c", "/a/b"]),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
        ),
        max_leaves=8,
    ),
    max_size=3,
)


@given(trees)
def test_every_edit_differs_and_the_order_is_fixed(tree: dict[str, Any]) -> None:
    before = json.dumps(tree)
    found = [(edit.path, edit.mutation, edit.what, json.dumps(edit.value)) for edit in leaf_edits(tree)]
    assert json.dumps(tree) == before
    assert all(text != before for *_, text in found)
    assert found == [(e.path, e.mutation, e.what, json.dumps(e.value)) for e in leaf_edits(tree)]
    assert {mutation for _, mutation, *_ in found} <= {
        "delete",
        "flip",
        "change",
        "rename",
        "widen",
        "move",
        "add",
    }
