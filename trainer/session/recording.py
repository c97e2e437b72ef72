"""From a grading to a record, and from a card to its revealed solution."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from trainer.digests import sha256
from trainer.errors import AnswerUnreadable
from trainer.session.model import Reveal
from trainer.verdict import Status

if TYPE_CHECKING:
    from pathlib import Path

    from trainer.content.card import Card
    from trainer.content.locate import Pack
    from trainer.grading.explain_diff import Difference
    from trainer.manifests.answer import Answer
    from trainer.progress.store import NewAttempt
    from trainer.verdict import Verdict


def new_attempt(
    card: Card, answer: Answer, verdict: Verdict, seconds: float | None, salt: bytes
) -> NewAttempt:
    """The attempt to store, without the answer's secrets.

    Everything stored is made from the redacted text, also the digest that detects identical answers: it tells
    nothing of a secret, and two answers that differ only in one are the same.
    """
    from trainer.grading.redact import redact_answer
    from trainer.progress.store import NewAttempt
    from trainer.report.json import verdict_json

    encoded = msgspec.json.encode(redact_answer(answer))
    counted = verdict.counted
    return NewAttempt(
        card=card.id,
        points=verdict.points,
        max_points=verdict.max_points,
        checks_passed=sum(check.status is Status.PASS for check in counted),
        checks_total=len(counted),
        passed=verdict.passed,
        seconds=seconds,
        digest=sha256(salt + encoded).hex(),
        answer=encoded.decode(),
        verdict=msgspec.json.encode(verdict_json(verdict)).decode(),
        seed=card.seed,
    )


def make_reveal(card: Card, pack: Pack, folder: Path) -> Reveal:
    """The card's solution, with the differences from the answer in `folder` if it is readable."""
    from trainer.content.solutions import load_solutions
    from trainer.grading.explain_diff import difference
    from trainer.manifests.answer import read_answer
    from trainer.session.workspace import answer_files, seed_in

    solutions = load_solutions(card, pack)
    reference = solutions.reference.answer
    files = _texts(reference)
    yours: dict[str, str] = {}
    uncompared = ""
    differences: tuple[Difference, ...] = ()
    if not answer_files(folder):
        uncompared = "You have no answer yet."
    elif card.vary and (stored := seed_in(folder)) != card.seed:
        uncompared = f"Your answer is to the task of seed {stored}."
    else:
        try:
            answer = read_answer([folder], card.files)
            differences = tuple(difference(card, answer, reference))
            yours = _texts(answer)
        except AnswerUnreadable as error:
            uncompared = f"Your answer can't be compared: {error}."
    return Reveal(files, solutions.explain, card.imperative, differences, uncompared, yours)


def _texts(answer: Answer) -> dict[str, str]:
    return {file.name: file.data.decode("utf-8", "replace") for file in answer.files}
