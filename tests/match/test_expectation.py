"""Tests of `match.expectation`: what a card expects is something that an object can have."""

from __future__ import annotations

from typing import Any

from tests.table import each_row
from trainer.match.expectation import unknown_keys
from trainer.match.operators import OPERATORS
from trainer.match.target import Target, target_of
from trainer.simulate.workloads import TEMPLATE_PATHS
from trainer.versions import DEFAULT


@each_row(
    ("target", "expected"),
    [
        ("Pod sun/web", {"spec": {"all-containers": {"every": {"securityContext": {"privileged": False}}}}}),
        ("sun/web", {"pod": {"spec": {"containers": [{"argv": ["sh"], "effectiveSecurityContext": {"runAsUser": 1}}]}}}),
        ("Deployment sun/web", {"template": {"metadata": {"labels": {"any.name/at-all": "x"}}}}),
        ("Pod sun/web", {"metadata": {"annotations": {"contains": {"count": "1"}}}}),
        ("Role sun/web", {"rules": {"some": {"verbs": {"all-of": ["get"]}, "resources": {"equals": ["pods"]}}}}),
        ("Pod sun/web", {"spec": {"volumes": {"none": {"hostPath": {"present": True}}}}}),
        ("Pod sun/web", {"spec": {"containers": {"one-of": [[{"name": "a"}], [{"name": "b"}]]}}}),
        ("ConfigMap sun/web", {"data": {"a": "b"}}),
        ("Whatever sun/web", {"spec": {"nobody": "knows"}}),
        ("Pod sun/web", {"spec": {"ephemeralContainers": [{"argv": ["sh"], "effectiveSecurityContext": {}}]}}),
        ("Pod sun/web", {"spec": {"all-containers": {"every": {"targetContainerName": "a"}}}}),
        ("Pod sun/web", {"spec": {"securityContext": {"one-of": [{"runAsUser": 1}, {"runAsNonRoot": True}]}}}),
        ("CustomResourceDefinition a.b", {"spec": {"versions": [{"schema": {"openAPIV3Schema": {"default": {"a": {"b": 1}}}}}]}}),
    ],
)  # fmt: skip
def test_what_an_object_can_have(target: str, expected: dict[str, Any]) -> None:
    assert unknown_keys(target_of(target), expected, DEFAULT) == []


@each_row(
    ("expected", "path", "remedy"),
    [
        ({"spec": {"all-containers": {"every": {"imagee": "a"}}}}, ("spec", "all-containers", "every", "imagee"), "image"),
        ({"pod": {"spec": {"hostPID": {"one_of": [True]}}}}, ("pod", "spec", "hostPID", "one_of"), "one-of"),
        ({"spec": {"containers": [{"name": "a"}, {"nam": "b"}]}}, ("spec", "containers", 1, "nam"), "name"),
        ({"spec": {"volumes": {"none": {"hostpath": {}}}}}, ("spec", "volumes", "none", "hostpath"), "hostPath"),
        ({"spec": {"containers": {"one-of": [{"img": 1}]}}}, ("spec", "containers", "one-of", 0, "img"), ""),
        ({"spec": {"securityContext": {"effectiveSecurityContext": {}}}}, ("spec", "securityContext", "effectiveSecurityContext"), ""),
        ({"all-containers": []}, ("all-containers",), ""),
        ({"spec": {"pod": {}}}, ("spec", "pod"), ""),
        ({"spec": {"volumes": {"some": {"hostpath": {}}}}}, ("spec", "volumes", "some", "hostpath"), "hostPath"),
        # Only lists have items.
        ({"spec": {"securityContext": {"every": {"runAsUser": 1}}}}, ("spec", "securityContext", "every", "runAsUser"), ""),
        ({"spec": {"securityContext": {"some": {"runAsUser": 1}}}}, ("spec", "securityContext", "some", "runAsUser"), ""),
        ({"spec": {"securityContext": {"none": {"runAsUser": 1}}}}, ("spec", "securityContext", "none", "runAsUser"), ""),
        ({"spec": {"volumes": {"none-of": [{"hostpath": {}}]}}}, ("spec", "volumes", "none-of", 0, "hostpath"), "hostPath"),
        ({"spec": {"volumes": {"all-of": [{"hostpath": {}}]}}}, ("spec", "volumes", "all-of", 0, "hostpath"), "hostPath"),
        ({"spec": {"volumes": {"contains": {"hostpath": {}}}}}, ("spec", "volumes", "contains", "hostpath"), "hostPath"),
        ({"spec": {"volumes": {"equals": [{"hostpath": {}}]}}}, ("spec", "volumes", "equals", 0, "hostpath"), "hostPath"),
        ({"spec": {"all-container": []}}, ("spec", "all-container"), "all-containers"),
        ({"pods": {}}, ("pods",), "pod"),
        ({"templates": {}}, ("templates",), "template"),
        ({"spec": {"containers": [{"argvs": []}]}}, ("spec", "containers", 0, "argvs"), "argv"),
        ({"spec": {"containers": [{"effectiveSecurity": {}}]}}, ("spec", "containers", 0, "effectiveSecurity"), "effectiveSecurityContext"),
    ],
)  # fmt: skip
def test_what_no_pod_can_have(expected: dict[str, Any], path: tuple[str | int, ...], remedy: str) -> None:
    [found] = unknown_keys(target_of("Pod sun/web"), expected, DEFAULT)
    assert found.path == path
    assert remedy == "" or found.remedy == f"did you mean '{remedy}'?"


