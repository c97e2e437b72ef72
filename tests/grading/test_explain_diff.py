"""Tests of `grading.explain_diff`: where an answer differs from the reference, in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainer.content.catalogue import card_paths, find_card
from trainer.content.locate import pack_at
from trainer.content.solutions import load_solutions
from trainer.grading.explain_diff import difference
from trainer.manifests.answer import Answer, AnswerFile

PACK = pack_at(Path(__file__).parents[1] / "fixtures" / "pack")


def messages(card_id: str, text: str, name: str = "pod.yaml") -> list[str]:
    card = find_card(card_id, PACK)
    reference = load_solutions(card, PACK).reference.answer
    found = difference(card, Answer((AnswerFile(name, text.encode()),)), reference)
    return [f"{one.location or '-'} {one.message}" for one in found]


@pytest.mark.parametrize("card_id", [path.stem for path in card_paths(PACK)])
def test_the_reference_does_not_differ_from_itself(card_id: str) -> None:
    card = find_card(card_id, PACK)
    reference = load_solutions(card, PACK).reference.answer
    assert difference(card, reference, reference) == []


POD = """\
kind: Pod
apiVersion: v1
metadata: {namespace: sun, name: mini}
spec:
  hostNetwork: true
  restartPolicy: Always
  containers:
    - image: docker.io/library/busybox:1.32.0
      name: mini
      stdin: false
"""


def test_values_missing_and_too_much() -> None:
    assert messages("mini-pod", POD) == [
        "pod.yaml:5:3 The reference has no `spec.hostNetwork` (yours: `true`).",
        'pod.yaml:8:5 The reference sets `spec.containers[0].securityContext` to `{"readOnlyRootFilesystem": true}`.',
    ]


def test_a_changed_value() -> None:
    text = (
        POD.replace("1.32.0", "1.33.0")
        .replace("  hostNetwork: true\n", "")
        .replace("stdin: false", "securityContext: {readOnlyRootFilesystem: true}")
    )
    card = find_card("mini-pod", PACK)
    found = difference(
        card, Answer((AnswerFile("pod.yaml", text.encode()),)), load_solutions(card, PACK).reference.answer
    )
    assert len(found) == 1
    one = found[0]
    assert (one.path, one.yours, one.expected) == (
        "spec.containers[0].image",
        "docker.io/library/busybox:1.33.0",
        "busybox:1.32.0",
    )
    assert one.location is not None
    assert one.location.line == 7


def test_whole_objects() -> None:
    assert messages("mini-pod", "") == ["- The reference also has Pod sun/mini."]
    extra = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
    assert "pod.yaml:3:12 The reference has no ConfigMap default/a." in messages("mini-pod", extra)


def test_an_object_under_another_name_is_compared_all_the_same() -> None:
    found = messages("mini-pod", POD.replace("name: mini}", "name: maxi}"))
    assert found[0] == "pod.yaml:3:28 `metadata.name` is `maxi`; the reference has `mini`."


def test_a_refused_object_is_compared_as_written() -> None:
    text = POD.replace("  hostNetwork: true\n", "  securityContext: {readOnlyRootFilesystem: true}\n")
    assert messages("mini-pod", text) == [
        'pod.yaml:5:3 The reference has no `spec.securityContext` (yours: `{"readOnlyRootFilesystem": true}`).',
        "pod.yaml:6:3 The reference has no `spec.restartPolicy` (yours: `Always`).",
        'pod.yaml:8:5 The reference sets `spec.containers[0].securityContext` to `{"readOnlyRootFilesystem": true}`.',
    ]


def test_an_item_that_only_the_reference_has() -> None:
    text = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: builder, namespace: sun}
rules:
  - {apiGroups: [""], resources: [pods], verbs: [get]}
"""
    assert messages("mini-role", text, "role.yaml") == [
        "role.yaml:5:42 The reference has `list` in `rules[0].verbs`."
    ]


def test_texts_line_by_line(tmp_path: Path) -> None:
    import msgspec

    card = msgspec.structs.replace(find_card("mini-pod", PACK), files=("profile",))
    found = difference(
        card,
        Answer((AnswerFile("profile", b"a\nb\nd\n"),)),
        Answer((AnswerFile("profile", b"a\nc\nd\ne\n"), AnswerFile("more", b"x"))),
    )
    assert [(one.location.line if one.location else 0, one.yours, one.expected) for one in found] == [
        (2, "b", "c"),
        (3, "", "e"),
        (0, "", "more"),
    ]
