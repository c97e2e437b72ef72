"""What a RuntimeClass adds to Pods, and what it refuses.

The cases follow plugin/pkg/admission/runtimeclass/admission_test.go (v1.36).
"""

from __future__ import annotations

from typing import Any

from tests.table import each_row
from trainer.manifests.model import Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.simulate.scheduling.runtime_class import as_admitted, contradictions, merged
from trainer.simulate.workloads import pod_template

PLAIN = "{metadata: {name: plain}, handler: runc}"
HEAVY = """{metadata: {name: heavy}, handler: kata, overhead: {podFixed: {cpu: 250m, memory: 64Mi}},
  scheduling: {nodeSelector: {runtime: kata}, tolerations: [{key: kata, operator: Exists}]}}"""


def runtime_class(text: str) -> Manifest:
    [found] = manifests_of(
        parse(f"{{kind: RuntimeClass, apiVersion: v1, {text[1:]}".encode(), "r").documents
    )[0]
    return found


@each_row(
    ("spec", "text", "paths"),
    [
        ({}, HEAVY, []),
        ({}, PLAIN, []),
        ({"overhead": {"cpu": "0.25", "memory": "64Mi"}}, HEAVY, []),
        ({"overhead": {"cpu": "0.25"}}, HEAVY, [("overhead",)]),
        ({"overhead": {"cpu": "0.25"}}, PLAIN, [("overhead",)]),
        ({"nodeSelector": {"runtime": "kata", "disk": "ssd"}}, HEAVY, []),
        ({"nodeSelector": {"runtime": "runc"}}, HEAVY, [("nodeSelector", "runtime")]),
        ({"nodeSelector": {"runtime": "runc"}}, PLAIN, []),
    ],
)
def test_what_contradicts(spec: dict[str, Any], text: str, paths: list[tuple[str, ...]]) -> None:
    assert list(contradictions(spec, runtime_class(text))) == paths


def test_what_is_added() -> None:
    exists = {"key": "kata", "operator": "Exists"}
    own = {"key": "own", "operator": "Exists"}
    assert merged({"nodeSelector": {"disk": "ssd"}, "tolerations": [own]}, runtime_class(HEAVY)) == {
        "nodeSelector": {"disk": "ssd", "runtime": "kata"},
        "tolerations": [own, exists],
        "overhead": {"cpu": "250m", "memory": "64Mi"},
    }
    assert merged({"tolerations": [exists]}, runtime_class(HEAVY))["tolerations"] == [exists]
    assert merged({"hostPID": True}, runtime_class(PLAIN)) == {"hostPID": True}


@each_row(
    ("name", "selector"), [("heavy", {"runtime": "kata"}), ("plain", None), ("gone", None), ("''", None)]
)
def test_the_pods_of_a_workload_as_they_are_stored(name: str, selector: dict[str, str] | None) -> None:
    text = (
        f"kind: Deployment\napiVersion: apps/v1\nspec: {{template: {{spec: {{runtimeClassName: {name}}}}}}}\n"
    )
    [owner] = manifests_of(parse(text.encode(), "d.yaml").documents)[0]
    pod = pod_template(owner)
    assert pod is not None
    after = as_admitted(pod, [runtime_class(PLAIN), runtime_class(HEAVY)])
    assert after.spec.get("nodeSelector") == selector
    assert pod.spec.get("nodeSelector") is None
    assert after.where("spec", "runtimeClassName") == pod.where("spec", "runtimeClassName")
