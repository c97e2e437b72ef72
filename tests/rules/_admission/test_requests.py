"""Requests made from plain data."""

from __future__ import annotations

from trainer.rules._admission.meant import Place
from trainer.rules._admission.requests import Maker
from trainer.versions import DEFAULT

MAKER = Maker(Place("prod", {"env": "prod"}), "a/app", DEFAULT)


def test_a_pod_has_a_right_image_beside_the_tried_ones() -> None:
    spec = MAKER.pod("initContainers", ["x/y", "z"])["spec"]
    assert [one["image"] for one in spec["containers"]] == ["a/app"]
    assert [(one["name"], one["image"]) for one in spec["initContainers"]] == [("i0", "x/y"), ("i1", "z")]


def test_a_request_is_in_the_policys_namespace_or_in_another() -> None:
    pod = MAKER.pod("containers", ["a/b"])
    here = MAKER.request("CREATE", pod)
    there = MAKER.request("UPDATE", pod, MAKER.right, place=Place("dev", {}))
    assert (here.namespace, here.namespace_labels["env"]) == ("prod", "prod")
    assert (there.namespace, "env" in there.namespace_labels) == ("dev", False)
    assert there.old is not None
    assert MAKER.request("CREATE", pod).object is here.object
    assert "namespace" not in pod["metadata"]


def test_an_object_of_the_cluster() -> None:
    node = MAKER.named({"apiVersion": "v1", "kind": "Node", "spec": {}})
    request = MAKER.request("DELETE", None, node, cluster_scoped=True)
    assert (request.namespace, request.namespace_object, request.subject.name) == ("", None, "probe")
