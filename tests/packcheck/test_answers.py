"""Tests of `packcheck.answers`: stored answers against their card."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from trainer.content.catalogue import load_catalogue
from trainer.content.locate import Pack
from trainer.content.solutions import load_solutions
from trainer.packcheck import answers
from trainer.packcheck.answers import answer_problems
from trainer.packcheck.desk import Handed, desk_for
from trainer.verdict import CheckResult, Location, Reason, Status, Verdict

FOLDER = "solutions/runtime-security/small"


def problems(pack: Pack) -> list[tuple[str, str]]:
    card = load_catalogue(pack).cards[0]
    found = answer_problems(card, load_solutions(card, pack), pack)
    return [(str(problem.location), problem.message) for problem in found]


def test_a_good_pack_has_none(make_pack: Callable[..., Pack]) -> None:
    assert problems(make_pack()) == []


def test_a_right_answer_that_fails(make_pack: Callable[..., Pack]) -> None:
    text = (
        "# note\napiVersion: v1\nkind: Pod\nmetadata: {name: small, namespace: sun}\nspec:\n  containers:\n"
    )
    text += "  - name: c\n    image: busybox:1.32.0\n"
    [(place, message)] = problems(make_pack({f"{FOLDER}/also-order.yaml": text}))
    assert place.startswith(f"{FOLDER}/also-order.yaml:7:")
    assert message.startswith("also-order must pass, but read-only is FAIL: ")


def test_a_right_answer_that_is_refused(make_pack: Callable[..., Pack]) -> None:
    found = problems(make_pack({f"{FOLDER}/also-order.yaml": "apiVersion: v1\nkind: Pod\nmetadata: [\n"}))
    assert any(message.startswith("also-order is not accepted whole: not valid YAML") for _, message in found)


def test_wrong_answers_fail_exactly_what_they_name(make_pack: Callable[..., Pack]) -> None:
    good = "apiVersion: v1\nkind: Pod\nmetadata: {name: small, namespace: sun}\nspec:\n  containers:\n"
    good += "  - {name: c, image: busybox:1.32.0, securityContext: {readOnlyRootFilesystem: false}}\n"
    pack = make_pack({f"{FOLDER}/wrong-place.yaml": f"# fails: exists\n{good}"})
    (unnamed, named) = sorted(problems(pack), key=lambda found: "names" in found[1])
    assert unnamed[1].startswith("wrong-place fails read-only, which it does not name: ")
    assert named == (f"{FOLDER}/wrong-place.yaml:1:1", "wrong-place names exists, which is PASS")


def test_every_check_is_failed_by_some_answer(make_pack: Callable[..., Pack]) -> None:
    pack = make_pack({f"{FOLDER}/wrong-writable.yaml": None})
    assert problems(pack) == [
        ("tasks/runtime-security/small.yaml:1:1", "no wrong answer fails the check read-only"),
    ]


def test_the_starter_does_not_pass(make_pack: Callable[..., Pack]) -> None:
    start = '"{apiVersion: v1, kind: Pod, metadata: {name: small, namespace: sun}, spec: {containers:'
    start += ' [{name: c, image: busybox:1.32.0, securityContext: {readOnlyRootFilesystem: true}}]}}"'
    pack = make_pack(card=('"apiVersion: v1\\nkind: Pod\\n"', start))
    assert [message for _, message in problems(pack)] == [
        "the starter passes already: a check must ask for what the learner has to do"
    ]


def test_an_answer_is_graded_as_the_learner_hands_it_in(make_pack: Callable[..., Pack]) -> None:
    """The demanded file isn't read as manifests: right in the stored file, nothing in the folder."""
    pack = make_pack(card=("files: [pod.yaml]\nstart: {pod.yaml: ", "files: [pod]\nstart: {pod: "))
    found = [message for _, message in problems(pack)]
    assert any(message.startswith("reference must pass, but exists is FAIL") for message in found)


def test_a_file_that_no_learner_would_hand_in(make_pack: Callable[..., Pack]) -> None:
    text = (make_pack().solutions / "runtime-security/small/reference.yaml").read_text()
    names = {f"{FOLDER}/also-two/pod.yaml": text, f"{FOLDER}/also-two/notes.txt": "What I did.\n"}
    [(place, message)] = problems(make_pack(names))
    assert place == f"{FOLDER}/also-two/notes.txt:1:1"
    assert message.startswith("also-two is not accepted whole: ")


def test_a_card_that_cannot_be_started(make_pack: Callable[..., Pack]) -> None:
    pack = make_pack()
    card = load_catalogue(pack).cards[0]
    both = msgspec.structs.replace(card, start={"pod.yaml": "", "pod.yaml/more": ""})
    [found] = answer_problems(both, load_solutions(card, pack), pack)
    assert str(found.location) == "tasks/runtime-security/small.yaml:1:1"
    assert found.message.startswith("the card can't be started: ")


def test_another_right_answer_differs_in_form(make_pack: Callable[..., Pack]) -> None:
    same = "# a comment\napiVersion: 'v1'\nkind: Pod\nmetadata: {name: small, namespace: sun}\nspec:\n  containers:\n"
    same += "  -   name: c\n      image: busybox:1.32.0\n      securityContext:\n        readOnlyRootFilesystem: true\n"
    pack = make_pack({f"{FOLDER}/also-order.yaml": same})
    assert problems(pack) == [(f"{FOLDER}/also-order.yaml:1:1", "also-order has the same form as reference")]
    aliased = same.replace("metadata: {", "metadata: {annotations: {a: &a x, b: *a}, ")
    assert problems(make_pack({f"{FOLDER}/also-order.yaml": aliased})) == []
    (pack.solutions / "runtime-security/small/also-order.yaml").unlink()
    assert [message for _, message in problems(pack)] == ["the card has no other correct answer"]


@pytest.mark.parametrize(
    ("reasons", "evidence", "said"),
    [
        ((), ("What is.",), ["without a reason"]),
        ((Reason("Why."),), ("What is.",), [", but no reason says where"]),
        ((Reason("Why.", Location("pod.yaml", 1, 1)),), (), [" without evidence"]),
        ((Reason("Why.", Location("pod.yaml", 1, 1)),), ("Why.",), [", and its evidence repeats a reason"]),
        ((Reason("Why.", Location("pod.yaml", 1, 1)),), ("What is.",), []),
    ],
)
def test_a_fail_says_why_where_and_what_follows(
    make_pack: Callable[..., Pack],
    monkeypatch: pytest.MonkeyPatch,
    reasons: tuple[Reason, ...],
    evidence: tuple[str, ...],
    said: list[str],
) -> None:
    pack = make_pack()
    card = load_catalogue(pack).cards[0]
    variant = load_solutions(card, pack).wrong[0]
    check = CheckResult(variant.fails[0], "It is so", Status.FAIL, 0, 1, reasons=reasons, evidence=evidence)
    with desk_for(card) as desk:
        monkeypatch.setattr(desk, "hand_in", lambda *_, **__: Handed(Verdict(card.id, (check,))))
        found = [one.message for one in answers._wrong_problems(variant, desk, pack)]
    assert len(found) == len(said)
    assert all(part in message for part, message in zip(said, found, strict=True))
