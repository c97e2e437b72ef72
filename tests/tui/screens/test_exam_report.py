"""The report's screen: grading, solutions, another exam."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui.showing import assert_soon
from tests.tui.sitting_session import assert_all_shown, both_cards, now, real_session, reference
from trainer.errors import StoreError
from trainer.session import Session
from trainer.session.exam.desk import Desk
from trainer.tui.app import TrainerApp
from trainer.tui.screens.confirm import Confirm
from trainer.tui.screens.exam import ExamScreen
from trainer.tui.screens.exam_report import ReportScreen
from trainer.tui.screens.exams import ExamsScreen
from trainer.tui.screens.solution import SolutionScreen


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Session]:
    session = real_session(tmp_path)
    yield session
    session.close()


async def test_grading_solutions_and_a_retake(real: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    exam = both_cards(real)
    desk = Desk(real, exam)
    card = desk.card("tiny-pod")
    desk.start(card)
    desk.write(card, "pod.yaml", reference("tiny-pod"))
    app = TrainerApp(real)
    async with app.run_test(size=(120, 40)) as pilot:
        with monkeypatch.context() as patch:

            def full(*_: object, **__: object) -> None:
                raise StoreError("the disk is full", remedy="free some space")

            patch.setattr("trainer.progress.exams.Exams.end", full)
            app.push_screen(ReportScreen(real, exam, "finished"))
            await assert_all_shown(app, "isn't graded yet: the disk is full")
            await pilot.press("a", "enter", "escape")
        assert now(real).how is None
        app.push_screen(ReportScreen(real, exam, "finished"))
        await assert_all_shown(app, "of 3:00")
        await pilot.press("enter")
        await assert_soon(lambda: isinstance(app.screen, SolutionScreen))
        await pilot.press("escape", "h")
        await assert_soon(lambda: isinstance(app.screen, ExamsScreen))
        await pilot.press("enter")
        await assert_soon(lambda: isinstance(app.screen, ReportScreen))
        await pilot.press("a")
        await assert_soon(lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await assert_soon(lambda: isinstance(app.screen, ExamScreen))
        assert (now(real, 2).again, now(real, 2).how) == (1, None)
        assert real.revealed(card)
