"""Tests of `packcheck.mutants`: mutants of an answer: the same answer with one thing changed."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from trainer.content.card import Card
from trainer.content.catalogue import load_catalogue
from trainer.content.locate import Pack
from trainer.content.solutions import load_solutions
from trainer.manifests.answer import Answer, AnswerFile
from trainer.manifests.reading.parse import parse
from trainer.packcheck.mutants import Mutant, mutants_of


def card_of(make_pack: Callable[..., Pack]) -> Card:
    return load_catalogue(make_pack()).cards[0]


def found(mutants: list[Mutant]) -> list[tuple[str, str]]:
    return [(mutant.path, mutant.mutation) for mutant in mutants]


def test_every_mutant_is_another_answer_at_its_place(make_pack: Callable[..., Pack]) -> None:
    pack = make_pack()
    card = load_catalogue(pack).cards[0]
    reference = load_solutions(card, pack).reference.answer
    mutants = list(mutants_of(reference, card))
    assert len({mutant.answer for mutant in mutants}) == len(mutants)
    assert found(mutants) == found(list(mutants_of(reference, card)))
    flipped = next(mutant for mutant in mutants if mutant.mutation == "flip")
    assert flipped.title == "Pod sun/small"
    assert flipped.path == "spec.containers[0].securityContext.readOnlyRootFilesystem"
    assert (flipped.location.file, flipped.location.line) == ("pod.yaml", 8)
    (file,) = flipped.answer.files
    value = parse(file.data, file.name).documents[0].value
    assert value["spec"]["containers"][0]["securityContext"] == {"readOnlyRootFilesystem": False}
    assert value["metadata"] == {"name": "small", "namespace": "sun"}


def test_what_is_stored_alike_is_no_mutant(make_pack: Callable[..., Pack]) -> None:
    text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: default}\n"
    text += "spec: {restartPolicy: Always, containers: [{name: a, image: x}]}\n"
    mutants = list(mutants_of(Answer((AnswerFile("pod.yaml", text.encode()),)), card_of(make_pack)))
    assert ("metadata.namespace", "delete") not in found(mutants)
    assert ("spec.restartPolicy", "delete") not in found(mutants)
    assert ("spec.restartPolicy", "rename") in found(mutants)


def test_what_a_component_reads_alike_is_no_mutant(make_pack: Callable[..., Pack]) -> None:
    text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: default}\n"
    text += "spec: {containers: [{name: a, image: x, imagePullPolicy: Always}]}\n"
    answer = Answer((AnswerFile("pod.yaml", text.encode()),))
    moved = ("spec.containers[0].imagePullPolicy", "move")
    card = card_of(make_pack)
    assert moved in found(list(mutants_of(answer, card)))
    static = msgspec.structs.replace(card, replaces={"pod.yaml": "/etc/kubernetes/manifests/a.yaml"})
    assert moved not in found(list(mutants_of(answer, static)))
    kubeconfig = b"apiVersion: v1\nkind: Config\nclusters: [{name: a, cluster: {server: x}}]\nusers: []\n"
    answer = Answer((AnswerFile("pod.yaml", kubeconfig),))
    assert ("kind", "delete") not in found(list(mutants_of(answer, card)))


def test_objects_of_lists_and_other_files_are_kept(make_pack: Callable[..., Pack]) -> None:
    listed = b"apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Namespace, metadata: {name: a}}\n"
    answer = Answer(
        (AnswerFile("a.yaml", listed + b"---\nx: 1\nkind: Other\n"), AnswerFile("b.txt", b"# c\none\n\n"))
    )
    mutants = list(mutants_of(answer, card_of(make_pack)))
    renamed = next(
        mutant for mutant in mutants if (mutant.path, mutant.mutation) == ("metadata.name", "rename")
    )
    assert renamed.title == "Namespace a"
    first, second = parse(renamed.answer.files[0].data, "a.yaml").documents
    assert first.value["items"] == [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ax"}}]
    assert second.value == {"x": 1, "kind": "Other"}
    assert (mutants[-1].title, mutants[-1].path, mutants[-1].mutation) == ("b.txt", "line 2", "delete")
    assert mutants[-1].answer.files[1].data == b"# c\n\n"


def test_plain_files_are_mutated_leaf_by_leaf(make_pack: Callable[..., Pack]) -> None:
    card = load_catalogue(
        make_pack(card=("files: [pod.yaml]", "files: [pod.yaml, a.json]\nplain_files: [a.json]"))
    ).cards[0]
    mutants = list(mutants_of(Answer((AnswerFile("a.json", b'{"defaultAction": "SCMP_ACT_ERRNO"}'),)), card))
    assert [mutant.what for mutant in mutants] == [
        "defaultAction deleted",
        "`SCMP_ACT_ALLOW` for `SCMP_ACT_ERRNO`",
        "`SCMP_ACT_LOG` for `SCMP_ACT_ERRNO`",
    ]
