"""Tests of `grading.align`: two objects side by side."""

from __future__ import annotations

from typing import Any

from trainer.grading.align import align
from trainer.manifests.model import Document, Manifest
from trainer.match.view import View, whole
from trainer.versions import DEFAULT


def view(data: dict[str, Any]) -> View:
    whole_object = {"apiVersion": "v1", "kind": "Pod", **data}
    return whole(Manifest(whole_object, Document(whole_object, "a.yaml", 1, 1, {})))


def both(mine: dict[str, Any], theirs: dict[str, Any]) -> tuple[Any, Any]:
    left, right = align(view(mine), view(theirs), DEFAULT)
    return left["spec"], right["spec"]


def test_the_order_of_keyed_lists_means_nothing() -> None:
    a, b = {"name": "a", "image": "x"}, {"name": "b", "image": "y"}
    left, right = both({"spec": {"containers": [a, b]}}, {"spec": {"containers": [b, a]}})
    assert left == right == {"containers": {0: a, 1: b}}


def test_what_means_the_same_is_made_equal() -> None:
    left, right = both(
        {"spec": {"hostPID": False, "containers": [{"name": "a", "image": "nginx"}]}},
        {"spec": {"containers": [{"name": "a", "image": "docker.io/library/nginx:latest"}]}},
    )
    assert left == right == {"containers": {0: {"name": "a", "image": "nginx"}}}


def test_leftovers_are_paired_so_that_they_show_as_changed() -> None:
    left, right = both(
        {"spec": {"containers": [{"name": "a"}]}}, {"spec": {"containers": [{"name": "b"}, {"name": "c"}]}}
    )
    assert left == {"containers": {0: {"name": "a"}}}
    assert right == {"containers": {0: {"name": "b"}, ("+", 1): {"name": "c"}}}


def test_items_are_paired_by_all_of_their_keys() -> None:
    tcp, udp = ({"containerPort": 53, "protocol": protocol} for protocol in ("TCP", "UDP"))
    left, right = both(
        {"spec": {"containers": [{"name": "a", "ports": [tcp, udp]}]}},
        {"spec": {"containers": [{"name": "a", "ports": [udp]}]}},
    )
    assert left["containers"][0]["ports"] == {0: tcp, 1: udp}
    assert right["containers"][0]["ports"] == {1: udp}


def test_order_counts_where_it_does() -> None:
    left, right = both(
        {"spec": {"containers": [{"name": "a", "command": ["x", "y"]}]}},
        {"spec": {"containers": [{"name": "a", "command": ["y", "x"]}]}},
    )
    assert left["containers"][0]["command"] == {0: "x", 1: "y"}
    assert right["containers"][0]["command"] == {0: "y", 1: "x"}


def test_both_forms_of_a_label_selector_are_equal() -> None:
    one = {"matchExpressions": [{"key": "a", "operator": "In", "values": ["b"]}]}
    left, right = both({"spec": {"selector": one}}, {"spec": {"selector": {"matchLabels": {"a": "b"}}}})
    assert left == right == {"selector": one}


def test_fields_that_both_leave_unset_hide_none_after_them() -> None:
    left, right = both(
        {"spec": {"nodeName": None, "hostPID": True, "subdomain": "a"}},
        {"spec": {"nodeName": None, "hostPID": True, "subdomain": "b"}},
    )
    assert left == {"hostPID": True, "subdomain": "a"}
    assert right == {"hostPID": True, "subdomain": "b"}


def test_fields_that_one_has() -> None:
    """A value that means the same as none is not a difference."""
    left, right = both(
        {"spec": {"hostPID": False, "hostIPC": True}}, {"spec": {"hostNetwork": False, "subdomain": "b"}}
    )
    assert left == {"hostIPC": True}
    assert right == {"subdomain": "b"}


def test_ordered_lists_of_different_lengths() -> None:
    long, short = ({"spec": {"containers": [{"name": "a", "args": args}]}} for args in (["x", "y"], ["x"]))
    left, right = both(long, short)
    assert left["containers"][0]["args"] == {0: "x", 1: "y"}
    assert right["containers"][0]["args"] == {0: "x"}
    left, right = both(short, long)
    assert left["containers"][0]["args"] == {0: "x"}
    assert right["containers"][0]["args"] == {0: "x", ("+", 1): "y"}


def test_leftovers_that_are_no_objects_are_one_removed_and_one_added() -> None:
    left, right = both(
        {
            "spec": {
                "tolerations": [],
                "containers": [{"name": "a", "securityContext": {"capabilities": {"drop": ["A", "B"]}}}],
            }
        },
        {"spec": {"containers": [{"name": "a", "securityContext": {"capabilities": {"drop": ["B", "C"]}}}]}},
    )
    assert left["containers"][0]["securityContext"]["capabilities"]["drop"] == {0: "A", 1: "B"}
    assert right["containers"][0]["securityContext"]["capabilities"]["drop"] == {1: "B", ("+", 1): "C"}
