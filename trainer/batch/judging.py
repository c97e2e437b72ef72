"""What a verdict contributes to a row, and the same answer judged once.

In a class, many answers are the same byte for byte (the starter, the solution of a tutorial, a copy), and
more of them say the same in another form.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

    from trainer.batch.alike import Content
    from trainer.content.card import Card
    from trainer.manifests.answer import Answer
    from trainer.verdict import Location, Verdict

MOST, LARGEST = 1000, 32 * 1024
"""How many verdicts are remembered, and the bytes of the largest one: 32 MiB at most."""


class Judged(msgspec.Struct, frozen=True):
    """A verdict, as a row has it."""

    status: Literal["graded", "error"]
    passed: bool
    points: int
    max_points: int
    reason: str
    """`first_reason`."""
    verdict: bytes
    """Its JSON."""
    silent: bool = False
    """Whether it has no sentence about the answer, so that it tells no place either."""


def judge_answer(
    card: Card,
    answer: Answer,
    *,
    effects: bool = False,
    judge: Callable[[Card, Answer], Verdict] | None = None,
) -> Judged:
    """Judge an answer, by default as `grade` does, and raise what that raises.

    With `effects`, the verdict has the pictures of its failed checks.
    """
    from trainer.grading.grade import grade

    verdict = (judge or grade)(card, answer)
    return judged(verdict, _pictures(card, answer, verdict) if effects else None)


def _pictures(card: Card, answer: Answer, verdict: Verdict) -> list[dict[str, Any]]:
    """What the answer does where it fails, as `cks-trainer.verdict/1` has it."""
    from trainer.grading.effect import effects
    from trainer.report.effect import effect_json
    from trainer.verdict import Status

    failed = tuple(check for check in verdict.counted if check.status is Status.FAIL)
    return effect_json(effects(card, answer, msgspec.structs.replace(verdict, checks=failed)))


def judged(verdict: Verdict, effect: list[dict[str, Any]] | None = None) -> Judged:
    """What a row has of a verdict; `effect` as in its JSON."""
    from trainer.report.json import verdict_json
    from trainer.verdict import Status

    broken = any(check.status is Status.ERROR for check in verdict.counted)
    return Judged(
        status="error" if broken else "graded",
        passed=verdict.passed,
        points=verdict.points,
        max_points=verdict.max_points,
        reason=first_reason(verdict),
        verdict=msgspec.json.encode(verdict_json(verdict) | ({"effect": effect} if effect else {})),
        silent=verdict.is_silent,
    )


def answer_digest(answer: Answer) -> str:
    """SHA-256 of everything in an answer that a verdict can depend on: names and bytes, in their order."""
    found = hashlib.sha256()
    for file in answer.files:
        found.update(f"{file.name}\0{len(file.data)}\0".encode(errors="surrogatepass"))
        found.update(file.data)
    for name in answer.unread:
        found.update(f"{name}\0".encode(errors="surrogatepass"))
    return found.hexdigest()


class Remembered:
    """Judges each answer once: the same card in the same wording, and the same digest, have the same verdict.

    So have answers that say the same (`alike.Content`): a verdict without a sentence is that of the same
    values, any other one that of the same values in the same places, if the answers have no secret.
    What was too large, or met a fault of ours, is judged each time. Memory is bounded.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[object, ...], Judged] = OrderedDict()

    def judge(self, card: Card, answer: Answer, digest: str, *, effects: bool = False) -> Judged:
        """As `judge_answer`, for the cards of one pack; `digest` is the answer's."""
        from trainer.batch.alike import content_of
        from trainer.grading.redact import has_secrets

        exact = (card.id, card.seed, digest, effects)
        if known := self._get(exact):
            return known
        content = None if effects else content_of(card, answer)
        found = self._alike(card, answer, content) if content else None
        if found is None:
            found = judge_answer(card, answer, effects=effects)
            if content and (found.silent or not has_secrets(answer)):
                self._keep((card.id, card.seed, content.values if found.silent else content.places), found)
        self._keep(exact, found)
        return found

    def _alike(self, card: Card, answer: Answer, content: Content) -> Judged | None:
        """The verdict on an answer that says the same."""
        from trainer.grading.redact import has_secrets

        if known := self._get((card.id, card.seed, content.values)):
            return known
        known = self._get((card.id, card.seed, content.places))
        return None if known is None or has_secrets(answer) else known

    def _get(self, key: tuple[object, ...]) -> Judged | None:
        known = self._known.get(key)
        if known:
            self._known.move_to_end(key)
        return known

    def _keep(self, key: tuple[object, ...], found: Judged) -> None:
        if found.status == "graded" and len(found.verdict) <= LARGEST:
            self._known[key] = found
            if len(self._known) > MOST:
                self._known.popitem(last=False)


def first_reason(verdict: Verdict) -> str:
    """Why an answer didn't pass, in one line: its first reason, and where; empty if it passed.

    A check that could not run comes first, then what the API server refuses, then the first failed check.
    If that one has no place, a warning may say more: an empty file, one that was not read.
    """
    from trainer.verdict import Severity, Status

    if verdict.passed:
        return ""
    by_status = {status: [one for one in verdict.counted if one.status is status] for status in Status}
    refused = [one for one in verdict.problems if one.severity is Severity.ERROR]
    if refused and not by_status[Status.ERROR]:
        return _at(refused[0].location, refused[0].message)
    for check in (*by_status[Status.ERROR], *by_status[Status.FAIL], *by_status[Status.SKIPPED]):
        if not check.reasons:
            return check.says
        reason = check.reasons[0]
        found = [_at(reason.location, f"{check.says}: {reason.message}")]
        if reason.location is None and verdict.problems:
            found.append(_at(verdict.problems[0].location, verdict.problems[0].message))
        return "; ".join(found)
    return ""


def _at(location: Location | None, message: str) -> str:
    place = f"{location.file}:{location.line}: " if location and location.line else ""
    return place + message.partition("\n")[0]
