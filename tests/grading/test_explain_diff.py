"""Tests of `grading.explain_diff`: where an answer differs from the reference, in words."""

from __future__ import annotations

from pathlib import Path

import msgspec

from tests.table import each_row
from trainer.content.catalogue import card_paths, find_card
from trainer.content.locate import pack_at
from trainer.content.solutions import load_solutions
from trainer.grading.explain_diff import Difference, difference
from trainer.manifests.answer import Answer, AnswerFile
from trainer.verdict import Location

PACK = pack_at(Path(__file__).parents[1] / "fixtures" / "pack")


def messages(card_id: str, text: str, name: str = "pod.yaml") -> list[str]:
    card = find_card(card_id, PACK)
    reference = load_solutions(card, PACK).reference.answer
    found = difference(card, Answer((AnswerFile(name, text.encode()),)), reference)
    return [f"{one.location or '-'} {one.message}" for one in found]


@each_row("card_id", [path.stem for path in card_paths(PACK)])
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
        .replace("busybox:1.33.0", "busybox:1.33.0-x")
    )
    card = find_card("mini-pod", PACK)
    found = difference(
        card, Answer((AnswerFile("pod.yaml", text.encode()),)), load_solutions(card, PACK).reference.answer
    )
    assert len(found) == 1
    one = found[0]
    assert (one.path, one.yours, one.expected) == (
        "spec.containers[0].image",
        "docker.io/library/busybox:1.33.0-x",
        "busybox:1.32.0",
    )
    assert one.location is not None
    assert one.location.line == 7


