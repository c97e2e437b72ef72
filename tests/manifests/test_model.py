"""Tests of `manifests.model`: parsed documents and manifests."""

from __future__ import annotations

from trainer.manifests.model import Document, Manifest, path_text
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.verdict import Location

TEXT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {app.kubernetes.io/name: web}
spec:
  template:
    spec:
      containers:
        - name: a
          image: nginx
"""


def manifest(text: str = TEXT) -> Manifest:
    return manifests_of(parse(text.encode(), "a.yaml").documents)[0][0]


def test_the_title_of_an_object_whose_name_is_generated() -> None:
    data = {"kind": "Job", "metadata": {"generateName": "report-", "namespace": "sun"}}
    assert Manifest(data, Document(data, "a.yaml", 1, 1, {})).title == "Job sun/report-*"
    assert Manifest({"kind": "Job"}, Document({}, "a.yaml", 1, 1, {})).title == "Job "


def test_path_text() -> None:
    assert path_text(("spec", "containers", 0, "image")) == "spec.containers[0].image"
    assert path_text(("metadata", "labels", "a.b/c")) == "metadata.labels[a.b/c]"
    assert path_text(()) == ""


def test_where_names_the_key_or_the_deepest_written_ancestor() -> None:
    image = ("spec", "template", "spec", "containers", 0, "image")
    assert manifest().where(*image) == Location("a.yaml", 11, 11, path_text(image))
    missing = manifest().where("spec", "strategy", "type")
    assert (missing.line, missing.column, missing.path) == (6, 1, "spec.strategy.type")
    assert manifest().where("metadata", "name", "deeper").line == 4


def test_a_value_of_a_secret_is_where_it_was_written() -> None:
    for text, line, path in (
        ("data:\n  a: eA==\nstringData:\n  a: x\n", 5, "stringData.a"),
        ("data:\n  a: eA==\nstringData:\n  b: x\n", 3, "data.a"),
        ("data:\n  a: eA==\n", 3, "data.a"),
    ):
        document = parse(f"kind: Secret\n{text}".encode(), "a.yaml").documents[0]
        place = Manifest(document.value, document).where("data", "a")
        assert (place.line, place.path) == (line, path)


def test_where_inside_a_list() -> None:
    text = "apiVersion: v1\nkind: List\nitems:\n- kind: Pod\n  apiVersion: v1\n  metadata:\n    name: x\n"
    found = manifest(text)
    assert found.base == ("items", 0)
    assert (found.where("metadata", "name").line, found.where("metadata", "name").path) == (
        7,
        "items[0].metadata.name",
    )


def test_get_follows_types() -> None:
    assert manifest().get("spec", "template", "spec", "containers", 0, "image") == "nginx"
    assert manifest().get("spec", "replicas", default=3) == 3
    assert manifest().get("kind", "x", 0) is None


def test_names() -> None:
    found = manifest()
    assert (found.api_version, found.group, found.kind, found.name, found.namespace) == (
        "apps/v1",
        "apps",
        "Deployment",
        "web",
        "",
    )
    assert found.labels == {"app.kubernetes.io/name": "web"}
    assert found.title == "Deployment web"
    assert manifest("apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: sun}\n").title == "Pod sun/a"


def test_odd_values_do_no_harm() -> None:
    data = {"apiVersion": 1, "kind": [], "metadata": "x"}
    odd = Manifest(data, Document(data, "a.yaml", 1, 1, {}))
    assert (odd.api_version, odd.group, odd.kind, odd.name, odd.labels) == ("", "", "", "", {})


def test_with_data_keeps_the_places() -> None:
    changed = manifest().with_data({"kind": "Deployment", "spec": {"replicas": 1}})
    assert changed.get("spec", "replicas") == 1
    assert changed.where("metadata", "name").line == 4
