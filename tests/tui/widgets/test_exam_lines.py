"""The lines of the exam's screen at every width."""

from __future__ import annotations

from pathlib import Path

from tests.tui.sitting_session import both_cards, real_session
from trainer.session.exam.desk import Desk
from trainer.session.exam.sitting import Sitting
from trainer.tui.widgets.exam_lines import ExamList, _row, finish_question, head_line, tabs_line


def test_lines_fit(tmp_path: Path) -> None:
    session = real_session(tmp_path)
    exam = both_cards(session)
    desk, sitting = Desk(session, exam), Sitting(session, exam, lambda: 1.0)
    for width in (60, 76, 116, 196):
        assert head_line(exam, 5832, width).cell_length <= width
    assert "1:37:12 left   card 1 of 2   0 flagged" in head_line(exam, 5832, 76).plain
    assert head_line(exam, 5832, 76).plain.endswith("67% to pass")
    assert tabs_line("task").plain == " 1 Cards   2 Task   3 Answer "
    assert finish_question(exam, desk).startswith("End the exam and grade it? 2 cards empty, 0:10:00 left.")
    sitting.flag(2, on=True)
    for width in (20, 42, 76):
        rows = ExamList(sitting, desk).rows(width)
        assert [row.id for row in rows] == ["1", "2"]
        lines = [row.prompt.plain for row in rows]  # type: ignore[union-attr]
        assert "⚑" in lines[1]
        assert "○" in lines[0]
        assert max(map(len, lines)) <= width
    title = exam.cards[0].title
    short, long = (_row(exam.cards[0], here=True, answered=False, width=24, lines=n).plain for n in (1, 2))
    assert "…" in short
    assert " ".join(long.replace("○", "").split()).replace("▸ 1 ", "") == title
    sitting.close()
    session.close()
