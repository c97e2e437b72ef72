"""End an exam: grade every answer, and store results and attempts all at once.

Graded is what is on disk, or what was there when the time was up (`deadline`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from trainer.errors import AnswerUnreadable, CardError, TrainerError, UsageError, in_words
from trainer.progress.exams import Exam, Exams, Result
from trainer.session.exam.deadline import LATE, is_late
from trainer.session.exam.desk import Desk, digest_of
from trainer.session.exam.start import require_pack

if TYPE_CHECKING:
    from collections.abc import Callable

    from trainer.progress.exams import Ended, ExamCard
    from trainer.progress.model import NewAttempt
    from trainer.session.core import Session

CHANGED = "the card's file changed during the exam; the answer is graded by what it says now"


def finish(
    session: Session, exam: Exam, how: Ended = "finished", told: Callable[[int], None] = lambda _: None
) -> Exam:
    """Grade and end an exam; one that has ended meanwhile stays as it is. `told` gets each card's position.

    Killed before the end, nothing is stored, and the exam runs on. Raises `StoreError`, and `UsageError` for
    an exam of another pack.
    """
    exams = Exams(session.store)
    if how == "canceled":
        exams.end(exam.number, how, {}, ())
        return exams.get(exam.number)
    require_pack(session, exam)
    exam = exams.get(exam.number)
    desk, salt = Desk(session, exam), session.store.salt
    results: dict[int, Result] = {}
    attempts: list[NewAttempt] = []
    for card in exam.cards:
        told(card.position)
        results[card.position], attempt = _graded(desk, card, salt)
        attempts += [attempt] if attempt else []
    exams.end(exam.number, how, results, attempts)
    return exams.get(exam.number)


def end_if_expired(session: Session, exam: Exam) -> Exam:
    """An exam whose time is used up ends, also when that is found later; another one stays as it is."""
    return finish(session, exam, "expired") if exam.how is None and exam.left <= 0 else exam


def _graded(desk: Desk, card: ExamCard, salt: bytes) -> tuple[Result, NewAttempt | None]:
    from trainer.session.recording import new_attempt

    try:
        notes = [CHANGED] if digest_of(card.card, desk.pack) != card.digest else []
        whole = desk.card(card.card)
    except (UsageError, CardError) as error:  # not the learner's fault: its points count for nothing
        return Result("gone", 0, 0, note=f"not graded: {error.message}"), None
    notes += [LATE] if is_late(desk.exam, card.card) else []
    note = "; ".join(notes)
    try:
        if not desk.started(whole):
            return Result("empty", 0, card.points, note=note), None
        graded = desk.grade(whole, record=False)
        if not desk.answered(card.card):
            return Result("empty", 0, graded.verdict.max_points, note=note), None
        verdict = graded.verdict
        attempt = new_attempt(whole, graded.answer, verdict, card.used / 1000, salt)
        attempt = msgspec.structs.replace(attempt, exam=desk.exam.number)
    except AnswerUnreadable as error:
        if not desk.signature(whole):  # a folder without files
            return Result("empty", 0, card.points, note=note), None
        return Result("unreadable", 0, card.points, note=error.message), None
    except TrainerError as error:
        return Result("unreadable", 0, card.points, note=error.message), None
    except Exception as error:  # one card must not take the whole exam away
        return Result("failed", 0, 0, note=f"unexpected error: {in_words(error)}"), None
    return Result("graded", verdict.points, verdict.max_points, attempt.verdict, note), attempt
