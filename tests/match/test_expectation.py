"""Tests of `match.expectation`: what a card expects is something that an object can have."""

from __future__ import annotations

from typing import Any

import pytest

from trainer.match.expectation import unknown_keys
from trainer.match.target import target_of
from trainer.simulate.workloads import TEMPLATE_PATHS
from trainer.versions import DEFAULT


@pytest.mark.parametrize(
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
    ],
)  # fmt: skip
def test_what_an_object_can_have(target: str, expected: dict[str, Any]) -> None:
    assert unknown_keys(target_of(target), expected, DEFAULT) == []


@pytest.mark.parametrize(
    ("expected", "path", "remedy"),
    [
        ({"spec": {"all-containers": {"every": {"imagee": "a"}}}}, ("spec", "all-containers", "every", "imagee"), "image"),
        ({"pod": {"spec": {"hostPID": {"one_of": [True]}}}}, ("pod", "spec", "hostPID", "one_of"), "one-of"),
        ({"spec": {"containers": [{"name": "a"}, {"nam": "b"}]}}, ("spec", "containers", 1, "nam"), "name"),
        ({"spec": {"volumes": {"none": {"hostpath": {}}}}}, ("spec", "volumes", "none", "hostpath"), "hostPath"),
        ({"spec": {"containers": {"one-of": [{"img": 1}]}}}, ("spec", "containers", "one-of", 0, "img"), ""),
        ({"spec": {"securityContext": {"effectiveSecurityContext": {}}}}, ("spec", "securityContext", "effectiveSecurityContext"), ""),
        ({"all-containers": []}, ("all-containers",), ""),
    ],
)  # fmt: skip
def test_what_no_pod_can_have(expected: dict[str, Any], path: tuple[str | int, ...], remedy: str) -> None:
    [found] = unknown_keys(target_of("Pod sun/web"), expected, DEFAULT)
    assert found.path == path
    assert remedy == "" or found.remedy == f"did you mean '{remedy}'?"


def test_operators_are_not_mixed_with_fields() -> None:
    [found] = unknown_keys(target_of("Pod sun/web"), {"spec": {"every": {}, "hostPID": True}}, DEFAULT)
    assert (found.path, found.remedy) == (("spec", "every"), "give operators a mapping of their own")


def test_a_workload_has_what_one_of_its_kinds_has() -> None:
    target = target_of("sun/web")
    assert len(TEMPLATE_PATHS) > 1
    assert unknown_keys(target, {"spec": {"replicas": 2, "schedule": "* * * * *"}}, DEFAULT) == []
    assert [one.path for one in unknown_keys(target, {"spec": {"replica": 2}}, DEFAULT)] == [
        ("spec", "replica")
    ]
