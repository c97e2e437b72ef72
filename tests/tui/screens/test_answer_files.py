"""Tests of `tui.screens.answer_files`: the same keys and clicks in practice and in the exam."""

from __future__ import annotations

from pathlib import Path

from tests.tui.fake_session import FakeSession, card
from tests.tui.screens.opened import answer, opened
from tests.tui.showing import assert_shows
from tests.tui.sitting_session import both_cards, real_session
from trainer.tui.app import TrainerApp
from trainer.tui.screens.answer_files import SwitchesFiles
from trainer.tui.screens.card import CardScreen
from trainer.tui.screens.exam import ExamScreen


async def test_the_key_goes_round_and_an_action_goes_to_a_file(tmp_path: Path) -> None:
    app = TrainerApp(FakeSession(tmp_path, (card(files=("a.yaml", "b.yaml")),)))  # type: ignore[arg-type]
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(app, pilot)
        await pilot.press("f")
        assert (answer(app).file, screen._shown) == ("b.yaml", "answer")
        await pilot.press("f")
        assert answer(app).file == "a.yaml"
        screen.action_show_file(1)
        assert answer(app).file == "b.yaml"
    assert CardScreen.action_next_file is SwitchesFiles.action_next_file


async def test_in_the_exam_too(tmp_path: Path) -> None:
    session = real_session(tmp_path)
    both_cards(session)
    app = TrainerApp(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("x")
        await assert_shows(app, "DRILL")
        assert isinstance(app.screen, ExamScreen)
        await pilot.press("v")
        assert app.screen._pane == "answer"
    session.close()
    assert ExamScreen.action_next_file is SwitchesFiles.action_next_file
