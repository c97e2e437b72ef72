"""Tests of `manifests.reading.objects`: documents to manifests: one object each, or the items of a List."""

from __future__ import annotations

from tests.table import each_row
from trainer.manifests.model import Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.verdict import Problem


def objects(text: str) -> tuple[list[Manifest], list[Problem]]:
    parsed = parse(text.encode(), "x.yaml")
    assert parsed.problems == ()
    return manifests_of(parsed.documents)


def test_a_document_is_an_object() -> None:
    manifests, problems = objects("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\nkind: X\n")
    assert [(manifest.kind, manifest.base) for manifest in manifests] == [("Pod", ()), ("X", ())]
    assert problems == []


LIST = """\
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Pod
  metadata: {name: a}
- apiVersion: v1
  kind: PodList
  items:
  - metadata:
      name: b
  - {apiVersion: v1, kind: Other}
- x
"""


def test_lists_give_their_items_with_their_places() -> None:
    manifests, problems = objects(LIST)
    found = [(manifest.api_version, manifest.kind, manifest.name, manifest.base) for manifest in manifests]
    assert found == [
        ("v1", "Pod", "a", ("items", 0)),
        ("v1", "Pod", "b", ("items", 1, "items", 0)),
        ("v1", "Other", "", ("items", 1, "items", 1)),
    ]
    place = manifests[1].where("metadata", "name")
    assert (place.line, place.column, place.path) == (11, 7, "items[1].items[0].metadata.name")
    (problem,) = problems
    assert problem.message == "not an object: kubectl cannot read text as a manifest"
    assert str(problem.location) == "x.yaml:13:1"


@each_row(
    ("text", "message"),
    [
        ("- a\n", "not an object: kubectl cannot read a list as a manifest"),
        ("42\n", "not an object: kubectl cannot read a number as a manifest"),
        ("{}\n", "apiVersion not set, kind not set"),
        ("apiversion: v1\nKind: Pod\n", "apiVersion not set, kind not set"),
        ("{apiVersion: v1, kind: List, items: {a: b}}", "the items of a List must be a list, not a value"),
    ],
)
def test_what_is_no_object_is_a_problem(text: str, message: str) -> None:
    manifests, (problem,) = objects(text)
    assert manifests == []
    assert problem.message == message
    assert problem.remedy


def test_empty_lists_and_lists_without_items() -> None:
    assert objects("{apiVersion: v1, kind: List, items: }\n") == ([], [])
    (manifest,), problems = objects("{apiVersion: v1, kind: List}\n")
    assert (manifest.kind, problems) == ("List", [])


def test_wrong_case_is_named() -> None:
    _, (problem,) = objects("ApiVersion: v1\nspec: {}\n")
    assert (
        problem.remedy == "Field names are case-sensitive: write `apiVersion` and `kind`, not `ApiVersion`."
    )
