"""Beginning and taking again: whose folder, which variants, and what is refused."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from trainer.errors import UsageError
from trainer.progress.exams import Exam, Exams
from trainer.session import Session
from trainer.session.exam.draw import Plan
from trainer.session.exam.finish import finish
from trainer.session.exam.start import begin, new_seed, require_pack, retake


def test_an_exam_has_a_folder_that_nobody_had(session: Session) -> None:
    home = session.settings.workspace
    (home / "exam-1").mkdir(parents=True)
    exam = begin(session, Plan(cards=2), 7)
    assert (exam.number, exam.folder) == (2, str(home / "exam-2"))
    assert {card.card for card in exam.cards} == {"tiny-space", "tiny-pod"}
    assert (exam.drill, exam.seed, exam.again) == (True, 7, None)
    with pytest.raises(UsageError, match="exam 2 is running"):
        begin(session, Plan(cards=1))


def test_a_retake_has_the_same_cards_in_other_variants(session: Session, exam: Exam) -> None:
    finish(session, exam, "canceled")
    again = retake(session, exam)
    assert again.again == exam.number
    assert [card.card for card in again.cards] == [card.card for card in exam.cards]
    assert [card.seed for card in again.cards] != [card.seed for card in exam.cards]
    assert again.minutes == exam.minutes


def test_an_exam_of_another_pack_is_refused(session: Session, exam: Exam, tmp_path: Path) -> None:
    elsewhere = Session.open(msgspec.structs.replace(session.settings, pack=None))
    with pytest.raises(UsageError, match="another pack"):
        require_pack(elsewhere, exam)
    finish(session, exam, "canceled")
    gone = msgspec.structs.replace(exam, cards=(msgspec.structs.replace(exam.cards[0], card="gone"),))
    with pytest.raises(UsageError, match="no longer has gone"):
        retake(session, gone)
    assert Exams(session.store).running() is None
    assert new_seed() > 0
