"""Which refused documents keep an answer from passing."""

from __future__ import annotations

from pathlib import Path

from tests.table import each_row
from trainer.content.catalogue import find_card
from trainer.content.locate import pack_at
from trainer.content.solutions import load_solutions
from trainer.grading.grade import grade, passes
from trainer.grading.refusals import is_asked_for, refusals_of
from trainer.manifests.answer import Answer, AnswerFile
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.world import Refused
from trainer.verdict import Location, Problem, Refusal

PACK = pack_at(Path(__file__).parents[1] / "fixtures" / "pack")
MINI_POD = find_card("mini-pod", PACK)


def with_more(document: str) -> Answer:
    (file,) = load_solutions(MINI_POD, PACK).reference.answer.files
    return Answer((AnswerFile("pod.yaml", file.data.rstrip() + b"\n---\n" + document.encode()),))


POD = "{apiVersion: v1, kind: Pod, metadata: {name: %s, namespace: sun}, spec: {containers: [{name: a, foo: b}]}}"


@each_row(
    ("document", "refusal"),
    [
        (POD % "other", Refusal("Pod sun/other", counts=False)),
        (POD % "mini", Refusal("Pod sun/mini", counts=True)),
        (
            "{apiVersion: v1, kind: Service, metadata: {name: mini}, spek: {}}",
            Refusal("Service mini", counts=False),
        ),
        ("a: [", Refusal("the document at pod.yaml:11:5", counts=True)),
    ],
)
def test_a_refused_document_that_is_asked_for_does_not_pass(document: str, refusal: Refusal) -> None:
    verdict = grade(MINI_POD, with_more(document))
    assert [(one.document.split(":")[0], one.counts) for one in verdict.refused] == [
        (refusal.document.split(":")[0], refusal.counts)
    ]
    assert verdict.points == verdict.max_points == 6
    assert verdict.passed is passes(MINI_POD, with_more(document)) is not refusal.counts


def test_a_document_that_is_only_doubtful_is_not_refused() -> None:
    verdict = grade(MINI_POD, with_more("{apiVersion: v1, kind: Namespace, metadata: {name: sun}}"))
    assert verdict.refused == ()
    assert verdict.passed


@each_row(
    ("text", "expected"),
    [
        ("{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: any}}", True),
        ("{apiVersion: v1, kind: ConfigMap, metadata: {name: any}}", False),
    ],
)
def test_the_kinds_that_a_rule_reads(text: str, expected: bool) -> None:
    document = parse(text.encode(), "x.yaml").documents[0]
    card = find_card("rbac-deployer", pack_at(Path(__file__).parents[2]))
    assert is_asked_for(card.checks, Manifest(document.value, document)) is expected


def object_of(text: str) -> Manifest:
    document = parse(text.encode(), "x.yaml").documents[0]
    return Manifest(document.value, document)


def test_one_check_that_asks_for_it_is_enough() -> None:
    checks = (*find_card("mini-role", PACK).checks, *MINI_POD.checks)
    assert is_asked_for(checks, object_of(POD % "mini"))
    assert not is_asked_for(checks, object_of(POD % "other"))


def test_an_object_is_named_once_and_counts_if_one_of_its_documents_does() -> None:
    other = Refused(object_of(POD % "other"), (Problem("a"),))
    assert refusals_of(MINI_POD.checks, [other, other]) == (Refusal("Pod sun/other", counts=False),)
    # A document without a place that is known, and twice the same place: the first counts.
    lost = Refused(None, (Problem("a", location=Location("b.yaml", 3, 1)),))
    assert refusals_of((), [lost, Refused(None, ()), lost]) == (
        Refusal("the document at b.yaml:3:1", counts=True),
        Refusal("a document", counts=True),
    )


def test_an_object_that_exists_is_not_refused() -> None:
    """A workload whose Pods are refused is there all the same."""
    there = Refused(object_of(POD % "mini"), (Problem("a"),), exists=True)
    gone = Refused(object_of(POD % "mini"), (Problem("a"),))
    assert refusals_of(MINI_POD.checks, [there]) == ()
    assert refusals_of(MINI_POD.checks, [there, gone]) == (Refusal("Pod sun/mini", counts=True),)
