"""Tests of `packcheck.weaken_fields`: every further field with an effect, from the schema."""

from __future__ import annotations

import json
from typing import Any

from tests.table import each_row
from trainer.manifests.model import path_text
from trainer.packcheck.weaken_fields import field_edits
from trainer.versions import DEFAULT

POD = {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "a", "image": "b"}]}}


def edits(value: Any, answer: str = "") -> list[tuple[str, str]]:
    found = list(field_edits(value, DEFAULT, answer))
    assert {edit.mutation for edit in found} <= {"add"}
    return [(path_text(edit.path), edit.what) for edit in found]


def paths(value: Any, answer: str = "") -> set[str]:
    return {path for path, _ in edits(value, answer)}


def test_fields_of_a_pod_that_have_an_effect() -> None:
    assert paths(POD) == {
        "spec.activeDeadlineSeconds",
        "spec.affinity",
        "spec.containers[0].args",
        "spec.containers[0].command",
        "spec.initContainers",
        "spec.nodeName",
        "spec.nodeSelector",
        "spec.readinessGates",
        "spec.runtimeClassName",
        "spec.schedulerName",
        "spec.schedulingGates",
    }


def test_processes_are_shared_by_several_containers_only() -> None:
    two = {**POD, "spec": {"containers": [{"name": "a"}], "initContainers": [{"name": "b"}]}}
    assert "spec.shareProcessNamespace" in paths(two)
    assert "spec.initContainers[0].command" in paths(two)
    assert "spec.initContainers" not in paths(two)


def test_tokens_are_tried_where_the_answer_speaks_of_them() -> None:
    asked = edits(POD, "automountServiceAccountToken: false")
    assert ("spec.automountServiceAccountToken", "set to true") in asked
    assert ("spec.automountServiceAccountToken", "set to false") in asked


def test_a_template_is_a_pod() -> None:
    value = {"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"template": {"spec": POD["spec"]}}}
    found = paths(value)
    assert {"spec.paused", "spec.template.spec.nodeName", "spec.template.spec.containers[0].args"} <= found
    assert not {"spec.strategy", "spec.template.metadata", "metadata", "status"} & found


def test_what_is_there_is_not_added_again() -> None:
    value = {**POD, "spec": {**POD["spec"], "nodeSelector": {}, "nodeName": None}}
    assert not {"spec.nodeSelector", "spec.nodeName"} & paths(value)


def test_every_kind_with_a_schema() -> None:
    """A RuntimeClass that fits no node, or charges more than any node has."""
    value = {"apiVersion": "node.k8s.io/v1", "kind": "RuntimeClass", "handler": "runsc"}
    assert ("overhead", 'set to {"podFixed": {"mutant": "100Ti"}}') in edits(value)
    assert ("scheduling", 'set to {"nodeSelector": {"mutant": "mutant"}}') in edits(value)
    assert ("scheduling", 'set to {"tolerations": [{"key": "mutant"}]}') in edits(value)


def test_configuration_files() -> None:
    value = {"apiVersion": "v1", "kind": "Config", "users": [{"name": "a", "user": {"token": "b"}}]}
    assert {"users[0].user.exec", "users[0].user.as", "users[0].user.tokenFile", "clusters"} <= paths(value)


def test_required_fields_come_along() -> None:
    value = {"apiVersion": "apiserver.config.k8s.io/v1", "kind": "AuthenticationConfiguration"}
    added = [edit.value["jwt"][0] for edit in field_edits(value, DEFAULT, "") if edit.path == ("jwt",)]
    assert added
    assert all(set(one) >= {"issuer", "claimMappings"} for one in added)


def test_defaults_of_the_kubelet_are_no_change() -> None:
    value = {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "authentication": {},
    }
    found = edits(value)
    assert ("protectKernelDefaults", "set to true") in found
    assert ("failSwapOn", "set to true") not in found
    assert ("authentication.webhook", 'set to {"enabled": true}') not in found
    assert ("authentication.webhook", 'set to {"cacheTTL": "1s"}') in found


@each_row(
    "value",
    [
        [],
        {},
        {"apiVersion": "v1", "kind": "Podx"},
        {"apiVersion": "example.com/v1", "kind": "Widget", "spec": {}},
    ],
)
def test_without_a_schema(value: Any) -> None:
    assert edits(value) == []


def test_values_of_any_form_are_left_alone() -> None:
    value = {"apiVersion": "v1", "kind": "Pod", "spec": [], "metadata": "x"}
    assert edits(value) == []
    assert json.dumps(list(field_edits({**POD, "spec": {"containers": "x"}}, DEFAULT, "")), default=str)