def test_whole_objects() -> None:
    assert messages("mini-pod", "") == ["- The reference also has Pod sun/mini."]
    card = find_card("mini-pod", PACK)
    empty = Answer((AnswerFile("pod.yaml", b""),))
    assert difference(card, empty, load_solutions(card, PACK).reference.answer) == [
        Difference(None, "", "", "Pod sun/mini", "The reference also has Pod sun/mini.")
    ]
    card = find_card("mini-pod", PACK)
    reference = load_solutions(card, PACK).reference.answer
    extra = AnswerFile("a.yaml", b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
    assert difference(card, Answer((*reference.files, extra)), reference) == [
        Difference(
            Location("a.yaml", 3, 12, "metadata.name"),
            "",
            "ConfigMap default/a",
            "",
            "The reference has no ConfigMap default/a.",
        )
    ]
    other = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
    assert messages("mini-pod", other) == [
        "pod.yaml:3:12 The reference has no ConfigMap default/a.",
        "- The reference also has Pod sun/mini.",
    ]


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
    less = text.replace(
        "metadata: {name: builder, namespace: sun}\n",
        "metadata: {name: builder, namespace: sun, labels: {a: b}}\n",
    )
    assert messages("mini-role", less.replace("[get]", "[get, list]"), "role.yaml") == [
        'role.yaml:3:43 The reference has no `metadata.labels` (yours: `{"a": "b"}`).'
    ]


def compared(yours: str, expected: str, *more: AnswerFile) -> list[Difference]:
    card = msgspec.structs.replace(find_card("mini-pod", PACK), files=("profile",))
    return difference(
        card,
        Answer((AnswerFile("profile", yours.encode()),)),
        Answer((AnswerFile("profile", expected.encode()), *more)),
    )


def test_texts_line_by_line() -> None:
    found = compared("a\nb\nd\n", "a\nc\nd\ne\n", AnswerFile("more", b"x"))
    assert found == [
        Difference(Location("profile", 2, 1), "", "b", "c", "From line 2, the reference has different text."),
        Difference(Location("profile", 3, 1), "", "", "e", "The reference has more text after line 3."),
        Difference(None, "", "", "more", "The reference also has the file more."),
    ]


@each_row(
    ("yours", "expected", "said"),
    [
        ("a\nb\nc\n", "a\nc\n", [(2, "b", "", "The reference doesn't have line 2.")]),
        ("a\n", "a\nb\n", [(1, "", "b", "The reference has more text after line 1.")]),
        ("a\nc\n", "a\nb\nc\n", [(2, "", "b", "The reference has more text before line 2.")]),
        ("b\n", "a\nb\n", [(1, "", "a", "The reference has more text before line 1.")]),
        ("", "a\nb\n", [(1, "", "a\nb", "The reference has more text before line 1.")]),
        # Blank lines mean nothing.
        ("a\n\nb\n", "a\nb\n", []),
        ("a\n\nb\nc\n", "a\nb\nd\n", [(4, "c", "d", "From line 4, the reference has different text.")]),
        ("a\nb\n", "a\n \nb\n", []),
        ("a\n\n", "a\nb\n", [(2, "", "b", "From line 2, the reference has different text.")]),
    ],
)
def test_lines_that_only_one_has(yours: str, expected: str, said: list[tuple[int, str, str, str]]) -> None:
    found = compared(yours, expected)
    assert [
        (one.location.line if one.location else 0, one.yours, one.expected, one.message) for one in found
    ] == said


def test_differences_come_in_the_order_of_the_answer() -> None:
    text = POD.replace("Always", "Never").replace("  hostNetwork: true\n", "") + "      tty: true\n"
    assert [line.partition(" ")[0] for line in messages("mini-pod", text)] == [
        "pod.yaml:5:3",
        "pod.yaml:7:5",
        "pod.yaml:10:7",
    ]


@each_row(
    ("text", "named"),
    [
        ("apiVersion: v1\nmetadata: {name: x}\n", "object x without a kind"),
        ("apiVersion: v1\nspec: {}\n", "object without a kind"),
        ("apiVersion: v1\nkind: Secret\nmetadata: {}\n", "Secret without a name"),
        ("apiVersion: v1\nkind: Secret\nmetadata: {name: x, namespace: sun}\n", "Secret sun/x"),
    ],
)
def test_an_object_without_its_head_has_a_name_in_words(text: str, named: str) -> None:
    assert any(one.endswith(f" The reference has no {named}.") for one in messages("mini-pod", text))


MAPS = "".join(
    f"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata: {{k: {name}}}\n"
    for name in "ab"
)


def between(yours: str, expected: str) -> list[Difference]:
    card = find_card("mini-pod", PACK)
    one, two = (Answer((AnswerFile("pod.yaml", text.encode()),)) for text in (yours, expected))
    return difference(card, one, two)


def test_a_refused_object_without_a_namespace_is_paired_by_its_name() -> None:
    """It was never defaulted; the reference has a Secret and a ConfigMap of that name."""
    secret = "---\napiVersion: v1\nkind: Secret\nmetadata: {name: b}\nstringData: {k: c}\n"
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\ndat: {k: c}\n"
    found = between(text, f"{secret}{MAPS}")
    assert [(one.path, one.yours, one.expected) for one in found] == [
        ("data", "", '{"k": "b"}'),
        ("dat", '{"k": "c"}', ""),
        ("", "", "Secret default/b"),
        ("", "", "ConfigMap default/a"),
    ]
    assert [str(one.location) for one in found[:2]] == ["pod.yaml:1:1", "pod.yaml:4:1"]


def test_the_rest_is_paired_by_kind() -> None:
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: x}\n"
    assert [one.expected for one in between(secret, MAPS)] == [
        "",
        "ConfigMap default/a",
        "ConfigMap default/b",
    ]
    other = MAPS.replace("name: a}", "name: x}").replace("name: b}", "name: z}")
    assert [(one.path, one.yours, one.expected) for one in between(other, MAPS)] == [
        ("metadata.name", "x", "a"),
        ("metadata.name", "z", "b"),
    ]


def test_a_side_that_lacks_a_value_has_no_text() -> None:
    more = MAPS.replace("k: b", "k: b, m: c")
    [one] = between(more, MAPS)
    assert (one.path, one.yours, one.expected) == ("data.m", "c", "")
    assert one.message == "The reference has no `data.m` (yours: `c`)."
    [one] = between(MAPS, more)
    assert (one.path, one.yours, one.expected) == ("data.m", "", "c")
    assert one.message == "The reference sets `data.m` to `c`."
