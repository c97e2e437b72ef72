"""The answers when the time is up: kept once and whole, whatever an editor does to the files later."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.session.exam.test_finish import answer, reference
from trainer.files import FileFault
from trainer.progress.exams import Exam, Exams
from trainer.session import Session
from trainer.session.exam import deadline
from trainer.session.exam.deadline import KEPT, LATE, answers_of, is_late, keep
from trainer.session.exam.desk import Desk
from trainer.session.exam.finish import end_if_expired


def test_what_is_saved_later_does_not_count(session: Session, exam: Exam) -> None:
    pod = answer(session, exam, "tiny-pod", reference("tiny-pod"))
    space = answer(session, exam, "tiny-space", "kind: nothing\n")
    assert answers_of(exam) == Path(exam.folder)
    Exams(session.store).spend(exam.number, 600_000)
    keep(exam)
    assert not is_late(exam, "tiny-pod")
    for file in (pod, space):
        with file.open("r+") as stream:  # in place, as some editors save
            stream.truncate()
            stream.write(reference("tiny-space"))
    keep(exam)
    done = end_if_expired(session, Exams(session.store).get(exam.number))
    results = {card.card: card.result for card in done.cards}
    assert done.how == "expired"
    assert results["tiny-pod"] is not None
    assert results["tiny-space"] is not None
    assert (results["tiny-pod"].points, results["tiny-pod"].note) == (results["tiny-pod"].max_points, LATE)
    assert results["tiny-space"].points == 0
    assert pod.read_text() == reference("tiny-space"), "the file itself stays"
    desk = Desk(session, done)
    assert desk.reveal(desk.card("tiny-pod")).yours == {"pod.yaml": reference("tiny-pod")}


def test_answers_that_are_missing_or_no_files_stay_so(session: Session, exam: Exam) -> None:
    pod = answer(session, exam, "tiny-pod", "x")
    pod.unlink()
    os.mkfifo(pod)
    keep(exam)
    pod.unlink()
    pod.write_text(reference("tiny-pod"))
    answer_later = Path(exam.folder) / "tiny-space"
    answer_later.mkdir()
    (answer_later / "space.yaml").write_text(reference("tiny-space"))
    assert (is_late(exam, "tiny-pod"), is_late(exam, "tiny-space")) == (True, True)
    Exams(session.store).spend(exam.number, 600_000)
    done = end_if_expired(session, Exams(session.store).get(exam.number))
    outcomes = {card.card: card.result.outcome for card in done.cards if card.result}
    assert outcomes == {"tiny-pod": "unreadable", "tiny-space": "empty"}


def test_it_is_kept_whole_or_not_at_all(
    session: Session, exam: Exam, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(session, exam, "tiny-pod", reference("tiny-pod"))

    def full(*_: object, **__: object) -> None:
        raise FileFault(Path(exam.folder), "is on a full disk", "other", remedy="")

    with monkeypatch.context() as patch:
        patch.setattr(deadline, "replace_file", full)
        with pytest.raises(FileFault, match="full disk"):
            keep(exam)
    assert answers_of(exam) == Path(exam.folder)
    keep(exam)
    assert answers_of(exam) == Path(exam.folder) / KEPT
