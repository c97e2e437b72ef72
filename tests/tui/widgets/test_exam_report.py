"""The rows of the report: result, domains, cards with their checks, and what is said of trouble."""

from __future__ import annotations

import msgspec

from tests.session.exam.test_report import VERDICT, card, exam
from tests.tui.fake_session import HOSTILE
from trainer.progress.exams import Result
from trainer.session.exam.report import report_of
from trainer.tui.widgets.exam_report import exam_options, exam_row, report_head, report_rows

DONE = exam(
    card(1, "runtime-security", Result("graded", 67, 100, VERDICT), 400_000),
    card(2, "cluster-setup", Result("gone", 0, 0, note=HOSTILE)),
)


def test_rows_fit_and_say_everything() -> None:
    report = report_of(DONE)
    for width in (76, 116):
        rows = report_rows(report, width)
        lines = [row.prompt.plain for row in rows]  # type: ignore[union-attr]
        assert max(map(len, lines)) <= width
        text = "\n".join(lines)
        for words in (
            "67% ",
            "6:40 of 5:00 over",
            "✗ FAIL  B holds",
            "pod.yaml:3: isn't so",
            "13 points could",
        ):
            assert words in text or words in report_head(report).plain, words
        assert "\x1b" not in text
        assert [row.id for row in rows if not row.disabled] == ["card-1", "card-2"]


def test_heads_say_the_result_in_words() -> None:
    assert "✓ 67% passed" in report_head(report_of(DONE)).plain
    assert "canceled" in report_head(report_of(msgspec.structs.replace(DONE, how="canceled"))).plain


def test_each_exam_has_a_row() -> None:
    assert "✓ 67% passed" in exam_row(DONE, 76).plain
    assert "running" in exam_row(msgspec.structs.replace(DONE, how=None, ended=None), 76).plain
    assert "canceled" in exam_row(msgspec.structs.replace(DONE, how="canceled"), 76).plain
    assert len(exam_row(DONE, 76).plain) <= 76
    (empty,) = exam_options([], 76)
    assert empty.disabled
