"""An answer that is still unchanged: the verdict says so, and not how to change it."""

from __future__ import annotations

from trainer.content.card import Card
from trainer.errors import AnswerUnreadable
from trainer.manifests.answer import Answer, AnswerFile, holds_manifests
from trainer.manifests.limits import decode
from trainer.manifests.reading.parse import parse
from trainer.verdict import CheckResult, Location, Problem, Reason, Severity, Status, Verdict


def is_untouched(card: Card, answer: Answer) -> bool:
    """Whether an answer is what the card starts with: comments and blank lines may differ.

    If the answer says what stays of the given objects, a missing starter is a change.
    """
    if not card.start or not answer.files:
        return False
    if len(answer.files) == len(card.start) == 1:
        (text,) = card.start.values()
        return _same(answer.files[0], text)  # under any name: standard input has none
    if not card.given_stays and len(answer.files) < len(card.start):
        return False
    return all(file.name in card.start and _same(file, card.start[file.name]) for file in answer.files)


def untouched_verdict(card: Card, answer: Answer) -> Verdict:
    """The verdict on such an answer: every check is skipped, no points."""
    names = " and ".join(f"`{file.name}`" for file in answer.files)
    verb = "is" if len(answer.files) == 1 else "are"
    state = "unchanged" if any(file.data.strip() for file in answer.files) else "empty"
    told = Problem(
        f"{names} {verb} {state}, so there is nothing to grade yet.",
        Severity.WARNING,
        Location(answer.files[0].name, 1, 1),
        "Do the task, and save the file.",
    )
    why = (Reason(f"the answer is {state}"),)
    checks = (
        CheckResult(check.id, check.says, Status.SKIPPED, 0, check.points, check.scope, why)
        for check in card.checks
    )
    return Verdict(card.id, tuple(checks), (told,), seed=card.seed)


def _same(file: AnswerFile, starter: str) -> bool:
    """Whether a file has the starter's content. Lines are compared first, which is cheap."""
    try:
        text = decode(file.data, file.name)
    except AnswerUnreadable:
        return False
    if text == starter:
        return True
    if starter.startswith("#!") or file.name.startswith("Dockerfile"):
        return _lines(text) == _lines(starter)  # a script or a Dockerfile: only comments were added
    if not holds_manifests(file.name) or _lines(text) != _lines(starter):
        return False
    return _values(file.data, file.name) == _values(starter.encode(), file.name)


def _lines(text: str) -> list[str]:
    """The lines without comments, blank ones and spaces at the end. A `#` may be content: parsing tells."""
    return [line.rstrip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def _values(data: bytes, name: str) -> list[object]:
    return [document.value for document in parse(data, name).documents]
