"""Who submits what, and the grade that it deserves.

The answers are those that every card is proved with. What they deserve follows from what they say of
themselves, not from grading them: a correct one has all points, and a wrong one loses the checks that it
names and those that need them. Only a mutant's points are those that grading its bytes gives, because
nothing else states them; the proof of its card states that it doesn't pass.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from trainer.content.card import Card
from trainer.content.catalogue import find_card
from trainer.content.locate import Pack
from trainer.content.solutions import load_solutions
from trainer.content.vary import seed_of_learner
from trainer.grading.grade import grade
from trainer.manifests.answer import Answer, AnswerFile
from trainer.packcheck.mutants import mutants_of
from trainer.packcheck.survivors import names

Kind = Literal["reference", "also", "wrong", "mutant", "starter", "missing"]
KINDS: tuple[Kind, ...] = (
    "reference",
    "also",
    "wrong",
    "mutant",
    "wrong",
    "also",
    "mutant",
    "starter",
    "missing",
)
"""What learners submit, in turn."""

_MOST_MUTANTS = 40
"""Of these first mutants of a reference, one is picked."""


class Grade(msgspec.Struct, frozen=True):
    """What a row must say."""

    status: Literal["graded", "missing", "error"]
    passed: bool
    points: int
    max_points: int
    failed: tuple[str, ...] = ()
    """The IDs of the checks that fail, sorted."""


class Submitted(msgspec.Struct, frozen=True):
    """One learner's answer to one card; without files, nothing was submitted."""

    learner: str
    card: str
    kind: Kind
    name: str
    """Which stored answer or mutant it is."""
    files: tuple[AnswerFile, ...]
    grade: Grade


def class_of(
    learners: Sequence[str], cards: Sequence[str], pack: Pack, *, seed: int, varied: bool
) -> Iterator[Submitted]:
    """An answer for every learner and card. With `varied`, it is in the learner's own variant of the card."""
    for row, learner in enumerate(learners):
        for column, card_id in enumerate(cards):
            draw = random.Random(f"{seed} {learner} {card_id}")  # noqa: S311 - made to be repeatable
            own = seed_of_learner(learner, card_id) if varied else 0
            yield _submitted(
                learner, find_card(card_id, pack, own), pack, KINDS[(row + column) % len(KINDS)], draw
            )


def _submitted(learner: str, card: Card, pack: Pack, kind: Kind, draw: random.Random) -> Submitted:
    if kind == "missing" or (kind == "starter" and not card.start):
        return Submitted(learner, card.id, "missing", "-", (), Grade("missing", False, 0, card.points))
    if kind == "starter":
        files = tuple(AnswerFile(name, text.encode()) for name, text in sorted(card.start.items()))
        return Submitted(learner, card.id, kind, "starter", files, graded(card, Answer(files)))
    solutions = load_solutions(card, pack)
    if kind == "mutant":
        name, answer = _mutant(card, solutions.reference.answer, draw)
        return Submitted(learner, card.id, kind, name, answer.files, graded(card, answer))
    choices = {"reference": (solutions.reference,), "also": solutions.also, "wrong": solutions.wrong}[kind]
    chosen = draw.choice(choices)
    return Submitted(learner, card.id, kind, chosen.name, chosen.answer.files, declared(card, chosen.fails))


def declared(card: Card, fails: Sequence[str]) -> Grade:
    """The grade of an answer that fails exactly these checks: those that need them give no points either."""
    passing = {check.id for check in card.checks} - set(fails)
    while True:
        kept = {
            check.id
            for check in card.checks
            if check.id in passing
            and passing.issuperset(check.needs)
            and (not check.needs_any or not passing.isdisjoint(check.needs_any))
        }
        if kept == passing:
            break
        passing = kept
    points = sum(check.points for check in card.checks if check.id in passing)
    return Grade("graded", not fails, points, card.points, tuple(sorted(fails)))


def graded(card: Card, answer: Answer) -> Grade:
    """The grade that the bytes have when they are graded here, without files, workers and seeds."""
    verdict = grade(card, answer)
    failed = tuple(sorted(check.id for check in verdict.counted if check.status == "fail"))
    judged = all(check.status != "error" for check in verdict.counted)
    return Grade("graded" if judged else "error", verdict.passed, verdict.points, verdict.max_points, failed)


def _mutant(card: Card, reference: Answer, draw: random.Random) -> tuple[str, Answer]:
    """A mutant of the reference that doesn't pass, and what it changes."""
    made = [
        mutant
        for mutant, _ in zip(mutants_of(reference, card), range(_MOST_MUTANTS), strict=False)
        if not any(names(entry, mutant) for entry in card.harmless)
    ]
    chosen = draw.choice(made)
    return f"{chosen.path} {chosen.mutation}", chosen.answer
