"""(card, answer) to verdict."""

from __future__ import annotations

from trainer.content.card import Card
from trainer.content.given import given_manifests
from trainer.errors import CardError
from trainer.grading.judge import judge_checks
from trainer.grading.submission import read_submission
from trainer.grading.untouched import is_untouched, untouched_verdict
from trainer.grading.world import build_world
from trainer.manifests.answer import Answer
from trainer.simulate.world import World
from trainer.verdict import Problem, Refusal, Status, Verdict


def grade(card: Card, answer: Answer) -> Verdict:
    """Judge an answer: what kubectl would refuse, and every check. It doesn't pass if a check could be about
    a refused document.

    An answer in which nothing is changed yet is told so, and not judged.
    Raises `AnswerUnreadable` for a file that is over a limit or not decodable, and `CardError` if
    the card's own given objects are wrong. Pure: the same answer has the same verdict.
    """
    if is_untouched(card, answer):
        return untouched_verdict(card, answer)
    world, problems = world_of(card, answer)
    checks = tuple(judge_checks(card.checks, world))
    return Verdict(card.id, checks, tuple(problems), _refusals(card, world))


def passes(card: Card, answer: Answer) -> bool:
    """Whether a changed answer gets full marks by `grade`; it stops at the first check that isn't PASS.

    Raises what `grade` raises.
    """
    world, _ = world_of(card, answer)
    if any(one.counts for one in _refusals(card, world)):
        return False
    return bool(card.checks) and all(
        check.status is Status.PASS for check in judge_checks(card.checks, world)
    )


def _refusals(card: Card, world: World) -> tuple[Refusal, ...]:
    if not world.refused:
        return ()
    from trainer.grading.refusals import refusals_of

    return refusals_of(card.checks, world.refused)


def world_of(card: Card, answer: Answer) -> tuple[World, list[Problem]]:
    """The world after the answer was applied, and all problems of its documents in the files' order."""
    given, wrong = given_manifests(card.all_given, card.kubernetes)
    if wrong:
        raise CardError(f"the given objects of {card.id} are wrong", wrong)
    submission = read_submission(card, answer)
    world, problems = build_world(
        given,
        submission.manifests,
        kubernetes=card.kubernetes,
        given_stays=card.given_stays,
        documents=submission.documents,
        texts=submission.texts,
        node_files={**card.given_files, **card.node_files},
        unread=submission.unread,
        places=submission.places,
    )
    found = [*submission.problems, *problems]
    order = {file.name: place for place, file in enumerate(answer.files)}
    found.sort(key=lambda problem: _place(problem, order))
    return world, found


def _place(problem: Problem, order: dict[str, int]) -> tuple[int, int, int]:
    where = problem.location
    if where is None:
        return len(order), 0, 0
    return order.get(where.file, len(order)), where.line, where.column
