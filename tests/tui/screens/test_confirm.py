"""Tests of `tui.screens.confirm`."""

from __future__ import annotations

import pytest
from textual.app import App

from tests.tui.fake_session import HOSTILE
from tests.tui.showing import assert_soon, shown
from trainer.tui.screens.confirm import Confirm, LeaveUnsaved


@pytest.mark.parametrize(
    ("key", "answer"), [("y", True), ("n", False), ("escape", False), ("enter", False), ("q", False)]
)
async def test_only_y_means_yes(key: str, answer: bool) -> None:
    app, answers = App[None](), []
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(Confirm("Really?", yes="yes, do it"), answers.append)
        await pilot.pause()
        assert "Really?" in shown(app)
        assert "y  yes, do it" in shown(app)
        await pilot.press(key)
        await assert_soon(lambda: answers == [answer])


async def test_a_click_answers() -> None:
    app, answers = App[None](), []
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(Confirm("Really?", yes="yes, do it"), answers.append)
        await pilot.pause()
        await pilot.click(".choice", offset=(8, 0))
        await assert_soon(lambda: answers == [True])


@pytest.mark.parametrize(
    ("key", "answer"), [("s", "save"), ("l", "draft"), ("escape", "stay"), ("enter", "stay")]
)
async def test_unsaved_text_has_three_ways(key: str, answer: str) -> None:
    app, answers = App[None](), []
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(LeaveUnsaved(["pod.yaml", "[red].yaml"]), answers.append)
        await pilot.pause()
        assert "Unsaved text in pod.yaml, [red].yaml." in shown(app)
        await pilot.press(key)
        await assert_soon(lambda: answers == [answer])


async def test_hostile_names_are_literal() -> None:
    app = App[None]()
    async with app.run_test(size=(120, 24)) as pilot:
        app.push_screen(Confirm(HOSTILE, yes="yes"))
        await pilot.pause()
        assert "[red]evil[/] [@click=app.quit]x[/]" in shown(app)
