"""Tests of `tui.screens.note`: a text that is kept however the screen is closed."""

from __future__ import annotations

import pytest
from textual.app import App

from tests.tui.showing import assert_soon
from trainer.tui.screens.note import NoteScreen


@pytest.mark.parametrize("key", ["escape", "ctrl+s"])
async def test_closing_keeps_the_text(key: str) -> None:
    kept: list[str] = []
    app = App[None]()
    async with app.run_test(size=(60, 20)) as pilot:
        app.push_screen(NoteScreen("A card", "first", kept.append))
        await assert_soon(lambda: isinstance(app.screen, NoteScreen) and app.screen.query("#note-text"))
        await pilot.pause()
        await pilot.press("enter", "x", key)
        await assert_soon(lambda: kept == ["first\nx"])
        assert not isinstance(app.screen, NoteScreen)


async def test_leaving_the_app_keeps_the_text() -> None:
    kept: list[str] = []
    app = App[None]()
    async with app.run_test(size=(60, 20)) as pilot:
        screen = NoteScreen("A card", "first", kept.append)
        app.push_screen(screen)
        await pilot.pause()
        assert await screen.may_leave()
        assert kept == ["first"]
