"""The end: every answer is graded as it is, all or nothing is stored, and no card takes the others away."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest

from tests.session.exam.conftest import PACK
from trainer.progress.exams import Exam, Exams
from trainer.session import Session
from trainer.session.exam.desk import Desk
from trainer.session.exam.draw import Plan
from trainer.session.exam.finish import CHANGED, end_if_expired, finish
from trainer.session.exam.report import report_of
from trainer.session.exam.start import begin


def reference(card: str) -> str:
    return next(PACK.glob(f"solutions/*/{card}/reference.yaml")).read_text()


def answer(session: Session, exam: Exam, name: str, text: str) -> Path:
    desk = Desk(session, exam)
    card = desk.card(name)
    desk.start(card)
    desk.write(card, card.files[0], text)
    return desk.folder(card) / card.files[0]


def test_right_and_missing_answers(session: Session, exam: Exam) -> None:
    answer(session, exam, "tiny-pod", reference("tiny-pod"))
    Exams(session.store).spend(exam.number, 61_000)
    seen: list[int] = []
    done = finish(session, exam, told=seen.append)
    assert seen == [1, 2]
    results = {card.card: card.result for card in done.cards}
    pod, space = results["tiny-pod"], results["tiny-space"]
    assert pod is not None
    assert space is not None
    assert (pod.outcome, pod.points, space.outcome, space.points) == ("graded", pod.max_points, "empty", 0)
    (attempt,) = session.store.attempts("tiny-pod")
    assert (attempt.exam, attempt.passed, session.store.attempts("tiny-space")) == (exam.number, True, [])
    report = report_of(done)
    assert report.points == pod.points
    assert report.passed == (100 * report.points >= 67 * report.max_points)
    assert finish(session, exam) == done, "a second end changes nothing"
    assert len(session.store.attempts("tiny-pod")) == 1


def test_practice_with_the_same_bytes_is_another_attempt(session: Session, exam: Exam) -> None:
    card = session.card("tiny-pod", exam.of("tiny-pod").seed)  # type: ignore[union-attr]
    session.start(card)
    session.write(card, "pod.yaml", reference("tiny-pod"))
    session.grade(card)
    answer(session, exam, "tiny-pod", reference("tiny-pod"))
    finish(session, exam)
    assert [one.exam for one in session.store.attempts("tiny-pod")] == [None, exam.number]


def test_answers_that_cannot_be_graded_do_not_stop_the_others(
    session: Session, exam: Exam, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(session, exam, "tiny-space", reference("tiny-space"))
    place = answer(session, exam, "tiny-pod", "x")
    place.unlink()
    place.symlink_to("/etc/hostname")
    done = finish(session, exam, "expired")
    outcomes = {card.card: card.result.outcome for card in done.cards if card.result}
    assert outcomes == {"tiny-pod": "unreadable", "tiny-space": "graded"}

    second = begin(session, Plan(cards=2), 8)
    answer(session, second, "tiny-pod", "x")
    monkeypatch.setattr(Session, "grade", lambda *_, **__: 1 / 0)
    failed = finish(session, second).of("tiny-pod")
    assert failed is not None
    assert failed.result is not None
    assert (failed.result.outcome, failed.result.max_points) == ("failed", 0)


def test_cards_that_changed_or_vanished_are_told(session: Session, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(PACK, pack)
    mine = Session.open(msgspec.structs.replace(session.settings, pack=pack))
    exam = begin(mine, Plan(cards=2), 7)
    answer(mine, exam, "tiny-pod", reference("tiny-pod"))
    answer(mine, exam, "tiny-space", reference("tiny-space"))
    changed = next(pack.glob("tasks/*/tiny-pod.yaml"))
    changed.write_text(changed.read_text() + "\n# another word\n")
    next(pack.glob("tasks/*/tiny-space.yaml")).unlink()
    done = finish(mine, exam)
    pod, space = (done.of(name) for name in ("tiny-pod", "tiny-space"))
    assert pod is not None
    assert space is not None
    assert pod.result is not None
    assert (pod.result.outcome, pod.result.note) == ("graded", CHANGED)
    assert space.result is not None
    assert (space.result.outcome, space.result.max_points) == ("gone", 0), "it counts for nothing"
    assert report_of(done).percent == 100
    mine.close()


def test_only_an_exam_without_time_expires(session: Session, exam: Exam) -> None:
    assert end_if_expired(session, exam) is exam
    Exams(session.store).spend(exam.number, 600_000)
    late = Exams(session.store).get(exam.number)
    assert end_if_expired(session, late).how == "expired"
    assert Exams(session.store).running() is None
