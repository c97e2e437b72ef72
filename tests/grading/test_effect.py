"""Tests of `grading.effect`: pictures of what an answer does, which say what the verdict says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cards import PACK, every_card, solutions_of
from tests.pictures import assert_agreeing, wrong_cells
from trainer.content.card import Card
from trainer.content.catalogue import find_card
from trainer.content.locate import pack_at
from trainer.content.solutions import load_solutions
from trainer.grading import effect
from trainer.grading.effect import agrees, draw, effects
from trainer.grading.grade import grade, world_of
from trainer.manifests.answer import Answer, AnswerFile
from trainer.picture import Cell, Picture, Row, State
from trainer.rules import picture_of
from trainer.verdict import Outcome, Status

MINI = pack_at(Path(__file__).parents[1] / "fixtures" / "pack")
JUDGED = (Status.PASS, Status.FAIL)


@pytest.mark.parametrize("card", every_card())
def test_the_picture_of_every_stored_answer_says_what_the_verdict_says(card: Card) -> None:
    checks = [check for check in card.checks if picture_of(check.rule) is not None]
    solutions = solutions_of(card.id) if checks else None
    for variant in (solutions.reference, *solutions.also, *solutions.wrong) if solutions else ():
        verdict = grade(card, variant.answer)
        world, _ = world_of(card, variant.answer)
        files = frozenset(file.name for file in variant.answer.files)
        results = {result.id: result for result in verdict.checks}
        for check in checks:
            one = results[check.id]
            if one.status in JUDGED:
                picture = draw(check, world)
                assert picture is not None, f"{variant.name}: {check.id}"
                assert_agreeing(picture, Outcome(one.status, one.reasons), files)


def graded(card: Card, answer: Answer) -> list[tuple[str, set[State]]]:
    return [(one.check, one.picture.states()) for one in effects(card, answer, grade(card, answer))]


def card_of(name: str) -> Card:
    return find_card(name, PACK)


def test_only_checks_that_were_judged_are_drawn() -> None:
    card = card_of("np-and-or")
    start = Answer(tuple(AnswerFile(name, text.encode()) for name, text in card.start.items()))
    assert effects(card, start, grade(card, start)) == ()
    solutions = load_solutions(card, PACK)
    found = graded(card, solutions.reference.answer)
    assert [check for check, _ in found] == [check.id for check in card.checks]
    assert all(State.WRONG not in states for _, states in found)
    plain = find_card("mini-pod", MINI)
    assert graded(plain, load_solutions(plain, MINI).reference.answer) == []


def test_no_picture_that_disagrees_or_breaks_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    card = card_of("np-and-or")
    answer = load_solutions(card, PACK).reference.answer
    check = card.checks[0]
    world, _ = world_of(card, answer)
    wrong = Picture("t", ("",), (Row("x", (Cell("y", State.WRONG),)),))
    assert not agrees(wrong, Status.PASS)
    assert agrees(wrong, Status.FAIL)
    monkeypatch.setattr(effect, "picture_of", lambda name: lambda world, params: wrong)
    assert graded(card, answer) == []

    def broken(world: object, params: object) -> Picture:
        raise ZeroDivisionError

    monkeypatch.setattr(effect, "picture_of", lambda name: broken)
    assert draw(check, world) is None
    monkeypatch.setattr(effect, "picture_of", lambda name: None)
    assert draw(check, world) is None


def test_no_word_has_a_secret_of_the_answer() -> None:
    card = card_of("np-and-or")
    policy = load_solutions(card, PACK).reference.answer.files[0].data.decode()
    secret = "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: shop-eu}\nstringData: {p: pw-Xy77zQ9}\n"
    pod = (
        "---\napiVersion: v1\nkind: Pod\nmetadata: {name: pw-xy77zq9, namespace: shop-eu}\n"
        "spec: {containers: [{name: c, image: i}]}\n"
    )
    answer = Answer((AnswerFile(card.files[0], (policy + secret + pod).encode()),))
    found = effects(card, answer, grade(card, answer))
    assert found
    assert "pw-xy77zq9" not in repr(found)
    assert "pw-Xy77zQ9" not in repr(found)
    assert "REDACTED" in repr(found)


def test_a_huge_answer_is_drawn_within_limits() -> None:
    card = card_of("np-and-or")
    policy = load_solutions(card, PACK).reference.answer.files[0].data.decode()
    pod = "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{0}, namespace: lab}}\nspec: {{containers: [{{name: c, image: i}}]}}\n"
    text = policy + "".join(pod.format(number) for number in range(120))
    answer = Answer((AnswerFile(card.files[0], text.encode()),))
    for one in effects(card, answer, grade(card, answer)):
        assert len(one.picture.rows) <= 40
    assert one.picture.title.endswith("of the first 100 Pods")
    assert one.picture.left_out == "60 more rows aren't shown. 88 more columns aren't shown."


def test_what_a_refused_object_leaves_as_it_was_leads_to_the_refusal() -> None:
    card = card_of("istio-strict")
    (answer,) = [
        one.answer for one in load_solutions(card, PACK).wrong if one.name == "wrong-ports-in-default"
    ]
    verdict = grade(card, answer)
    reasons = {check.id: check.reasons for check in verdict.checks}
    for one in effects(card, answer, verdict):
        places = [cell.location for cell in wrong_cells(one.picture)]
        assert all(place is None or place.file == "mesh.yaml" for place in places), one
        assert not places or reasons[one.check][0].location in places


def test_an_object_that_must_stay_is_shown_before_what_the_rule_draws() -> None:
    card = card_of("np-and-or")
    (check,) = [one for one in card.checks if one.only_changes is not None][:1]
    reference = load_solutions(card, PACK).reference.answer
    lab = b"---\napiVersion: v1\nkind: Namespace\nmetadata: {name: lab, labels: {tier: trusted}}\n"
    world, _ = world_of(card, Answer((AnswerFile(card.files[0], reference.files[0].data + lab),)))
    picture = draw(check, world)
    assert picture is not None
    assert picture.rows[0].head.startswith("Namespace lab must stay as it was")
    assert [cell.word for cell in picture.rows[0].cells] == ["changed"]
    assert picture.rows[0].wrong
    assert len(picture.rows) > 1