def test_where_nothing_is_alike_the_fields_are_listed() -> None:
    [found] = unknown_keys(target_of("Namespace sun"), {"spec": {"xyz": 1}}, DEFAULT)
    assert found.remedy == "known: finalizers"
    assert found.message == "'xyz' is neither a field of NamespaceSpec nor an operator"
    [found] = unknown_keys(target_of("Pod sun/web"), {"metadata": {"name": {"xyz": 1}}}, DEFAULT)
    assert found.remedy == f"known: {', '.join(sorted(OPERATORS))}"
    [found] = unknown_keys(target_of("Namespace sun"), {"spec": {"argv": 1}}, DEFAULT)
    assert found.remedy == "known: finalizers", "what only containers have isn't meant here"


def test_items_are_those_of_lists() -> None:
    schema = {"openAPIV3Schema": {"properties": {"every": {"type": "string"}}}}
    expected = {"spec": {"versions": [{"schema": schema}]}}
    [found] = unknown_keys(target_of("CustomResourceDefinition a.b"), expected, DEFAULT)
    assert found.path[-2:] == ("every", "type")


def test_a_kind_of_several_groups_is_that_of_the_target() -> None:
    expected = {"spec": {"podSelector": {}}}
    for group, count in ((None, 0), ("networking.k8s.io", 0), ("apps", 0)):
        target = Target("NetworkPolicy", "a", "sun", group=group)
        assert len(unknown_keys(target, expected, DEFAULT)) == count
    event = {"reportingController": "a"}
    assert unknown_keys(Target("Event", group="events.k8s.io"), event, DEFAULT) == []
    assert [one.path for one in unknown_keys(Target("Event", group=""), {"note": "a"}, DEFAULT)] == [
        ("note",)
    ]
    found = unknown_keys(Target("Event", group="events.k8s.io"), {"message": "a"}, DEFAULT)
    assert [one.path for one in found] == [("message",)]
    assert unknown_keys(Target("Event"), {"note": "a"}, DEFAULT) == []


def test_operators_are_not_mixed_with_fields() -> None:
    [found] = unknown_keys(target_of("Pod sun/web"), {"spec": {"every": {}, "hostPID": True}}, DEFAULT)
    assert (found.path, found.remedy) == (("spec", "every"), "put operators into a separate mapping")


def test_a_workload_has_what_one_of_its_kinds_has() -> None:
    target = target_of("sun/web")
    assert len(TEMPLATE_PATHS) > 1
    assert unknown_keys(target, {"spec": {"replicas": 2, "schedule": "* * * * *"}}, DEFAULT) == []
    assert [one.path for one in unknown_keys(target, {"spec": {"replica": 2}}, DEFAULT)] == [
        ("spec", "replica")
    ]
