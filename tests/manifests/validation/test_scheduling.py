"""Tests of `manifests.validation.scheduling`: where pods may run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row

Paths = Callable[..., list[str]]

REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"


@each_row(
    ("toleration", "paths"),
    [
        ({"key": "a", "operator": "Equal", "value": "b", "effect": "NoSchedule"}, []),
        ({"operator": "Exists"}, []),
        ({"key": "a", "value": "b"}, []),
        ({}, ["operator"]),
        ({"operator": "Equal", "value": "b"}, ["operator"]),
        ({"key": "a b", "operator": "Exists"}, ["key"]),
        ({"key": "a", "operator": "Exists", "value": "b"}, ["value"]),
        ({"key": "a", "operator": "exists"}, ["operator"]),
        ({"key": "a", "value": "b c"}, ["value"]),
        ({"key": "a", "operator": "Exists", "effect": "Evict"}, ["effect"]),
        ({"key": "a", "operator": "Exists", "tolerationSeconds": 5}, ["effect"]),
        ({"key": "a", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": -5}, []),
    ],
)
def test_tolerations(pod_paths: Paths, toleration: dict[str, Any], paths: list[str]) -> None:
    assert pod_paths({"tolerations": [toleration]}) == [f"spec.tolerations[0].{path}" for path in paths]


@each_row(
    ("expression", "paths"),
    [
        ({"key": "a", "operator": "In", "values": ["b"]}, []),
        ({"key": "a", "operator": "Gt", "values": ["1"]}, []),
        ({"key": "a", "operator": "Gt", "values": ["1", "2"]}, ["values"]),
        ({"key": "a", "operator": "In"}, ["values"]),
        ({"key": "a", "operator": "Exists", "values": ["b"]}, ["values"]),
        ({"key": "a", "operator": "Equals", "values": ["b"]}, ["operator"]),
        ({"key": "a/b/c", "operator": "Exists"}, ["key"]),
        ({"key": "a", "operator": "In", "values": ["b c"]}, ["values[0]"]),
    ],
)
def test_node_affinity(pod_paths: Paths, expression: dict[str, Any], paths: list[str]) -> None:
    term = {"matchExpressions": [expression]}
    affinity = {"nodeAffinity": {REQUIRED: {"nodeSelectorTerms": [term]}}}
    base = f"spec.affinity.nodeAffinity.{REQUIRED}.nodeSelectorTerms[0].matchExpressions[0]"
    assert pod_paths({"affinity": affinity}) == [f"{base}.{path}" for path in paths]


def test_preferred_node_affinity(pod_paths: Paths) -> None:
    term = {"matchExpressions": [{"key": "a", "operator": "In", "values": ["any value"]}]}
    good = {"nodeAffinity": {PREFERRED: [{"weight": 1, "preference": term}]}}
    assert pod_paths({"affinity": good}) == []
    bad = {"nodeAffinity": {PREFERRED: [{"weight": 101, "preference": term}]}}
    assert pod_paths({"affinity": bad}) == [f"spec.affinity.nodeAffinity.{PREFERRED}[0].weight"]


def test_node_fields(pod_paths: Paths) -> None:
    def fields(**expression: Any) -> list[str]:
        terms = [{"matchFields": [expression]}]
        found = pod_paths({"affinity": {"nodeAffinity": {REQUIRED: {"nodeSelectorTerms": terms}}}})
        return [path.rpartition(".")[2] for path in found]

    assert fields(key="metadata.name", operator="In", values=["n"]) == []
    assert fields(key="metadata.uid", operator="In", values=["n"]) == ["key"]
    assert fields(key="metadata.name", operator="Exists") == ["operator"]
    assert fields(key="metadata.name", operator="In", values=["n", "m"]) == ["values"]


def test_a_node_selector_has_terms(pod_paths: Paths) -> None:
    affinity = {"nodeAffinity": {REQUIRED: {"nodeSelectorTerms": []}}}
    assert pod_paths({"affinity": affinity}) == [f"spec.affinity.nodeAffinity.{REQUIRED}.nodeSelectorTerms"]


@each_row(
    ("term", "paths"),
    [
        ({"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": {"a": "b"}}}, []),
        ({"labelSelector": {}}, ["topologyKey"]),
        ({"topologyKey": "a b"}, ["topologyKey"]),
        ({"topologyKey": "a", "namespaces": ["A"]}, ["namespaces[0]"]),
        ({"topologyKey": "a", "matchLabelKeys": ["b"]}, ["matchLabelKeys"]),
        (
            {"topologyKey": "a", "labelSelector": {"matchLabels": {"b": "c"}}, "matchLabelKeys": ["b"]},
            [],
        ),
        (
            {"topologyKey": "a", "labelSelector": {}, "matchLabelKeys": ["b"], "mismatchLabelKeys": ["b"]},
            ["matchLabelKeys[0]"],
        ),
    ],
)
def test_pod_affinity(pod_paths: Paths, term: dict[str, Any], paths: list[str]) -> None:
    base = f"spec.affinity.podAntiAffinity.{REQUIRED}[0]"
    assert pod_paths({"affinity": {"podAntiAffinity": {REQUIRED: [term]}}}) == [f"{base}.{p}" for p in paths]


def test_preferred_pod_affinity_has_a_weight(pod_paths: Paths) -> None:
    term = {"podAffinityTerm": {"topologyKey": "a"}}
    found = pod_paths({"affinity": {"podAffinity": {PREFERRED: [term]}}})
    assert found == [f"spec.affinity.podAffinity.{PREFERRED}[0].weight"]


SPREAD = {"maxSkew": 1, "topologyKey": "a", "whenUnsatisfiable": "DoNotSchedule"}


@each_row(
    ("constraint", "paths"),
    [
        (SPREAD, []),
        ({**SPREAD, "minDomains": 2}, []),
        ({**SPREAD, "maxSkew": 0}, ["maxSkew"]),
        ({**SPREAD, "topologyKey": ""}, ["topologyKey"]),
        ({**SPREAD, "whenUnsatisfiable": "Never"}, ["whenUnsatisfiable"]),
        ({**SPREAD, "whenUnsatisfiable": "ScheduleAnyway", "minDomains": 1}, ["minDomains"]),
        ({**SPREAD, "minDomains": 0}, ["minDomains"]),
        ({**SPREAD, "nodeTaintsPolicy": "honor"}, ["nodeTaintsPolicy"]),
        ({**SPREAD, "matchLabelKeys": ["b"]}, ["matchLabelKeys"]),
        ({**SPREAD, "labelSelector": {"matchLabels": {"b": "c"}}, "matchLabelKeys": ["b"]}, []),
    ],
)
def test_spread(pod_paths: Paths, constraint: dict[str, Any], paths: list[str]) -> None:
    base = "spec.topologySpreadConstraints[0]"
    assert pod_paths({"topologySpreadConstraints": [constraint]}) == [f"{base}.{path}" for path in paths]


def test_a_label_key_of_a_spread_constraint_is_merged_with_the_label_of_the_pod(paths_of: Paths) -> None:
    """`mutateTopologySpreadConstraints` of pkg/registry/core/pod/strategy.go, v1.36."""
    spread = {**SPREAD, "labelSelector": {"matchLabels": {"b": "c"}}, "matchLabelKeys": ["b"]}
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "web", "labels": {"b": "c"}},
        "spec": {"containers": [{"name": "a", "image": "b"}], "topologySpreadConstraints": [spread]},
    }
    assert paths_of(pod) == ["spec.topologySpreadConstraints[0].matchLabelKeys[0]"]


def test_spread_constraints_differ(pod_paths: Paths) -> None:
    found = pod_paths({"topologySpreadConstraints": [SPREAD, SPREAD]})
    assert found == ["spec.topologySpreadConstraints[1].topologyKey"]


def test_node_selector_values(pod_paths: Paths) -> None:
    assert pod_paths({"nodeSelector": {"a": "b c"}}) == ["spec.nodeSelector.a"]


def test_keys_that_the_selector_has(paths_of: Paths, api_object: Callable[..., Any]) -> None:
    term = {"topologyKey": "a", "labelSelector": {"matchLabels": {"b": "c"}}, "matchLabelKeys": ["b"]}
    spec = {"affinity": {"podAffinity": {REQUIRED: [term]}}, "containers": [{"name": "a", "image": "b"}]}
    pod = api_object("Pod", spec=spec)
    assert paths_of(pod) == []
    pod["metadata"]["labels"] = {"b": "c"}
    assert paths_of(pod) == [f"spec.affinity.podAffinity.{REQUIRED}[0].matchLabelKeys[0]"]
