"""Tests of `tui.screens.theme`: choosing the colors."""

from __future__ import annotations

from tests.tui.showing import assert_shows, assert_soon
from trainer.tui.app import TrainerApp
from trainer.tui.screens.theme import ThemeScreen
from trainer.tui.themes import BLIND, DARK, TITLES


async def test_each_theme_is_shown_as_it_is_highlighted(app: TrainerApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        chosen: list[str | None] = []
        app.push_screen(ThemeScreen(BLIND), chosen.append)
        for title in TITLES.values():
            await assert_shows(app, title)
        await pilot.press("down")
        await assert_soon(lambda: app.theme == DARK)
        await pilot.press("escape")
        assert app.theme == BLIND
        assert chosen == [None]
