"""Requests on other kinds and subresources."""

from __future__ import annotations

from typing import Any

from tests.table import each_row
from trainer.rules._admission.meant import Place
from trainer.rules._admission.requests import Maker
from trainer.rules._admission.targets import other_targets
from trainer.versions import DEFAULT


def requests(*rules: dict[str, Any]) -> list[tuple[str, str, str]]:
    maker = Maker(Place("prod", {"env": "prod"}), "a/app", DEFAULT)
    return [
        (probe.request.operation, probe.request.target.group, probe.request.resource_title)
        for probe in other_targets(maker, rules)
    ]


def test_what_is_always_tried() -> None:
    found = requests()
    assert ("UPDATE", "apps", "deployments.apps") in found
    assert ("CONNECT", "", "pods/exec") in found
    assert ("CREATE", "", "pods/eviction") in found
    assert ("CREATE", "unseen.example", "unseens.unseen.example") in found
    assert all(name != "pods" for _, _, name in found)


@each_row(
    ("group", "name", "request_"),
    [
        ("", "serviceaccounts", ("DELETE", "", "serviceaccounts")),
        ("", "serviceaccounts/token", ("CREATE", "", "serviceaccounts/token")),
        ("", "services/proxy", ("CONNECT", "", "services/proxy")),
        ("apps", "deployments/scale", ("UPDATE", "apps", "deployments.apps/scale")),
        ("apps", "deployments/*", ("UPDATE", "apps", "deployments.apps/status")),
        ("apps", "*", ("CREATE", "apps", "controllerrevisions.apps")),
        ("*", "leases", ("CREATE", "coordination.k8s.io", "leases.coordination.k8s.io")),
        ("acme.example", "policies", ("CREATE", "acme.example", "policies.acme.example")),
    ],
)
def test_what_a_rule_names(group: str, name: str, request_: tuple[str, str, str]) -> None:
    rule = {"apiGroups": [group], "resources": [name]}
    assert request_ in requests(rule)
    assert request_ not in requests()


@each_row(("group", "name"), [("acme", "cars"), ("apps", "pods"), ("", "deployments"), ("", "pods")])
def test_what_does_not_exist_or_is_the_subject(group: str, name: str) -> None:
    assert requests({"apiGroups": [group], "resources": [name]}) == requests()


def test_objects_of_the_cluster_have_no_namespace() -> None:
    maker = Maker(Place("prod", {"env": "prod"}), "a/app", DEFAULT)
    rule = {"apiGroups": [""], "resources": ["nodes", "namespaces"]}
    found = {probe.request.resource: probe.request for probe in other_targets(maker, [rule])}
    assert found["nodes"].namespace == ""
    assert found["namespaces"].subject.labels["env"] == "prod"
