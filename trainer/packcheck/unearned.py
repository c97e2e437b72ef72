"""Points that a learner would get before anything is done.

An untouched starter is never judged. One with an irrelevant change is: what still works and what is unchanged
must not count there until some of the task is done. Only a condition of all that is to be done, such as
"the Deployment exists", may pass, and it must be cheap.
"""

from __future__ import annotations

from collections.abc import Iterator

from trainer.content.card import Card, Check
from trainer.grading.grade import world_of
from trainer.grading.judge import judge_checks
from trainer.manifests.answer import Answer, AnswerFile
from trainer.verdict import Scope, Status

CHEAP = 4
"""Conditions may be worth one in so many of the card's points."""


def unearned(card: Card) -> Iterator[str]:
    """Sentences about checks that pass for nothing. Raises what grading raises."""
    starter = Answer(tuple(AnswerFile(name, text.encode()) for name, text in sorted(card.start.items())))
    world, _ = world_of(card, starter)
    results = list(judge_checks(card.checks, world))
    met = [result for result in results if result.status is Status.PASS]
    what = "the starter" if card.start else "an empty answer"
    if len(met) == len(results):
        yield f"{what} passes already: a check must ask for what the learner has to do"
        return
    to_do = [
        check
        for check in card.checks
        if check.scope is Scope.FILE and check.id not in {one.id for one in met}
    ]
    conditions = 0
    for result in met:
        if not card.start or not all(_depends(check, result.id, card) for check in to_do):
            remedy = "let it need what the learner has to do"
            yield f"{what} gets {result.points} of {card.points} points for {result.id}: {remedy}"
        else:
            conditions += result.points
    if conditions * CHEAP > card.points:
        yield f"{what} gets {conditions} of {card.points} points for conditions of the task: give them fewer"


def _depends(check: Check, need: str, card: Card) -> bool:
    """Whether a check is skipped wherever another one fails."""
    by_id = {one.id: one for one in card.checks}
    if any(one == need or _depends(by_id[one], need, card) for one in check.needs):
        return True
    any_of = check.needs_any
    return bool(any_of) and all(one == need or _depends(by_id[one], need, card) for one in any_of)
