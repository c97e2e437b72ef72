"""From a grading to a record, and from a card to its revealed solution."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from trainer.errors import AnswerUnreadable
from trainer.session.model import Reveal
from trainer.verdict import Status

if TYPE_CHECKING:
    from pathlib import Path

    from trainer.content.card import Card
    from trainer.content.locate import Pack
    from trainer.manifests.answer import Answer
    from trainer.progress.store import NewAttempt
    from trainer.verdict import Verdict


def new_attempt(
    card: Card, answer: Answer, verdict: Verdict, seconds: float | None, salt: bytes
) -> NewAttempt:
    """The attempt to store: secret values of the answer are replaced by salted digests.

    Everything stored is made from the redacted text, the digest that tells identical answers
    apart included.
    """
    from trainer.progress.store import NewAttempt
    from trainer.report.json import verdict_json

    texts = _redacted(answer, salt)
    encoded = msgspec.json.encode(texts)
    counted = verdict.counted
    return NewAttempt(
        card=card.id,
        points=verdict.points,
        max_points=verdict.max_points,
        checks_passed=sum(check.status is Status.PASS for check in counted),
        checks_total=len(counted),
        passed=verdict.passed,
        seconds=seconds,
        digest=hashlib.sha256(salt + encoded).hexdigest(),
        answer=encoded.decode(),
        verdict=msgspec.json.encode(verdict_json(verdict)).decode(),
    )


def _redacted(answer: Answer, salt: bytes) -> dict[str, str]:
    try:
        from trainer.grading.redact import redact_answer
    except ImportError:  # no text is kept rather than one with its secrets in it
        return {file.name: hashlib.sha256(salt + file.data).hexdigest() for file in answer.files}
    return redact_answer(answer, salt)


def make_reveal(card: Card, pack: Pack, folder: Path) -> Reveal:
    """The card's solution, with the differences to the answer in `folder` where it can be read."""
    from trainer.content.solutions import load_solutions
    from trainer.grading.explain_diff import difference
    from trainer.manifests.answer import read_answer

    solutions = load_solutions(card, pack)
    reference = solutions.reference.answer
    files = {file.name: file.data.decode("utf-8", "replace") for file in reference.files}
    try:
        differences = tuple(difference(card, read_answer([folder]), reference))
    except AnswerUnreadable:
        differences = ()  # nothing handed in yet: there is nothing to compare
    return Reveal(files, solutions.explain, card.imperative, differences)
