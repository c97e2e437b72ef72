"""Tests of `simulate.workloads`: which pods a workload makes: the pod template of every kind that has one."""

from __future__ import annotations

from tests.table import each_row
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.workloads import TEMPLATE_PATHS, pod_template, pod_templates

SPEC = "{metadata: {labels: {app: web}}, spec: {initContainers: [{name: a}], containers: [{name: b}, x]}}"


def manifest(text: str) -> Manifest:
    document = parse(text.encode(), "w.yaml").documents[0]
    return Manifest(document.value, document)


def nested(kind: str) -> str:
    text = SPEC
    for step in reversed(TEMPLATE_PATHS[kind]):
        text = f"{{{step}: {text}}}"
    return f"{{kind: {kind}, metadata: {{name: web, namespace: sun, labels: {{app: web}}}}, {text[1:-1]}}}"


@each_row("kind", [kind for kind in TEMPLATE_PATHS if kind != "Pod"])
def test_the_template_of_each_kind(kind):
    found = pod_template(manifest(nested(kind)))
    assert found is not None
    assert found.labels == {"app": "web"}
    assert found.namespace == "sun"
    assert found.title == f"{kind} sun/web"
    assert [container["name"] for _, container in found.containers()] == ["a", "b"]


def test_a_pod_is_its_own_template_and_knows_its_lines():
    found = pod_template(
        manifest("kind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: c\n    image: i\n")
    )
    assert found is not None
    where = found.where("spec", "containers", 0, "image")
    assert (where.line, where.path) == (6, "spec.containers[0].image")


def test_other_kinds_make_no_pods():
    assert pod_template(manifest("kind: ConfigMap\n")) is None
    assert pod_templates([manifest("kind: ConfigMap\n"), manifest("kind: Pod\n")])[0].spec == {}


def test_odd_data_reads_as_empty():
    found = pod_template(manifest("kind: Deployment\nspec: {template: {metadata: 5, spec: [x]}}\n"))
    assert found is not None
    assert (found.metadata, found.spec, found.labels, list(found.containers())) == ({}, {}, {}, [])
