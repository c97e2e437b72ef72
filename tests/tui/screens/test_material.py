"""Tests of `tui.screens.material`: what a task names is there in the exam, too. In practice: `test_card_help`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.showing import assert_shows, assert_soon, assert_told
from tests.tui.sitting_session import both_cards, now, real_session
from trainer.progress.exams import Exams
from trainer.tui.app import TrainerApp
from trainer.tui.screens.exam import ExamScreen
from trainer.tui.screens.exam_report import ReportScreen
from trainer.tui.screens.given import GivenScreen


async def test_the_exam_shows_what_exists_and_copies_pages(tmp_path: Path) -> None:
    session = real_session(tmp_path)
    both_cards(session)
    app = TrainerApp(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("x")
        await assert_soon(lambda: isinstance(app.screen, ExamScreen))
        for pane in ("1", "2", "3"):
            await pilot.press(pane, "g")
            await assert_soon(lambda: isinstance(app.screen, GivenScreen), pane)
            await assert_shows(app, "What exists before your answer")
            await pilot.press("escape")
            await assert_soon(lambda: isinstance(app.screen, ExamScreen), pane)
        await pilot.press("y")
        await assert_told(app, "Copied https://kubernetes.io/docs/")
        # the end of the time doesn't wait for it
        await pilot.press("g")
        Exams(session.store).spend(1, 10_000_000)
        await assert_soon(lambda: isinstance(app.screen, ReportScreen))
        await assert_soon(lambda: now(session).how == "expired")
    session.close()


async def test_a_card_that_cannot_be_shown_has_nothing(tmp_path: Path) -> None:
    session = real_session(tmp_path)
    both_cards(session)
    app = TrainerApp(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("x")
        await assert_soon(lambda: isinstance(app.screen, ExamScreen))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(app.screen, "_card", None)
            app.screen.action_given()
            app.screen.action_use_link(0)
            app.screen.action_open_link()
            await pilot.pause()
            assert isinstance(app.screen, ExamScreen)
    session.close()
