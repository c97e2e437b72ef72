"""The history: every exam, and the one that runs is resumed from it."""

from __future__ import annotations

from pathlib import Path

from tests.tui.showing import assert_soon
from tests.tui.sitting_session import assert_all_shown, both_cards, real_session
from trainer.session.exam.finish import finish
from trainer.tui.app import TrainerApp
from trainer.tui.screens.catalogue import Catalogue
from trainer.tui.screens.exam import ExamScreen


async def test_the_history(tmp_path: Path) -> None:
    session = real_session(tmp_path)
    app = TrainerApp(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("h")
        await assert_all_shown(app, "No exam yet: x begins one.")
        await pilot.press("enter", "escape")
        finish(session, both_cards(session), "canceled")
        both_cards(session)
        await pilot.press("h")
        await assert_all_shown(app, "canceled", "running", "2 cards")
        await pilot.press("enter")
        await assert_soon(lambda: isinstance(app.screen, ExamScreen))
        await pilot.press("escape")
        await assert_soon(lambda: isinstance(app.screen, Catalogue))
    session.close()
