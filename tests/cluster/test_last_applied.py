"""What `kubectl apply` of v1.36 sends: texts and patches as kubectl itself made them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.table import each_row
from trainer.cluster.faults import Refused
from trainer.cluster.last_applied import LAST_APPLIED, last_applied, patch_of, sendable, with_last_applied


def config(**more: Any) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "t", "namespace": "default"},
        **more,
    }


def pod(*containers: dict[str, Any], **spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "p"},
        "spec": {"containers": list(containers), **spec},
    }


def test_the_annotation_has_the_bytes_of_kubectl() -> None:
    data = config(data={"f": "2", "b": "1"})
    data["metadata"]["annotations"] = {"z": "<&>", "a": "\u00fc"}
    text = with_last_applied(data)["metadata"]["annotations"][LAST_APPLIED]
    assert text == (
        '{"apiVersion":"v1","data":{"b":"1","f":"2"},"kind":"ConfigMap","metadata":{"annotations":'
        '{"a":"\u00fc","z":"\\u003c\\u0026\\u003e"},"name":"t","namespace":"default"}}\n'
    )
    assert with_last_applied(with_last_applied(data)) == with_last_applied(data)
    assert last_applied(with_last_applied(data)) == data


@each_row("text", ["", "{", "[1]"])
def test_an_annotation_that_says_nothing(text: str) -> None:
    data = config()
    data["metadata"]["annotations"] = {LAST_APPLIED: text}
    assert last_applied(data) == last_applied({}) == {}


def test_what_only_a_server_writes_is_not_sent() -> None:
    data = config(status={"a": 1})
    data["metadata"] |= {"uid": "x", "resourceVersion": "5", "managedFields": [], "labels": {"a": "b"}}
    assert sendable(data) == config() | {
        "metadata": {"name": "t", "namespace": "default", "labels": {"a": "b"}}
    }


def test_the_node_of_a_pod_is_the_schedulers() -> None:
    assert sendable(pod({"name": "a"}, nodeName="node01")) == pod({"name": "a"})
    assert sendable(pod({"name": "a"}, nodeName=[1])) == pod({"name": "a"}, nodeName=[1])
    template = {"kind": "Deployment", "metadata": {}, "spec": {"template": {"spec": {"nodeName": "n"}}}}
    assert sendable(template) == template


A, B = {"name": "a", "image": "x"}, {"name": "b", "image": "y"}
UDP, TCP = ({"containerPort": 53, "protocol": one} for one in ("UDP", "TCP"))
ORDER = "$setElementOrder/containers"


@each_row(
    ("applied", "live", "new", "patch"),
    [
        (config(data={"a": "1"}), config(data={"a": "1"}), config(data={"a": "1"}), {}),
        (config(data={"a": "1", "b": "2"}), config(data={"a": "1", "b": "2"}), config(data={"a": "1"}), {"data": {"b": None}}),
        ({}, config(data={"a": "1", "b": "2"}), config(data={"a": "3"}), {"data": {"a": "3"}}),
        (config(data={"a": "1"}), config(data={"a": "1"}), config(), {"data": None}),
        # a field of a container that is gone, and the container itself
        (
            pod({**A, "tty": True}, B), pod({**A, "tty": True, "stdin": False}, B), pod(A),
            {"spec": {"containers": [{"name": "a", "tty": None}, {"$patch": "delete", "name": "b"}], ORDER: [{"name": "a"}]}},
        ),
        # the server wants changes in the order of the list, whatever is removed from an item, and deletions last
        (
            pod(A, {**B, "tty": True}, {"name": "c"}), pod(A, {**B, "tty": True}, {"name": "c"}), pod({**A, "stdin": True}, B),
            {"spec": {"containers": [{"stdin": True, "name": "a"}, {"name": "b", "tty": None}, {"$patch": "delete", "name": "c"}],
                      ORDER: [{"name": "a"}, {"name": "b"}]}},
        ),
        (pod(A), pod(A), pod(A, B), {"spec": {"containers": [B], ORDER: [{"name": "a"}, {"name": "b"}]}}),
        (pod(A, B), pod(A, B), pod(B, A), {"spec": {ORDER: [{"name": "b"}, {"name": "a"}]}}),
        # what somebody else added stays, and isn't mentioned
        (pod(A), pod(A, B), pod(A), {}),
        # two ports of one number are two items
        (pod({**A, "ports": [UDP, TCP]}), pod({**A, "ports": [UDP, TCP]}), pod({**A, "ports": [UDP, TCP]}), {}),
        # of a union only what is applied stays
        (
            pod(A, volumes=[{"name": "v", "emptyDir": {}}]), pod(A, volumes=[{"name": "v", "emptyDir": {}}]),
            pod(A, volumes=[{"name": "v", "hostPath": {"path": "/"}}]),
            {"spec": {"volumes": [{"name": "v", "emptyDir": None, "hostPath": {"path": "/"}, "$retainKeys": ["hostPath", "name"]}],
                      "$setElementOrder/volumes": [{"name": "v"}]}},
        ),
        # lists without a merge key are replaced
        (pod(A, tolerations=[{"key": "a"}]), pod(A, tolerations=[{"key": "a"}]), pod(A, tolerations=[]), {"spec": {"tolerations": []}}),
    ],
)  # fmt: skip
def test_patches(applied: Any, live: Any, new: Any, patch: Any) -> None:
    assert patch_of(applied, live, new) == (patch, "application/strategic-merge-patch+json")


def test_finalizers_are_added_and_removed_one_by_one() -> None:
    old, new = config(), config()
    old["metadata"] = {**old["metadata"], "finalizers": ["a/b"]}
    new["metadata"] = {**new["metadata"], "finalizers": ["c/d"]}
    patch, _ = patch_of(old, old, new)
    assert patch == {"metadata": {"finalizers": ["c/d"], "$deleteFromPrimitiveList/finalizers": ["a/b"]}}


def test_a_custom_resource_has_no_merge_keys() -> None:
    def widget(*items: Any) -> dict[str, Any]:
        return {
            "apiVersion": "a.b/v1",
            "kind": "Widget",
            "metadata": {"name": "w"},
            "spec": {"containers": list(items)},
        }

    assert patch_of(widget(A), widget(A), widget(A, B)) == (
        {"spec": {"containers": [A, B]}},
        "application/merge-patch+json",
    )


def test_the_type_of_a_rollout_takes_its_parameters_along() -> None:
    def deployment(**strategy: Any) -> dict[str, Any]:
        return {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": "d"},
            "spec": {"strategy": strategy},
        }

    live = deployment(type="RollingUpdate", rollingUpdate={"maxSurge": 1})
    assert patch_of({}, live, deployment(type="Recreate"))[0] == {
        "spec": {"strategy": {"type": "Recreate", "$retainKeys": ["type"]}}
    }


def test_kubectl_makes_no_patch_of_items_without_their_key() -> None:
    def account(*secrets: Any) -> dict[str, Any]:
        return {
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": {"name": "a"},
            "secrets": [*secrets],
        }

    with pytest.raises(Refused, match=r"secrets\[0\]: it lacks name") as caught:
        patch_of({}, account({"name": "x"}), account({}))
    assert caught.value.about_object


def test_a_selector_of_a_budget_is_replaced() -> None:
    def budget(**selector: Any) -> dict[str, Any]:
        return {
            "apiVersion": "policy/v1",
            "kind": "PodDisruptionBudget",
            "metadata": {"name": "b"},
            "spec": {"selector": selector},
        }

    new = {"matchExpressions": [{"key": "a", "operator": "Exists"}]}
    assert patch_of({}, budget(matchLabels={"a": "b"}), budget(**new))[0] == {"spec": {"selector": new}}


def test_kubectl_has_no_type_of_definitions() -> None:
    head = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "d"},
    }
    assert patch_of({}, head, {**head, "spec": {"a": 1}}) == (
        {"spec": {"a": 1}},
        "application/merge-patch+json",
    )
