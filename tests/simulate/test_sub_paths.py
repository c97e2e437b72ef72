"""Which part of a volume a mount has."""

from __future__ import annotations

from tests.table import each_row
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.sub_paths import sub_path_of
from trainer.simulate.workloads import PodTemplate

ENV = [
    {"name": "A", "value": "x"},
    {"name": "N", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
    {"name": "S", "valueFrom": {"fieldRef": {"fieldPath": "metadata.namespace"}}},
    {"name": "U", "valueFrom": {"fieldRef": {"fieldPath": "metadata.uid"}}},
    {"name": "V", "value": "$(A)"},
]


@each_row(
    ("mount", "expected"),
    [
        ({}, ""),
        ({"subPath": "a/b"}, "a/b"),
        ({"subPathExpr": "a/$(A)"}, "a/x"),
        ({"subPathExpr": "$(S)/$(N)"}, "sun/web"),
        ({"subPathExpr": "$(U)"}, None),
        ({"subPathExpr": "$(V)"}, None),
        ({"subPathExpr": "$(NONE)"}, None),
    ],
)
def test_sub_paths(mount: dict[str, str], expected: str | None) -> None:
    document = parse(b"{kind: Pod, metadata: {name: web, namespace: sun}}", "x.yaml").documents[0]
    pod = PodTemplate(Manifest(document.value, document), ())
    assert sub_path_of(pod, {"env": ENV}, mount) == expected


def test_a_pod_of_a_workload_has_a_name_of_its_own() -> None:
    document = parse(b"{kind: Deployment, metadata: {name: web, namespace: sun}}", "x.yaml").documents[0]
    pod = PodTemplate(Manifest(document.value, document), ("spec", "template"))
    assert sub_path_of(pod, {"env": ENV}, {"subPathExpr": "$(N)"}) is None
