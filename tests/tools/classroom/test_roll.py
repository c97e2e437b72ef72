"""What a class submits has known grades: those that the stored answers state, and those of their bytes."""

from __future__ import annotations

from tests.table import each_row
from tools.classroom.roll import KINDS, class_of, declared, graded
from trainer.content.catalogue import find_card
from trainer.content.locate import builtin_pack
from trainer.content.solutions import load_solutions

PACK = builtin_pack()
CARDS = ("pod-ro", "np-default-deny", "sa-default-off")


@each_row("card_id", CARDS)
def test_what_a_wrong_answer_names_decides_its_points(card_id: str) -> None:
    card = find_card(card_id, PACK)
    for wrong in load_solutions(card, PACK).wrong:
        assert declared(card, wrong.fails) == graded(card, wrong.answer), wrong.name


def test_all_kinds_are_submitted_and_each_learner_has_a_variant_of_their_own() -> None:
    learners = [f"learner-{number}" for number in range(len(KINDS))]
    answers = list(class_of(learners, CARDS, PACK, seed=1, varied=True))
    assert [(one.learner, one.card) for one in answers] == [
        (name, card) for name in learners for card in CARDS
    ]
    assert {one.kind for one in answers} == set(KINDS)
    by_kind = {kind: [one for one in answers if one.kind == kind] for kind in KINDS}
    assert all(one.grade.passed for kind in ("reference", "also") for one in by_kind[kind])
    assert not any(
        one.grade.passed for kind in ("wrong", "mutant", "starter", "missing") for one in by_kind[kind]
    )
    assert all(one.grade.points == 0 for kind in ("starter", "missing") for one in by_kind[kind])
    same = [one.files for one in by_kind["reference"] if one.card == "pod-ro"]
    assert len({files[0].data for files in same}) == len(same)


def test_the_same_seed_is_the_same_class() -> None:
    first, second, other = (
        list(class_of(["anna", "ben"], CARDS, PACK, seed=seed, varied=True)) for seed in (1, 1, 2)
    )
    assert [one.name for one in first] == [one.name for one in second]
    assert [one.name for one in first] != [one.name for one in other]
