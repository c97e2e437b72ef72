"""Tests of `tui.screens.drill`: a short exam of one's minutes, cards and domain."""

from __future__ import annotations

from pathlib import Path

from tests.tui.showing import assert_shows, assert_soon, assert_told, shown
from tests.tui.sitting_session import now, real_session
from trainer.tui.app import TrainerApp
from trainer.tui.screens.catalogue import Catalogue
from trainer.tui.screens.drill import DRILL, DrillScreen
from trainer.tui.screens.exam import ExamScreen


async def test_a_drill_is_begun_and_remembered_and_wrong_wishes_are_told(tmp_path: Path) -> None:
    session = real_session(tmp_path)
    app = TrainerApp(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await assert_shows(app, "Today")
        await pilot.press("X")
        await assert_soon(lambda: isinstance(app.screen, DrillScreen))
        await assert_shows(app, "all domains")
        await pilot.press("ctrl+u", "enter")
        await assert_shows(app, "! Say the minutes, the cards or a domain.")
        await pilot.press("tab", *"x9", "enter")
        await assert_shows(app, "the pack has 2 cards, not 9")
        await pilot.press("backspace", "1", "shift+tab", *"12", "tab", "tab", "end", "enter")
        await assert_soon(lambda: isinstance(app.screen, ExamScreen))
        exam = now(session)
        assert (exam.minutes, len(exam.cards), exam.drill) == (12, 1, True)
        assert exam.cards[0].domain == "runtime-security"
        assert session.store.choice(DRILL) == "12/1/runtime-security"
        await pilot.press("escape", "X")
        await assert_told(app, "Exam 1 runs: x resumes it. Finish it before you begin a drill.")
        assert isinstance(app.screen, Catalogue)
    session.close()


async def test_the_last_drill_is_offered_and_what_is_stored_wrongly_is_not(tmp_path: Path) -> None:
    session = real_session(tmp_path)
    session.store.choose(DRILL, "25/x/nowhere/more")
    app = TrainerApp(session)
    async with app.run_test(size=(30, 10)) as pilot:
        await pilot.press("X")
        await assert_soon(lambda: isinstance(app.screen, DrillScreen))
        assert app.screen._remembered() == ("25", "", "")
        await pilot.press("q", "escape")
        await assert_soon(lambda: isinstance(app.screen, Catalogue))
        assert "Drill" not in shown(app)
    session.close()
