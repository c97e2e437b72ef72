"""The desk: the exam's cards only, in a folder of their own, and nothing recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainer.errors import UsageError
from trainer.progress.exams import Exam
from trainer.session import Session
from trainer.session.exam.desk import Desk, digest_of


def test_answers_of_practice_are_not_touched(session: Session, exam: Exam) -> None:
    practice = session.card("tiny-pod")
    session.start(practice)
    session.write(practice, "pod.yaml", "mine: 1\n")
    before = session.store.standings()
    desk = Desk(session, exam)
    card = desk.card("tiny-pod")
    assert not desk.answered("tiny-pod"), "nothing is there"
    assert desk.start(card) == [Path(exam.folder) / "tiny-pod" / "pod.yaml"]
    assert not desk.answered("tiny-pod"), "only its starter"
    desk.write(card, "pod.yaml", "  \n")
    assert not desk.answered("tiny-pod"), "blank"
    desk.write(card, "pod.yaml", "kind: Pod\n")
    assert desk.answered("tiny-pod")
    assert session.text(practice, "pod.yaml").text == "mine: 1\n"
    assert session.store.standings() == before
    assert desk.store is session.store
    desk.close()
    assert session.store.standings() == before, "it is still open"


def test_a_folder_without_anything_is_not_started_with_another_seed(session: Session, exam: Exam) -> None:
    desk = Desk(session, exam)
    card = desk.card("tiny-pod")
    assert card.seed
    (Path(exam.folder) / "tiny-pod").mkdir(parents=True)  # all that a full disk had room for
    desk.start(card)
    assert desk.stored_seed("tiny-pod") == card.seed
    assert desk.read(card).files


def test_other_cards_are_refused(session: Session, exam: Exam) -> None:
    desk = Desk(session, exam)
    with pytest.raises(UsageError, match="doesn't have the card 'pod-ro'"):
        desk.card("pod-ro")
    assert desk.card("tiny-pod") is desk.card("tiny-pod")
    assert digest_of("tiny-pod", session.pack) == next(c.digest for c in exam.cards if c.card == "tiny-pod")
