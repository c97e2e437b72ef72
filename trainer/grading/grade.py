"""(card, answer) to verdict."""

from __future__ import annotations

import msgspec

from trainer.content.card import Card
from trainer.content.given import given_manifests
from trainer.errors import AnswerUnreadable, CardError
from trainer.grading.allowance import SECONDS, Allowance, OutOfTime
from trainer.grading.judge import judge_checks, too_large
from trainer.grading.submission import read_submission
from trainer.grading.untouched import is_untouched, untouched_verdict
from trainer.grading.world import build_world
from trainer.manifests.answer import Answer
from trainer.simulate.world import World
from trainer.verdict import CheckResult, Problem, Refusal, Status, Verdict

_LATEST: list[tuple[Card, Answer, World]] = []
"""What `grade` has judged last, if anything."""

MOST_NAMED = 3
"""How many files of an answer that is too large are named."""


def grade(card: Card, answer: Answer) -> Verdict:
    """Judge an answer: what kubectl would refuse, and every check. It doesn't pass if a check could be about
    a refused document.

    An answer in which nothing is changed yet is told so, and not judged. Checks that would take more than
    `allowance.SECONDS` are ERROR.
    Raises `AnswerUnreadable` for a file that is over a limit or not decodable, or for an answer that takes
    longer to read than that, and `CardError` if the card's own given objects are wrong. Pure: apart from this
    time, the same answer has the same verdict. No sentence of it has a secret of the answer: every output
    of a verdict is made from this one.
    """
    world = None
    problems: list[Problem] = []
    checks: list[CheckResult] = []
    refusals: tuple[Refusal, ...] = ()
    try:
        with Allowance():
            if is_untouched(card, answer):
                return untouched_verdict(card, answer)
            world, problems = world_of(card, answer)
            _LATEST[:] = [(card, answer, world)]
            refusals = _refusals(card, world)
            for check in judge_checks(card.checks, world):
                checks.append(check)  # noqa: PERF402 - those before the time is over count
    except OutOfTime:
        if world is None:
            raise _too_large(answer) from None
        checks += map(too_large, card.checks[len(checks) :])
    verdict = Verdict(card.id, tuple(checks), tuple(problems), refusals, card.seed)
    if verdict.passed and not problems:
        return verdict
    from trainer.grading.redact import redact_verdict

    return redact_verdict(verdict, answer)


def graded_world(card: Card, answer: Answer) -> World:
    """The world in which `grade` has judged this answer, if that was the last one; otherwise a new one.

    What engines keep by their world needn't be computed again. Raises what `grade` raises.
    """
    for known, judged, world in _LATEST:
        if known is card and judged is answer:
            return world
    return world_of(card, answer)[0]


def _too_large(answer: Answer) -> AnswerUnreadable:
    names = ", ".join(file.name for file in answer.files[:MOST_NAMED])
    more = len(answer.files) - MOST_NAMED
    shown = f"{names} and {more} more" if more > 0 else names
    what = f"{shown}: too large to read within {SECONDS:g} s of processor time"
    return AnswerUnreadable(
        what, file=answer.files[0].name, remedy="submit only the manifests that the task asks for"
    )


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
    if any(check.settings.get("since") == "start" for check in card.checks):
        started, _ = given_manifests("\n---\n".join(card.start.values()), card.kubernetes)
        world = msgspec.structs.replace(world, started=started)
    if card.node:
        world = msgspec.structs.replace(world, node=card.node)
    if card.build:
        world = msgspec.structs.replace(world, build=card.build)
    found = [*submission.problems, *problems]
    order = {file.name: place for place, file in enumerate(answer.files)}
    found.sort(key=lambda problem: _place(problem, order))
    return world, found


def _place(problem: Problem, order: dict[str, int]) -> tuple[int, int, int]:
    where = problem.location
    if where is None:
        return len(order), 0, 0
    return order.get(where.file, len(order)), where.line, where.column
